"""The moment in which an approved absence gives way to the one that was asked for instead: both or neither.

Asking for that is in absence_replacements.py. Whoever calls holds the person's balance.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus, AbsenceStep, next_status
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.services import absence_postings, audit
from portal.services.approvals import routes


def swap(uow: UnitOfWork, absence: Absence) -> Absence | None:
    """The absence that it replaces gives everything back and frees its time; what took its place takes it.

    None: it replaces none.
    """
    if absence.replaces_id is None:
        return None
    old = uow.session.scalars(
        select(Absence)
        .where(Absence.id == absence.replaces_id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    if old.status is not AbsenceStatus.APPROVED:
        raise Refusal(Reason.REPLACED_IS_GONE)
    absence_postings.give_back(uow, old)
    for part in _parts(uow, old.id):
        # A report of sickness that is undone finds nothing to bring back: the time off has moved.
        part.live, part.replaced_by_id = False, None
    old.status = next_status(old.status, AbsenceStep.REPLACE)
    old.version += 1
    old.decided_by_id, old.decided_at, old.decision_note = uow.actor.employee_id, uow.clock.now(), None
    uow.session.flush()  # its time is free before it is taken
    for part in _parts(uow, absence.id):
        part.live, part.reserves = part.replaced_by_id is None, None
    uow.session.flush()
    audit.record(uow, audit.Action.ABSENCE_REPLACED, subject=old)
    return old


def drop_waiting(uow: UnitOfWork, old: Absence) -> None:
    """The approved absence is given up or becomes shorter: what was asked for instead of it is asked for no more."""
    waiting = find_waiting(uow, old.id)
    if waiting is None:
        return
    routes.close(uow, waiting)
    waiting.status = next_status(waiting.status, AbsenceStep.WITHDRAW)
    waiting.version += 1
    waiting.decided_by_id, waiting.decided_at = uow.actor.employee_id, uow.clock.now()
    for part in _parts(uow, waiting.id):
        part.live = False
    audit.record(uow, audit.Action.ABSENCE_WITHDRAWN, subject=waiting)


def find_waiting(uow: UnitOfWork, old_id: UUID) -> Absence | None:
    """The request that would replace it, if one waits."""
    query = select(Absence).where(Absence.replaces_id == old_id, Absence.status == AbsenceStatus.REQUESTED)
    return uow.session.scalars(query).one_or_none()


def _parts(uow: UnitOfWork, absence_id: UUID) -> Sequence[AbsencePart]:
    return uow.session.scalars(select(AbsencePart).where(AbsencePart.absence_id == absence_id)).all()
