"""Letters about shifts that fell open, to whoever plans them, and to the person when they are theirs again.

They say that somebody is away, and not why.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date
from sqlalchemy import or_, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.models.employee import Employee
from portal.models.released_shift import ReleasedShift
from portal.models.role import RoleGrant, RolePermission
from portal.models.roster import Roster
from portal.models.shift import ShiftTemplate
from portal.models.team import Site, Team, TeamMembership
from portal.services import outbox
from portal.services.shift_rules import as_moments, local_times

FREED, RETURNED, TAKEN = "freed", "returned", "taken"


def tell_planners(
    uow: UnitOfWork, roster: Roster, person_id: UUID, rows: Sequence[ReleasedShift], event: str
) -> None:
    """Whoever published the roster last; when they are gone, those who may publish it now."""
    for planner in _planners(uow, roster):
        if planner.id not in (uow.actor.employee_id, person_id):
            _tell(uow, planner, roster, person_id, rows, event)


def tell_person(uow: UnitOfWork, roster: Roster, person_id: UUID, rows: Sequence[ReleasedShift]) -> None:
    """They work again on these days, also when they have given up the absence themselves."""
    person = uow.session.scalars(select(Employee).where(Employee.id == person_id)).one()
    if person.active:
        _tell(uow, person, roster, person_id, rows, RETURNED)


def _planners(uow: UnitOfWork, roster: Roster) -> Sequence[Employee]:
    publisher = select(Employee).where(Employee.id == roster.published_by_id, Employee.active)
    found = uow.session.scalars(publisher).all()
    if found:
        return found
    today = uow.today()
    members = select(TeamMembership.employee_id).where(
        TeamMembership.team_id == roster.team_id,
        TeamMembership.start_date <= today,
        or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= today),
    )
    holders = (
        select(RoleGrant.employee_id)
        .join(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(
            RolePermission.permission == Permission.ROSTER_PUBLISH.value,
            or_(RolePermission.reach == Reach.COMPANY.value, RoleGrant.employee_id.in_(members)),
        )
    )
    query = select(Employee).where(Employee.active, Employee.id.in_(holders))
    return uow.session.scalars(query.order_by(Employee.email)).all()


def _tell(
    uow: UnitOfWork,
    reader: Employee,
    roster: Roster,
    person_id: UUID,
    rows: Sequence[ReleasedShift],
    event: str,
) -> None:
    person = uow.session.scalars(select(Employee).where(Employee.id == person_id)).one()
    place = select(Team.name, Site.time_zone).outerjoin(Site, Site.id == Team.site_id)
    team, time_zone = uow.session.execute(place.where(Team.id == roster.team_id)).one()
    zone = ZoneInfo(time_zone or uow.company.time_zone)
    codes = select(ShiftTemplate.id, ShiftTemplate.code)
    found = codes.where(ShiftTemplate.id.in_({row.shift_template_id for row in rows}))
    names = {row[0]: row[1] for row in uow.session.execute(found)}
    own = reader.id == person_id
    page = f"shifts?month={roster.start_date:%Y-%m}" if own else f"rosters/{roster.id}"
    outbox.queue_mail(
        uow,
        reader,
        "shifts_freed",
        event=event,
        own=own,
        employee_name=person.name,
        team_name=team,
        shifts=[_line(row, names[row.shift_template_id], zone, reader.language) for row in rows],
        link=f"{uow.outside.url}/c/{uow.company.slug}/{page}",
    )


def _line(row: ReleasedShift, code: str, zone: ZoneInfo, language: str) -> str:
    pattern = "EEE d MMM y" if language == "en" else "EEE d. M. y"
    day = format_date(row.date, pattern, locale=language)
    return f"{day}: {code}, {local_times(as_moments(row.during), zone)}"
