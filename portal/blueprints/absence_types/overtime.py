"""Whether a type takes overtime in, and what becomes of it."""

from __future__ import annotations

from decimal import Decimal
from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import BooleanField
from wtforms.validators import Optional, ValidationError

from portal.blueprints.absence_types import blueprint
from portal.db import UnitOfWork
from portal.domain.overtime import MOST_CAP, OvertimeRules
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_types, overtime_types
from portal.web import overtime_words
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.number_fields import CommaDecimalField, WholeNumberField


class OvertimeForm(FlaskForm):
    takes_in = BooleanField(_l("Overtime is booked on this type"))
    overtime_months = WholeNumberField(_l("Can be taken off for so many months"), validators=[Optional()])
    overtime_cap = CommaDecimalField(_l("At most so many hours"), places=None, validators=[Optional()])
    of_roster = BooleanField(_l("Hours of the roster beyond the contract are proposed"))

    def validate_overtime_cap(self, field: CommaDecimalField) -> None:
        # The largest is checked first: a number of a million digits is never multiplied.
        if field.data is None:
            return
        most = MOST_CAP // 60
        if not field.data.is_finite() or not 0 < field.data <= most or field.data % Decimal("0.25"):
            raise ValidationError(_l("A number of hours up to 6000, in quarters such as 187.5, or nothing."))

    def rules(self) -> OvertimeRules | None:
        if not self.takes_in.data:
            return None
        if self.overtime_months.data is None:
            raise Refusal(Reason.MISSING, field="overtime_months")
        cap = None if self.overtime_cap.data is None else int(self.overtime_cap.data * 60)
        return OvertimeRules(self.overtime_months.data, cap, bool(self.of_roster.data))


@blueprint.get("/c/<company>/absence-types/<uuid:absence_type_id>/overtime")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def overtime(uow: UnitOfWork, absence_type_id: UUID) -> str:
    shown = absence_types.get_type(uow, absence_type_id)
    now = shown.overtime
    cap = Decimal(f"{now.cap / 60:g}") if now is not None and now.cap is not None else None
    data = {
        "takes_in": now is not None,
        "overtime_months": now.months if now else 6,
        "overtime_cap": cap,
        "of_roster": now is not None and now.of_roster,
    }
    form = OvertimeForm(formdata=None, data=data)
    return render_template("absence_types/overtime.html", shown=shown, form=form, said=overtime_words)


@blueprint.post("/c/<company>/absence-types/<uuid:absence_type_id>/overtime")
@requires(Permission.ABSENCE_TYPE_MANAGE)
def change_overtime(uow: UnitOfWork, absence_type_id: UUID) -> Response:
    shown = absence_types.get_type(uow, absence_type_id)
    form = OvertimeForm()
    if form.validate():
        try:
            overtime_types.set_rules(uow, absence_type_id, form.rules())
        except Refusal as refusal:
            put_refusal(form, refusal)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for("absence_types.overtime", absence_type_id=absence_type_id), 303)
    return form_answer("absence_types/overtime.html", shown=shown, form=form, said=overtime_words)
