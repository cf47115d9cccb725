"""A rule of staffing as its rows say it: the rule itself, whom it counts, and what it names, with names to show."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, func, select

from portal.domain.staffing import RulePart, Season, StaffingRule, YearDay
from portal.models.absence_type import AbsenceType
from portal.models.custom_field import CustomField
from portal.models.employee import Employee
from portal.models.staffing import StaffingRule as Row
from portal.models.staffing import StaffingRulePart
from portal.models.team import Site, Team
from portal.services.staffing.crowd import Named, RuleFacts


def rule_rows() -> Select[Row, Any, Any, Any, Any]:
    """Rules with the names of whom they count."""
    return (
        select(Row, Team.name, Site.name, CustomField.name, named())
        .outerjoin(Team, Team.id == Row.team_id)
        .outerjoin(Site, Site.id == Row.site_id)
        .outerjoin(CustomField, CustomField.id == Row.field_id)
    )


def facts_of(row: Row, team: str | None, site: str | None, field: str | None, named: Any) -> RuleFacts:
    rule = StaffingRule(
        row.metric,
        row.measure,
        row.amount,
        row.effect,
        row.valid_from,
        row.valid_through,
        frozenset(row.weekdays),
        season_of(row.season_from, row.season_through),
        hours_of(row.starts_minute, row.ends_minute),
        row.override,
    )
    whom = (row.team_id, team, row.site_id, site, row.field_id, field, row.field_value)
    return RuleFacts(row.id, row.name, rule, *whom, named_from(named))


def season_of(first: int | None, last: int | None) -> Season | None:
    if first is None or last is None:
        return None
    return Season(YearDay(*divmod(first, 100)), YearDay(*divmod(last, 100)))


def hours_of(starts: int | None, ends: int | None) -> tuple[int, int] | None:
    return None if starts is None or ends is None else (starts, ends)


def named_from(values: list[list[Any]] | None) -> tuple[Named, ...]:
    found = [
        Named(RulePart(part), UUID(one), name, email, key) for part, one, name, email, key in values or []
    ]
    return tuple(sorted(found, key=lambda one: (one.part, one.name)))


def named() -> ScalarSelect[Any]:
    """What a rule names, with names to show: a column beside the rule."""
    part = StaffingRulePart
    values = func.json_build_array(
        part.part,
        func.coalesce(part.employee_id, part.absence_type_id),
        func.coalesce(Employee.first_name + " " + Employee.last_name, AbsenceType.name),
        Employee.email,
        AbsenceType.key,
    )
    return (
        select(func.json_agg(values))
        .select_from(part)
        .outerjoin(Employee, Employee.id == part.employee_id)
        .outerjoin(AbsenceType, AbsenceType.id == part.absence_type_id)
        .where(part.rule_id == Row.id)
        .correlate(Row)
        .scalar_subquery()
    )


def counted_ids() -> ScalarSelect[Any]:
    part = StaffingRulePart
    return (
        select(func.array_agg(part.employee_id))
        .where(part.rule_id == Row.id, part.part == RulePart.COUNTED)
        .correlate(Row)
        .scalar_subquery()
    )
