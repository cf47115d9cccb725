"""The rows of the ledger for what plans give and what lapses: made, counted and written in bulk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4, uuid5

from sqlalchemy import insert

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.entitlement_plans import Plan
from portal.domain.ledger import Entry, EntryKind
from portal.models.ledger_entry import LedgerEntry

_ACCRUAL_IDS = UUID("2b0a1cb4-6b39-4d7c-8a6e-0c9f0e6a7d11")
_BATCH = 2_000
Versions = Mapping[date, tuple[UUID, Plan]]


@dataclass(frozen=True)
class Due:
    """A row that the ledger lacks."""

    entry: Entry
    rule: str
    plan_id: UUID | None = None
    period_start: date | None = None


def totals(
    planned: Mapping[UUID, Versions], rows: Sequence[Mapping[str, object]]
) -> tuple[int | None, int | None]:
    """Of days in thousandths and of hours in minutes: two units are never added up."""
    sums: dict[CountingMethod, int] = {}
    for row in rows:
        _plan_id, plan = next(iter(planned[row["absence_type_id"]].values()))  # type: ignore[index]
        sums[plan.counting] = sums.get(plan.counting, 0) + int(row["amount"])  # type: ignore[call-overload]
    return sums.get(CountingMethod.DAYS), sums.get(CountingMethod.HOURS)


def row_of(uow: UnitOfWork, employee_id: UUID, type_id: UUID, due: Due) -> dict[str, object]:
    entry = due.entry
    once = entry.kind is EntryKind.ACCRUE
    return {
        "company_id": uow.company.id,
        "id": uuid5(_ACCRUAL_IDS, f"{employee_id}:{due.plan_id}:{due.period_start}") if once else uuid4(),
        "employee_id": employee_id,
        "absence_type_id": type_id,
        "kind": entry.kind,
        "amount": entry.amount,
        "effective_date": entry.effective_date,
        "origin_year": entry.bucket.origin_year,
        "usable_from": entry.bucket.usable_from,
        "usable_through": entry.bucket.usable_through,
        "plan_id": due.plan_id,
        "period_start": due.period_start,
        "rule": due.rule,
        "reason": "",
        "author_id": uow.actor.employee_id,
    }


def insert_rows(uow: UnitOfWork, rows: Sequence[dict[str, object]]) -> None:
    """In bulk: ten thousand people are given a month in one go."""
    for start in range(0, len(rows), _BATCH):
        uow.session.execute(insert(LedgerEntry.__table__), rows[start : start + _BATCH])  # type: ignore[arg-type]
