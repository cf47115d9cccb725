"""What published rosters say of the days of people who work by them: their shifts, or a free day.

A shift that fell open because the person is away counts as theirs: it is what they would have worked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Integer,
    Select,
    and_,
    cast,
    extract,
    func,
    or_,
    select,
    true,
    union_all,
)

from portal.db import UnitOfWork
from portal.domain.months import days_between
from portal.domain.shift_costs import PlannedShift
from portal.domain.working_patterns import EmploymentTerms
from portal.models.released_shift import ReleasedShift
from portal.models.roster import Roster
from portal.models.shift import PublishedShift, Shift
from portal.models.team import Site, Team, TeamMembership

Terms = Mapping[UUID, Sequence[EmploymentTerms]]


def with_rosters(
    uow: UnitOfWork, terms: Terms, first: date, last: date, *, drafted: UUID | None = None
) -> dict[UUID, list[EmploymentTerms]]:
    """The same terms, with what rosters say of the days of a stretch. No statement where nobody works by a roster.

    The roster `drafted` counts as if its draft were published.
    """
    ids = [person_id for person_id, own in terms.items() if any(one.by_roster for one in own)]
    planned = _planned(uow, ids, first, last, drafted) if ids else {}
    return {
        person_id: [
            replace(one, rostered=planned.get(person_id, {})) if one.by_roster else one for one in own
        ]
        for person_id, own in terms.items()
    }


def _planned(
    uow: UnitOfWork, ids: Sequence[UUID], first: date, last: date, drafted: UUID | None
) -> dict[UUID, dict[date, list[PlannedShift]]]:
    planned: dict[UUID, dict[date, list[PlannedShift]]] = {}
    member = TeamMembership
    covered = (
        select(member.employee_id, member.start_date, member.end_date, Roster.start_date, Roster.end_date)
        .join(Roster, Roster.team_id == member.team_id)
        .where(member.employee_id.in_(ids), or_(Roster.version > 0, Roster.id == drafted))
        .where(Roster.start_date <= last, Roster.end_date >= first, member.start_date <= last)
        .where(or_(member.end_date.is_(None), member.end_date >= first))
    )
    for person_id, joined, left, begins, ends in uow.session.execute(covered):
        until = min(last, ends, left or last)
        for day in days_between(max(first, joined, begins), until):
            planned.setdefault(person_id, {})[day] = []
    for person_id, day, *facts in uow.session.execute(_shifts(uow, ids, first, last, drafted)):
        planned.setdefault(person_id, {}).setdefault(day, []).append(PlannedShift(*facts))
    return planned


def _shifts(
    uow: UnitOfWork, ids: Sequence[UUID], first: date, last: date, drafted: UUID | None
) -> Select[Any]:
    """Whose, of which date, from and until which minute of it by the clock of the team's site, and minutes of work."""
    sources: list[tuple[Any, ColumnElement[bool]]] = [
        (PublishedShift, and_(PublishedShift.paid_minutes > 0, _of_others(drafted))),
        (ReleasedShift, ReleasedShift.settled_at.is_(None)),
    ]
    if drafted:
        sources.append((Shift, and_(Shift.paid_minutes > 0, Shift.roster_id == drafted)))
    held = union_all(
        *(
            select(copy.employee_id, copy.date, copy.roster_id, copy.during, copy.paid_minutes).where(
                and_(copy.employee_id.in_(ids), copy.date.between(first, last), here)
            )
            for copy, here in sources
        )
    ).subquery()
    midnight = cast(held.c.date, DateTime)
    zone = func.coalesce(Site.time_zone, uow.company.time_zone)
    times = [
        cast(extract("epoch", func.timezone(zone, edge(held.c.during)) - midnight) / 60, Integer)
        for edge in (func.lower, func.upper)
    ]
    return (
        select(held.c.employee_id, held.c.date, *times, held.c.paid_minutes)
        .join(Roster, Roster.id == held.c.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
    )


def _of_others(drafted: UUID | None) -> ColumnElement[bool]:
    return PublishedShift.roster_id != drafted if drafted else true()
