"""People plan days for themselves, change them, take them back, and ask for them: the only one who writes is the owner.

Nothing is reserved, so nothing of the balance is asked here; asking for the days is an ordinary request.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.periods import DayPart, Part, expand
from portal.domain.permissions import Permission
from portal.domain.planned_absences import (
    LONGEST_NOTE,
    MOST_PLANNED,
    PlannedStatus,
    check_days,
    check_weight,
)
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.planned_absence import PlannedAbsence
from portal.services import absence_pricing, absence_requests, access, audit
from portal.services.absence_wishes import Wish
from portal.services.ledger_locks import lock


@dataclass(frozen=True)
class Planned:
    """What somebody would like: when, of what, and how much it matters."""

    absence_type_id: UUID
    start_date: date
    end_date: date
    first_part: Part = Part.FULL
    last_part: Part = Part.FULL
    weight: int = 2
    note: str = ""

    def parts(self) -> list[DayPart]:
        return expand(self.start_date, self.end_date, first_part=self.first_part, last_part=self.last_part)

    def wish(self) -> Wish:
        return Wish(
            self.absence_type_id,
            self.start_date,
            self.end_date,
            self.first_part,
            self.last_part,
            self.note,
        )


def plan(uow: UnitOfWork, planned_id: UUID, planned: Planned) -> PlannedAbsence:
    """The same id again changes nothing (T157)."""
    me = _me(uow)
    lock(uow, [me])
    before = uow.session.scalars(select(PlannedAbsence).where(PlannedAbsence.id == planned_id)).one_or_none()
    if before is not None:
        if before.employee_id != me:
            raise Refusal(Reason.NOT_FOUND)
        return before
    _check(uow, me, planned)
    row = PlannedAbsence(
        id=planned_id,
        employee_id=me,
        status=PlannedStatus.PLANNED,
        planned_at=uow.clock.now(),
        version=1,
        **_columns(planned),
    )
    uow.session.add(row)
    uow.session.flush()
    audit.record(uow, audit.Action.PLANNED_ABSENCE_MADE, subject=row)
    return row


def change(uow: UnitOfWork, planned_id: UUID, planned: Planned, *, version: int) -> PlannedAbsence:
    """Other days come as late as they are chosen; how much they matter may be said again any time."""
    row = _take(uow, planned_id, version)
    _check(uow, row.employee_id, planned, but=row.id)
    moved = planned.parts() != row.parts
    for name, value in _columns(planned).items():
        setattr(row, name, value)
    if moved:
        row.planned_at = uow.clock.now()
    row.version += 1
    audit.record(uow, audit.Action.PLANNED_ABSENCE_CHANGED, subject=row)
    return row


def drop(uow: UnitOfWork, planned_id: UUID, *, version: int) -> PlannedAbsence:
    row = _take(uow, planned_id, version)
    row.status, row.closed_at = PlannedStatus.DROPPED, uow.clock.now()
    row.version += 1
    audit.record(uow, audit.Action.PLANNED_ABSENCE_DROPPED, subject=row)
    return row


def ask_for(uow: UnitOfWork, planned_id: UUID, *, version: int) -> Absence:
    """The ordinary request with all its checks; that it is sent closes the plan (settling.py)."""
    row = _take(uow, planned_id, version)
    planned, _version = shown(uow, row.id)
    return absence_requests.request(uow, row.id, planned.wish())


def own(uow: UnitOfWork, planned_id: UUID) -> PlannedAbsence:
    """One of the actor's own that still stands; any other is not found."""
    query = select(PlannedAbsence).where(
        PlannedAbsence.id == planned_id, PlannedAbsence.employee_id == uow.actor.employee_id
    )
    return access.one_or_refuse(uow, query)


def shown(uow: UnitOfWork, planned_id: UUID) -> tuple[Planned, int]:
    """One of the actor's own as its form shows it, and its version."""
    row = own(uow, planned_id)
    planned = Planned(
        row.absence_type_id,
        row.start_date,
        row.end_date,
        row.first_part,
        row.last_part,
        row.weight,
        row.note or "",
    )
    return planned, row.version


def _me(uow: UnitOfWork) -> UUID:
    if uow.actor.employee_id is None or not access.can(uow, Permission.ABSENCE_REQUEST):
        raise Refusal(Reason.NOT_PERMITTED)
    return uow.actor.employee_id


def _take(uow: UnitOfWork, planned_id: UUID, version: int) -> PlannedAbsence:
    lock(uow, [_me(uow)])
    row = own(uow, planned_id)
    uow.session.refresh(row, with_for_update={"key_share": True})
    if row.status is not PlannedStatus.PLANNED or row.version != version:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return row


def _check(uow: UnitOfWork, me: UUID, planned: Planned, *, but: UUID | None = None) -> None:
    if len(planned.note) > LONGEST_NOTE:
        raise Refusal(Reason.TOO_LONG, field="note", limit=LONGEST_NOTE)
    check_weight(planned.weight)
    query = select(PlannedAbsence).where(
        PlannedAbsence.employee_id == me, PlannedAbsence.status == PlannedStatus.PLANNED
    )
    others = [one for one in uow.session.scalars(query) if one.id != but]
    if len(others) >= MOST_PLANNED:
        raise Refusal(Reason.PLANNED_TOO_MANY, limit=MOST_PLANNED)
    parts = planned.parts()
    check_days(parts, today=uow.today(), planned=[part for one in others for part in one.parts])
    found = absence_pricing.work_out(uow, me, planned.wish(), in_time=False)
    if found.problem is not None and found.problem.reason not in _NOT_YET:
        raise found.problem


def _columns(planned: Planned) -> dict[str, object]:
    return {
        "absence_type_id": planned.absence_type_id,
        "start_date": planned.start_date,
        "end_date": planned.end_date,
        "first_part": planned.first_part,
        "last_part": planned.last_part,
        "weight": planned.weight,
        "note": planned.note.strip() or None,
    }


#: What stands against asking today, and not against planning: next year's entitlement is granted next year.
_NOT_YET = {Reason.BALANCE_TOO_LOW, Reason.NO_ENTITLEMENT}
