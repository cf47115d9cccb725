"""What waits for the actor's decision, and deciding it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from uuid import UUID

from flask import flash, make_response, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.forms import StepForm
from portal.blueprints.absences.own import seen_version
from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_approvals, absences
from portal.web.guards import signed_in
from portal.web.htmx import wants_fragment
from portal.web.refusals import sentence

#: Refusals that the list itself can show, renewed, because it has changed or cannot be decided so.
_SHOWN = {
    Reason.ALREADY_DECIDED: 409,
    Reason.CHANGED_MEANWHILE: 409,
    Reason.BALANCE_TOO_LOW: 422,
    Reason.NO_ENTITLEMENT: 422,
    Reason.STAFFING_BLOCKED: 422,
    Reason.STAFFING_NEEDS_REASON: 422,
    Reason.STAFFING_NOT_SEEN: 422,
}


@blueprint.get("/c/<company>/absences/approvals")
@signed_in
def approvals(uow: UnitOfWork) -> str:
    return render_template("absences/approvals.html", waiting=absence_approvals.list_waiting(uow))


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/approval")
@signed_in
def approve(uow: UnitOfWork, absence_id: UUID) -> Response:
    seen = bool(StepForm().breaches_seen.data)
    decision = partial(absences.approve, breaches_seen=seen)
    return _decide(uow, absence_id, decision, _("The request is approved."))


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/rejection")
@signed_in
def reject(uow: UnitOfWork, absence_id: UUID) -> Response:
    return _decide(uow, absence_id, absences.reject, _("The request is rejected."))


def _decide(uow: UnitOfWork, absence_id: UUID, decision: Callable[..., object], said: str) -> Response:
    form = StepForm()
    try:
        decision(uow, absence_id, version=seen_version(form), note=form.note.data or "")
    except Refusal as refusal:
        if refusal.reason is Reason.REJECTION_NEEDS_NOTE:
            return without_reason(uow, absence_id, refusal)
        if not wants_fragment() or refusal.reason not in _SHOWN:
            raise
        flash(sentence(refusal), "danger")
        return _renewed(uow, _SHOWN[refusal.reason])
    flash(said, "success")
    return _renewed(uow, 200) if wants_fragment() else redirect(url_for("absences.approvals"), 303)


def without_reason(uow: UnitOfWork, absence_id: UUID, refusal: Refusal) -> Response:
    """The list again, with what is missing at the note of that request."""
    flash(sentence(refusal), "danger")
    waiting = absence_approvals.list_waiting(uow)
    page = "absences/on_decided.html" if wants_fragment() else "absences/approvals.html"
    return make_response(render_template(page, waiting=waiting, lacks_note=absence_id), 422)


def _renewed(uow: UnitOfWork, status: int) -> Response:
    waiting = absence_approvals.list_waiting(uow)
    return make_response(render_template("absences/on_decided.html", waiting=waiting), status)
