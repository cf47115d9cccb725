"""The second factor: which mobile number receives a person's codes, and opening a session with one.

A number is bound by the first good code that was sent to it. Where HR knows the number, only that one can be
bound, so that a stolen password alone binds nothing.
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import one_time_codes as rules
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.integrations import phone_numbers
from portal.models.employee import Employee
from portal.models.identity import OneTimeCode, PhoneFactor
from portal.services import (
    access,
    audit,
    one_time_codes,
    outbox,
    sealing,
    sessions,
    sign_in_policy,
    throttles,
    written_moments,
)
from portal.services.sessions import SignedIn


def asked_of(uow: UnitOfWork, provider: str) -> bool:
    """Is a code asked for after this way in? Where everybody comes by a provider, always after the one password."""
    if uow.company.second_factor:
        return True
    return provider == sign_in_policy.PASSWORD and sign_in_policy.current(uow).sso_required


def asked_after(uow: UnitOfWork) -> bool:
    """Does somebody whose session is half-open still have to give a code?"""
    return uow.company.second_factor or sign_in_policy.current(uow).sso_required


def send_first_code(uow: UnitOfWork, employee: Employee, session_id: UUID) -> None:
    """The code that goes out by itself after the password; without a bound number the person is asked for one."""
    factor = find_factor(uow, employee.id)
    if factor is None or factor.confirmed_at is None or factor.disabled_at is not None:
        return
    try:
        one_time_codes.send(uow, employee, session_id, number_of(uow, factor))
    except Refusal as refusal:
        if refusal.reason is not Reason.CODE_SENT_TOO_OFTEN:
            raise
        # The next page says when a code may be asked for again.


def choose_number(uow: UnitOfWork, person: SignedIn, typed: str | None) -> None:
    """Sends a code to the number that HR knows, or to the typed one where HR knows none that can receive codes."""
    employee = _employee(uow, person)
    factor = find_factor(uow, employee.id)
    if factor is not None and (factor.confirmed_at is not None or factor.disabled_at is not None):
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
    """Another code to the bound, or about to be bound, number."""
    employee = _employee(uow, person)
    factor = find_factor(uow, employee.id)
    if factor is None:
        raise Refusal(Reason.NOT_PERMITTED)
    if factor.disabled_at is not None:
        raise Refusal(Reason.SECOND_FACTOR_DISABLED)
    one_time_codes.send(uow, employee, person.session_id, number_of(uow, factor))


def confirm(uow: UnitOfWork, person: SignedIn, typed: str) -> str:
    """Opens the session with a good code, and answers its new token. What was tried is counted either way."""
    uow.keep_when_refused = True
    code = one_time_codes.take_try(uow, person.session_id)
    factor = uow.session.scalars(
        select(PhoneFactor).where(PhoneFactor.employee_id == person.actor.employee_id).with_for_update()
    ).one_or_none()
    if factor is None:
        raise Refusal(Reason.CODE_EXPIRED, field="code")
    if factor.disabled_at is not None:
        raise Refusal(Reason.SECOND_FACTOR_DISABLED)
    uow.actor = person.actor
    good = one_time_codes.fits(uow, code, typed)
    throttles.note(uow, throttles.Step.CODE, person.actor.email, person.actor.employee_id, succeeded=good)
    if not good:
        _count_failure(uow, factor)
        raise Refusal(Reason.CODE_WRONG, field="code", tries_left=rules.tries_left(code.attempts))
    one_time_codes.use_up(uow, code)
    if factor.confirmed_at is None:
        _bind(uow, factor, code)
    elif factor.phone_index != code.phone_index:
        raise Refusal(Reason.CODE_EXPIRED, field="code")
    factor.consecutive_failures = 0
    audit.record(uow, audit.Action.SIGN_IN_SUCCEEDED, reason="password and code")
    return sessions.complete(uow, person.session_id)


def unbind_phone(uow: UnitOfWork, employee_id: UUID) -> None:
    """Takes somebody's number away so that they bind a new one at their next sign-in; both they and it are told.

    Nobody unbinds their own: whoever finds an open browser must not be able to (T59).
    """
    employee = access.employee_for(uow, Permission.EMPLOYEE_INVITE, employee_id)
    if employee.id == uow.actor.employee_id:
        raise Refusal(Reason.OWN_REQUEST)
    one_time_codes.kill_all_of(uow, employee.id)
    factor = find_factor(uow, employee.id)
    if factor is None:
        raise Refusal(Reason.NOT_FOUND)
    if factor.confirmed_at is not None:
        number = number_of(uow, factor)
        outbox.queue_sms(uow, employee, "phone_changed", to=number)
        outbox.queue_mail(
            uow,
            employee,
            "phone_removed",
            phone=phone_numbers.masked(number),
            changed_at=written_moments.for_letter(uow, employee, uow.clock.now()),
            link=_sessions_page(uow),
        )
    uow.session.delete(factor)
    audit.record(uow, audit.Action.PHONE_REMOVED, subject=employee)
    sessions.end_all_of(uow, employee.id)


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


def _bind(uow: UnitOfWork, factor: PhoneFactor, code: OneTimeCode) -> None:
    """The number is the one the code went to, whatever was chosen in another browser meanwhile."""
    number = sealing.open_text(uow, code.phone_sealed, row=OneTimeCode, column="phone_sealed", row_id=code.id)
    _keep_number(uow, factor, number)
    factor.confirmed_at = uow.clock.now()
    employee = uow.session.scalars(select(Employee).where(Employee.id == factor.employee_id)).one()
    outbox.queue_mail(
        uow,
        employee,
        "phone_changed",
        phone=phone_numbers.masked(number),
        changed_at=written_moments.for_letter(uow, employee, uow.clock.now()),
        link=_sessions_page(uow),
    )
    audit.record(uow, audit.Action.PHONE_BOUND, subject=employee)


def _keep_number(uow: UnitOfWork, factor: PhoneFactor, number: str) -> None:
    factor.phone_sealed = sealing.seal(uow, number, row=PhoneFactor, column="phone_sealed", row_id=factor.id)
    factor.phone_index = one_time_codes.number_index(uow, number)


def _count_failure(uow: UnitOfWork, factor: PhoneFactor) -> None:
    factor.consecutive_failures += 1  # its row is locked
    audit.record(uow, audit.Action.SIGN_IN_FAILED, reason="wrong-code")
    if rules.is_disabled(factor.consecutive_failures):
        factor.disabled_at = uow.clock.now()
        audit.record(uow, audit.Action.PHONE_DISABLED, failures=factor.consecutive_failures)


def _employee(uow: UnitOfWork, person: SignedIn) -> Employee:
    return uow.session.scalars(select(Employee).where(Employee.id == person.actor.employee_id)).one()


def _sessions_page(uow: UnitOfWork) -> str:
    return f"{uow.outside.url}/c/{uow.company.slug}/sessions"
