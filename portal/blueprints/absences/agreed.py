"""What is agreed with one person about their entitlement, instead of what the plan gives."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.agreed_forms import AgreedForm
from portal.blueprints.absences.own import show_refusal
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.services import agreed_entitlements
from portal.services.agreed_entitlements import OfPerson
from portal.web.guards import requires
from portal.web.htmx import form_answer


@blueprint.get("/c/<company>/people/<uuid:employee_id>/agreed-entitlements")
@requires(Permission.LEDGER_VIEW)
def agreed(uow: UnitOfWork, employee_id: UUID) -> str:
    shown = agreed_entitlements.show(uow, employee_id)
    form = _form(shown, {"valid_from": uow.today()})
    return render_template("absences/agreed.html", shown=shown, form=form)


@blueprint.post("/c/<company>/people/<uuid:employee_id>/agreed-entitlements")
@requires(Permission.LEDGER_ADJUST)
def agree(uow: UnitOfWork, employee_id: UUID) -> Response:
    shown = agreed_entitlements.show(uow, employee_id)
    form = _form(shown, None)
    if form.validate():
        try:
            agreed_entitlements.agree(
                uow,
                employee_id,
                UUID(form.absence_type_id.data),
                valid_from=form.valid_from.data,
                yearly=form.yearly,
                reason=form.reason.data or "",
            )
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            flash(_("It is agreed, and the ledger follows."), "success")
            return redirect(url_for("absences.agreed", employee_id=employee_id), 303)
    return form_answer("absences/agreed.html", shown=shown, form=form)


@blueprint.post(
    "/c/<company>/people/<uuid:employee_id>/agreed-entitlements/<uuid:agreed_entitlement_id>/removal"
)
@requires(Permission.LEDGER_ADJUST)
def take_back_agreed(uow: UnitOfWork, employee_id: UUID, agreed_entitlement_id: UUID) -> Response:
    agreed_entitlements.take_back(uow, employee_id, agreed_entitlement_id)
    flash(_("Taken back: what held before holds again, and the ledger is corrected."), "success")
    return redirect(url_for("absences.agreed", employee_id=employee_id), 303)


def _form(shown: OfPerson, data: dict[str, object] | None) -> AgreedForm:
    form = AgreedForm() if data is None else AgreedForm(formdata=None, data=data)
    form.offer(shown.kinds)
    return form
