"""What the page that asks for a code has to say: where it went, whether it left, when another may be asked for."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import one_time_codes as rules
from portal.integrations import phone_numbers
from portal.models.employee import Employee
from portal.models.outbox_message import Channel, MessageStatus, OutboxMessage
from portal.services import code_stops, one_time_codes, second_factors
from portal.services.sessions import SignedIn


@dataclass(frozen=True)
class CodePrompt:
    """The state of a person's second factor as the page shows it. `masked` is empty while no number is chosen."""

    masked: str = ""
    #: The number is not bound yet: a good code binds it.
    binding: bool = False
    disabled: bool = False
    #: A code of this session can still be typed in.
    waiting: bool = False
    #: Until then nobody in the company is sent a code.
    stopped_until: datetime | None = None
    #: None: another code may be asked for now.
    again_at: datetime | None = None
    #: The provider did not take the last message.
    undelivered: bool = False


def code_prompt(uow: UnitOfWork, person: SignedIn) -> CodePrompt:
    """Reads only; sending is always a press of a button."""
    factor = second_factors.find_factor(uow, person.actor.employee_id)
    if factor is None:
        return CodePrompt()
    if factor.disabled_at is not None:
        return CodePrompt(disabled=True)
    now = uow.clock.now()
    codes = one_time_codes.latest(uow, factor.employee_id, factor.phone_index)
    mine = [code for code in codes if code.session_id == person.session_id]
    waiting = [
        code
        for code in mine
        if code.consumed_at is None and code.expires_at > now and rules.tries_left(code.attempts)
    ]
    return CodePrompt(
        masked=phone_numbers.masked(second_factors.number_of(uow, factor)),
        binding=factor.confirmed_at is None,
        waiting=bool(waiting),
        stopped_until=code_stops.stopped_until(uow),
        again_at=one_time_codes.next_send_at(codes, factor.employee_id, factor.phone_index, now),
        undelivered=bool(mine) and _last_message_failed(uow, person),
    )


def offered_number(uow: UnitOfWork, person: SignedIn) -> str:
    """The number HR knows, masked, or an empty text when the person has to type one."""
    employee = uow.session.scalars(select(Employee).where(Employee.id == person.actor.employee_id)).one()
    number = second_factors.known_number(uow, employee)
    return phone_numbers.masked(number) if number else ""


def _last_message_failed(uow: UnitOfWork, person: SignedIn) -> bool:
    status = uow.session.scalar(
        select(OutboxMessage.status)
        .where(
            OutboxMessage.employee_id == person.actor.employee_id,
            OutboxMessage.channel == Channel.SMS,
            OutboxMessage.template == "second_factor_code",
        )
        .order_by(OutboxMessage.created_at.desc())
        .limit(1)
    )
    return status is MessageStatus.FAILED
