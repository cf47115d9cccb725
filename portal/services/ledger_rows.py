"""Rows of the ledger from the entries that the domain works out."""

from __future__ import annotations

from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.ledger import Entry
from portal.models.ledger_entry import LedgerEntry


def row_from(
    uow: UnitOfWork,
    employee_id: UUID,
    type_id: UUID,
    entry: Entry,
    *,
    rule: str,
    reason: str = "",
    absence_id: UUID | None = None,
    overtime_credit_id: UUID | None = None,
) -> LedgerEntry:
    """The entry on the account of this person and type, by the actor; the caller adds it."""
    return LedgerEntry(
        employee_id=employee_id,
        absence_type_id=type_id,
        kind=entry.kind,
        amount=entry.amount,
        effective_date=entry.effective_date,
        origin_year=entry.bucket.origin_year,
        usable_from=entry.bucket.usable_from,
        usable_through=entry.bucket.usable_through,
        absence_id=absence_id,
        overtime_credit_id=overtime_credit_id,
        rule=rule,
        reason=reason,
        author_id=uow.actor.employee_id,
    )
