"""Deciding about overtime by the link of a letter, without a session. A GET shows and decides nothing."""

from __future__ import annotations

from uuid import UUID

from flask import make_response, render_template, url_for
from werkzeug import Response

from portal.blueprints.overtime import blueprint
from portal.blueprints.overtime.forms import LinkDecisionForm
from portal.db import UnitOfWork
from portal.domain.approvals import SubjectKind
from portal.domain.refusals import Refusal
from portal.services import decisions_by_link
from portal.services.approvals import decision_links
from portal.services.decisions_by_link import Decision
from portal.services.overtime_lists import OvertimeLine
from portal.web.form_refusals import put_refusal
from portal.web.guards import public
from portal.web.letter_links import LATE, late, over, step_in


@blueprint.get("/c/<company>/overtime/<uuid:overtime_credit_id>/decision/<string(length=43):token>")
@public
def decision(uow: UnitOfWork, overtime_credit_id: UUID, token: str) -> Response:
    """The hours, for whom the letter was written; 410 once there is nothing to decide by it."""
    try:
        away = _step_in(uow, overtime_credit_id, token)
        if away is not None:
            return away
        line = decisions_by_link.show_overtime(uow, overtime_credit_id)
    except Refusal:
        return _over(uow, overtime_credit_id, token)
    return _page(uow, line, LinkDecisionForm(version=line.version), 200)


@blueprint.post("/c/<company>/overtime/<uuid:overtime_credit_id>/decision/<string(length=43):token>")
@public
def decide_by_link(uow: UnitOfWork, overtime_credit_id: UUID, token: str) -> Response:
    """Books or declines. What came too late says so, and leads to the list in the portal."""
    form = LinkDecisionForm()
    try:
        away = _step_in(uow, overtime_credit_id, token)
        if away is not None:
            return away
        line = decisions_by_link.show_overtime(uow, overtime_credit_id)
    except Refusal:
        return _over(uow, overtime_credit_id, token)
    if not form.validate():
        return _page(uow, line, form, 422)
    chosen = Decision(form.decision.data)
    version, note = form.version.data, form.note.data or ""
    try:
        decisions_by_link.decide_overtime(uow, overtime_credit_id, chosen, version=version, note=note)
    except Refusal as refusal:
        if refusal.reason in LATE:
            return late(url_for("overtime.index"), refusal)
        put_refusal(form, refusal)
        return _page(uow, line, form, 422)
    booked = chosen is Decision.APPROVE
    return make_response(render_template("overtime/link_decided.html", line=line, booked=booked))


def _step_in(uow: UnitOfWork, credit_id: UUID, token: str) -> Response | None:
    holder = decision_links.holder(uow, credit_id, token, kind=SubjectKind.OVERTIME)
    return step_in(uow, holder, after=url_for("overtime.index"))


def _page(uow: UnitOfWork, line: OvertimeLine, form: LinkDecisionForm, status: int) -> Response:
    page = render_template("overtime/link.html", line=line, form=form, reader=uow.actor.name)
    return make_response(page, status)


def _over(uow: UnitOfWork, credit_id: UUID, token: str) -> Response:
    address = url_for("overtime.index")
    return over(uow, credit_id, token, SubjectKind.OVERTIME, address=address)
