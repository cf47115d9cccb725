"""A team's month, quarter or year: who is away, who works which published shift, which days are free at their site.

Whoever may not see a person's absences learns that they are away, and not one letter more: the type is
dropped here, before anything is drawn. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    Uuid,
    and_,
    any_,
    cast,
    exists,
    false,
    func,
    literal,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.calendar_spans import Span, SpanKind
from portal.domain.months import Month
from portal.domain.periods import Part
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.planned_absence import PlannedAbsence
from portal.models.shift import PublishedShift, ShiftTemplate
from portal.models.team import Site, Team, TeamMembership
from portal.services import absence_sight, access, closures
from portal.services.balances import TypeFacts, type_facts
from portal.services.holiday_book import region_of_person
from portal.services.holiday_days import Region
from portal.services.name_order import alphabetical, by_name
from portal.services.planned_absences import lists as planned_lists
from portal.services.substitutes import reading
from portal.services.working_time import holidays_in

#: By id: what somebody plans, and its type.
Plans = dict[UUID, tuple[PlannedAbsence, AbsenceType]]


@dataclass(frozen=True)
class TeamName:
    """A team to choose from."""

    id: UUID
    name: str
    mine: bool


@dataclass(frozen=True)
class AwayPart:
    """A day or half of a day on which somebody is away. `kind` is None for whoever may not know why."""

    kind: TypeFacts | None
    approved: bool
    part: Part
    #: Who covers meanwhile, by name.
    cover: str = ""
    #: The closure that made it, by name.
    closure: str = ""
    #: Only meant, and not asked for: it holds nothing and counts as nothing.
    planned: bool = False


@dataclass(frozen=True)
class PersonMonth:
    """One row of the calendar; the keys are places of days in the span, from 1."""

    id: UUID
    name: str
    job_title: str
    region: Region
    away: dict[int, list[AwayPart]] = field(default_factory=dict)
    shifts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class CalendarFilter:
    """Whose time is shown: a team's (None: one's own), or with `everybody` all within reach, perhaps of one site.

    With a type only absences of that type are shown, and of nobody whose type the reader may not know.
    """

    team_id: UUID | None = None
    everybody: bool = False
    site_id: UUID | None = None
    type_id: UUID | None = None
    page: int = 1
    #: Days that are only planned, too.
    plans: bool = True


@dataclass(frozen=True)
class TeamMonth:
    """One page of a calendar. Without a team there is none within the actor's reach, unless everybody is asked for."""

    span: Span
    asked: CalendarFilter
    teams: list[TeamName]
    team: TeamName | None
    people: list[PersonMonth]
    #: How many people there are on all pages, and how many fit on one.
    total: int
    per_page: int
    #: By region: the names of the span's holidays.
    holidays: Mapping[Region, Mapping[date, str]]
    #: The types that occur, of those the reader may see.
    kinds: list[TypeFacts]
    #: The shifts that occur: code and name.
    shifts: dict[str, str]

    @property
    def month(self) -> Month:
        return self.span.first_month

    @property
    def shown(self) -> bool:
        return self.team is not None or self.asked.everybody


#: So many rows a page draws: what a browser shows at once without waiting. Pages of a PDF hold more.
PER_PAGE = {SpanKind.MONTH: 300, SpanKind.QUARTER: 100, SpanKind.YEAR: 40}


def team_month(uow: UnitOfWork, month: Month, team_id: UUID | None = None) -> TeamMonth:
    """The month of a team within the actor's reach; their own team unless another is named."""
    return team_span(uow, Span(SpanKind.MONTH, month), CalendarFilter(team_id))


def team_span(uow: UnitOfWork, span: Span, asked: CalendarFilter) -> TeamMonth:
    """A page of people by name with their days. As many statements for ten people as for a thousand."""
    teams = _teams(uow)
    team = None if asked.everybody else _choose(teams, asked.team_id)
    per_page = PER_PAGE[span.kind]
    if team is None and not asked.everybody:
        return TeamMonth(span, asked, teams, None, [], 0, per_page, {}, [], {})
    team_id = None if team is None else team.id
    people, total, plans = _people(uow, team_id, span, asked, per_page)
    kinds = _add_absences(uow, list(people), span, people, asked.type_id)
    _add_plans(span, people, plans, asked.type_id, kinds)
    shifts = {} if asked.type_id else _add_shifts(uow, list(people), span, people)
    holidays = {person.region: _holidays(uow, person.region, span) for person in people.values()}
    return TeamMonth(
        span, asked, teams, team, list(people.values()), total, per_page, holidays, kinds, shifts
    )


def _teams(uow: UnitOfWork) -> list[TeamName]:
    membership = aliased(TeamMembership)
    today = uow.today()
    mine = exists().where(
        membership.team_id == Team.id,
        membership.employee_id == uow.actor.place_id,
        membership.start_date <= today,
        or_(membership.end_date.is_(None), membership.end_date >= today),
    )
    query = (
        select(Team.id, Team.name, mine)
        .where(access.teams_within(uow, Permission.CALENDAR_VIEW, Team.id))
        .order_by(alphabetical(uow, Team.name))
    )
    return [TeamName(*row) for row in uow.session.execute(query)]


def _choose(teams: list[TeamName], team_id: UUID | None) -> TeamName | None:
    if team_id is not None:
        found = next((team for team in teams if team.id == team_id), None)
        if found is None:
            raise Refusal(Reason.NOT_FOUND)
        return found
    return next((team for team in teams if team.mine), teams[0] if teams else None)


def _people(
    uow: UnitOfWork, team_id: UUID | None, span: Span, asked: CalendarFilter, per_page: int
) -> tuple[dict[UUID, PersonMonth], int, Plans]:
    """A page of people by name, how many there are in all, and what they plan."""
    page = _page_of_ids(uow, team_id, span, asked, per_page)
    seen = planned_lists.seen_between(uow, span.first_day, span.last_day) if asked.plans else false()
    query = (
        select(
            Employee.id, Employee.first_name, Employee.last_name, Employee.job_title,
            Site.country, Site.subdivision, Site.id, page.c.total, PlannedAbsence, AbsenceType,
        )
        .join(page, page.c.id == Employee.id)
        .outerjoin(Employment, and_(Employment.employee_id == Employee.id, _during(Employment, span)))
        .outerjoin(Site, Site.id == Employment.site_id)
        .outerjoin(PlannedAbsence, and_(PlannedAbsence.employee_id == Employee.id, seen))
        .outerjoin(AbsenceType, AbsenceType.id == PlannedAbsence.absence_type_id)
        .order_by(*by_name(uow), Employment.start_date, PlannedAbsence.start_date)
    )  # fmt: skip
    people: dict[UUID, PersonMonth] = {}
    plans: Plans = {}
    total = 0
    for row in uow.session.execute(query):
        person_id, first_name, last_name, title, country, subdivision, site_id, total, plan, kind = row
        region = region_of_person(uow, person_id, country, subdivision, site_id)
        # Somebody who changed sites meanwhile is drawn with the later one.
        people[person_id] = PersonMonth(person_id, f"{first_name} {last_name}", title or "", region)
        if plan is not None:
            plans[plan.id] = plan, kind
    return people, total, plans


def _page_of_ids(
    uow: UnitOfWork, team_id: UUID | None, span: Span, asked: CalendarFilter, per_page: int
) -> Subquery:
    query = (
        select(Employee.id, func.count().over().label("total"))
        .where(Employee.active, access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id))
        .order_by(*by_name(uow), Employee.id)
        .limit(per_page)
        .offset((asked.page - 1) * per_page)
    )
    if team_id is not None:
        query = query.where(Employee.id.in_(_members(team_id, span)))
    if asked.site_id is not None:
        there = aliased(Employment)
        at_site = select(there.employee_id).where(there.site_id == asked.site_id, _during(there, span))
        query = query.where(Employee.id.in_(at_site))
    return query.subquery("page")


def _add_absences(
    uow: UnitOfWork,
    ids: list[UUID],
    span: Span,
    people: dict[UUID, PersonMonth],
    type_id: UUID | None,
) -> list[TypeFacts]:
    query = (
        select(
            Absence.employee_id,
            AbsencePart.date,
            AbsencePart.part,
            Absence.status,
            AbsenceType,
            absence_sight.sees_kind(uow, AbsencePart.employee_id, AbsencePart.date),
            reading.names_of_covers(),
            closures.name_of(),
        )
        .select_from(AbsencePart)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            AbsencePart.live,
            AbsencePart.date.between(span.first_day, span.last_day),
            AbsencePart.employee_id == any_(literal(ids, ARRAY(Uuid))),
        )
        .order_by(AbsencePart.during)
    )
    kinds: dict[UUID, TypeFacts] = {}
    for employee_id, day, part, status, row, known, cover, closure in uow.session.execute(query):
        person = people.get(employee_id)
        if person is None:
            continue
        kind = None
        if known:
            kind = kinds.get(row.id) or kinds.setdefault(row.id, type_facts(row))
        if type_id is not None and (kind is None or kind.id != type_id):
            continue
        away = AwayPart(kind, status is AbsenceStatus.APPROVED, part, cover or "", closure or "")
        person.away.setdefault(span.number_of(day), []).append(away)
    return sorted(kinds.values(), key=lambda kind: kind.key)


def _add_plans(
    span: Span,
    people: Mapping[UUID, PersonMonth],
    plans: Plans,
    type_id: UUID | None,
    kinds: list[TypeFacts],
) -> None:
    """Days that people only plan, on days on which they are not away or waiting to be."""
    for plan, row in plans.values():
        if type_id is not None and row.id != type_id:
            continue
        kind = type_facts(row)
        if kind not in kinds:
            kinds.append(kind)
        away = people[plan.employee_id].away
        for part in plan.parts:
            number = span.number_of(part.date)
            if span.first_day <= part.date <= span.last_day and all(
                one.planned for one in away.get(number, ())
            ):
                meant = AwayPart(kind, approved=False, part=part.part, planned=True)
                away.setdefault(number, []).append(meant)


def _add_shifts(
    uow: UnitOfWork, ids: list[UUID], span: Span, people: dict[UUID, PersonMonth]
) -> dict[str, str]:
    """Published shifts only, one row per person and kind of shift however many there are."""
    place = cast(PublishedShift.date - literal(span.first_day, Date) + 1, Integer)
    days = func.array_agg(aggregate_order_by(place, PublishedShift.during))
    query = (
        select(PublishedShift.employee_id, ShiftTemplate.code, ShiftTemplate.name, days)
        .join(ShiftTemplate, ShiftTemplate.id == PublishedShift.shift_template_id)
        .where(
            PublishedShift.date.between(span.first_day, span.last_day),
            PublishedShift.employee_id == any_(literal(ids, ARRAY(Uuid))),
            access.employees_within(uow, Permission.ROSTER_VIEW, PublishedShift.employee_id),
        )
        .group_by(PublishedShift.employee_id, ShiftTemplate.code, ShiftTemplate.name)
        .order_by(ShiftTemplate.code)
    )
    names: dict[str, str] = {}
    for employee_id, code, name, worked in uow.session.execute(query):
        person = people.get(employee_id)
        if person is None:
            continue
        names[code] = name
        for number in worked:
            person.shifts[number] = f"{person.shifts[number]} {code}" if number in person.shifts else code
    return dict(sorted(names.items()))


def _members(team_id: UUID, span: Span) -> Select[UUID]:
    member = aliased(TeamMembership)
    return select(member.employee_id).where(member.team_id == team_id, _during(member, span))


def _during(dated: type[TeamMembership] | type[Employment], span: Span) -> ColumnElement[bool]:
    begun = dated.start_date <= span.last_day
    return and_(begun, or_(dated.end_date.is_(None), dated.end_date >= span.first_day))


def _holidays(uow: UnitOfWork, region: Region, span: Span) -> dict[date, str]:
    found = holidays_in(uow, region, {span.first_day.year, span.last_day.year})
    return {
        day: ", ".join(holiday.name for holiday in holidays)
        for day, holidays in found.items()
        if span.first_day <= day <= span.last_day
    }
