"""What plans give, posted: the difference between what is due by a day and what the ledger has.

Run every night or once a year, the ledger ends up the same; nothing that was posted is ever changed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.accruals import Accrual, PersonFacts, accrue
from portal.domain.entitlement_plans import Plan
from portal.domain.ledger import Bucket, Entry, EntryKind
from portal.domain.working_patterns import EmploymentTerms
from portal.domain.year_ends import lapses_of
from portal.models.employee import Employee
from portal.models.ledger_entry import LedgerEntry
from portal.services import audit, entitlement_plans, worked_time
from portal.services.accrual_rows import Due, Versions, insert_rows, row_of, totals
from portal.services.entitlement_plans import Agreed
from portal.services.ledger_locks import lock
from portal.services.ledger_rules import CORRECTED, LAPSE, accrual_rule, other_rule
from portal.services.working_time import terms_of

_Texts = dict[int, tuple[Accrual, str]]
#: By plan and first day of the period: what was given so far, and whether by an accrual.
Given = Mapping[tuple[UUID, date], tuple[int, bool]]


class Known(NamedTuple):
    """All that decides what plans give to some people, and what they have given."""

    terms: Mapping[UUID, Sequence[EmploymentTerms]] = {}
    agreements: Mapping[tuple[UUID, UUID], Agreed] = {}
    given: Mapping[UUID, Given] = {}
    #: What else moved the balances that have a cap.
    moved: Mapping[tuple[UUID, UUID], Sequence[Entry]] = {}
    missed: Mapping[UUID, worked_time.Missed] = {}


def post(uow: UnitOfWork, employee_ids: Collection[UUID] | None = None) -> int:
    """Posts what is due by today to these people (None: to everybody); returns how many rows that took."""
    today, planned = uow.today(), entitlement_plans.plans(uow)
    if not any(min(versions) <= today for versions in planned.values()):
        return 0
    ids = sorted(_everybody(uow) if employee_ids is None else set(employee_ids))
    lock(uow, ids)
    rows = [
        row_of(uow, employee_id, type_id, due)
        for employee_id, type_id, due in due_by(uow, ids, planned, today)
    ]
    insert_rows(uow, rows)
    if rows:
        days, minutes = totals(planned, rows)
        audit.record(
            uow,
            audit.Action.ENTITLEMENT_ACCRUED,
            people=len({row["employee_id"] for row in rows}),
            thousandths_of_days=days,
            granted_minutes=minutes,
        )
    return len(rows)


def post_lapses(uow: UnitOfWork) -> int:
    """Takes out what was carried over and has not been used through its last day."""
    planned = entitlement_plans.plans(uow)
    over = _over(uow, planned)
    if not over:
        return 0
    lock(uow, sorted({employee_id for employee_id, _ in over}))
    rows = []
    # Asked again now that nobody else can move it.
    for (employee_id, type_id), entries in _over(uow, planned).items():
        plan = _latest(planned[type_id], uow.today())
        for lapse in lapses_of(entries, plan, uow.today()) if plan else ():
            rule = other_rule(LAPSE, through=lapse.bucket.usable_through.isoformat())
            rows.append(row_of(uow, employee_id, type_id, Due(lapse, rule)))
    insert_rows(uow, rows)
    if rows:
        days, minutes = totals(planned, rows)
        audit.record(
            uow,
            audit.Action.ENTITLEMENT_LAPSED,
            people=len({row["employee_id"] for row in rows}),
            thousandths_of_days=days,
            lapsed_minutes=None if minutes is None else -minutes,
        )
    return len(rows)


def due_by(
    uow: UnitOfWork, ids: Sequence[UUID], planned: Mapping[UUID, Versions], through: date
) -> Iterator[tuple[UUID, UUID, Due]]:
    """Person, type and row, for all that is due by a day and not in the ledger; the same few queries for any number."""
    terms = worked_time.rostered(uow, _plans(planned), terms_of(uow, ids), through)
    agreements = entitlement_plans.agreed(uow, ids)
    given, moved = _given(uow, ids), _moved(uow, ids, planned)
    known = Known(terms, agreements, given, moved, _missed(uow, ids, planned, terms))
    return due_from(known, ids, planned, through, uow.today())


def due_from(
    facts: Known, ids: Sequence[UUID], planned: Mapping[UUID, Versions], through: date, today: date
) -> Iterator[tuple[UUID, UUID, Due]]:
    """The same from what was read already."""
    terms, agreements, given, moved, missed = facts
    # Most people of a company share their terms: each distinct case is worked out once.
    known: dict[tuple[UUID, tuple[EmploymentTerms, ...], Agreed], list[Accrual]] = {}
    texts: _Texts = {}
    for type_id, versions in planned.items():
        capped = any(plan.balance_cap is not None for _, plan in versions.values())
        for employee_id in ids:
            case = type_id, tuple(terms.get(employee_id, ())), agreements.get((employee_id, type_id), ())
            days = missed.get(employee_id, worked_time.NOTHING)
            alone = capped or any(days) or any(one.rostered for one in case[1])
            found = None if alone else known.get(case)
            if found is None:
                movements = tuple(moved.get((employee_id, type_id), ()))
                person = PersonFacts(case[1], case[2], *days, movements)
                found = accrue(person, [plan for _, plan in versions.values()], through)
                if not alone:
                    known[case] = found
            mine = {key: one for key, one in given.get(employee_id, {}).items() if key[0] in _ids(versions)}
            for due in _differences(found, versions, mine, today, texts):
                yield employee_id, type_id, due


def _differences(
    expected: Iterable[Accrual], versions: Versions, given: Given, today: date, texts: _Texts
) -> Iterator[Due]:
    seen = set()
    for accrual in expected:
        plan_id = versions[accrual.plan.valid_from][0]
        key = plan_id, accrual.period.start_date
        seen.add(key)
        amount, accrued = given.get(key, (0, False))
        if not accrued:
            if accrual.amount:
                yield Due(accrual.entry, _text(accrual, texts), *key)
        elif accrual.amount != amount and accrual.bucket.usable_through >= today:
            entry = _correction(accrual, accrual.amount - amount, today)
            yield Due(entry, accrual_rule(accrual, given=amount), *key)
    plans = dict(versions.values())
    for (plan_id, start), (amount, _) in given.items():
        plan = plans[plan_id]
        bucket = plan.bucket(plan.year_of(start))
        if (plan_id, start) not in seen and amount and bucket.usable_through >= today:
            entry = Entry(EntryKind.ADJUST, bucket, -amount, max(today, bucket.usable_from))
            yield Due(entry, CORRECTED, plan_id, start)


def _text(accrual: Accrual, texts: _Texts) -> str:
    """Written once for all who share the case. The accrual is kept too: the number of one that is gone comes again."""
    known = texts.get(id(accrual))
    if known is None:
        known = texts[id(accrual)] = accrual, accrual_rule(accrual)
    return known[1]


def _correction(accrual: Accrual, amount: int, today: date) -> Entry:
    """What is earned no more counts from the day it is not earned; what is added, at once."""
    day = today if amount > 0 else max(today, accrual.stretches[-1].end_date + timedelta(days=1))
    bucket = accrual.bucket
    return Entry(EntryKind.ADJUST, bucket, amount, min(max(day, bucket.usable_from), bucket.usable_through))


def _everybody(uow: UnitOfWork) -> set[UUID]:
    return set(uow.session.scalars(select(Employee.id).where(Employee.active)))


def _ids(versions: Versions) -> set[UUID]:
    return {plan_id for plan_id, _ in versions.values()}


def _latest(versions: Versions, day: date) -> Plan | None:
    begun = [valid_from for valid_from in versions if valid_from <= day]
    return versions[max(begun)][1] if begun else None


def _given(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Given]:
    entry = LedgerEntry
    query = (
        select(
            entry.employee_id,
            entry.plan_id,
            entry.period_start,
            func.sum(entry.amount),
            func.bool_or(entry.kind == EntryKind.ACCRUE),
        )
        .where(entry.plan_id.is_not(None), entry.employee_id.in_(ids))
        .group_by(entry.employee_id, entry.plan_id, entry.period_start)
    )
    found: dict[UUID, dict[tuple[UUID, date], tuple[int, bool]]] = {}
    for employee_id, plan_id, start, amount, accrued in uow.session.execute(query):
        found.setdefault(employee_id, {})[plan_id, start] = (int(amount), accrued)
    return dict(found)


def _missed(
    uow: UnitOfWork,
    ids: Sequence[UUID],
    planned: Mapping[UUID, Versions],
    terms: Mapping[UUID, list[EmploymentTerms]],
) -> Mapping[UUID, worked_time.Missed]:
    """Asked only where a plan goes by worked time."""
    return worked_time.not_worked(uow, ids, terms) if worked_time.by_worked_time(_plans(planned)) else {}


def _plans(planned: Mapping[UUID, Versions]) -> list[Plan]:
    return [plan for versions in planned.values() for _, plan in versions.values()]


def _moved(
    uow: UnitOfWork, ids: Sequence[UUID], planned: Mapping[UUID, Versions]
) -> dict[tuple[UUID, UUID], list[Entry]]:
    """What else moved the balances that have a cap."""
    capped = [
        type_id
        for type_id, versions in planned.items()
        if any(plan.balance_cap is not None for _, plan in versions.values())
    ]
    if not capped:
        return {}
    query = select(LedgerEntry).where(
        LedgerEntry.plan_id.is_(None),
        LedgerEntry.absence_type_id.in_(capped),
        LedgerEntry.employee_id.in_(ids),
    )
    found: dict[tuple[UUID, UUID], list[Entry]] = {}
    for row in uow.session.scalars(query):
        bucket = Bucket(row.origin_year, row.usable_from, row.usable_through)
        entry = Entry(row.kind, bucket, row.amount, row.effective_date)
        found.setdefault((row.employee_id, row.absence_type_id), []).append(entry)
    return found


def _over(uow: UnitOfWork, planned: Mapping[UUID, Versions]) -> dict[tuple[UUID, UUID], list[Entry]]:
    """Buckets whose last day is over and that still hold something."""
    entry = LedgerEntry
    bucket = entry.origin_year, entry.usable_from, entry.usable_through
    query = (
        select(entry.employee_id, entry.absence_type_id, *bucket, func.sum(entry.amount))
        .where(entry.absence_type_id.in_(list(planned)), entry.usable_through < uow.today())
        .group_by(entry.employee_id, entry.absence_type_id, *bucket)
        .having(func.sum(entry.amount) > 0)
    )
    found: dict[tuple[UUID, UUID], list[Entry]] = {}
    for employee_id, type_id, year, first, last, amount in uow.session.execute(query):
        entry_ = Entry(EntryKind.CARRY_IN, Bucket(year, first, last), int(amount), first)
        found.setdefault((employee_id, type_id), []).append(entry_)
    return found
