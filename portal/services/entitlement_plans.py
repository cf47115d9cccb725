"""Plans of entitlement: the versions of a type's plan by date, made and taken back, and what was agreed with people.

What a plan gives is posted in accruals.py. A version is never changed once it holds; a new one holds from its day on.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.absences import refuse_own
from portal.domain.entitlement_plans import (
    FULL_WEEK_DAYS,
    FULL_WEEK_MINUTES,
    MOST_A_YEAR,
    CarryOver,
    Milestone,
    Plan,
    SeniorityUnit,
)
from portal.domain.entitlements import RoundingPolicy
from portal.domain.ledger import EntryKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.entitlement_plan import AgreedEntitlement, EntitlementPlan
from portal.models.ledger_entry import LedgerEntry
from portal.services import access, audit, type_rules

LONGEST_REASON = 500

Agreed = tuple[tuple[date, int | None], ...]


@dataclass(frozen=True)
class PlanVersion:
    """A version with who decided it."""

    id: UUID
    plan: Plan
    author: str
    planned: bool
    current: bool


def plans(uow: UnitOfWork, type_id: UUID | None = None) -> dict[UUID, dict[date, tuple[UUID, Plan]]]:
    """The plans of one type or of all that have one, by the day from which they hold. One query."""
    query = (
        select(EntitlementPlan, AbsenceType.counting)
        .join(AbsenceType, AbsenceType.id == EntitlementPlan.absence_type_id)
        .order_by(EntitlementPlan.absence_type_id, EntitlementPlan.valid_from)
    )
    if type_id is not None:
        query = query.where(EntitlementPlan.absence_type_id == type_id)
    found: dict[UUID, dict[date, tuple[UUID, Plan]]] = {}
    for row, counting in uow.session.execute(query):
        found.setdefault(row.absence_type_id, {})[row.valid_from] = (row.id, plan_in(row, counting))
    return found


def first_days(uow: UnitOfWork) -> Mapping[UUID, date]:
    """Since when each type gives by a plan."""
    query = select(EntitlementPlan.absence_type_id, func.min(EntitlementPlan.valid_from))
    rows = uow.session.execute(query.group_by(EntitlementPlan.absence_type_id))
    return {type_id: first for type_id, first in rows}  # noqa: C416 - rows are no pairs to the type checker


def history(uow: UnitOfWork, type_id: UUID) -> list[PlanVersion]:
    """All versions of a type's plan, the latest first."""
    query = (
        select(EntitlementPlan, AbsenceType.counting, Employee.first_name, Employee.last_name)
        .join(AbsenceType, AbsenceType.id == EntitlementPlan.absence_type_id)
        .outerjoin(Employee, Employee.id == EntitlementPlan.author_id)
        .where(EntitlementPlan.absence_type_id == type_id)
        .order_by(EntitlementPlan.valid_from.desc())
    )
    rows = uow.session.execute(query).all()
    today = uow.today()
    current = next((row.valid_from for row, *_ in rows if row.valid_from <= today), None)
    return [
        PlanVersion(
            id=row.id,
            plan=plan_in(row, counting),
            author=f"{first} {last}" if last else "",
            planned=row.valid_from > today,
            current=row.valid_from == current,
        )
        for row, counting, first, last in rows
    ]


def change(uow: UnitOfWork, type_id: UUID, plan: Plan) -> EntitlementPlan:
    """A plan from a day on. One that was planned for the same day is replaced."""
    kind = _locked(uow, type_id)
    rules = type_rules.rules_of(uow, kind, plan.valid_from)
    if rules.yearly_entitlement is None or rules.takes_overtime or plan.counting is not kind.counting:
        raise Refusal(Reason.PLAN_NOT_FOR_TYPE, field="valid_from")
    query = select(EntitlementPlan).where(EntitlementPlan.absence_type_id == kind.id)
    versions = uow.session.scalars(query.order_by(EntitlementPlan.valid_from)).all()
    _check_day(uow, kind.id, plan, versions)
    row = next((one for one in versions if one.valid_from == plan.valid_from), None)
    if row is None:
        row = EntitlementPlan(id=uuid4(), absence_type_id=kind.id, **_columns(plan))
        uow.session.add(row)
    for name, value in _columns(plan).items():
        setattr(row, name, value)
    row.author_id = uow.actor.employee_id
    audit.record(uow, audit.Action.ENTITLEMENT_PLAN_CHANGED, subject=row)
    return row


def allow_ahead(uow: UnitOfWork, type_id: UUID, *, allowed: bool) -> None:
    """Whether requests may use what will have been earned by their days. What is approved already stays."""
    kind = _locked(uow, type_id)
    kind.uses_future_accrual = allowed
    audit.record(uow, audit.Action.ABSENCE_TYPE_CHANGED, subject=kind)


def drop_planned(uow: UnitOfWork, type_id: UUID, plan_id: UUID) -> None:
    """Takes back a version that does not hold yet."""
    kind = _locked(uow, type_id)
    row = access.one_or_refuse(
        uow,
        select(EntitlementPlan).where(
            EntitlementPlan.id == plan_id,
            EntitlementPlan.absence_type_id == kind.id,
            EntitlementPlan.valid_from > uow.today(),
        ),
    )
    uow.session.delete(row)
    audit.record(uow, audit.Action.ENTITLEMENT_PLAN_DROPPED, subject=row)


def agree(
    uow: UnitOfWork, employee_id: UUID, type_id: UUID, *, valid_from: date, yearly: int | None, reason: str
) -> None:
    """What this person gets for a full year from a day on; None: by the plan again."""
    employee = access.employee_for(uow, Permission.LEDGER_ADJUST, employee_id)
    refuse_own(uow.actor.employee_id, employee.id)
    kind = _locked(uow, type_id)
    if not reason.strip():
        raise Refusal(Reason.MISSING, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)
    if yearly is not None and not 0 <= yearly <= MOST_A_YEAR:
        raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="yearly_days")
    earliest = date(uow.today().year, 1, 1)
    if valid_from < earliest:
        raise Refusal(Reason.RULES_NOT_BACKDATED, field="valid_from", earliest=earliest)
    same = (
        AgreedEntitlement.employee_id == employee.id,
        AgreedEntitlement.absence_type_id == kind.id,
        AgreedEntitlement.valid_from == valid_from,
    )
    row = uow.session.scalars(select(AgreedEntitlement).where(*same)).one_or_none()
    if row is None:
        row = AgreedEntitlement(
            id=uuid4(), employee_id=employee.id, absence_type_id=kind.id, valid_from=valid_from
        )
        uow.session.add(row)
    row.yearly_amount, row.reason, row.author_id = yearly, reason.strip(), uow.actor.employee_id
    audit.record(uow, audit.Action.ENTITLEMENT_AGREED, subject=row)


def agreed(uow: UnitOfWork, employee_ids: Collection[UUID] | None) -> dict[tuple[UUID, UUID], Agreed]:
    """What was agreed with these people (None: with anybody), by person and type."""
    query = select(AgreedEntitlement).order_by(AgreedEntitlement.valid_from)
    if employee_ids is not None:
        query = query.where(AgreedEntitlement.employee_id.in_(employee_ids))
    found: dict[tuple[UUID, UUID], Agreed] = {}
    for row in uow.session.scalars(query):
        key = row.employee_id, row.absence_type_id
        found[key] = (*found.get(key, ()), (row.valid_from, row.yearly_amount))
    return found


def plan_in(row: EntitlementPlan, counting: CountingMethod) -> Plan:
    """The version as the domain reckons with it, in the unit of its type."""
    through = (row.carry_month, row.carry_day) if row.carry_month and row.carry_day else None
    in_hours = counting is CountingMethod.HOURS
    return Plan(
        valid_from=row.valid_from,
        milestones=tuple(_milestone(line) for line in row.milestones.splitlines()),
        frequency=row.frequency,
        given_at=row.given_at,
        year_starts=(row.year_month, row.year_day),
        basis=row.basis,
        counting=counting,
        full_week_days=FULL_WEEK_DAYS if row.by_schedule and not in_hours else None,
        full_week_minutes=FULL_WEEK_MINUTES if row.by_schedule and in_hours else None,
        rounding=RoundingPolicy(row.rounding, row.grain),
        yearly_cap=row.yearly_cap,
        balance_cap=row.balance_cap,
        carry_over=CarryOver(row.carry_cap, through, row.carry_protected, row.carries_debt),
        limited_most=row.limited_most,
        limited_from=row.limited_from,
    )


def _milestone(line: str) -> Milestone:
    after, unit, amount = line.split()
    return Milestone(int(after), SeniorityUnit(unit), int(amount))


def _columns(plan: Plan) -> dict[str, object]:
    month, day = plan.carry_over.through or (None, None)
    return {
        "valid_from": plan.valid_from,
        "milestones": "\n".join(
            f"{one.after} {one.unit.value} {one.yearly_amount}" for one in plan.milestones
        ),
        "frequency": plan.frequency,
        "given_at": plan.given_at,
        "year_month": plan.year_starts[0],
        "year_day": plan.year_starts[1],
        "basis": plan.basis,
        "by_schedule": plan.by_schedule,
        "rounding": plan.rounding.rounding,
        "grain": plan.rounding.grain,
        "yearly_cap": plan.yearly_cap,
        "balance_cap": plan.balance_cap,
        "carry_cap": plan.carry_over.cap,
        "carry_month": month,
        "carry_day": day,
        "carry_protected": plan.carry_over.protected,
        "carries_debt": plan.carry_over.carries_debt,
        "limited_most": plan.limited_most,
        "limited_from": plan.limited_from,
    }


def _check_day(uow: UnitOfWork, type_id: UUID, plan: Plan, versions: Collection[EntitlementPlan]) -> None:
    """A later version holds from today at the earliest, the first from a year that nobody was granted yet."""
    if any(one.valid_from < plan.valid_from for one in versions):
        earliest = uow.today()
    else:
        granted = select(func.max(LedgerEntry.origin_year)).where(
            LedgerEntry.absence_type_id == type_id, LedgerEntry.kind == EntryKind.GRANT
        )
        last: int | None = uow.session.scalars(granted).one()
        this_year = date(uow.today().year, 1, 1)
        earliest = this_year if last is None else max(this_year, date(last + 1, 1, 1))
        # Once it has given something, what comes before it would take the beginning of its year away.
        if any(one.valid_from <= uow.today() for one in versions):
            earliest = uow.today()
    if plan.valid_from < earliest:
        raise Refusal(Reason.RULES_NOT_BACKDATED, field="valid_from", earliest=earliest)


def _locked(uow: UnitOfWork, type_id: UUID) -> AbsenceType:
    query = select(AbsenceType).where(AbsenceType.id == type_id).with_for_update(key_share=True)
    return access.one_or_refuse(uow, query)
