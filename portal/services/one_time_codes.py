"""Codes by SMS: made, sent within the caps, and checked so that each is guessed at five times and used once.

A code belongs to one half-open session and one number. It is kept as an HMAC and written nowhere else but in
the sealed message that carries it.
"""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import and_, exists, func, or_, select, update

from portal.db import UnitOfWork
from portal.domain import one_time_codes as rules
from portal.domain.refusals import Reason, Refusal
from portal.integrations import phone_numbers
from portal.models.employee import Employee
from portal.models.identity import OneTimeCode, PhoneFactor
from portal.services import audit, code_stops, outbox, sealing, throttles

_PURPOSE = "one-time-code"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


def send(uow: UnitOfWork, employee: Employee, session_id: UUID, number: str) -> None:
    """Queues a new code for the session; the one before it is good no longer (T54)."""
    throttles.hold_line(uow, employee.id.bytes)
    code_stops.refuse_while_stopped(uow)
    index, prefix = number_index(uow, number), phone_numbers.dial_prefix(number)
    _check_caps(uow, employee.id, index)
    _check_for_fraud(uow, prefix)
    kill(uow, session_id)
    now = uow.clock.now()
    code_id, code = uuid4(), f"{secrets.randbelow(10**rules.CODE_DIGITS):0{rules.CODE_DIGITS}d}"
    uow.session.add(
        OneTimeCode(
            id=code_id,
            employee_id=employee.id,
            session_id=session_id,
            phone_sealed=sealing.seal(uow, number, row=OneTimeCode, column="phone_sealed", row_id=code_id),
            phone_index=index,
            prefix_index=_prefix_index(uow, prefix),
            code_hmac=uow.outside.master_keys.blind_index(_bound(code_id, code), _PURPOSE),
            expires_at=rules.expires_at(now),
            created_at=now,
        )
    )
    minutes = int(rules.CODE_LIFETIME.total_seconds()) // 60
    outbox.queue_sms(uow, employee, "second_factor_code", to=number, code=code, minutes=minutes)
    throttles.note(uow, throttles.Step.CODE_SENT, employee.email, employee.id, succeeded=True)
    audit.record(uow, audit.Action.SIGN_IN_CODE_SENT, subject=employee)


def take_try(uow: UnitOfWork, session_id: UUID) -> OneTimeCode:
    """Spends one of the five tries, before anything is compared: of sixty guesses at once five are heard (T52)."""
    tried = uow.session.scalars(
        update(OneTimeCode)
        .where(
            OneTimeCode.session_id == session_id,
            OneTimeCode.consumed_at.is_(None),
            OneTimeCode.attempts < rules.CODE_TRIES,
            OneTimeCode.expires_at > uow.clock.now(),
        )
        .values(attempts=OneTimeCode.attempts + 1)
        .returning(OneTimeCode)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if tried is None:
        raise Refusal(_why_none(uow, session_id), field="code")
    return tried


def fits(uow: UnitOfWork, code: OneTimeCode, typed: str) -> bool:
    """Whether the typed digits are this code, told in constant time."""
    good: bool = uow.outside.master_keys.matches(_bound(code.id, typed), _PURPOSE, code.code_hmac)
    return good


def use_up(uow: UnitOfWork, code: OneTimeCode) -> None:
    """Marks the code as used; of several at the same moment one succeeds (T50, T51)."""
    used = uow.session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.id == code.id, OneTimeCode.consumed_at.is_(None))
        .values(consumed_at=uow.clock.now())
        .returning(OneTimeCode.id)
    ).one_or_none()
    if used is None:
        raise Refusal(Reason.CODE_EXPIRED, field="code")


def kill(uow: UnitOfWork, session_id: UUID) -> None:
    """No code of the session is good any more."""
    uow.session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.session_id == session_id, OneTimeCode.consumed_at.is_(None))
        .values(consumed_at=uow.clock.now())
    )


def kill_all_of(uow: UnitOfWork, employee_id: UUID) -> None:
    """No code of the person is good any more."""
    uow.session.execute(
        update(OneTimeCode)
        .where(OneTimeCode.employee_id == employee_id, OneTimeCode.consumed_at.is_(None))
        .values(consumed_at=uow.clock.now())
    )


def latest(uow: UnitOfWork, employee_id: UUID, index: bytes) -> list[OneTimeCode]:
    """The codes of the last day to this person or this number, oldest first."""
    return list(
        uow.session.scalars(
            select(OneTimeCode)
            .where(
                or_(OneTimeCode.employee_id == employee_id, OneTimeCode.phone_index == index),
                OneTimeCode.created_at > uow.clock.now() - _DAY,
            )
            .order_by(OneTimeCode.created_at)
        )
    )


def next_send_at(codes: list[OneTimeCode], employee_id: UUID, index: bytes, now: datetime) -> datetime | None:
    """When the next code may go out to this person and number; None: now."""
    of_person = [code.created_at for code in codes if code.employee_id == employee_id]
    of_number = [code.created_at for code in codes if code.phone_index == index]
    waits = [rules.may_send(sends, now) for sends in (of_person, of_number)]
    return max((wait for wait in waits if wait is not None), default=None)


def number_index(uow: UnitOfWork, number: str) -> bytes:
    """The number as caps compare it, without being readable."""
    return sealing.blind_index(uow, number, "phone")


def _check_caps(uow: UnitOfWork, employee_id: UUID, index: bytes) -> None:
    now = uow.clock.now()
    again_at = next_send_at(latest(uow, employee_id, index), employee_id, index, now)
    if again_at is not None:
        raise Refusal(Reason.CODE_SENT_TOO_OFTEN, again_at=again_at)
    if throttles.count_of_address(uow, throttles.Step.CODE_SENT, now - _HOUR) >= rules.SENDS_PER_ADDRESS:
        raise Refusal(Reason.CODE_SENT_TOO_OFTEN, again_at=now + _HOUR)


def _check_for_fraud(uow: UnitOfWork, prefix: str) -> None:
    """Stops all codes of the company when too many went out, or too many to one range of numbers (T62)."""
    throttles.hold_line(uow, _prefix_index(uow, prefix))
    recent = OneTimeCode.created_at > uow.clock.now() - _HOUR
    in_company = uow.session.scalar(select(func.count()).select_from(OneTimeCode).where(recent))
    if (in_company or 0) >= rules.SENDS_PER_COMPANY:
        code_stops.stop(uow)
    confirmed = exists().where(
        PhoneFactor.phone_index == OneTimeCode.phone_index, PhoneFactor.confirmed_at.is_not(None)
    )
    in_prefix = uow.session.scalar(
        select(func.count(OneTimeCode.phone_index.distinct())).where(
            OneTimeCode.prefix_index == _prefix_index(uow, prefix), recent, ~confirmed
        )
    )
    if (in_prefix or 0) >= rules.UNCONFIRMED_PER_PREFIX:
        code_stops.stop(uow, prefix=prefix)


def _prefix_index(uow: UnitOfWork, prefix: str) -> bytes:
    return sealing.blind_index(uow, prefix, "phone-prefix")


def _why_none(uow: UnitOfWork, session_id: UUID) -> Reason:
    used_up = and_(OneTimeCode.consumed_at.is_(None), OneTimeCode.attempts >= rules.CODE_TRIES)
    found = uow.session.scalar(
        select(OneTimeCode.id).where(
            OneTimeCode.session_id == session_id, used_up, OneTimeCode.expires_at > uow.clock.now()
        )
    )
    return Reason.CODE_EXPIRED if found is None else Reason.CODE_TRIES_USED_UP


def _bound(code_id: UUID, code: str) -> str:
    return f"{code_id}|{code}"
