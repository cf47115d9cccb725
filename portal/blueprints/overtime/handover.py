"""Handing waiting overtime over to another approver."""

from __future__ import annotations

from uuid import UUID

from flask import url_for
from werkzeug import Response

from portal.blueprints.overtime import blueprint
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.services.approvals.subjects import OVERTIME
from portal.web import handovers
from portal.web.guards import requires


@blueprint.get("/c/<company>/overtime/<uuid:overtime_credit_id>/handover")
@requires(Permission.ABSENCE_OVERRULE)
def handover(uow: UnitOfWork, overtime_credit_id: UUID) -> str:
    return handovers.page(uow, OVERTIME, overtime_credit_id, **_ways(overtime_credit_id))


@blueprint.post("/c/<company>/overtime/<uuid:overtime_credit_id>/handover")
@requires(Permission.ABSENCE_OVERRULE)
def hand_over(uow: UnitOfWork, overtime_credit_id: UUID) -> Response:
    return handovers.answer(uow, OVERTIME, overtime_credit_id, **_ways(overtime_credit_id))


def _ways(credit_id: UUID) -> dict[str, str]:
    return {
        "action": url_for("overtime.hand_over", overtime_credit_id=credit_id),
        "back": url_for("overtime.index"),
    }
