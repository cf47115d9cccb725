"""Which companies are open to support now, coming in under a permission, and leaving."""

from __future__ import annotations

from uuid import UUID

from flask import abort, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.blueprints.operator import blueprint
from portal.domain.refusals import Reason, Refusal
from portal.services import support_visits
from portal.services.operator_work import Opening, OperatorWork, Staff
from portal.web import support_door
from portal.web.operator_door import staff_page
from portal.web.support_words import pages_of


@blueprint.get("/operator/")
@staff_page
def index(work: OperatorWork) -> str:
    """Live permissions alone; a company that opened nothing is not listed anywhere."""
    return render_template(
        "operator/index.html", staff=_staff(work), openings=support_visits.live_openings(work)
    )


@blueprint.get("/operator/company")
@staff_page
def inside(work: OperatorWork) -> str | Response:
    """Where one stands in a company: the pages that its permission opens."""
    opening = _staff(work).opening
    if opening is None:
        return redirect(url_for("operator.index"), code=303)
    return render_template(
        "operator/inside.html", staff=_staff(work), opening=opening, pages=pages_of(opening.areas)
    )


@blueprint.post("/operator/openings/<uuid:company_id>/<uuid:support_grant_id>/entry")
@staff_page
def come_in(work: OperatorWork, company_id: UUID, support_grant_id: UUID) -> Response:
    """Noted in the company's own log before anything of it is shown."""
    opening = _open_now(work, company_id, support_grant_id)
    with support_door.portal_unit_of_work(_staff(work), opening.company_id) as uow:
        support_visits.record_entry(uow, support_grant_id, _staff(work))
    support_visits.enter(work, _staff(work), company_id=company_id, grant_id=support_grant_id)
    return redirect(url_for("operator.inside"), code=303)


@blueprint.post("/operator/leave")
@staff_page
def leave(work: OperatorWork) -> Response:
    staff = _staff(work)
    if staff.opening is not None:
        with support_door.portal_unit_of_work(staff, staff.opening.company_id) as uow:
            support_visits.record_leaving(uow, staff.opening.grant_id)
    support_visits.leave(work, staff)
    return redirect(url_for("operator.index"), code=303)


def _staff(work: OperatorWork) -> Staff:
    if work.staff is None:
        abort(404)
    return work.staff


def _open_now(work: OperatorWork, company_id: UUID, grant_id: UUID) -> Opening:
    for opening in support_visits.live_openings(work):
        if (opening.company_id, opening.grant_id) == (company_id, grant_id):
            return opening
    raise Refusal(Reason.SUPPORT_OVER)
