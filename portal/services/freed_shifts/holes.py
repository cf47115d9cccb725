"""Which published shifts an absence frees, and which have fallen open. Nothing here writes.

A whole day frees the shifts that begin on it; a part of a day those that lie in it from beginning to end, by the
clock of the team's site, and one that reaches to midnight those that begin in it, as it costs all of their work.
Working elsewhere frees none, and what has begun on a day before today was worked or not: nobody plans it any more.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, DateTime, and_, cast, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.periods import Part
from portal.domain.permissions import Permission
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.released_shift import ReleasedShift
from portal.models.roster import Roster
from portal.models.shift import PublishedShift, Shift, ShiftTemplate
from portal.models.team import Site, Team
from portal.services import access
from portal.services.shift_rules import as_moments, local_times

# Made once: building an alias costs more than running many a query.
_PART, _KIND = aliased(AbsencePart), aliased(AbsenceType)


@dataclass(frozen=True)
class Hole:
    """A shift that falls or fell open."""

    date: date
    code: str
    name: str
    #: 06:00–14:30, by the clock of the team's site.
    times: str


@dataclass(frozen=True)
class OpenHole:
    """One that fell open in a roster, and who was to work it."""

    hole: Hole
    name: str


def freed_by(uow: UnitOfWork, absence_id: Any) -> ColumnElement[bool]:
    """The condition that the absence frees the joined PublishedShift; Roster, Team and Site are joined too."""
    zone = func.coalesce(Site.time_zone, uow.company.time_zone)
    worked = func.tsrange(
        func.timezone(zone, func.lower(PublishedShift.during)),
        func.timezone(zone, func.upper(PublishedShift.during)),
    )
    on_it = _PART.date == PublishedShift.date
    whole = and_(_PART.part == Part.FULL, on_it)
    to_midnight = and_(
        on_it,
        func.upper(_PART.during) == cast(_PART.date + 1, DateTime),
        _PART.during.contains(func.timezone(zone, func.lower(PublishedShift.during))),
    )
    return and_(
        PublishedShift.date >= uow.today(),
        select(_PART.id)
        .where(
            _PART.absence_id == absence_id,
            _PART.live,
            _PART.employee_id == PublishedShift.employee_id,
            or_(whole, and_(_PART.part != Part.FULL, or_(_PART.during.contains(worked), to_midnight))),
        )
        .exists(),
    )


def column(uow: UnitOfWork) -> ColumnElement[Any]:
    """The shifts that the absence of the statement would free, for whoever may see them; `read` makes a list of it."""
    values = func.json_build_array(
        PublishedShift.date,
        ShiftTemplate.code,
        ShiftTemplate.name,
        func.lower(PublishedShift.during),
        func.upper(PublishedShift.during),
        func.coalesce(Site.time_zone, uow.company.time_zone),
    )
    return (
        select(func.json_agg(aggregate_order_by(values, PublishedShift.during)))
        .select_from(PublishedShift)
        .join(ShiftTemplate, ShiftTemplate.id == PublishedShift.shift_template_id)
        .join(Roster, Roster.id == PublishedShift.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .join(_KIND, _KIND.id == Absence.absence_type_id)
        .where(
            PublishedShift.employee_id == Absence.employee_id,
            ~_KIND.at_work,
            freed_by(uow, Absence.id),
            access.employees_within(uow, Permission.ROSTER_VIEW, PublishedShift.employee_id),
        )
        .correlate(Absence)
        .scalar_subquery()
        .label("holes")
    )


def fallen_open(uow: UnitOfWork) -> ColumnElement[Any]:
    """The shifts that the absence of the statement has freed, while they stay free of the person."""
    values = func.json_build_array(
        ReleasedShift.date,
        ShiftTemplate.code,
        ShiftTemplate.name,
        func.lower(ReleasedShift.during),
        func.upper(ReleasedShift.during),
        func.coalesce(Site.time_zone, uow.company.time_zone),
    )
    return (
        select(func.json_agg(aggregate_order_by(values, ReleasedShift.during)))
        .select_from(ReleasedShift)
        .join(ShiftTemplate, ShiftTemplate.id == ReleasedShift.shift_template_id)
        .join(Roster, Roster.id == ReleasedShift.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .where(
            ReleasedShift.absence_id == Absence.id,
            ~ReleasedShift.returned,
            access.employees_within(uow, Permission.ROSTER_VIEW, ReleasedShift.employee_id),
        )
        .correlate(Absence)
        .scalar_subquery()
        .label("fallen_open")
    )


def read(found: Iterable[list[Any]] | None) -> list[Hole]:
    holes = []
    for day, code, name, starts_at, ends_at, zone in found or ():
        moments = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
        holes.append(Hole(date.fromisoformat(day), code, name, local_times(moments, ZoneInfo(zone))))
    return holes


def same_planned(row: type[ReleasedShift]) -> ColumnElement[int]:
    """How many of the same shift the plan has on that day now."""
    return (
        select(func.count(Shift.id))
        .where(
            Shift.roster_id == row.roster_id,
            Shift.date == row.date,
            Shift.shift_template_id == row.shift_template_id,
        )
        .scalar_subquery()
    )


def open_in(uow: UnitOfWork, roster_id: UUID, zone: ZoneInfo) -> list[OpenHole]:
    """What fell open in a roster from today on, and nobody was planned for since."""
    query = (
        select(ReleasedShift, ShiftTemplate, Employee)
        .join(ShiftTemplate, ShiftTemplate.id == ReleasedShift.shift_template_id)
        .join(Employee, Employee.id == ReleasedShift.employee_id)
        .where(
            ReleasedShift.roster_id == roster_id,
            ReleasedShift.settled_at.is_(None),
            ReleasedShift.date >= uow.today(),
            same_planned(ReleasedShift) <= ReleasedShift.beside,
        )
        .order_by(ReleasedShift.during, Employee.last_name)
    )
    return [
        OpenHole(
            Hole(row.date, template.code, template.name, local_times(as_moments(row.during), zone)),
            person.name,
        )
        for row, template, person in uow.session.execute(query)
    ]
