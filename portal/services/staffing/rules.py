"""The rules of staffing as HR and planners keep them, each with the days ahead that break it already.

Who plans for a site keeps the rules of its teams and of the site itself; the whole company's are HR's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, literal, or_, select, true, union_all
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.custom_fields import FieldGroup, FieldKind
from portal.domain.months import days_between
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import LONGEST_NAME, Headcount, StaffingRule, YearDay
from portal.models.absence_type import AbsenceType
from portal.models.custom_field import CustomField
from portal.models.staffing import StaffingBreach, StaffingRulePart
from portal.models.staffing import StaffingRule as Row
from portal.models.team import Site, Team
from portal.services import access, audit
from portal.services.balances import TypeFacts, type_facts
from portal.services.name_order import alphabetical
from portal.services.staffing import naming, notice
from portal.services.staffing.crowd import Crowd, RuleFacts
from portal.services.staffing.reading import crowd_for
from portal.services.staffing.rule_rows import facts_of, rule_rows

#: So many days a rule is looked at ahead.
AHEAD_DAYS = 90
MOST_RULES = 200
_MANAGE = Permission.STAFFING_MANAGE


@dataclass(frozen=True)
class RuleLine:
    """A rule in the list, with how many days ahead are known to break it, and the first of them."""

    facts: RuleFacts
    broken_days: int
    first_broken: date | None


@dataclass(frozen=True)
class Scope:
    """Whom a rule may count: what its form offers."""

    teams: list[tuple[UUID, str]]
    sites: list[tuple[UUID, str]]
    #: A field and one of its values.
    qualifications: list[tuple[UUID, str, str]]
    #: A rule for the whole company is possible.
    everybody: bool


@dataclass(frozen=True)
class BrokenDay:
    """A day that breaks the rule as things stand."""

    date: date
    count: Headcount


@dataclass(frozen=True)
class WorkType:
    """A type of absence, and whether whoever has it is at work all the same."""

    kind: TypeFacts
    at_work: bool


def list_rules(uow: UnitOfWork) -> list[RuleLine]:
    """Within the actor's reach, by name. What is broken is what was last looked at, a night ago at most."""
    breach = aliased(StaffingBreach)
    today = uow.today()
    ahead = and_(breach.rule_id == Row.id, breach.date >= today)
    query = (
        rule_rows()
        .add_columns(
            select(func.count()).select_from(breach).where(ahead).scalar_subquery(),
            select(func.min(breach.date)).where(ahead).scalar_subquery(),
        )
        .where(_within(uow))
        .order_by(alphabetical(uow, Row.name))
    )
    return [RuleLine(facts_of(*row), count, first) for *row, count, first in uow.session.execute(query)]


def get(uow: UnitOfWork, rule_id: UUID) -> RuleFacts:
    found = uow.session.execute(rule_rows().where(Row.id == rule_id, _within(uow))).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return facts_of(*found)


def scope(uow: UnitOfWork) -> Scope:
    """Teams, sites and qualifications that the actor may make rules for."""
    both = union_all(
        select(literal("team").label("what"), Team.id, Team.name).where(
            access.teams_within(uow, _MANAGE, Team.id)
        ),
        select(literal("site"), Site.id, Site.name).where(access.sites_within(uow, _MANAGE, Site.id)),
    ).subquery()
    found: dict[str, list[tuple[UUID, str]]] = {"team": [], "site": []}
    for what, row_id, name in uow.session.execute(select(both).order_by(alphabetical(uow, both.c.name))):
        found[what].append((row_id, name))
    fields = (
        select(CustomField.id, CustomField.name, CustomField.kind, CustomField.choices)
        .where(
            CustomField.archived_at.is_(None),
            CustomField.field_group == FieldGroup.WORK,
            CustomField.kind.in_([FieldKind.CHOICE, FieldKind.YES_NO]),
        )
        .order_by(CustomField.position, CustomField.name)
    )
    qualifications = [
        (field_id, name, value)
        for field_id, name, kind, choices in uow.session.execute(fields)
        for value in (choices if kind is FieldKind.CHOICE else ["yes"])
    ]
    return Scope(
        found["team"],
        found["site"],
        qualifications,
        everybody=access.can(uow, _MANAGE, Reach.COMPANY),
    )


def preview(uow: UnitOfWork, facts: RuleFacts) -> list[BrokenDay]:
    """Which of the next days break the rule as it is given here, saved or not."""
    _check(uow, facts)
    return ahead(uow, facts)


def ahead(uow: UnitOfWork, facts: RuleFacts) -> list[BrokenDay]:
    """The same for a rule that is saved, and so was looked at."""
    first = uow.today()
    last = first + timedelta(days=AHEAD_DAYS - 1)
    return broken_days(crowd_for(uow, facts, first, last), facts, days_between(first, last))


def broken_days(crowd: Crowd, facts: RuleFacts, days: Iterable[date]) -> list[BrokenDay]:
    found = []
    for day in days:
        if facts.rule.holds_on(day):
            count = crowd.headcount(facts, day)
            if facts.rule.is_broken(count):
                found.append(BrokenDay(day, count))
    return found


def create(uow: UnitOfWork, facts: RuleFacts) -> UUID:
    """The id comes with the form, so that sending it twice makes one rule (T157)."""
    _check(uow, facts)
    if uow.session.scalar(select(Row.id).where(Row.id == facts.id)):
        return facts.id
    if (uow.session.scalar(select(func.count()).select_from(Row)) or 0) >= MOST_RULES:
        raise Refusal(Reason.STAFFING_RULES_TOO_MANY, limit=MOST_RULES)
    _free_name(uow, facts)
    row = Row(id=facts.id)
    _write(uow, row, facts)
    uow.session.add(row)
    uow.session.flush()
    audit.record(uow, audit.Action.STAFFING_RULE_CREATED, subject=row)
    naming.keep(uow, row, facts)
    notice.ask(uow)
    return row.id


def change(uow: UnitOfWork, rule_id: UUID, facts: RuleFacts) -> None:
    """Holds for what is asked and approved from now on; what is decided stays."""
    row = _found(uow, rule_id)
    _check(uow, facts)
    _free_name(uow, replace(facts, id=rule_id))
    _write(uow, row, facts)
    _forget_breaches(uow, rule_id)
    audit.record(uow, audit.Action.STAFFING_RULE_CHANGED, subject=row)
    naming.keep(uow, row, facts)
    notice.ask(uow)


def remove(uow: UnitOfWork, rule_id: UUID) -> None:
    row = _found(uow, rule_id)
    _forget_breaches(uow, rule_id)
    uow.session.execute(delete(StaffingRulePart).where(StaffingRulePart.rule_id == rule_id))
    uow.session.delete(row)
    audit.record(uow, audit.Action.STAFFING_RULE_REMOVED, subject=row)


def work_types(uow: UnitOfWork) -> list[WorkType]:
    """Every type of absence, and whether it counts as being at work."""
    query = (
        select(AbsenceType)
        .where(AbsenceType.retired_on.is_(None))
        .order_by(alphabetical(uow, AbsenceType.name))
    )
    return [WorkType(type_facts(row), row.at_work) for row in uow.session.scalars(query)]


def choose_work_types(uow: UnitOfWork, chosen: Sequence[UUID]) -> None:
    """Types whose holders are at work elsewhere: they are not away for any rule. For the whole company."""
    if not access.can(uow, _MANAGE, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
    for row in uow.session.scalars(select(AbsenceType).with_for_update(key_share=True)):
        at_work = row.id in chosen
        if row.at_work != at_work:
            row.at_work = at_work
            audit.record(uow, audit.Action.ABSENCE_TYPE_CHANGED, subject=row)
            notice.ask(uow)


def _within(uow: UnitOfWork) -> ColumnElement[bool]:
    if access.can(uow, _MANAGE, Reach.COMPANY):
        return true()
    teams = access.teams_within(uow, _MANAGE, Row.team_id)
    sites = access.sites_within(uow, _MANAGE, Row.site_id)
    return or_(and_(Row.team_id.is_not(None), teams), and_(Row.site_id.is_not(None), sites))


def _found(uow: UnitOfWork, rule_id: UUID) -> Row:
    return access.one_or_refuse(uow, select(Row).where(Row.id == rule_id, _within(uow)).with_for_update())


def _check(uow: UnitOfWork, facts: RuleFacts) -> None:
    """Only for people whom the actor plans for; only by a qualification that is there."""
    if not facts.name.strip():
        raise Refusal(Reason.MISSING, field="name")
    if len(facts.name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    possible = scope(uow)
    if facts.team_id is not None and facts.team_id not in {one for one, _name in possible.teams}:
        raise Refusal(Reason.NOT_FOUND)
    if facts.site_id is not None and facts.site_id not in {one for one, _name in possible.sites}:
        raise Refusal(Reason.NOT_FOUND)
    known = {(field_id, value) for field_id, _name, value in possible.qualifications}
    if facts.field_id is not None and (facts.field_id, facts.field_value) not in known:
        raise Refusal(Reason.NOT_FOUND)
    if facts.team_id is None and facts.site_id is None and not possible.everybody:
        raise Refusal(Reason.MISSING, field="team")
    naming.check(facts)


def _free_name(uow: UnitOfWork, facts: RuleFacts) -> None:
    if uow.session.scalar(select(Row.id).where(Row.name == facts.name.strip(), Row.id != facts.id)):
        raise Refusal(Reason.STAFFING_NAME_TAKEN, field="name")


def _write(uow: UnitOfWork, row: Row, facts: RuleFacts) -> None:
    rule: StaffingRule = facts.rule
    values: dict[str, Any] = {
        "name": facts.name.strip(),
        "team_id": facts.team_id,
        "site_id": facts.site_id,
        "field_id": facts.field_id,
        "field_value": facts.field_value,
        "metric": rule.metric,
        "measure": rule.measure,
        "amount": rule.amount,
        "effect": rule.effect,
        "weekdays": sorted(rule.weekdays),
        "valid_from": rule.valid_from,
        "valid_through": rule.valid_through,
        "season_from": rule.season and _year_day(rule.season.first),
        "season_through": rule.season and _year_day(rule.season.last),
        "starts_minute": rule.hours and rule.hours[0],
        "ends_minute": rule.hours and rule.hours[1],
        "override": rule.override,
        "author_id": uow.actor.employee_id,
    }
    for name, value in values.items():
        setattr(row, name, value)


def _year_day(day: YearDay) -> int:
    return day.month * 100 + day.day


def _forget_breaches(uow: UnitOfWork, rule_id: UUID) -> None:
    """By another rule other days are broken; they are found anew."""
    uow.session.execute(delete(StaffingBreach).where(StaffingBreach.rule_id == rule_id))
