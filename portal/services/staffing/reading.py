"""Reads rules of staffing with everybody they count: contracts, teams, absences, shifts and holidays, in one statement.

Pages that ask it have their own things to read, and none may send many statements; so every row comes back as a
little list of values, marked with what it is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    CTE,
    ColumnElement,
    DateTime,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    cast,
    func,
    literal,
    null,
    or_,
    select,
    true,
    union,
    union_all,
)
from sqlalchemy.dialects.postgresql import JSON

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.periods import DAY_MINUTES, DayPart, Part
from portal.domain.staffing import (
    Effect,
    Measure,
    Metric,
    Override,
    RulePart,
    StaffingRule,
)
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.custom_field import CustomField, CustomValue
from portal.models.employee import Employee, Employment
from portal.models.roster import Roster
from portal.models.shift import PublishedShift
from portal.models.staffing import StaffingRule as Row
from portal.models.staffing import StaffingRulePart
from portal.models.team import Site, Team, TeamMembership
from portal.services.holiday_book import keep_book, region_of
from portal.services.holiday_rows import DECIDED
from portal.services.staffing.crowd import AwayPart, Crowd, Member, RuleFacts
from portal.services.staffing.rule_rows import counted_ids, hours_of, named, named_from, season_of


@dataclass(frozen=True)
class Stretch:
    """The dates that are asked about, both included."""

    first: date
    last: date

    def overlaps(self, dated: type[TeamMembership] | type[Employment]) -> ColumnElement[bool]:
        begun = dated.start_date <= self.last
        return and_(begun, or_(dated.end_date.is_(None), dated.end_date >= self.first))

    def covers(self, day: ColumnElement[date] | Any) -> ColumnElement[bool]:
        found: ColumnElement[bool] = day.between(self.first, self.last)
        return found


def crowd_of(uow: UnitOfWork, first: date, last: date, *, about: UUID | None = None) -> Crowd:
    """All rules within the stretch, or those that may count one person, with whom they count."""
    stretch = Stretch(first, last)
    wanted = (
        select(Row.id, Row.team_id, Row.site_id, Row.field_id, Row.field_value, counted_ids().label("named"))
        .where(_valid(stretch), true() if about is None else concerns(about, stretch))
        .cte("wanted")
    )
    return _read(uow, stretch, wanted, [])


def crowd_for(uow: UnitOfWork, rule: RuleFacts, first: date, last: date) -> Crowd:
    """The same for one rule that need not be saved."""
    whom = {"team_id": rule.team_id, "site_id": rule.site_id, "field_id": rule.field_id}
    columns = [cast(literal(value) if value else null(), Uuid).label(name) for name, value in whom.items()]
    value = cast(literal(rule.field_value) if rule.field_value else null(), Text).label("field_value")
    counted = list(rule.ids(RulePart.COUNTED)) or None
    named = cast(literal(counted) if counted else null(), ARRAY(Uuid)).label("named")
    wanted = select(literal(rule.id, Uuid).label("id"), *columns, value, named).cte("wanted")
    return _read(uow, Stretch(first, last), wanted, [rule])


def concerns(employee_id: UUID, stretch: Stretch) -> ColumnElement[bool]:
    """The condition that a rule may count this person within the stretch."""
    in_team = select(TeamMembership.team_id).where(
        TeamMembership.employee_id == employee_id, stretch.overlaps(TeamMembership)
    )
    at_site = select(Employment.site_id).where(
        Employment.employee_id == employee_id, stretch.overlaps(Employment), Employment.site_id.is_not(None)
    )
    has_value = (
        select(CustomValue.id)
        .where(
            CustomValue.employee_id == employee_id,
            CustomValue.field_id == Row.field_id,
            CustomValue.value == Row.field_value,
        )
        .exists()
    )
    part = StaffingRulePart
    here = and_(part.rule_id == Row.id, part.employee_id == employee_id)
    excepted = select(part.id).where(here, part.part == RulePart.EXCEPTED).exists()
    counted = select(part.id).where(here, part.part == RulePart.COUNTED).exists()
    names = select(part.id).where(part.rule_id == Row.id, part.part == RulePart.COUNTED).exists()
    return and_(
        ~excepted,
        or_(~names, counted),
        or_(Row.team_id.is_(None), Row.team_id.in_(in_team)),
        or_(Row.site_id.is_(None), Row.site_id.in_(at_site)),
        or_(Row.field_id.is_(None), has_value),
    )


def hold(uow: UnitOfWork, employee_id: UUID, first: date, last: date) -> None:
    """Whoever lets somebody past the same rules waits here until this transaction ends (T151)."""
    stretch = Stretch(first, last)
    query = select(Row.id).where(_valid(stretch), concerns(employee_id, stretch)).order_by(Row.id)
    uow.session.execute(query.with_for_update(key_share=True))


def hold_all(uow: UnitOfWork, first: date, last: date) -> None:
    """The same for all rules of a stretch: for whoever lets many people past them at once."""
    query = select(Row.id).where(_valid(Stretch(first, last))).order_by(Row.id)
    uow.session.execute(query.with_for_update(key_share=True))


def _valid(stretch: Stretch) -> ColumnElement[bool]:
    return and_(
        Row.valid_from <= stretch.last, or_(Row.valid_through.is_(None), Row.valid_through >= stretch.first)
    )


def _read(uow: UnitOfWork, stretch: Stretch, wanted: CTE, rules: Sequence[RuleFacts]) -> Crowd:
    ids = _ids(wanted, stretch)
    query = union_all(
        _rules(wanted),
        _people(ids, stretch),
        _days(ids, stretch, uow.company.time_zone),
        select(literal("book"), cast(DECIDED, JSON)),
    )
    crowd = Crowd(uow, list(rules))
    for what, values in uow.session.execute(query):
        _ADD[what](crowd, values)
    crowd.rules.sort(key=lambda rule: rule.name)
    return crowd


def _ids(wanted: CTE, stretch: Stretch) -> CTE:
    """Everybody whom a rule may count, by the narrowest thing it says; who exactly is counted, the crowd knows."""
    by_name = select(func.unnest(wanted.c.named).label("employee_id"))
    unnamed = wanted.c.named.is_(None)
    by_team = select(TeamMembership.employee_id).where(
        TeamMembership.team_id == wanted.c.team_id, unnamed, stretch.overlaps(TeamMembership)
    )
    by_site = select(Employment.employee_id).where(
        Employment.site_id == wanted.c.site_id,
        wanted.c.team_id.is_(None),
        unnamed,
        stretch.overlaps(Employment),
    )
    unbound = and_(wanted.c.team_id.is_(None), wanted.c.site_id.is_(None), unnamed)
    by_value = select(CustomValue.employee_id).where(
        CustomValue.field_id == wanted.c.field_id, CustomValue.value == wanted.c.field_value, unbound
    )
    everybody = select(Employee.id).where(
        select(wanted.c.id).where(unbound, wanted.c.field_id.is_(None)).exists()
    )
    return union(by_name, by_team, by_site, by_value, everybody).cte("ids").prefix_with("MATERIALIZED")


def _rules(wanted: CTE) -> Select[Any]:
    columns = (
        Row.id, Row.name, Row.metric, Row.measure, Row.amount, Row.effect, Row.valid_from, Row.valid_through,
        Row.weekdays, Row.season_from, Row.season_through, Row.starts_minute, Row.ends_minute, Row.override,
        Row.team_id, Team.name, Row.site_id, Site.name, Row.field_id, CustomField.name, Row.field_value, named(),
    )  # fmt: skip
    return (
        select(literal("rule").label("what"), func.json_build_array(*columns).label("values"))
        .select_from(Row)
        .join(wanted, wanted.c.id == Row.id)
        .outerjoin(Team, Team.id == Row.team_id)
        .outerjoin(Site, Site.id == Row.site_id)
        .outerjoin(CustomField, CustomField.id == Row.field_id)
    )


def _people(ids: CTE, stretch: Stretch) -> Select[Any]:
    membership = func.json_build_array(
        TeamMembership.team_id, TeamMembership.start_date, TeamMembership.end_date
    )
    teams = (
        select(func.json_agg(membership))
        .where(TeamMembership.employee_id == Employee.id, stretch.overlaps(TeamMembership))
        .correlate(Employee)
        .scalar_subquery()
    )
    values = (
        select(func.json_agg(func.json_build_array(CustomValue.field_id, CustomValue.value)))
        .where(
            CustomValue.employee_id == Employee.id,
            CustomValue.field_id.in_(select(Row.field_id).where(Row.field_id.is_not(None))),
        )
        .correlate(Employee)
        .scalar_subquery()
    )
    columns = (
        Employee.id, Employment.start_date, Employment.end_date,
        func.array_cat(Employment.pattern, Employment.further_weeks), Employment.cycle_begins,
        Employment.by_roster, Employment.site_id,
        Site.country, Site.subdivision, teams, values,
    )  # fmt: skip
    return (
        select(literal("person"), func.json_build_array(*columns))
        .select_from(Employee)
        .join(ids, ids.c.employee_id == Employee.id)
        .join(Employment, and_(Employment.employee_id == Employee.id, stretch.overlaps(Employment)))
        .outerjoin(Site, Site.id == Employment.site_id)
        .where(Employee.active)
    )


def _days(ids: CTE, stretch: Stretch, zone: str) -> Select[Any]:
    """Absences, published shifts, and which days rosters of which teams cover."""
    counted = select(ids.c.employee_id)
    part = (
        AbsencePart.employee_id, AbsencePart.date, AbsencePart.part, AbsencePart.starts_minute,
        AbsencePart.ends_minute, Absence.status == AbsenceStatus.APPROVED, Absence.id, Absence.absence_type_id,
    )  # fmt: skip
    away = (
        select(literal("away"), func.json_build_array(*part))
        .select_from(AbsencePart)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            AbsencePart.live,
            stretch.covers(AbsencePart.date),
            AbsencePart.employee_id.in_(counted),
            AbsenceType.at_work.is_(False),
        )
    )
    shifts = _shifts(counted, stretch, zone)
    roster = func.json_build_array(Roster.team_id, Roster.start_date, Roster.end_date)
    rosters = select(literal("roster"), roster).where(
        Roster.version > 0, Roster.start_date <= stretch.last, Roster.end_date >= stretch.first
    )
    return union_all(away, shifts, rosters)  # type: ignore[return-value]


def _shifts(counted: Select[Any], stretch: Stretch, company_zone: str) -> Select[Any]:
    """At the clock of the site of the roster's team; those of the day before reach into the first one."""
    zone = func.coalesce(Site.time_zone, company_zone)
    minutes = []
    for moment in (func.lower(PublishedShift.during), func.upper(PublishedShift.during)):
        since = func.timezone(zone, moment) - cast(PublishedShift.date, DateTime)
        minutes.append(cast(func.extract("epoch", since) / 60, Integer))
    return (
        select(
            literal("shift"), func.json_build_array(PublishedShift.employee_id, PublishedShift.date, *minutes)
        )
        .select_from(PublishedShift)
        .join(Roster, Roster.id == PublishedShift.roster_id)
        .join(Team, Team.id == Roster.team_id)
        .outerjoin(Site, Site.id == Team.site_id)
        .where(
            PublishedShift.date.between(stretch.first - timedelta(days=1), stretch.last),
            PublishedShift.employee_id.in_(counted),
        )
    )


def _add_rule(crowd: Crowd, values: list[Any]) -> None:
    row_id, name, metric, measure, amount, effect, begins, ends, weekdays, *more = values
    season_from, season_through, starts, ends_minute, override, *whom, named = more
    team_id, team, site_id, site, field_id, field, field_value = whom
    rule = StaffingRule(
        Metric(metric),
        Measure(measure),
        amount,
        Effect(effect),
        _day(begins),
        ends and _day(ends),
        frozenset(weekdays),
        season_of(season_from, season_through),
        hours_of(starts, ends_minute),
        Override(override),
    )
    facts = RuleFacts(
        UUID(row_id), name, rule, _id(team_id), team, _id(site_id), site, _id(field_id), field, field_value,
        named_from(named),
    )  # fmt: skip
    if facts.id not in {one.id for one in crowd.rules}:
        crowd.rules.append(facts)


def _add_person(crowd: Crowd, values: list[Any]) -> None:
    person_id, begins, ends, days, cycle_begins, by_roster, site_id, country, subdivision, teams, own = values
    member = crowd.people.setdefault(UUID(person_id), Member())
    pattern = WorkingPattern.taking_turns(days, cycle_begins and _day(cycle_begins))
    terms = EmploymentTerms(_day(begins), ends and _day(ends), pattern, _id(site_id), by_roster)
    member.terms[terms] = region_of(crowd.uow, country, subdivision, _id(site_id))
    member.teams = [(UUID(team), _day(first), last and _day(last)) for team, first, last in teams or []]
    member.values = {UUID(field_id): value for field_id, value in own or []}


def _add_away(crowd: Crowd, values: list[Any]) -> None:
    person_id, day, part, starts, ends, approved, absence_id, type_id = values
    asked = DayPart(_day(day), Part(part), starts, ends)
    away = AwayPart(asked, approved, UUID(absence_id), UUID(type_id))
    crowd.away.setdefault((UUID(person_id), away.part.date), []).append(away)


def _add_shift(crowd: Crowd, values: list[Any]) -> None:
    person_id, day, starts, ends = UUID(values[0]), _day(values[1]), values[2], values[3]
    crowd.shifts.setdefault((person_id, day), []).append((max(0, starts), min(ends, DAY_MINUTES)))
    if ends > DAY_MINUTES:
        after = person_id, day + timedelta(days=1)
        crowd.shifts_from_before.setdefault(after, []).append((0, ends - DAY_MINUTES))


def _add_roster(crowd: Crowd, values: list[Any]) -> None:
    crowd.rosters.append((UUID(values[0]), _day(values[1]), _day(values[2])))


def _add_book(crowd: Crowd, decided: list[list[Any]] | None) -> None:
    keep_book(crowd.uow, decided)


def _day(text: str) -> date:
    return date.fromisoformat(text)


def _id(text: str | None) -> UUID | None:
    return UUID(text) if text else None


_ADD = {
    "rule": _add_rule,
    "person": _add_person,
    "away": _add_away,
    "shift": _add_shift,
    "roster": _add_roster,
    "book": _add_book,
}
