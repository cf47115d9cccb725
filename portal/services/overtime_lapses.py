"""Hours from overtime that nobody used in time: taken out of the ledger on the night after their last day."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.ledger import Bucket, Entry, EntryKind, expiry
from portal.models.ledger_entry import LedgerEntry
from portal.services import audit
from portal.services.ledger_locks import lock
from portal.services.ledger_rows import row_from
from portal.services.ledger_rules import LAPSE, other_rule


def post_lapses(uow: UnitOfWork) -> int:
    """A second run finds nothing, and a night that is missed, the next one makes up for."""
    over = _over(uow)
    if not over:
        return 0
    lock(uow, sorted({employee_id for employee_id, _ in over}))
    rows = []
    # Asked again now that nobody else can move it.
    for (employee_id, type_id), entries in _over(uow).items():
        for lapse in expiry(entries, uow.today()):
            rule = other_rule(LAPSE, through=lapse.bucket.usable_through.isoformat())
            rows.append(row_from(uow, employee_id, type_id, lapse, rule=rule))
    uow.session.add_all(rows)
    if rows:
        audit.record(
            uow,
            audit.Action.OVERTIME_LAPSED,
            people=len({row.employee_id for row in rows}),
            lapsed_minutes=-sum(row.amount for row in rows),
        )
    return len(rows)


def _over(uow: UnitOfWork) -> dict[tuple[UUID, UUID], list[Entry]]:
    """Buckets that overtime made, whose last day is over and that still hold something."""
    entry = LedgerEntry
    bucket = entry.origin_year, entry.usable_from, entry.usable_through
    query = (
        select(entry.employee_id, entry.absence_type_id, *bucket, func.sum(entry.amount))
        .where(entry.usable_through < uow.today())
        .group_by(entry.employee_id, entry.absence_type_id, *bucket)
        .having(func.bool_or(entry.overtime_credit_id.is_not(None)), func.sum(entry.amount) > 0)
    )
    found: dict[tuple[UUID, UUID], list[Entry]] = {}
    for employee_id, type_id, year, first, last, amount in uow.session.execute(query):
        held = Entry(EntryKind.TRANSFER, Bucket(year, first, last), int(amount), first)
        found.setdefault((employee_id, type_id), []).append(held)
    return found
