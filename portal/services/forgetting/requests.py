"""Requests to be forgotten: asking, the answer within the time of the law, the plan and its second look.

What carries an approved one out is in carrying_out.py.
"""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import delete, select

from portal.db import UnitOfWork
from portal.domain.erasures import (
    LIVE,
    ErasureOrigin,
    ErasureStatus,
    check_extension,
    check_undecided,
    due,
)
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.erasure import ErasureRequest, ErasureStep
from portal.services import access, audit, queue
from portal.services.forgetting import holds, letters, plans

ERASE_TASK = "erase_person"
LONGEST_REASON = 2000
#: A letter that lay longer than this is a slip of the pen.
_OLDEST = timedelta(days=366)


def ask(uow: UnitOfWork) -> UUID:
    """The person asks in the portal; HR is told."""
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_FOUND)
    return _receive(uow, uow.actor.employee_id, ErasureOrigin.PERSON, uow.today())


def enter(uow: UnitOfWork, *, email: str, received_on: date) -> UUID:
    """HR enters what came by letter or by word of mouth: the clock has run since it arrived."""
    _need_right(uow)
    earliest = uow.today() - _OLDEST
    if not earliest <= received_on <= uow.today():
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field="received_on", earliest=earliest, latest=uow.today())
    found = uow.session.scalar(
        select(Employee.id).where(Employee.email == email.strip().lower(), Employee.erased_at.is_(None))
    )
    if found is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field="email")
    return _receive(uow, found, ErasureOrigin.HR, received_on)


def withdraw(uow: UnitOfWork, request_id: UUID) -> None:
    """The person takes it back, while nothing is decided."""
    request = _locked(uow, request_id)
    if request.employee_id != uow.actor.employee_id:
        raise Refusal(Reason.NOT_FOUND)
    check_undecided(request.status)
    _close(uow, request, ErasureStatus.WITHDRAWN)
    audit.record(uow, audit.Action.ERASURE_WITHDRAWN, subject=request)


def extend(uow: UnitOfWork, request_id: UUID, *, version: int, reason: str) -> None:
    """Two months more, once, with the reason told to the person (GDPR Art. 12(3))."""
    request = _taken(uow, request_id, version)
    check_extension(
        status=request.status,
        extended=request.extended_on is not None,
        due_on=request.due_on,
        today=uow.today(),
    )
    request.extension_reason = _reason(reason)
    request.extended_on = uow.today()
    request.due_on = due(request.received_on, extended=True)
    request.version += 1
    audit.record(uow, audit.Action.ERASURE_EXTENDED, subject=request)
    letters.tell_of_extension(uow, request)


def decline(uow: UnitOfWork, request_id: UUID, *, version: int, reason: str) -> None:
    """Nothing is erased; the person is told why, and whom they can turn to."""
    request = _taken(uow, request_id, version)
    check_undecided(request.status)
    request.decision_reason = _reason(reason)
    _close(uow, request, ErasureStatus.DECLINED)
    audit.record(uow, audit.Action.ERASURE_DECLINED, subject=request)
    letters.tell_of_refusal(uow, request)


def plan(uow: UnitOfWork, request_id: UUID, *, version: int) -> None:
    """Writes down what would be erased and when, for somebody else to look at."""
    request = _taken(uow, request_id, version)
    check_undecided(request.status)
    _refuse_held(uow, request)
    uow.session.execute(delete(ErasureStep).where(ErasureStep.request_id == request.id))
    made = plans.make(uow, _person(uow, request))
    uow.session.add_all(
        ErasureStep(
            request_id=request.id, table_name=part.table, waits_for=part.waits_for, due_on=part.due_on
        )
        for part in made.parts
    )
    request.status = ErasureStatus.PLANNED
    request.planned_by_id, request.planned_at = uow.actor.employee_id, uow.clock.now()
    request.version += 1
    audit.record(uow, audit.Action.ERASURE_PLANNED, subject=request)


def approve(uow: UnitOfWork, request_id: UUID, *, version: int) -> None:
    """The second look. From here on it is carried out, and nothing brings it back."""
    request = _taken(uow, request_id, version)
    if request.status is not ErasureStatus.PLANNED:
        raise Refusal(Reason.ERASURE_DECIDED)
    if uow.actor.employee_id in {request.planned_by_id, request.employee_id, None}:
        raise Refusal(Reason.ERASURE_NEEDS_ANOTHER)
    _refuse_held(uow, request)
    plans.make(uow, _person(uow, request))  # refused when the person has come back meanwhile
    request.status = ErasureStatus.ERASING
    request.approved_by_id, request.approved_at = uow.actor.employee_id, uow.clock.now()
    request.version += 1
    audit.record(uow, audit.Action.ERASURE_APPROVED, subject=request)
    letters.tell_of_approval(uow, request)
    queue.defer(uow, ERASE_TASK, request_id=str(request.id))


def open_for_retention(uow: UnitOfWork, employee_id: UUID) -> bool:
    """The time of keeping is over: HR is asked to make a plan. False when there is a request already."""
    if _live(uow, employee_id):
        return False
    _add(uow, employee_id, ErasureOrigin.RETENTION, uow.today())
    return True


def _receive(uow: UnitOfWork, employee_id: UUID, origin: ErasureOrigin, received_on: date) -> UUID:
    # The row of the person is the lock: of two at once one waits and is refused.
    person = access.one_or_refuse(
        uow, select(Employee).where(Employee.id == employee_id).with_for_update(key_share=True)
    )
    if person.erased_at is not None or _live(uow, employee_id):
        raise Refusal(Reason.ERASURE_ASKED_ALREADY)
    request = _add(uow, employee_id, origin, received_on)
    letters.tell_of_receipt(uow, request)
    letters.tell_hr(uow, request)
    return request.id


def _add(uow: UnitOfWork, employee_id: UUID, origin: ErasureOrigin, received_on: date) -> ErasureRequest:
    request = ErasureRequest(
        employee_id=employee_id,
        status=ErasureStatus.OPEN,
        origin=origin,
        received_on=received_on,
        due_on=due(received_on),
        version=1,
    )
    uow.session.add(request)
    uow.session.flush()
    audit.record(uow, audit.Action.ERASURE_ASKED, subject=request)
    return request


def _close(uow: UnitOfWork, request: ErasureRequest, status: ErasureStatus) -> None:
    uow.session.execute(delete(ErasureStep).where(ErasureStep.request_id == request.id))
    request.status = status
    request.finished_at = uow.clock.now()
    request.version += 1


def _live(uow: UnitOfWork, employee_id: UUID) -> bool:
    found = select(ErasureRequest.id).where(
        ErasureRequest.employee_id == employee_id, ErasureRequest.status.in_(LIVE)
    )
    return uow.session.scalar(found) is not None


def _taken(uow: UnitOfWork, request_id: UUID, version: int) -> ErasureRequest:
    """The request, locked, as the form has seen it; nobody decides on their own."""
    _need_right(uow)
    request = _locked(uow, request_id)
    if request.version != version:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    if request.employee_id == uow.actor.employee_id:
        raise Refusal(Reason.OWN_REQUEST)
    return request


def _locked(uow: UnitOfWork, request_id: UUID) -> ErasureRequest:
    return access.one_or_refuse(
        uow, select(ErasureRequest).where(ErasureRequest.id == request_id).with_for_update()
    )


def _person(uow: UnitOfWork, request: ErasureRequest) -> Employee:
    return uow.session.scalars(select(Employee).where(Employee.id == request.employee_id)).one()


def _refuse_held(uow: UnitOfWork, request: ErasureRequest) -> None:
    if holds.is_held(uow, request.employee_id):
        raise Refusal(Reason.LEGAL_HOLD)


def _reason(text: str) -> str:
    text = text.strip()
    if not text:
        raise Refusal(Reason.MISSING, field="reason")
    if len(text) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)
    return text


def _need_right(uow: UnitOfWork) -> None:
    if not access.can(uow, Permission.PRIVACY_MANAGE, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
