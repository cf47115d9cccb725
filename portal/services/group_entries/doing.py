"""Enters an absence for many people as one operation, and undoes it as one.

Each person's balance is held while it is worked out again and posted; what a page has shown must still be so.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import insert, select, update
from sqlalchemy.dialects.postgresql import Range

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.group_entries import LONGEST_NAME, GroupKind
from portal.domain.ledger import Entry, release
from portal.domain.periods import DayPart, has_gaps
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.group_entry import GroupEntry
from portal.models.ledger_entry import LedgerEntry
from portal.services import absence_letters, access, audit, balances
from portal.services.freed_shifts import freeing
from portal.services.group_entries.people import within
from portal.services.group_entries.planning import GroupPlan, GroupWish, PersonPlan, plan
from portal.services.ledger_locks import lock
from portal.services.ledger_rules import FIRST_TO_EXPIRE, RELEASE
from portal.services.staffing import checks as staffing
from portal.services.staffing import notice

People = Sequence[tuple[UUID, str]]
_BATCH = 500


def enter(
    uow: UnitOfWork,
    entry_id: UUID,
    kind: GroupKind,
    people: People,
    wish: GroupWish,
    *,
    seen: str,
    breaches_seen: bool = False,
) -> GroupEntry:
    """The same id again changes nothing (T157). Refused when it would do something else than was looked at."""
    before = uow.session.scalars(select(GroupEntry).where(GroupEntry.id == entry_id)).one_or_none()
    if before is not None:
        return before
    if len(wish.name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    lock(uow, [person_id for person_id, _name in people])
    before = uow.session.scalars(select(GroupEntry).where(GroupEntry.id == entry_id)).one_or_none()
    if before is not None:  # pressed twice: the other one was faster
        return before
    found = plan(uow, people, wish, lock=True)
    if found.seen != seen:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    if not found.entered and kind is GroupKind.BULK:
        raise Refusal(Reason.NOBODY_TO_ENTER)
    facts = staffing.accept(
        uow, found.staffing.by_person, note=wish.name, accepted=breaches_seen, note_field="name"
    )
    row = GroupEntry(
        id=entry_id,
        kind=kind,
        name=wish.name.strip(),
        absence_type_id=wish.absence_type_id,
        site_id=wish.site_id,
        start_date=wish.start_date,
        end_date=wish.end_date,
        first_part=wish.first_part,
        last_part=wish.last_part,
        people=len(found.entered),
        author_id=uow.actor.employee_id,
    )
    uow.session.add(row)
    uow.session.flush()
    write(uow, row, found)
    audit.record(uow, _ENTERED[kind], subject=row, people=len(found.entered), **facts)
    return row


def write(uow: UnitOfWork, row: GroupEntry, found: GroupPlan) -> None:
    """Absences, their parts and what they take, table by table; and a letter to each person."""
    made = [(one, one.absence_id or uuid4()) for one in found.entered]
    _insert(uow, Absence, [_absence(uow, row, one, absence_id) for one, absence_id in made])
    _insert(uow, AbsencePart, [part for one, absence_id in made for part in _parts(uow, one, absence_id)])
    posted = [
        _entry(uow, row, one.employee_id, absence_id, entry, FIRST_TO_EXPIRE)
        for one, absence_id in made
        for entry in one.entries
    ]
    _insert(uow, LedgerEntry, posted)
    if row.kind is not GroupKind.PLANNING:  # which tells of all in one letter
        _tell(uow, row, {one.employee_id: one.cost.total for one, _absence_id in made}, "absence_entered")
    freeing.free_group(uow, row.id)
    notice.ask(uow)


def undo(uow: UnitOfWork, entry_id: UUID, *, with_round: bool = False) -> int:
    """Takes back what of it still stands, and releases exactly what it took; how many people's.

    What a planning round has entered is undone with the round alone, which tells people itself.
    """
    query = select(GroupEntry).where(GroupEntry.id == entry_id, within(uow))
    row = access.one_or_refuse(uow, query.with_for_update(key_share=True))
    if (row.kind is GroupKind.PLANNING) is not with_round:
        raise Refusal(Reason.NOT_PERMITTED)
    if row.undone_at is not None:
        raise Refusal(Reason.ALREADY_SO)
    standing = select(Absence).where(
        Absence.group_entry_id == row.id, Absence.status == AbsenceStatus.APPROVED
    )
    lock(uow, [one.employee_id for one in uow.session.scalars(standing)])
    absences = uow.session.scalars(standing.execution_options(populate_existing=True)).all()
    ids = [one.id for one in absences]
    _release(uow, row, {one.id: one.employee_id for one in absences})
    uow.session.execute(update(AbsencePart).where(AbsencePart.absence_id.in_(ids)).values(live=False))
    closed = {
        "status": AbsenceStatus.CANCELLED,
        "version": Absence.version + 1,
        "decided_by_id": uow.actor.employee_id,
        "decided_at": uow.clock.now(),
    }
    uow.session.execute(
        update(Absence)
        .where(Absence.id.in_(ids))
        .values(**closed)
        .execution_options(synchronize_session=False)
    )
    row.undone_at, row.undone_by_id = uow.clock.now(), uow.actor.employee_id
    audit.record(uow, _UNDONE[row.kind], subject=row, people=len(ids))
    if not with_round:
        _tell(uow, row, {one.employee_id: one.charge for one in absences}, "absence_cancelled")
    freeing.give_back_group(uow, row.id)
    notice.ask(uow)
    return len(ids)


def _release(uow: UnitOfWork, row: GroupEntry, owners: dict[UUID, UUID]) -> None:
    posted: dict[UUID, list[Entry]] = {}
    query = select(LedgerEntry).where(LedgerEntry.absence_id.in_(list(owners)))
    for entry in uow.session.scalars(query):
        if entry.absence_id is not None:
            posted.setdefault(entry.absence_id, []).append(balances.entry_from(entry))
    rows = [
        _entry(uow, row, owners[absence_id], absence_id, one, RELEASE)
        for absence_id, several in posted.items()
        for one in release(several)
    ]
    _insert(uow, LedgerEntry, rows)


def _absence(uow: UnitOfWork, row: GroupEntry, one: PersonPlan, absence_id: UUID) -> dict[str, Any]:
    parts = [charge.part for charge in one.cost.charges]
    now, by = uow.clock.now(), uow.actor.employee_id or row.author_id
    return {
        "company_id": uow.company.id,
        "id": absence_id,
        "employee_id": one.employee_id,
        "absence_type_id": row.absence_type_id,
        "status": AbsenceStatus.APPROVED,
        "start_date": parts[0].date,
        "end_date": parts[-1].date,
        "single_days": has_gaps(parts),
        "charge": one.cost.total,
        "note": row.name or None,
        "requested_by_id": by,
        "requested_at": now,
        "decided_by_id": by,
        "decided_at": now,
        "group_entry_id": row.id,
        "version": 2,
    }


def _parts(uow: UnitOfWork, one: PersonPlan, absence_id: UUID) -> list[dict[str, Any]]:
    return [
        {
            "company_id": uow.company.id,
            "id": uuid4(),
            "absence_id": absence_id,
            "employee_id": one.employee_id,
            "date": charge.part.date,
            "part": charge.part.part,
            "during": _during(charge.part),
            "charge": charge.amount,
            "live": True,
        }
        for charge in one.cost.charges
    ]


def _during(part: DayPart) -> Range[Any]:
    starts_at, ends_at = part.local_interval
    return Range(starts_at, ends_at, bounds="[)")


def _entry(
    uow: UnitOfWork, row: GroupEntry, person_id: UUID, absence_id: UUID, entry: Entry, rule: str
) -> dict[str, Any]:
    return {
        "company_id": uow.company.id,
        "id": uuid4(),
        "employee_id": person_id,
        "absence_type_id": row.absence_type_id,
        "kind": entry.kind,
        "amount": entry.amount,
        "effective_date": entry.effective_date,
        "origin_year": entry.bucket.origin_year,
        "usable_from": entry.bucket.usable_from,
        "usable_through": entry.bucket.usable_through,
        "absence_id": absence_id,
        "rule": rule,
        "reason": "",
        "author_id": uow.actor.employee_id,
    }


def _insert(uow: UnitOfWork, model: Any, rows: Sequence[dict[str, Any]]) -> None:
    for start in range(0, len(rows), _BATCH):
        uow.session.execute(insert(model.__table__), rows[start : start + _BATCH])


def _tell(uow: UnitOfWork, row: GroupEntry, charges: dict[UUID, int], template: str) -> None:
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == row.absence_type_id))
    query = select(Employee).where(Employee.active, Employee.id.in_(list(charges))).order_by(Employee.email)
    for person in uow.session.scalars(query).all():
        if person.id != uow.actor.employee_id:
            absence_letters.tell_of_group_entry(
                uow, person, kind, template, dates=(row.start_date, row.end_date), charge=charges[person.id]
            )


_ENTERED = {
    GroupKind.BULK: audit.Action.GROUP_ENTRY_MADE,
    GroupKind.CLOSURE: audit.Action.CLOSURE_MADE,
}
_UNDONE = {
    GroupKind.BULK: audit.Action.GROUP_ENTRY_UNDONE,
    GroupKind.CLOSURE: audit.Action.CLOSURE_UNDONE,
    GroupKind.PLANNING: audit.Action.GROUP_ENTRY_UNDONE,
}
