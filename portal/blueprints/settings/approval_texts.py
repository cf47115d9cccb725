"""Whether approvers are reminded by SMS, when, and how many a day."""

from __future__ import annotations

from flask import flash, redirect, render_template, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug.wrappers import Response
from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, NumberRange

from portal.blueprints.settings import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Refusal
from portal.domain.reminders import MOST_TEXTS_A_DAY, TEXT_HOURS
from portal.services.approvals import text_settings
from portal.services.approvals.text_settings import TextSettings
from portal.web.form_refusals import refused_form
from portal.web.guards import requires
from portal.web.htmx import form_answer
from portal.web.number_fields import WholeNumberField

_PAGE = "settings/approval_texts.html"
_HOURS = [SelectChoice(hour, f"{hour}:00") for hour in range(TEXT_HOURS[0], TEXT_HOURS[1] + 1)]


class ApprovalTextsForm(FlaskForm):
    """Off, or when and how many."""

    on = BooleanField(_l("Remind approvers by SMS too"))
    first_hour = SelectField(_l("Not before"), coerce=int, choices=_HOURS[:-1])
    end_hour = SelectField(_l("Not after"), coerce=int, choices=_HOURS[1:])
    a_day = WholeNumberField(
        _l("Most messages on one day"),
        validators=[InputRequired(), NumberRange(min=1, max=MOST_TEXTS_A_DAY)],
    )


@blueprint.get("/c/<company>/settings/approval-texts")
@requires(Permission.COMPANY_EDIT)
def approval_texts(uow: UnitOfWork) -> str:
    return render_template(_PAGE, form=ApprovalTextsForm(obj=text_settings.current(uow)))


@blueprint.post("/c/<company>/settings/approval-texts", endpoint="change_approval_texts")
@requires(Permission.COMPANY_EDIT)
def change_approval_texts(uow: UnitOfWork) -> Response:
    """303 to the settings; 422 with what is wrong."""
    form = ApprovalTextsForm()
    if not form.validate():
        return form_answer(_PAGE, form=form)
    wanted = TextSettings(form.on.data, form.first_hour.data, form.end_hour.data, form.a_day.data or 0)
    try:
        text_settings.change(uow, wanted)
    except Refusal as refusal:
        return refused_form(_PAGE, form, refusal)
    flash(_("The settings are saved."), "success")
    return redirect(url_for("settings.edit"), code=303)
