"""Giving up approved time off where the type says that somebody has to agree: asked for, agreed to, or kept as it is.

Until it is decided the absence stands as approved, in every calendar and in the ledger. Agreeing is cancelling, in
absences.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, literal, select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus, AbsenceStep
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.services import absence_letters, absences, access, audit
from portal.services.absence_lists import AbsenceLine
from portal.services.approvals import rejections, turns
from portal.services.approvals.deputising import Principal

#: An absence that its owner asks to give up, and nobody has decided on that.
WAITS: ColumnElement[bool] = and_(
    Absence.status == AbsenceStatus.APPROVED, Absence.cancel_asked_at.is_not(None)
)
PAGE_SIZE = 25


@dataclass(frozen=True)
class AskedCancellation:
    """One that waits for the actor, with what one needs to know to decide it."""

    line: AbsenceLine
    name: str
    asked_at: datetime
    #: None where the actor may not read reasons.
    note: str | None
    #: Whoever does not agree has to say why.
    no_needs_note: bool = False


def ask(uow: UnitOfWork, absence_id: UUID, *, version: int, note: str = "") -> Absence:
    """The owner asks to give it up; asked twice is asked once."""
    absence = absences.take(uow, absence_id, AbsenceStep.ASK_TO_CANCEL, version).request
    if absence.cancel_asked_at is not None:
        return absence
    _check(note)
    absence.cancel_asked_at = uow.clock.now()
    absence.cancel_note = note.strip() or None
    absence.version += 1
    audit.record(uow, audit.Action.ABSENCE_CANCEL_ASKED, subject=absence)
    absence_letters.tell_manager_of_cancel_request(uow, absence, _kind_of(uow, absence), note.strip())
    return absence


def take_back(uow: UnitOfWork, absence_id: UUID, *, version: int) -> Absence:
    """The owner wants the time off after all."""
    absence = _asked(uow, absence_id, AbsenceStep.ASK_TO_CANCEL, version)
    audit.record(uow, audit.Action.ABSENCE_CANCEL_WITHDRAWN, subject=absence)
    return absence


def keep(uow: UnitOfWork, absence_id: UUID, *, version: int, note: str = "") -> Absence:
    """An approver does not agree: it stays as it was, and its owner is told."""
    _check(note)
    absence = _asked(uow, absence_id, AbsenceStep.KEEP, version)
    kind = _kind_of(uow, absence)
    rejections.refuse_without_reason(kind, note)
    audit.record(uow, audit.Action.ABSENCE_KEPT, subject=absence)
    absence_letters.tell_owner_it_is_kept(uow, absence, kind, note.strip())
    return absence


def waiting_ids(uow: UnitOfWork, acting_for: Sequence[Principal]) -> Select[UUID, int]:
    """Those that the actor may decide, for themselves or as a deputy, oldest first, and 0: they are no requests."""
    return (
        select(Absence.id, literal(0).label("total"))
        .where(WAITS, turns.decides(uow, acting_for), Absence.employee_id != uow.actor.employee_id)
        .order_by(Absence.cancel_asked_at, Absence.id)
        .limit(PAGE_SIZE)
    )


def _asked(uow: UnitOfWork, absence_id: UUID, step: AbsenceStep, version: int) -> Absence:
    absence = absences.take(uow, absence_id, step, version).request
    if absence.cancel_asked_at is None:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    absence.cancel_asked_at = absence.cancel_note = None
    absence.version += 1
    return absence


def _check(note: str) -> None:
    if len(note) > absences.LONGEST_DECISION_NOTE:
        raise Refusal(Reason.TOO_LONG, field="note", limit=absences.LONGEST_DECISION_NOTE)


def _kind_of(uow: UnitOfWork, absence: Absence) -> AbsenceType:
    return access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == absence.absence_type_id))
