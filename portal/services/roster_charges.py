"""Prices the days off of people who work by the roster anew when their roster is published.

Before it is published an average day was taken; then each day costs its shift, and a free day nothing. What changes is
given back and taken again in rows of the ledger that say why. It never stops the publishing: a balance may fall short.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.ledger import consumption, release
from portal.domain.refusals import Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.released_shift import ReleasedShift
from portal.models.shift import PublishedShift
from portal.services import (
    absence_postings,
    audit,
    balance_ahead,
    balances,
    entitlements,
    roster_letters,
    roster_prices,
)
from portal.services.freed_shifts import freeing
from portal.services.ledger_rules import ROSTER_PUBLISHED
from portal.services.roster_prices import Repriced
from portal.services.rosters import RosterFacts

#: What is true costs what it costs, also below zero.
_WHATEVER_IT_COSTS = 10**9


def hold(uow: UnitOfWork, facts: RosterFacts) -> list[UUID]:
    """Who works by this roster. Their balances are held until the end, before the roster is: as decisions hold them."""
    ids = roster_prices.people_of(uow, facts)
    if ids:
        entitlements.lock(uow, ids)
    return ids


def true_up(uow: UnitOfWork, facts: RosterFacts, ids: Sequence[UUID]) -> int:
    """Frees what was planned on days off, and prices every day off of the roster's time; how many absences changed.

    Who pays with a balance is written to: which day cost what, and what it costs now.
    """
    if not ids:
        return 0
    uow.session.flush()
    _free_planned(uow, facts, ids)
    changed = 0
    for one in roster_prices.repriced(uow, facts, ids):
        days = one.days
        if not _change(uow, one):
            continue
        changed += 1
        if one.keeps_balance:
            roster_letters.tell_of_prices(uow, facts, one, days)
    return changed


def freed(uow: UnitOfWork, shift_ids: Sequence[UUID]) -> set[UUID]:
    """Of these shifts those that are open because the person is away: nobody is told to work them."""
    open_ones = select(ReleasedShift.shift_id).where(
        ReleasedShift.shift_id.in_(shift_ids), ReleasedShift.settled_at.is_(None)
    )
    return set(uow.session.scalars(open_ones))


def _free_planned(uow: UnitOfWork, facts: RosterFacts, ids: Sequence[UUID]) -> None:
    query = (
        select(Absence)
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .join(PublishedShift, PublishedShift.employee_id == Absence.employee_id)
        .where(Absence.employee_id.in_(ids), Absence.status == AbsenceStatus.APPROVED, AbsencePart.live)
        .where(PublishedShift.roster_id == facts.id, PublishedShift.date == AbsencePart.date)
        .order_by(Absence.id)
    )
    for absence in uow.session.scalars(query).unique().all():
        freeing.free(uow, absence)
    uow.session.flush()


def _change(uow: UnitOfWork, one: Repriced) -> bool:
    """Rows of the ledger for what is approved; what only waits has none yet."""
    absence = one.absence
    if absence.status is AbsenceStatus.APPROVED and one.keeps_balance and not _post(uow, one):
        return False
    for part, price in one.prices.items():
        absence.charge += price - part.charge
        part.charge = price
    absence.version += 1
    audit.record(uow, audit.Action.ABSENCE_PRICED_BY_ROSTER, subject=absence)
    uow.session.flush()
    return True


def _post(uow: UnitOfWork, one: Repriced) -> bool:
    """Whole days are given back and taken again, so that one look at a day shows all of it."""
    absence, kind, prices = one.absence, one.kind, one.prices
    days = {part.date for part in prices}
    entries = balances.entries_of(uow, absence.employee_id, kind.id)
    own = balances.entries_of(uow, absence.employee_id, kind.id, absence_id=absence.id)
    released = release(one for one in own if one.effective_date in days)
    rows = uow.session.scalars(
        select(AbsencePart).where(AbsencePart.absence_id == absence.id, AbsencePart.date.in_(days))
    )
    charges = [(row.date, prices.get(row, row.charge)) for row in rows if row.live]
    charges = [(day, amount) for day, amount in charges if amount]
    through = balance_ahead.last_day(charges, (), entries) if charges else uow.today()
    ahead = balance_ahead.expected(uow, [absence.employee_id], kind, through) if charges else {}
    known = [*entries, *released, *ahead.get(absence.employee_id, [])]
    try:
        taken = consumption(known, charges, overdraft=_WHATEVER_IT_COSTS)
    except Refusal:
        return False  # there is no entitlement at all on that day: the price stays as it was agreed
    absence_postings.post(uow, absence, [*released, *taken], rule=ROSTER_PUBLISHED)
    uow.session.flush()
    return True
