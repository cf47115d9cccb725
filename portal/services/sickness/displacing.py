"""Time off that gives way to sickness, and comes back when the report was wrong or ends earlier.

What an approved absence had taken for a day goes back into the entitlement it came from, also when that has lapsed
meanwhile; taken again, it is the very same amount of the very same entitlement.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules
from portal.domain.absences import CLOSED, AbsenceStatus, AbsenceStep, next_status
from portal.domain.ledger import Bucket, Entry, revived, take_again
from portal.domain.periods import DayPart, has_gaps, overlap
from portal.domain.refusals import Reason, Refusal
from portal.domain.sickness import takes_place_of
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.ledger_entry import LedgerEntry
from portal.services import absence_postings, audit, balances, type_rules
from portal.services.approvals import routes
from portal.services.balances import TypeFacts, type_facts
from portal.services.ledger_rules import DISPLACED, other_rule
from portal.services.substitutes import letters


@dataclass(frozen=True)
class Displaced:
    """Days of one absence that gave way, or come back."""

    absence_id: UUID
    kind: TypeFacts
    days: tuple[date, ...]
    #: What went back to the balance, in the unit of the type; of a waiting request nothing had been taken.
    amount: int
    #: Of that, what is in an entitlement that nobody can use any more today.
    lapsed: int
    waiting: bool


def would_displace(uow: UnitOfWork, employee_id: UUID, parts: Sequence[DayPart]) -> list[Displaced]:
    """What a report of these parts would take the place of; writes nothing."""
    return [
        Displaced(
            absence.id,
            type_facts(kind),
            tuple(row.date for row in rows),
            sum(row.charge for row in rows),
            0,
            absence.status is AbsenceStatus.REQUESTED,
        )
        for absence, kind, rows in _in_the_way(uow, employee_id, parts)
    ]


def give_way(uow: UnitOfWork, sick: Absence, parts: Sequence[DayPart]) -> list[Displaced]:
    """Takes these parts out of whatever else the person has then. The caller holds their balance."""
    found = []
    for absence, kind, rows in _in_the_way(uow, sick.employee_id, parts, but=sick.id):
        days = tuple(row.date for row in rows)
        released: list[Entry] = []
        waiting = absence.status is AbsenceStatus.REQUESTED
        if waiting:
            for row in rows:  # it had taken nothing: it is simply asked for no more
                uow.session.delete(row)
        else:
            released = absence_postings.give_back(uow, absence, days, rule=_rule(sick.id))
            for row in rows:
                row.live, row.replaced_by_id = False, sick.id
        _shrink(uow, absence, gone=rows)
        facts = sorted(day.isoformat() for day in days)
        audit.record(uow, audit.Action.ABSENCE_DISPLACED, subject=absence, given_back=facts)
        letters.tell_all(uow, absence, letters.ENDED if absence.status in CLOSED else letters.CHANGED)
        lapsed = sum(one.amount for one in released if one.bucket.usable_through < uow.today())
        amount = sum(one.amount for one in released)
        found.append(Displaced(absence.id, type_facts(kind), days, amount, lapsed, waiting))
    uow.session.flush()
    return found


def take_back(uow: UnitOfWork, sick: Absence, *, after: date | None = None) -> list[Displaced]:
    """What gave way comes back, all of it or from the day after one: exactly as it was, or not at all."""
    uow.session.flush()  # the time is free before it is taken again
    query = (
        select(AbsencePart, Absence, AbsenceType)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(AbsencePart.replaced_by_id == sick.id)
        .order_by(AbsencePart.date)
    )
    if after is not None:
        query = query.where(AbsencePart.date > after)
    by_absence: dict[UUID, tuple[Absence, AbsenceType, list[AbsencePart]]] = {}
    for part, absence, kind in uow.session.execute(query):
        by_absence.setdefault(absence.id, (absence, kind, []))[2].append(part)
    return [_reinstate(uow, sick, *one) for one in by_absence.values()]


def displaced_by(uow: UnitOfWork, sick_id: UUID) -> list[Displaced]:
    """What stands aside for a report now."""
    query = (
        select(Absence, AbsenceType, AbsencePart.date, AbsencePart.charge)
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(AbsencePart.replaced_by_id == sick_id)
        .order_by(AbsencePart.date)
    )
    found: dict[UUID, tuple[AbsenceType, list[date], int]] = {}
    for absence, kind, day, charge in uow.session.execute(query):
        _, days, amount = found.get(absence.id, (kind, [], 0))
        found[absence.id] = kind, [*days, day], amount + charge
    return [
        Displaced(absence_id, type_facts(kind), tuple(days), amount, 0, waiting=False)
        for absence_id, (kind, days, amount) in found.items()
    ]


def _in_the_way(
    uow: UnitOfWork, employee_id: UUID, parts: Sequence[DayPart], but: UUID | None = None
) -> Iterable[tuple[Absence, AbsenceType, list[AbsencePart]]]:
    query = (
        select(AbsencePart, Absence, AbsenceType)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            AbsencePart.employee_id == employee_id,
            AbsencePart.live,
            AbsencePart.date.between(parts[0].date, parts[-1].date),
        )
        .order_by(AbsencePart.during)
    )
    found: dict[UUID, tuple[Absence, AbsenceType, list[AbsencePart]]] = {}
    for part, absence, kind in uow.session.execute(query):
        held = DayPart(part.date, part.part, part.starts_minute, part.ends_minute)
        if absence.id == but or not any(overlap(one, held) for one in parts):
            continue
        if absence.sick:
            raise Refusal(Reason.ABSENCE_OVERLAPS, field="start_date", date=part.date)
        if takes_place_of(parts, held):
            found.setdefault(absence.id, (absence, kind, []))[2].append(part)
    return found.values()


def _shrink(uow: UnitOfWork, absence: Absence, *, gone: Collection[AbsencePart]) -> None:
    """What is left of an absence; of which nothing is left, it is over."""
    ids = {part.id for part in gone}
    query = select(AbsencePart).where(AbsencePart.absence_id == absence.id, AbsencePart.live)
    kept = [part for part in uow.session.scalars(query.order_by(AbsencePart.date)) if part.id not in ids]
    absence.version += 1
    if kept:
        _set_span(absence, kept)
        return
    waiting = absence.status is AbsenceStatus.REQUESTED
    step = AbsenceStep.WITHDRAW if waiting else AbsenceStep.CANCEL
    absence.status = next_status(absence.status, step)
    absence.decided_by_id, absence.decided_at = uow.actor.employee_id, uow.clock.now()
    if waiting:
        routes.close(uow, absence)


def _set_span(absence: Absence, parts: Sequence[AbsencePart]) -> None:
    absence.start_date, absence.end_date = parts[0].date, parts[-1].date
    absence.single_days = has_gaps([DayPart(part.date) for part in parts])
    absence.charge = sum(part.charge for part in parts)


def _reinstate(
    uow: UnitOfWork, sick: Absence, absence: Absence, kind: AbsenceType, parts: list[AbsencePart]
) -> Displaced:
    days = tuple(part.date for part in parts)
    taken = _take_again(uow, sick, absence, days, type_rules.rules_of(uow, kind, absence.start_date))
    for part in parts:
        part.live, part.replaced_by_id = True, None
    uow.session.flush()
    live = select(AbsencePart).where(AbsencePart.absence_id == absence.id, AbsencePart.live)
    _set_span(absence, uow.session.scalars(live.order_by(AbsencePart.date)).all())
    absence.status = AbsenceStatus.APPROVED  # only what was approved gives way and stays to come back
    absence.version += 1
    facts = sorted(day.isoformat() for day in days)
    audit.record(uow, audit.Action.ABSENCE_REINSTATED, subject=absence, taken_up=facts)
    return Displaced(absence.id, type_facts(kind), days, -sum(one.amount for one in taken), 0, waiting=False)


def _take_again(
    uow: UnitOfWork, sick: Absence, absence: Absence, days: Collection[date], rules: TypeRules
) -> list[Entry]:
    rule = _rule(sick.id)
    query = select(LedgerEntry).where(
        LedgerEntry.absence_id == absence.id,
        LedgerEntry.rule == rule,
        LedgerEntry.effective_date.in_(list(days)),
    )
    taken = take_again(map(balances.entry_from, uow.session.scalars(query)))
    entries = balances.entries_of(uow, absence.employee_id, absence.absence_type_id)
    back = revived(entries, taken)
    _refuse_if_used(entries, [*taken, *back], rules)
    absence_postings.post(uow, absence, [*taken, *back], rule=rule)
    return taken


def _refuse_if_used(entries: Iterable[Entry], more: Sequence[Entry], rules: TypeRules) -> None:
    """What went back may have been used for something else since."""
    left: dict[Bucket, int] = {}
    for one in (*entries, *more):
        left[one.bucket] = left.get(one.bucket, 0) + one.amount
    short = max((-left[one.bucket] for one in more), default=0) - rules.overdraft
    if short > 0:
        raise Refusal(Reason.BALANCE_TOO_LOW, missing=short, date=more[0].effective_date)


def _rule(sick_id: UUID) -> str:
    return other_rule(DISPLACED, absence=str(sick_id))
