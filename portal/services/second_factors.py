"""The telephone as a second factor: which number receives a person's codes, and proving oneself with one.

A number is bound by the first good code that was sent to it. Where HR knows the number, only that one can be
bound, so that a stolen password alone binds nothing.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import one_time_codes as rules
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Factor
from portal.integrations import phone_numbers
from portal.models.employee import Employee
from portal.models.identity import OneTimeCode, PhoneFactor
from portal.services import (
    audit,
    one_time_codes,
    outbox,
    own_factors,
    sealing,
    sessions,
    throttles,
    written_moments,
)
from portal.services.sessions import SignedIn


def send_first_code(uow: UnitOfWork, employee: Employee, session_id: UUID) -> None:
    """The code that goes out by itself after the password; without a bound number the person is asked for one."""
    factor = find_factor(uow, employee.id)
    if factor is None or factor.confirmed_at is None or factor.disabled_at is not None:
        return
    try:
        one_time_codes.send(uow, employee, session_id, number_of(uow, factor))
    except Refusal as refusal:
        if refusal.reason not in {Reason.CODE_SENT_TOO_OFTEN, Reason.CODES_STOPPED}:
            raise
        # The next page says when a code may be asked for again.


def choose_number(uow: UnitOfWork, person: SignedIn, typed: str | None) -> None:
    """Sends a code to the number that HR knows, or to the typed one where HR knows none that can receive codes.

    Only for whoever has no factor yet: a password alone adds nothing to those that are there.
    """
    employee = _employee(uow, person)
    throttles.hold_line(uow, employee.id.bytes)
    if person.complete or own_factors.standing(uow, employee.id).bound:
        raise Refusal(Reason.NOT_PERMITTED)
    factor = find_factor(uow, employee.id)
    if factor is not None and factor.disabled_at is not None:
        raise Refusal(Reason.NOT_PERMITTED)
    number = known_number(uow, employee)
    if number is None:
        number = phone_numbers.normalise(
            typed or "", uow.company.country, allowed_regions=uow.outside.sms_regions
        )
    one_time_codes.send(uow, employee, person.session_id, number)
    if factor is None:
        factor = PhoneFactor(employee_id=employee.id, phone_sealed=b"", phone_index=b"")
        uow.session.add(factor)
        uow.session.flush()  # its id is part of the seal
    _keep_number(uow, factor, number)


def send_again(uow: UnitOfWork, person: SignedIn) -> None:
    """Another code to the bound number, or at the first sign-in to the one about to be bound."""
    employee = _employee(uow, person)
    factor = find_factor(uow, employee.id)
    if factor is None or (person.complete and factor.confirmed_at is None):
        raise Refusal(Reason.NOT_PERMITTED)
    if factor.disabled_at is not None:
        raise Refusal(Reason.SECOND_FACTOR_DISABLED)
    one_time_codes.send(uow, employee, person.session_id, number_of(uow, factor))


def confirm(uow: UnitOfWork, person: SignedIn, typed: str) -> str:
    """Opens the session with a good code, and answers its new token. What was tried is counted either way."""
    code, factor = check_code(uow, person, typed)
    if factor is None:
        raise Refusal(Reason.CODE_EXPIRED, field="code")
    if factor.confirmed_at is None:
        _bind_first(uow, person, factor, code)
    elif factor.phone_index != code.phone_index:
        raise Refusal(Reason.CODE_EXPIRED, field="code")
    return sessions.complete(uow, person, by=Factor.SMS)


def check_code(
    uow: UnitOfWork, person: SignedIn, typed: str, *, at_new_number: bool = False
) -> tuple[OneTimeCode, PhoneFactor | None]:
    """The code of this session that was typed, used up, and the locked number of its person; wrong ones count.

    A number that too many wrong codes switched off opens nothing; `at_new_number`, another may replace it.
    """
    uow.keep_when_refused = True
    uow.actor = person.actor
    code = one_time_codes.take_try(uow, person.session_id)
    factor = uow.session.scalars(
        select(PhoneFactor).where(PhoneFactor.employee_id == person.actor.employee_id).with_for_update()
    ).one_or_none()
    if factor is not None and factor.disabled_at is not None and not at_new_number:
        raise Refusal(Reason.SECOND_FACTOR_DISABLED)
    good = one_time_codes.fits(uow, code, typed)
    throttles.note(uow, throttles.Step.CODE, person.actor.email, person.actor.employee_id, succeeded=good)
    if not good:
        _count_failure(uow, factor)
        raise Refusal(Reason.CODE_WRONG, field="code", tries_left=rules.tries_left(code.attempts))
    one_time_codes.use_up(uow, code)
    if factor is not None:
        factor.consecutive_failures = 0
    return code, factor


def take_away(uow: UnitOfWork, employee: Employee, *, by_hr: bool) -> bool:
    """Removes a number with its codes and tells both it and its owner; False when there was none."""
    one_time_codes.kill_all_of(uow, employee.id)
    factor = find_factor(uow, employee.id)
    if factor is None:
        return False
    if factor.confirmed_at is not None:
        number = number_of(uow, factor)
        outbox.queue_sms(uow, employee, "phone_changed", to=number)
        outbox.queue_mail(
            uow,
            employee,
            "phone_removed",
            by_hr=by_hr,
            phone=phone_numbers.masked(number),
            changed_at=written_moments.for_letter(uow, employee, uow.clock.now()),
            link=sessions.page_address(uow),
        )
    uow.session.delete(factor)
    uow.session.flush()  # later letters ask which number is bound
    audit.record(uow, audit.Action.PHONE_REMOVED, subject=employee)
    return True


def find_factor(uow: UnitOfWork, employee_id: UUID | None) -> PhoneFactor | None:
    """The number a person has bound or is about to bind."""
    return uow.session.scalars(
        select(PhoneFactor).where(PhoneFactor.employee_id == employee_id)
    ).one_or_none()


def number_of(uow: UnitOfWork, factor: PhoneFactor) -> str:
    """The factor's number, opened."""
    return sealing.open_text(
        uow, factor.phone_sealed, row=PhoneFactor, column="phone_sealed", row_id=factor.id
    )


def known_number(uow: UnitOfWork, employee: Employee) -> str | None:
    """The number that HR knows, if codes can be sent to it."""
    if employee.phone_sealed is None:
        return None
    number = sealing.open_text(
        uow, employee.phone_sealed, row=Employee, column="phone_sealed", row_id=employee.id
    )
    try:
        return phone_numbers.normalise(number, uow.company.country, allowed_regions=uow.outside.sms_regions)
    except Refusal:
        return None


def bind(uow: UnitOfWork, employee: Employee, factor: PhoneFactor, code: OneTimeCode) -> str:
    """The number is the one the code went to, whatever was chosen in another browser meanwhile."""
    number = sealing.open_text(uow, code.phone_sealed, row=OneTimeCode, column="phone_sealed", row_id=code.id)
    _keep_number(uow, factor, number)
    factor.confirmed_at = uow.clock.now()
    factor.disabled_at = None
    outbox.queue_mail(
        uow,
        employee,
        "phone_changed",
        phone=phone_numbers.masked(number),
        changed_at=written_moments.for_letter(uow, employee, uow.clock.now()),
        link=sessions.page_address(uow),
    )
    return number


def _bind_first(uow: UnitOfWork, person: SignedIn, factor: PhoneFactor, code: OneTimeCode) -> None:
    """Unless another factor was set up since the code was sent: then the password has nothing to bind any more."""
    employee = _employee(uow, person)
    throttles.hold_line(uow, employee.id.bytes)
    if person.complete or own_factors.standing(uow, employee.id).bound:
        raise Refusal(Reason.CODE_EXPIRED, field="code")
    bind(uow, employee, factor, code)
    audit.record(uow, audit.Action.PHONE_BOUND, subject=employee)


def _keep_number(uow: UnitOfWork, factor: PhoneFactor, number: str) -> None:
    factor.phone_sealed = sealing.seal(uow, number, row=PhoneFactor, column="phone_sealed", row_id=factor.id)
    factor.phone_index = one_time_codes.number_index(uow, number)


def _count_failure(uow: UnitOfWork, factor: PhoneFactor | None) -> None:
    audit.record(uow, audit.Action.SIGN_IN_FAILED, reason="wrong-code")
    if factor is None:
        return
    factor.consecutive_failures += 1  # its row is locked
    if rules.is_disabled(factor.consecutive_failures):
        factor.disabled_at = uow.clock.now()
        audit.record(uow, audit.Action.PHONE_DISABLED, failures=factor.consecutive_failures)


def _employee(uow: UnitOfWork, person: SignedIn) -> Employee:
    return uow.session.scalars(select(Employee).where(Employee.id == person.actor.employee_id)).one()
