"""What rosters planned for somebody in the months that are over, against what their contract asks."""

from __future__ import annotations

from uuid import UUID

from flask import render_template

from portal.blueprints.overtime import blueprint
from portal.db import UnitOfWork
from portal.services import roster_hours
from portal.web.guards import signed_in


@blueprint.get("/c/<company>/people/<uuid:employee_id>/roster-hours")
@signed_in
def months(uow: UnitOfWork, employee_id: UUID) -> str:
    """One's own, or those of somebody whose overtime one may decide."""
    person, proposes = roster_hours.person_for(uow, employee_id)
    return render_template(
        "overtime/months.html",
        person=person,
        own=person.id == uow.actor.employee_id,
        proposes=proposes,
        months=roster_hours.last_months(uow, employee_id),
    )
