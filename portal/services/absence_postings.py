"""What absences move in the ledger: taken by rule, given back as it was taken, always as rows of their own."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import date
from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules
from portal.domain.carried_ahead import refuse_short_of_carried
from portal.domain.ledger import DatedAmount, Entry, consumption, release
from portal.domain.refusals import Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.ledger_entry import LedgerEntry
from portal.services import balance_ahead, balances
from portal.services.ledger_rows import row_from
from portal.services.ledger_rules import FIRST_TO_EXPIRE, RELEASE


def consume(
    uow: UnitOfWork,
    absence: Absence,
    kind: AbsenceType,
    rules: TypeRules,
    charges: Iterable[DatedAmount] | None = None,
) -> None:
    """Takes what the absence costs, or only these charges of it. Nothing for a type that keeps no balance."""
    if not rules.keeps_balance:
        return
    entries = balances.entries_of(uow, absence.employee_id, absence.absence_type_id)
    charges = list(_charges(uow, absence) if charges is None else charges)
    through = balance_ahead.last_day(charges, (), entries)
    ahead = balance_ahead.expected(uow, [absence.employee_id], kind, through)
    entries += ahead.get(absence.employee_id, [])
    before = balance_ahead.carried(uow, kind, entries, (), through)
    carried = balance_ahead.carried(uow, kind, entries, charges, through)
    try:
        taken = consumption([*entries, *carried], charges, overdraft=rules.overdraft)
        refuse_short_of_carried([*entries, *carried], [*entries, *before], charges)
    except Refusal as refusal:
        facts = {**refusal.details, "counting": kind.counting}
        raise Refusal(refusal.reason, field=refusal.field, **facts) from None
    post(uow, absence, taken, rule=FIRST_TO_EXPIRE)


def give_back(
    uow: UnitOfWork, absence: Absence, days: Collection[date] | None = None, *, rule: str = RELEASE
) -> list[Entry]:
    """Releases exactly what the absence, or these days of it, had taken; answers what went back where."""
    query = select(LedgerEntry).where(LedgerEntry.absence_id == absence.id)
    if days is not None:
        query = query.where(LedgerEntry.effective_date.in_(list(days)))
    released = release(map(balances.entry_from, uow.session.scalars(query)))
    post(uow, absence, released, rule=rule)
    return released


def lapsing(uow: UnitOfWork, absence_id: UUID) -> list[tuple[date, int]]:
    """What an absence holds of entitlements that are over, by their last day: given back now, it lapses at once."""
    held = -func.sum(LedgerEntry.amount)
    query = (
        select(LedgerEntry.usable_through, held)
        .where(LedgerEntry.absence_id == absence_id, LedgerEntry.usable_through < uow.today())
        .group_by(LedgerEntry.usable_through)
        .having(held > 0)
        .order_by(LedgerEntry.usable_through)
    )
    return [(day, int(amount)) for day, amount in uow.session.execute(query)]


def post(uow: UnitOfWork, absence: Absence, entries: Iterable[Entry], *, rule: str) -> list[LedgerEntry]:
    """Writes them as rows of the absence, and answers with these."""
    rows = [
        row_from(uow, absence.employee_id, absence.absence_type_id, entry, rule=rule, absence_id=absence.id)
        for entry in entries
    ]
    uow.session.add_all(rows)
    return rows


def _charges(uow: UnitOfWork, absence: Absence) -> list[DatedAmount]:
    query = select(AbsencePart.date, AbsencePart.charge).where(
        AbsencePart.absence_id == absence.id, AbsencePart.charge > 0
    )
    return [(day, charge) for day, charge in uow.session.execute(query)]
