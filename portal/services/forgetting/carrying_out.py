"""Carries approved erasures out: one table, one transaction. Killed anywhere, it goes on where it was.

The ledger outside the database is written first, so that what is erased here stays erased after a restore.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, update

from portal.db import UnitOfWork
from portal.domain.erasures import ErasureStatus
from portal.integrations.erasure_ledger import Erasure
from portal.models.erasure import ErasureRequest, ErasureStep
from portal.models.outbox_message import MessageStatus, OutboxMessage
from portal.services import audit
from portal.services.forgetting import erasers, holds, plans

#: The last letter may leave before it is erased; a mailbox that takes nothing holds nobody up for longer.
_LETTER_TIME = timedelta(hours=1)


class LettersWaiting(Exception):
    """A letter to the person has not left yet; try again soon."""


def begin(uow: UnitOfWork, request_id: UUID) -> bool:
    """Writes what goes now into the ledger; False when nothing is to be done today."""
    request = _locked(uow, request_id)
    if request is None or request.status not in {ErasureStatus.ERASING, ErasureStatus.PARTLY}:
        return False
    if holds.is_held(uow, request.employee_id):
        return False
    steps = _steps(uow, request)
    now = [one for one in steps if one.done_at is None and one.due_on <= uow.today()]
    if not now:
        return _settle(uow, request, steps)
    request.status = ErasureStatus.ERASING
    uow.outside.erasures.append(
        Erasure(
            company_id=uow.company.id,
            employee_id=request.employee_id,
            at=uow.clock.now(),
            parts=tuple(name_of(one) for one in now),
            later={name_of(one): one.due_on for one in steps if one.due_on > uow.today()},
        )
    )
    return True


def do_next(uow: UnitOfWork, request_id: UUID) -> bool:
    """Erases one table and notes that it is done, in this transaction; False when there is none left for today."""
    request = _locked(uow, request_id)
    if request is None or request.status is not ErasureStatus.ERASING:
        return False
    if holds.is_held(uow, request.employee_id):
        return False
    steps = _steps(uow, request)
    step = next((one for one in steps if one.done_at is None and one.due_on <= uow.today()), None)
    if step is None:
        return _settle(uow, request, steps)
    if step.table_name == "outbox_message":
        _let_letters_leave(uow, request)
    step.row_count = erasers.erase(uow, request.employee_id, step.table_name, step.waits_for)
    step.done_at = uow.clock.now()
    return True


def due_today(uow: UnitOfWork) -> list[UUID]:
    """Requests of which something is to be erased today, begun ones included."""
    return list(
        uow.session.scalars(
            select(ErasureRequest.id)
            .where(
                ErasureRequest.status.in_([ErasureStatus.ERASING, ErasureStatus.PARTLY]),
                ErasureRequest.id.in_(
                    select(ErasureStep.request_id).where(
                        ErasureStep.done_at.is_(None), ErasureStep.due_on <= uow.today()
                    )
                )
                | (ErasureRequest.status == ErasureStatus.ERASING),
            )
            .order_by(ErasureRequest.created_at)
        )
    )


def name_of(step: ErasureStep) -> str:
    """How the ledger calls a step."""
    return f"{step.table_name}:{step.waits_for}"


def _settle(uow: UnitOfWork, request: ErasureRequest, steps: list[ErasureStep]) -> bool:
    """All of today is done: the request is finished, or waits for the next date."""
    if request.status is not ErasureStatus.ERASING:
        return False
    finished = all(one.done_at is not None for one in steps)
    rows = sum(one.row_count or 0 for one in steps)
    request.status = ErasureStatus.ERASED if finished else ErasureStatus.PARTLY
    request.version += 1
    # By hand, as whatever was said in them is erased with the person.
    uow.session.execute(
        update(ErasureRequest)
        .where(ErasureRequest.employee_id == request.employee_id)
        .values(extension_reason=None, decision_reason=None)
        .execution_options(synchronize_session=False)
    )
    if finished:
        request.finished_at = uow.clock.now()
        audit.record(uow, audit.Action.ERASURE_FINISHED, subject=request, rows=rows)
    else:
        audit.record(uow, audit.Action.ERASURE_CARRIED_OUT, subject=request, rows=rows)
    return False


def _steps(uow: UnitOfWork, request: ErasureRequest) -> list[ErasureStep]:
    """In the order in which they can be done."""
    order = [card.table for card in plans.in_order()]
    steps = uow.session.scalars(select(ErasureStep).where(ErasureStep.request_id == request.id))
    known = [one for one in steps if one.table_name in order]
    return sorted(known, key=lambda one: (order.index(one.table_name), one.due_on, one.waits_for))


def _let_letters_leave(uow: UnitOfWork, request: ErasureRequest) -> None:
    waiting = uow.session.scalar(
        select(func.count())
        .select_from(OutboxMessage)
        .where(
            OutboxMessage.employee_id == request.employee_id,
            OutboxMessage.status == MessageStatus.QUEUED,
            OutboxMessage.created_at > uow.clock.now() - _LETTER_TIME,
        )
    )
    if waiting:
        raise LettersWaiting


def _locked(uow: UnitOfWork, request_id: UUID) -> ErasureRequest | None:
    return uow.session.scalars(
        select(ErasureRequest).where(ErasureRequest.id == request_id).with_for_update()
    ).one_or_none()
