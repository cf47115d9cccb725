"""One's own overtime: what is on the account, what was proposed, and a new proposal."""

from __future__ import annotations

from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.overtime import blueprint
from portal.blueprints.overtime.forms import DecisionForm, WorkedForm
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.services import overtime, overtime_lists
from portal.web.form_refusals import put_refusal
from portal.web.guards import requires, signed_in
from portal.web.htmx import form_answer
from portal.web.refusals import sentence


@blueprint.get("/c/<company>/overtime")
@signed_in
def index(uow: UnitOfWork) -> str:
    kinds = overtime_lists.kinds(uow)
    return render_template("overtime/index.html", **_page(uow, own_form(uow, kinds), kinds))


@blueprint.post("/c/<company>/overtime")
@requires(Permission.ABSENCE_REQUEST)
def propose(uow: UnitOfWork) -> Response:
    kinds = overtime_lists.kinds(uow)
    form = own_form(uow, kinds)
    if form.validate():
        try:
            overtime.propose(uow, form.once, form.worked())
        except Refusal as refusal:
            show_refusal(form, refusal)
        else:
            flash(_("Your overtime is proposed. Somebody else decides about it."), "success")
            return redirect(url_for("overtime.index"), 303)
    return form_answer("overtime/index.html", **_page(uow, form, kinds))


@blueprint.post("/c/<company>/overtime/<uuid:overtime_credit_id>/withdrawal")
@requires(Permission.ABSENCE_REQUEST)
def drop(uow: UnitOfWork, overtime_credit_id: UUID) -> Response:
    overtime.drop(uow, overtime_credit_id, version=seen_version(DecisionForm()))
    flash(_("Your proposal is taken back."), "success")
    return redirect(url_for("overtime.index"), 303)


def without_reason(uow: UnitOfWork, credit_id: UUID, refusal: Refusal) -> Response:
    """The page again, with what is missing at the note of those hours."""
    flash(sentence(refusal), "danger")
    kinds = overtime_lists.kinds(uow)
    form = WorkedForm(formdata=None)
    form.offer(kinds, uow.today())
    page = render_template("overtime/index.html", lacks_note=credit_id, **_page(uow, form, kinds))
    return make_response(page, 422)


def own_form(uow: UnitOfWork, kinds: list[overtime_lists.OvertimeKind]) -> WorkedForm:
    form = WorkedForm()
    form.offer(kinds, uow.today())
    return form


def show_refusal(form: WorkedForm, refusal: Refusal) -> None:
    """At the field that the rule names. What is missing stays missing."""
    if refusal.reason in (Reason.NOT_FOUND, Reason.NOT_PERMITTED, Reason.OWN_REQUEST):
        raise refusal
    put_refusal(form, refusal)


def seen_version(form: DecisionForm) -> int:
    """The version that the form was made for; a form without one is as good as an old one."""
    if not form.validate():
        raise Refusal(Reason.CHANGED_MEANWHILE)
    version: int = form.version.data
    return version


def _page(uow: UnitOfWork, form: WorkedForm, kinds: list[overtime_lists.OvertimeKind]) -> dict[str, object]:
    me = uow.actor.employee_id
    if me is None or uow.actor.support is not None:
        raise Refusal(Reason.NOT_FOUND)
    own, waiting = overtime_lists.own_and_waiting(uow)
    return {
        "form": form,
        "kinds": kinds,
        "balances": overtime_lists.on_account(uow, me, kinds),
        "own": own,
        "me": me,
        "takes_rosters": overtime_lists.takes_rosters(kinds),
        "waiting": waiting,
    }
