"""What stands in a roster: people by days with their shifts and absences, and the totals over both.

The rows come aggregated, one per person, so that a month of 300 people stays a few hundred rows.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, Subquery, and_, func, or_, select, true, type_coerce
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.holidays import PublicHoliday
from portal.domain.months import days_between
from portal.domain.periods import Part
from portal.domain.permissions import Permission
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.shift import PublishedShift, Shift, ShiftTemplate
from portal.models.team import TeamMembership
from portal.services import absence_sight, access
from portal.services.holiday_book import book_of
from portal.services.name_order import by_name
from portal.services.rosters import RosterFacts, same_shift
from portal.services.shift_templates import TemplateFacts, list_templates
from portal.services.working_time import holidays_in

#: The published copy beside the draft; an alias takes longer to make than a row to read.
_SHARED = aliased(PublishedShift)


class GridShift(NamedTuple):
    """A shift in a cell; `day` counts from 0, the first day of the roster."""

    day: int
    code: str
    #: Drafted, and not published as it stands.
    unpublished: bool


class GridAway(NamedTuple):
    """Time off in a cell. `code` and `colour` are None for who may know only that the person is away."""

    day: int
    part: Part
    #: Approved, and not only asked for.
    certain: bool
    code: str | None
    colour: str | None
    #: The built-in types have a key that the web translates.
    key: str | None
    name: str | None


@dataclass(frozen=True, slots=True)
class GridPerson:
    """One row."""

    id: UUID
    first_name: str
    last_name: str
    job_title: str | None
    shifts: list[GridShift]
    away: list[GridAway]
    paid_minutes: int

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"

    def codes_on(self, day: int) -> list[str]:
        return [shift.code for shift in self.shifts if shift.day == day]


@dataclass(frozen=True)
class Grid:
    """The whole roster as the actor may see it: the draft for planners, else the published copy."""

    facts: RosterFacts
    draft: bool
    days: list[date]
    holidays: Mapping[date, tuple[PublicHoliday, ...]]
    templates: list[TemplateFacts]
    people: list[GridPerson]
    #: By person the days that are free for them, where something else is agreed than for the team's site.
    own_holidays: Mapping[UUID, Collection[date]]
    #: People per day by template code, for the codes that occur.
    per_day: dict[str, list[int]] = field(default_factory=dict)

    @property
    def paid_minutes(self) -> int:
        return sum(person.paid_minutes for person in self.people)

    def used_templates(self) -> list[TemplateFacts]:
        return [template for template in self.templates if template.code in self.per_day]

    def person(self, employee_id: UUID) -> GridPerson | None:
        return next((one for one in self.people if one.id == employee_id), None)


def read_grid(uow: UnitOfWork, facts: RosterFacts, *, draft: bool) -> Grid:
    """Three queries, whatever the number of people."""
    away = _away(uow, facts)
    people = [
        GridPerson(
            id=row.id,
            first_name=row.first_name,
            last_name=row.last_name,
            job_title=row.job_title,
            shifts=list(
                map(GridShift._make, zip(row.days or (), row.codes or (), row.unpublished or (), strict=True))
            ),
            away=away.get(row.id, []),
            paid_minutes=row.paid_minutes,
        )
        for row in uow.session.execute(_people(uow, facts, draft=draft))
    ]
    book = book_of(uow)
    years = range(facts.start_date.year, facts.end_date.year + 1)
    return Grid(
        facts=facts,
        draft=draft,
        days=list(days_between(facts.start_date, facts.end_date)),
        holidays=holidays_in(uow, facts.region, years),
        templates=list_templates(uow),
        people=people,
        own_holidays={
            person.id: holidays_in(uow, book.region_for(facts.region, person.id), years)
            for person in people
            if person.id in book.people
        },
        per_day=_per_day(people, (facts.end_date - facts.start_date).days + 1),
    )


def _people(uow: UnitOfWork, facts: RosterFacts, *, draft: bool) -> Select[Any]:
    """Who belongs to the team during the month, and who has a shift in the roster though they left."""
    shifts = _shifts(facts, draft=draft)
    members = select(TeamMembership.employee_id).where(
        TeamMembership.team_id == facts.team_id,
        TeamMembership.start_date <= facts.end_date,
        or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= facts.start_date),
    )
    return (
        select(
            Employee.id,
            Employee.first_name,
            Employee.last_name,
            Employee.job_title,
            shifts.c.days,
            shifts.c.codes,
            shifts.c.unpublished,
            func.coalesce(shifts.c.paid_minutes, 0).label("paid_minutes"),
        )
        .outerjoin(shifts, shifts.c.employee_id == Employee.id)
        .where(or_(and_(Employee.active, Employee.id.in_(members)), shifts.c.employee_id.is_not(None)))
        .order_by(*by_name(uow))
    )


def _shifts(facts: RosterFacts, *, draft: bool) -> Subquery:
    """One row per person with arrays of the same length: day, code, whether unpublished."""
    row: Any = Shift if draft else PublishedShift
    in_order = (row.date, func.lower(row.during))
    unpublished: ColumnElement[bool] = _SHARED.id.is_(None) if draft else ~true()
    query = (
        select(
            row.employee_id,
            func.array_agg(aggregate_order_by(_day(row.date, facts), *in_order)).label("days"),
            func.array_agg(aggregate_order_by(ShiftTemplate.code, *in_order)).label("codes"),
            func.array_agg(aggregate_order_by(unpublished, *in_order)).label("unpublished"),
            func.sum(row.paid_minutes).label("paid_minutes"),
        )
        .join(ShiftTemplate, ShiftTemplate.id == row.shift_template_id)
        .where(row.roster_id == facts.id)
        .group_by(row.employee_id)
    )
    if draft:
        query = query.outerjoin(_SHARED, same_shift(Shift, _SHARED))
    return query.subquery("shifts")


def _away(uow: UnitOfWork, facts: RosterFacts) -> dict[UUID, list[GridAway]]:
    """Who is away when, as far as the actor's calendar reaches; why, as far as they see absences or the type says."""
    sees_type = absence_sight.sees_kind(uow, AbsencePart.employee_id, AbsencePart.date)
    members = select(TeamMembership.employee_id).where(TeamMembership.team_id == facts.team_id)
    query = (
        select(
            AbsencePart.employee_id,
            _day(AbsencePart.date, facts),
            AbsencePart.part,
            Absence.status,
            AbsenceType.code,
            AbsenceType.colour,
            AbsenceType.key,
            AbsenceType.name,
            sees_type,
        )
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            AbsencePart.live,
            AbsencePart.date.between(facts.start_date, facts.end_date),
            AbsencePart.employee_id.in_(members),
            access.employees_within(uow, Permission.CALENDAR_VIEW, AbsencePart.employee_id),
        )
        .order_by(AbsencePart.date, AbsencePart.part)
    )
    found: defaultdict[UUID, list[GridAway]] = defaultdict(list)
    for employee_id, day, part, status, *kind, seen in uow.session.execute(query):
        what = kind if seen else (None, None, None, None)
        found[employee_id].append(GridAway(day, part, status is AbsenceStatus.APPROVED, *what))
    return found


def _day(column: InstrumentedAttribute[date], facts: RosterFacts) -> ColumnElement[int]:
    """The number of days since the roster begins, as PostgreSQL subtracts dates."""
    return type_coerce(column - facts.start_date, Integer)


def _per_day(people: Iterable[GridPerson], length: int) -> dict[str, list[int]]:
    counted = Counter((shift.code, shift.day) for person in people for shift in person.shifts)
    totals: dict[str, list[int]] = {}
    for (code, day), count in counted.items():
        totals.setdefault(code, [0] * length)[day] = count
    return totals
