"""What people are granted for a year, and HR's corrections: rows added to the ledger, never changed.

A person, a type and a year have one grant: its id is made of them, so even the primary key refuses a second.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping, Sequence
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.absences import refuse_own
from portal.domain.entitlement_plans import FULL_WEEK_DAYS, FULL_WEEK_MINUTES
from portal.domain.entitlements import RoundingPolicy, YearlyGrant, yearly_grant
from portal.domain.ledger import Bucket, EntryKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import EmploymentTerms
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.ledger_entry import LedgerEntry
from portal.services import access, accruals, audit, entitlement_plans, type_rules
from portal.services.ledger_locks import lock as lock
from portal.services.ledger_rules import ADJUSTMENT, grant_rule
from portal.services.working_time import terms_of

HOUR_ROUNDING = RoundingPolicy(grain=30)
MOST_ADJUSTED = 366_000
LONGEST_REASON = 500
_GRANT_IDS = UUID("6f1d4c0e-52a7-4c0b-9f5e-0a6a7d1d7a52")


def grant_year(uow: UnitOfWork, employee_id: UUID, year: int) -> int:
    """Grants one person's year, if HR reaches them; what was granted before stays as it is."""
    employee = access.employee_for(uow, Permission.LEDGER_ADJUST, employee_id)
    return ensure_grants(uow, [employee.id], [year])


def grant_year_within_reach(uow: UnitOfWork, year: int) -> int:
    """The same for everybody whom the actor reaches; returns how many rows that took."""
    mine = access.employees_within(uow, Permission.LEDGER_ADJUST, Employee.id)
    return ensure_grants(
        uow, uow.session.scalars(select(Employee.id).where(Employee.active, mine)).all(), [year]
    )


def grant_year_for_all(uow: UnitOfWork, year: int) -> int:
    """Grants the year to everybody who is active; returns how many rows that took."""
    everybody = uow.session.scalars(select(Employee.id).where(Employee.active)).all()
    return ensure_grants(uow, everybody, [year])


def ensure_grants(uow: UnitOfWork, employee_ids: Collection[UUID], years: Sequence[int]) -> int:
    """Posts the missing grants of these people and years, by the rules of 1 January.

    A type with a plan gives by it instead, and gives these people at once what is due by today.
    The caller says who may: HR, the import, the operator.
    Their rows are locked first, so two runs at once grant once.
    """
    new_year = {year: date(year, 1, 1) for year in years}
    granted = type_rules.entitlements_on(uow, new_year.values())
    by_year = {year: granted[day] for year, day in new_year.items()}
    ids = sorted(set(employee_ids))
    planned = entitlement_plans.first_days(uow) if ids else {}
    if not ids or not (planned or any(by_year.values())):
        return 0
    lock(uow, ids)
    by_year = {
        year: [one for one in types if planned.get(one[0], date.max).year > year]
        for year, types in by_year.items()
    }
    by_plan = accruals.post(uow, ids) if planned else 0
    in_hours = set(uow.session.scalars(_IN_HOURS))
    entries = list(_grants(terms_of(uow, ids), by_year, _granted_before(uow, ids, years), in_hours))
    for entry in entries:
        entry.author_id = uow.actor.employee_id
    if entries:
        uow.session.add_all(entries)
        total = sum(entry.amount for entry in entries if entry.absence_type_id not in in_hours)
        minutes = sum(entry.amount for entry in entries if entry.absence_type_id in in_hours)
        audit.record(
            uow,
            audit.Action.ENTITLEMENT_GRANTED,
            subject=entries[0] if len(entries) == 1 else None,
            years=list(years),
            people=len({entry.employee_id for entry in entries}),
            thousandths_of_days=total,
            granted_minutes=minutes or None,
        )
    return len(entries) + by_plan


def adjust(
    uow: UnitOfWork,
    entry_id: UUID,
    employee_id: UUID,
    *,
    absence_type_id: UUID,
    year: int,
    amount: int,
    reason: str,
) -> LedgerEntry:
    """Corrects a balance by a row of its own with a reason. The same `entry_id` again changes nothing (T157)."""
    employee = access.employee_for(uow, Permission.LEDGER_ADJUST, employee_id)
    refuse_own(uow.actor.employee_id, employee.id)
    _check(amount, year, reason)
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == absence_type_id))
    lock(uow, [employee.id])
    before = uow.session.scalars(select(LedgerEntry).where(LedgerEntry.id == entry_id)).one_or_none()
    if before is not None:
        return before
    bucket = bucket_of(year)
    entry = LedgerEntry(
        id=entry_id,
        employee_id=employee.id,
        absence_type_id=kind.id,
        kind=EntryKind.ADJUST,
        amount=amount,
        effective_date=min(max(uow.today(), bucket.usable_from), bucket.usable_through),
        origin_year=bucket.origin_year,
        usable_from=bucket.usable_from,
        usable_through=bucket.usable_through,
        rule=ADJUSTMENT,
        reason=reason.strip(),
        author_id=uow.actor.employee_id,
    )
    uow.session.add(entry)
    audit.record(uow, audit.Action.LEDGER_ADJUSTED, subject=entry)
    return entry


def bucket_of(year: int) -> Bucket:
    """The entitlement of a year is usable within it, through its last day."""
    return Bucket(year, date(year, 1, 1), date(year, 12, 31))


_IN_HOURS = select(AbsenceType.id).where(AbsenceType.counting == CountingMethod.HOURS)


def _check(amount: int, year: int, reason: str) -> None:
    if not reason.strip():
        raise Refusal(Reason.MISSING, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)
    if amount == 0 or abs(amount) > MOST_ADJUSTED:
        raise Refusal(Reason.MISSING, field="amount")
    if not 2000 <= year <= 2099:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field="year")


def _granted_before(
    uow: UnitOfWork, ids: Sequence[UUID], years: Sequence[int]
) -> set[tuple[UUID, UUID, int]]:
    query = select(LedgerEntry.employee_id, LedgerEntry.absence_type_id, LedgerEntry.origin_year).where(
        LedgerEntry.kind == EntryKind.GRANT,
        LedgerEntry.origin_year.in_(years),
        LedgerEntry.employee_id.in_(ids),
    )
    return {(employee_id, type_id, year) for employee_id, type_id, year in uow.session.execute(query)}


def _grants(
    terms: dict[UUID, list[EmploymentTerms]],
    by_year: Mapping[int, list[tuple[UUID, int]]],
    before: Container[tuple[UUID, UUID, int]],
    in_hours: Container[UUID],
) -> Iterator[LedgerEntry]:
    # Most people of a company share their terms: each distinct case is worked out once.
    known: dict[tuple[UUID, int, tuple[EmploymentTerms, ...]], YearlyGrant] = {}
    for year, types in by_year.items():
        for type_id, amount in types:
            for employee_id, employments in terms.items():
                if (employee_id, type_id, year) in before:
                    continue
                case = type_id, year, tuple(employments)
                if case not in known:
                    known[case] = _yearly(year, amount, employments, in_hours=type_id in in_hours)
                if known[case].amount:
                    yield _entry(employee_id, type_id, known[case])


def worked_out(
    year: int, amount: int, employments: Sequence[EmploymentTerms], counting: CountingMethod
) -> int:
    """What a year grants by these terms, as it would be posted."""
    return _yearly(year, amount, employments, in_hours=counting is CountingMethod.HOURS).amount


def _yearly(year: int, amount: int, employments: Sequence[EmploymentTerms], *, in_hours: bool) -> YearlyGrant:
    if in_hours:
        return yearly_grant(
            year, amount, employments, policy=HOUR_ROUNDING, full_week_minutes=FULL_WEEK_MINUTES
        )
    return yearly_grant(year, amount, employments, full_week_days=FULL_WEEK_DAYS)


def _entry(employee_id: UUID, type_id: UUID, grant: YearlyGrant) -> LedgerEntry:
    bucket = bucket_of(grant.year)
    return LedgerEntry(
        id=uuid5(_GRANT_IDS, f"{employee_id}:{type_id}:{grant.year}"),
        employee_id=employee_id,
        absence_type_id=type_id,
        kind=EntryKind.GRANT,
        amount=grant.amount,
        effective_date=grant.shares[0].start_date,
        origin_year=bucket.origin_year,
        usable_from=bucket.usable_from,
        usable_through=bucket.usable_through,
        rule=grant_rule(grant),
        reason="",
    )
