"""A team's month: who is away, who works which published shift, which days are free at their site.

Whoever may not see a person's absences learns that they are away, and not one letter more: the type is
dropped here, before anything is drawn. Nothing here writes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, cast, exists, extract, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.months import Month
from portal.domain.periods import Part
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.shift import PublishedShift, ShiftTemplate
from portal.models.team import Site, Team, TeamMembership
from portal.services import access, type_rules
from portal.services.balances import TypeFacts, type_facts
from portal.services.holiday_book import Region, region_of
from portal.services.name_order import alphabetical, by_name
from portal.services.working_time import holidays_in


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


@dataclass(frozen=True)
class PersonMonth:
    """One row of the calendar; the keys are days of the month."""

    id: UUID
    name: str
    job_title: str
    region: Region
    away: dict[int, list[AwayPart]] = field(default_factory=dict)
    shifts: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class TeamMonth:
    """A team's calendar. Without a team there is none within the actor's reach."""

    month: Month
    teams: list[TeamName]
    team: TeamName | None
    people: list[PersonMonth]
    #: By region: the names of the month's holidays.
    holidays: Mapping[Region, Mapping[date, str]]
    #: The types that occur, of those the reader may see.
    kinds: list[TypeFacts]
    #: The shifts that occur: code and name.
    shifts: dict[str, str]


def team_month(uow: UnitOfWork, month: Month, team_id: UUID | None = None) -> TeamMonth:
    """The month of a team within the actor's reach; their own team unless another is named."""
    teams = _teams(uow)
    team = _choose(teams, team_id)
    if team is None:
        return TeamMonth(month, teams, None, [], {}, [], {})
    people, readable = _people(uow, team.id, month)
    kinds = _add_absences(uow, team.id, month, people, readable)
    shifts = _add_shifts(uow, team.id, month, people)
    holidays = {person.region: _holidays(uow, person.region, month) for person in people.values()}
    return TeamMonth(month, teams, team, list(people.values()), holidays, kinds, shifts)


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


def _people(uow: UnitOfWork, team_id: UUID, month: Month) -> tuple[dict[UUID, PersonMonth], set[UUID]]:
    """The members by name, and those of them whose absences the actor may see with their type."""
    may_see = access.employees_within(uow, Permission.ABSENCE_VIEW, Employee.id)
    query = (
        select(
            Employee.id, Employee.first_name, Employee.last_name, Employee.job_title,
            Site.country, Site.subdivision, Site.id, may_see,
        )
        .outerjoin(Employment, and_(Employment.employee_id == Employee.id, _during(Employment, month)))
        .outerjoin(Site, Site.id == Employment.site_id)
        .where(
            Employee.active,
            Employee.id.in_(_members(team_id, month)),
            access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id),
        )
        .order_by(*by_name(uow), Employment.start_date)
    )  # fmt: skip
    people: dict[UUID, PersonMonth] = {}
    readable: set[UUID] = set()
    for row in uow.session.execute(query):
        person_id, first_name, last_name, job_title, country, subdivision, site_id, visible = row
        region = region_of(uow, country, subdivision, site_id)
        # Somebody who changed sites this month is drawn with the later one.
        people[person_id] = PersonMonth(person_id, f"{first_name} {last_name}", job_title or "", region)
        if visible:
            readable.add(person_id)
    return people, readable


def _add_absences(
    uow: UnitOfWork, team_id: UUID, month: Month, people: dict[UUID, PersonMonth], readable: set[UUID]
) -> list[TypeFacts]:
    query = (
        select(
            Absence.employee_id,
            AbsencePart.date,
            AbsencePart.part,
            Absence.status,
            AbsenceType,
            type_rules.colleagues_see(AbsencePart.date),
        )
        .select_from(AbsencePart)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            AbsencePart.live,
            AbsencePart.date.between(month.first_day, month.last_day),
            AbsencePart.employee_id.in_(_members(team_id, month)),
        )
        .order_by(AbsencePart.during)
    )
    kinds: dict[UUID, TypeFacts] = {}
    for employee_id, day, part, status, row, open_to_all in uow.session.execute(query):
        person = people.get(employee_id)
        if person is None:
            continue
        kind = None
        if employee_id in readable or open_to_all:
            kind = kinds.get(row.id) or kinds.setdefault(row.id, type_facts(row))
        away = AwayPart(kind, status is AbsenceStatus.APPROVED, part)
        person.away.setdefault(day.day, []).append(away)
    return sorted(kinds.values(), key=lambda kind: kind.key)


def _add_shifts(
    uow: UnitOfWork, team_id: UUID, month: Month, people: dict[UUID, PersonMonth]
) -> dict[str, str]:
    """Published shifts only, one row per person and kind of shift however many there are."""
    day = cast(extract("day", PublishedShift.date), Integer)
    days = func.array_agg(aggregate_order_by(day, PublishedShift.during))
    query = (
        select(PublishedShift.employee_id, ShiftTemplate.code, ShiftTemplate.name, days)
        .join(ShiftTemplate, ShiftTemplate.id == PublishedShift.shift_template_id)
        .where(
            PublishedShift.date.between(month.first_day, month.last_day),
            PublishedShift.employee_id.in_(_members(team_id, month)),
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


def _members(team_id: UUID, month: Month) -> Select[UUID]:
    member = aliased(TeamMembership)
    return select(member.employee_id).where(member.team_id == team_id, _during(member, month))


def _during(dated: type[TeamMembership] | type[Employment], month: Month) -> ColumnElement[bool]:
    begun = dated.start_date <= month.last_day
    return and_(begun, or_(dated.end_date.is_(None), dated.end_date >= month.first_day))


def _holidays(uow: UnitOfWork, region: Region, month: Month) -> dict[date, str]:
    found = holidays_in(uow, region, [month.year])
    return {
        day: ", ".join(holiday.name for holiday in holidays)
        for day, holidays in found.items()
        if Month.of(day) == month
    }
