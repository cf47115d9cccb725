"""Handing a waiting request over to another approver: the form and its page, the same for every kind of request."""

from __future__ import annotations

from uuid import UUID

from flask import flash, redirect, render_template
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from werkzeug import Response
from wtforms import IntegerField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services.approvals import delegations, handover
from portal.services.approvals.subjects import R, Subject
from portal.web.form_refusals import put_refusal
from portal.web.htmx import form_answer
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
_PAGE = "absences/handover.html"


class HandoverForm(FlaskForm):
    """To whom a request is handed over, of several in whose place, and why."""

    version = IntegerField(validators=[InputRequired()])
    in_place_of = SelectField(_l("In the place of"), validators=[InputRequired(_MISSING)])
    approver = StringField(
        _l("Work e-mail of who decides instead"),
        filters=[one_line],
        validators=[DataRequired(_MISSING), Length(max=254)],
    )
    reason = StringField(
        _l("Reason"),
        filters=[one_line],
        validators=[DataRequired(_MISSING), Length(max=handover.LONGEST_REASON)],
    )

    def offer(self, people: list[tuple[UUID, str]]) -> None:
        """A choice only where there is one."""
        if len(people) < 2:
            del self.in_place_of
            return
        self.in_place_of.choices = [SelectChoice(str(one), name) for one, name in people]

    def approver_wanted(self) -> handover.NewApprover:
        chosen = self.in_place_of.data if "in_place_of" in self else None
        return handover.NewApprover(
            self.approver.data or "", self.reason.data or "", UUID(chosen) if chosen else None
        )


def page(uow: UnitOfWork, about: Subject[R], request_id: UUID, *, action: str, back: str) -> str:
    """`action`: where the form goes; `back`: the page of the request."""
    waiting = handover.show(uow, about, request_id)
    form = HandoverForm(formdata=None, data={"version": waiting.version})
    return render_template(_PAGE, **_shown(uow, waiting, form), action=action, back=back)


def answer(uow: UnitOfWork, about: Subject[R], request_id: UUID, *, action: str, back: str) -> Response:
    """303 back to the request; 422 with what is wrong."""
    waiting = handover.show(uow, about, request_id)
    form = HandoverForm()
    shown = {**_shown(uow, waiting, form), "action": action, "back": back}
    if not form.validate():
        if form.version.errors:
            raise Refusal(Reason.CHANGED_MEANWHILE)
        return form_answer(_PAGE, **shown)
    try:
        handover.hand_over(uow, about, request_id, form.approver_wanted(), version=form.version.data)
    except Refusal as refusal:
        if refusal.reason in (Reason.ALREADY_DECIDED, Reason.CHANGED_MEANWHILE):
            raise
        put_refusal(form, refusal)
        return form_answer(_PAGE, **shown)
    flash(_("The request is handed over, and letters are on their way."), "success")
    return redirect(back, 303)


def _shown(uow: UnitOfWork, waiting: handover.Waiting, form: HandoverForm) -> dict[str, object]:
    form.offer(waiting.people)
    return {"waiting": waiting, "form": form, "colleagues": delegations.suggestions(uow)}
