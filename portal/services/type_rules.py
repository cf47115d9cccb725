"""Which rules of a type of absence hold on a day: read by requests, approvals, grants and calendars.

How rules are made and changed is in absence_types.py.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.db import UnitOfWork
from portal.domain.absence_types import DatedRules, TypeRules, rules_on
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.employee import Employee

Version = tuple[AbsenceTypeVersion, str]


def rules_of(uow: UnitOfWork, kind: AbsenceType, day: date) -> TypeRules:
    """The rules of the type on that day."""
    return rules_of_several(uow, [kind], day)[kind.id]


def rules_of_several(uow: UnitOfWork, kinds: Sequence[AbsenceType], day: date) -> dict[UUID, TypeRules]:
    """The same of several types in one statement."""
    later = versions_of(uow, [kind.id for kind in kinds])
    return {
        kind.id: replace(
            rules_on(rules_in(kind), dated_rules(later.get(kind.id, [])), day),
            takes_overtime=kind.overtime_months is not None,
        )
        for kind in kinds
    }


def entitlements_on(uow: UnitOfWork, days: Collection[date]) -> dict[date, list[tuple[UUID, int]]]:
    """By the rules of each day: every type that grants something, and how much for a full year. One query."""
    query = (
        select(AbsenceType, AbsenceTypeVersion)
        .outerjoin(AbsenceTypeVersion, AbsenceTypeVersion.absence_type_id == AbsenceType.id)
        .order_by(AbsenceType.key)
    )
    later: dict[AbsenceType, list[DatedRules]] = {}
    for row, version in uow.session.execute(query):
        changes = later.setdefault(row, [])
        if version is not None:
            changes.append((version.valid_from, rules_in(version)))
    found: dict[date, list[tuple[UUID, int]]] = {day: [] for day in days}
    for day, granted in found.items():
        for row, changes in later.items():
            amount = rules_on(rules_in(row), changes, day).yearly_entitlement
            if amount is not None:
                granted.append((row.id, amount))
    return found


def colleagues_see(day: InstrumentedAttribute[date]) -> ColumnElement[bool]:
    """The condition that the joined AbsenceType is shown to colleagues by the rules of that day."""
    by_rules = (
        select(AbsenceTypeVersion.colleagues_see)
        .where(AbsenceTypeVersion.absence_type_id == AbsenceType.id, AbsenceTypeVersion.valid_from <= day)
        .order_by(AbsenceTypeVersion.valid_from.desc())
        .limit(1)
        .correlate(AbsenceType, day.class_)
        .scalar_subquery()
    )
    return func.coalesce(by_rules, AbsenceType.colleagues_see)


def in_force_on(day: InstrumentedAttribute[date]) -> ColumnElement[bool]:
    """The condition that joins the rules that hold on that day to the AbsenceType; none: those it was made with."""
    other = aliased(AbsenceTypeVersion)
    newest = (
        select(func.max(other.valid_from))
        .where(other.absence_type_id == AbsenceType.id, other.valid_from <= day)
        .correlate(AbsenceType, day.class_)
        .scalar_subquery()
    )
    return and_(AbsenceTypeVersion.absence_type_id == AbsenceType.id, AbsenceTypeVersion.valid_from == newest)


def is_sickness(day: date) -> ColumnElement[bool]:
    """The condition that a type is sickness by the rules of that day."""
    by_rules = (
        select(AbsenceTypeVersion.sickness)
        .where(AbsenceTypeVersion.absence_type_id == AbsenceType.id, AbsenceTypeVersion.valid_from <= day)
        .order_by(AbsenceTypeVersion.valid_from.desc())
        .limit(1)
        .correlate(AbsenceType)
        .scalar_subquery()
    )
    return func.coalesce(by_rules, AbsenceType.sickness)


def versions_of(uow: UnitOfWork, type_ids: Iterable[UUID]) -> dict[UUID, list[Version]]:
    query = (
        select(AbsenceTypeVersion, Employee.first_name, Employee.last_name)
        .outerjoin(Employee, Employee.id == AbsenceTypeVersion.author_id)
        .where(AbsenceTypeVersion.absence_type_id.in_(list(type_ids)))
        .order_by(AbsenceTypeVersion.valid_from.desc())
    )
    found: dict[UUID, list[Version]] = {}
    for version, first_name, last_name in uow.session.execute(query):
        author = f"{first_name} {last_name}" if first_name else ""
        found.setdefault(version.absence_type_id, []).append((version, author))
    return found


def dated_rules(versions: list[Version]) -> list[DatedRules]:
    return [(version.valid_from, rules_in(version)) for version, _author in versions]


def rules_in(row: AbsenceType | AbsenceTypeVersion) -> TypeRules:
    return TypeRules(
        yearly_entitlement=row.yearly_entitlement,
        needs_approval=row.needs_approval,
        cancel_needs_approval=row.cancel_needs_approval,
        unit=row.unit,
        colleagues_see=row.colleagues_see,
        notice_days=row.notice_days,
        longest_days=row.longest_days,
        overdraft=row.overdraft,
        proof_from_days=row.proof_from_days,
        counts_as_worked=row.counts_as_worked,
        counts_up_to_limit=row.counts_up_to_limit,
        sickness=row.sickness,
        alarm_days=row.alarm_days,
        substitutes=row.substitutes,
    )
