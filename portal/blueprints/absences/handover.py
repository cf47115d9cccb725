"""Handing a waiting request over to another approver."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug import Response

from portal.blueprints.absences import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services.approvals.subjects import ABSENCES
from portal.web import handovers
from portal.web.guards import requires


@blueprint.get("/c/<company>/absences/<uuid:absence_id>/handover")
@requires(Permission.ABSENCE_OVERRULE)
def handover(uow: UnitOfWork, absence_id: UUID) -> str:
    return handovers.page(uow, ABSENCES, absence_id, **_ways(absence_id))


@blueprint.post("/c/<company>/absences/<uuid:absence_id>/handover")
@requires(Permission.ABSENCE_OVERRULE)
def hand_over(uow: UnitOfWork, absence_id: UUID) -> Response:
    return handovers.answer(uow, ABSENCES, absence_id, **_ways(absence_id))


def _ways(absence_id: UUID) -> dict[str, str]:
    return {
        "action": url_for("absences.hand_over", absence_id=absence_id),
        "back": url_for("absences.show", absence_id=absence_id),
    }
