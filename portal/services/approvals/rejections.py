"""Whether whoever says no has to say why: by type of absence, for requests, wishes to cancel and overtime alike."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.services import access, audit


def refuse_without_reason(kind: AbsenceType, note: str) -> None:
    """At the field of the note, wherever the answer was given."""
    if kind.rejection_needs_note and not note.strip():
        raise Refusal(Reason.REJECTION_NEEDS_NOTE, field="note")


def ask_for_reason(uow: UnitOfWork, absence_type_id: UUID, *, needed: bool) -> None:
    """From now on, also for what waits already."""
    query = select(AbsenceType).where(AbsenceType.id == absence_type_id).with_for_update(key_share=True)
    row = access.one_or_refuse(uow, query)
    if row.rejection_needs_note is not needed:
        row.rejection_needs_note = needed
        audit.record(uow, audit.Action.ABSENCE_TYPE_CHANGED, subject=row)


def is_needed(uow: UnitOfWork, absence_type_id: UUID) -> bool:
    return bool(
        uow.session.scalar(select(AbsenceType.rejection_needs_note).where(AbsenceType.id == absence_type_id))
    )
