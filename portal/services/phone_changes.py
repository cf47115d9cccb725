"""Another number, or a first one, for somebody who is all the way in and has just proven themselves again.

The proof was by a factor they have: a code to the old number, an app, a passkey. The new number proves itself by
a code of its own. Both numbers and the mailbox are told (T60).
"""

from __future__ import annotations

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Factor
from portal.integrations import phone_numbers
from portal.models.identity import PhoneFactor
from portal.services import (
    audit,
    factor_letters,
    one_time_codes,
    outbox,
    own_factors,
    recovery_codes,
    second_factors,
    sessions,
    throttles,
)
from portal.services.sessions import SignedIn


def send_code(uow: UnitOfWork, person: SignedIn, typed: str) -> None:
    """Sends a code to the new number; until it comes back, the old number stays."""
    if not person.asked:
        raise Refusal(Reason.NOT_PERMITTED)  # nobody would be asked for its codes
    employee = factor_letters.actor_row(uow)
    number = phone_numbers.normalise(typed, uow.company.country, allowed_regions=uow.outside.sms_regions)
    one_time_codes.send(uow, employee, person.session_id, number)


def finish(uow: UnitOfWork, person: SignedIn, typed: str) -> str:
    """Binds the number that the code went to, and answers the token that the session goes on with."""
    code, factor = second_factors.check_code(uow, person, typed, at_new_number=True)
    uow.keep_when_refused = False
    employee = factor_letters.actor_row(uow)
    throttles.hold_line(uow, employee.id.bytes)
    if factor is None:
        factor = PhoneFactor(employee_id=employee.id, phone_sealed=b"", phone_index=b"")
        uow.session.add(factor)
        uow.session.flush()  # its id is part of the seal
    elif factor.phone_index == code.phone_index and factor.confirmed_at is not None:
        raise Refusal(Reason.CODE_EXPIRED, field="code")  # that code was for proving oneself
    before = second_factors.number_of(uow, factor) if factor.confirmed_at is not None else None
    after = second_factors.bind(uow, employee, factor, code)
    audit.record(uow, audit.Action.PHONE_BOUND, subject=employee, replaced=before is not None)
    for number in (before, after):
        if number is not None:
            outbox.queue_sms(uow, employee, "phone_changed", to=number)
    return sessions.complete(uow, person, by=Factor.SMS)


def remove(uow: UnitOfWork) -> None:
    """Takes the actor's number away, unless the company asks for a factor and no other works."""
    employee = factor_letters.actor_row(uow)
    throttles.hold_line(uow, employee.id.bytes)
    standing = own_factors.standing(uow, employee.id)
    if Factor.SMS not in standing.bound:
        raise Refusal(Reason.NOT_FOUND)
    if not standing.may_lose(Factor.SMS):
        raise Refusal(Reason.LAST_FACTOR)
    second_factors.take_away(uow, employee, by_hr=False)
    if standing.bound == {Factor.SMS}:
        recovery_codes.forget(uow, employee.id)
