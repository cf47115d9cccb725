"""Deciding by the link of a letter, without a session. A GET shows: programs that follow links decide nothing."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, render_template, url_for
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.blueprints.absences.forms import LinkDecisionForm
from portal.db import UnitOfWork
from portal.domain.approvals import SubjectKind
from portal.domain.refusals import Refusal
from portal.services import decisions_by_link
from portal.services.absence_approvals import WaitingRequest
from portal.services.approvals import decision_links
from portal.services.decisions_by_link import Decision
from portal.web.form_refusals import put_refusal
from portal.web.guards import public
from portal.web.letter_links import LATE, late, over, step_in


@blueprint.get("/c/<company>/absences/<uuid:absence_id>/decision/<string(length=43):token>")
@public
def decision(uow: UnitOfWork, absence_id: UUID, token: str) -> Response:
    """The request, for whom the letter was written; 410 once there is nothing to decide by it."""
    try:
        away = _step_in(uow, absence_id, token)
        if away is not None:
            return away
        asked = decisions_by_link.show(uow, absence_id)
    except Refusal:
        return _over(uow, absence_id, token)
    return _page(uow, asked, LinkDecisionForm(version=asked.line.version), 200)


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/decision/<string(length=43):token>")
@public
def decide_by_link(uow: UnitOfWork, absence_id: UUID, token: str) -> Response:
    """Approves or rejects. What came too late says so, and leads to the request in the portal."""
    form = LinkDecisionForm()
    try:
        away = _step_in(uow, absence_id, token)
        if away is not None:
            return away
        asked = decisions_by_link.show(uow, absence_id)
    except Refusal:
        return _over(uow, absence_id, token)
    if not form.validate():
        return _page(uow, asked, form, 422)
    chosen = Decision(form.decision.data)
    try:
        decisions_by_link.decide(
            uow, absence_id, chosen, version=form.version.data, note=form.note.data or ""
        )
    except Refusal as refusal:
        if refusal.reason in LATE:
            return late(url_for("absences.show", absence_id=absence_id), refusal)
        put_refusal(form, refusal)
        return _page(uow, asked, form, 422)
    return make_response(
        render_template("absences/link_decided.html", asked=asked, approved=chosen is Decision.APPROVE)
    )


def _step_in(uow: UnitOfWork, absence_id: UUID, token: str) -> Response | None:
    after = url_for("absences.show", absence_id=absence_id)
    return step_in(uow, decision_links.holder(uow, absence_id, token), after=after)


def _page(uow: UnitOfWork, asked: WaitingRequest, form: LinkDecisionForm, status: int) -> Response:
    return make_response(
        render_template("absences/link.html", asked=asked, form=form, reader=uow.actor.name), status
    )


def _over(uow: UnitOfWork, absence_id: UUID, token: str) -> Response:
    address = url_for("absences.show", absence_id=absence_id)
    return over(uow, absence_id, token, SubjectKind.ABSENCE, address=address)
