"""Authenticator apps (TOTP): set up in one session, proven by a first code, then asked for at the sign-in.

The secret is sealed with the company's key. Each code opens once, and wrong ones count over all sign-ins.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from portal.db import UnitOfWork
from portal.domain import authenticator_codes as rules
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Factor
from portal.integrations import authenticator_codes
from portal.integrations.authenticator_codes import Picture
from portal.models.factor import Authenticator
from portal.services import (
    audit,
    enrolment,
    factor_letters,
    own_factors,
    recovery_codes,
    sealing,
    sessions,
    throttles,
)
from portal.services.enrolment import Enrolled
from portal.services.factor_letters import Change
from portal.services.sessions import SignedIn


@dataclass(frozen=True)
class SetUp:
    """What the page shows while an app is set up: the picture to scan, or the secret to type."""

    picture: Picture
    secret: str


def begin(uow: UnitOfWork, person: SignedIn) -> None:
    """A new secret for this session alone; one that works already goes on until the new one is proven."""
    employee = enrolment.check_allowed(uow, person)
    _forget_unproven(uow, employee.id)
    row_id, secret = uuid4(), authenticator_codes.new_secret()
    sealed = sealing.seal(uow, secret, row=Authenticator, column="secret_sealed", row_id=row_id)
    uow.session.add(
        Authenticator(id=row_id, employee_id=employee.id, session_id=person.session_id, secret_sealed=sealed)
    )


def find_set_up(uow: UnitOfWork, person: SignedIn) -> SetUp | None:
    """What was begun in this session and not finished."""
    row = _unproven(uow, person)
    if row is None:
        return None
    secret = _secret(uow, row)
    address = authenticator_codes.address(secret, email=person.actor.email, company=uow.company.name)
    return SetUp(authenticator_codes.picture(address), authenticator_codes.spelled(secret))


def finish(uow: UnitOfWork, person: SignedIn, typed: str) -> Enrolled:
    """A first good code proves that the app has the secret; it replaces the app that was there before."""
    employee = enrolment.check_allowed(uow, person)
    row = _unproven(uow, person)
    if row is None:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    uow.keep_when_refused = True
    throttles.check_tries(uow, throttles.Step.AUTHENTICATOR, person.actor.email)
    step = _step_of(uow, row, typed)
    throttles.note(uow, throttles.Step.AUTHENTICATOR, employee.email, employee.id, succeeded=step is not None)
    if step is None:
        audit.record(uow, audit.Action.SIGN_IN_FAILED, reason="wrong-app-code", at="set-up")
        raise Refusal(Reason.APP_CODE_WRONG, field="code")
    uow.keep_when_refused = False
    before = _confirmed(uow, employee.id)
    if before is not None:
        uow.session.delete(before)
        uow.session.flush()  # there is one at a time
    row.confirmed_at, row.last_step = uow.clock.now(), step
    audit.record(uow, audit.Action.AUTHENTICATOR_SET_UP, subject=employee, replaced=before is not None)
    factor_letters.tell(uow, employee, Change.AUTHENTICATOR_ADDED)
    return enrolment.finish(uow, person, Factor.AUTHENTICATOR)


def prove(uow: UnitOfWork, person: SignedIn, typed: str) -> str:
    """Opens the session with the code that the app shows now, and answers its new token."""
    uow.keep_when_refused = True
    uow.actor = person.actor
    email, employee_id = person.actor.email, person.actor.employee_id
    throttles.check_tries(uow, throttles.Step.AUTHENTICATOR, email)
    row = _confirmed(uow, employee_id)
    if row is None:
        raise Refusal(Reason.APP_CODE_WRONG, field="code")
    if row.disabled_at is not None:
        raise Refusal(Reason.APP_DISABLED)
    step = _step_of(uow, row, typed)
    throttles.note(uow, throttles.Step.AUTHENTICATOR, email, employee_id, succeeded=step is not None)
    if step is None:
        _count_failure(uow, row)
        raise Refusal(Reason.APP_CODE_WRONG, field="code")
    row.last_step, row.consecutive_failures = step, 0
    return sessions.complete(uow, person, by=Factor.AUTHENTICATOR)


def remove(uow: UnitOfWork) -> None:
    """Takes the actor's app away, unless the company asks for a factor and no other works."""
    employee = factor_letters.actor_row(uow)
    throttles.hold_line(uow, employee.id.bytes)
    row = _confirmed(uow, employee.id)
    if row is None:
        raise Refusal(Reason.NOT_FOUND)
    standing = own_factors.standing(uow, employee.id)
    if not standing.may_lose(Factor.AUTHENTICATOR):
        raise Refusal(Reason.LAST_FACTOR)
    uow.session.delete(row)
    if standing.bound == {Factor.AUTHENTICATOR}:
        recovery_codes.forget(uow, employee.id)
    audit.record(uow, audit.Action.AUTHENTICATOR_REMOVED, subject=employee)
    factor_letters.tell(uow, employee, Change.AUTHENTICATOR_REMOVED)


def take_away(uow: UnitOfWork, employee_id: UUID) -> bool:
    """Removes somebody's app, proven or not; False when there was none that opened anything."""
    had_one = _confirmed(uow, employee_id) is not None
    uow.session.execute(delete(Authenticator).where(Authenticator.employee_id == employee_id))
    return had_one


def _confirmed(uow: UnitOfWork, employee_id: UUID | None) -> Authenticator | None:
    """The person's app, locked: of two uses of one code at the same moment the second sees the first."""
    return uow.session.scalars(
        select(Authenticator)
        .where(Authenticator.employee_id == employee_id, Authenticator.confirmed_at.is_not(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    ).one_or_none()


def _unproven(uow: UnitOfWork, person: SignedIn) -> Authenticator | None:
    return uow.session.scalars(
        select(Authenticator).where(
            Authenticator.session_id == person.session_id, Authenticator.confirmed_at.is_(None)
        )
    ).one_or_none()


def _forget_unproven(uow: UnitOfWork, employee_id: UUID) -> None:
    """Whoever begins anew, anywhere, ends what was begun before."""
    uow.session.execute(
        delete(Authenticator).where(
            Authenticator.employee_id == employee_id, Authenticator.confirmed_at.is_(None)
        )
    )


def _step_of(uow: UnitOfWork, row: Authenticator, typed: str) -> int | None:
    secret = _secret(uow, row)
    return rules.matching_step(
        uow.clock.now(),
        fits=lambda step: authenticator_codes.fits(secret, step, typed),
        after=row.last_step,
    )


def _secret(uow: UnitOfWork, row: Authenticator) -> str:
    return sealing.open_text(uow, row.secret_sealed, row=Authenticator, column="secret_sealed", row_id=row.id)


def _count_failure(uow: UnitOfWork, row: Authenticator) -> None:
    row.consecutive_failures += 1  # its row is locked
    audit.record(uow, audit.Action.SIGN_IN_FAILED, reason="wrong-app-code")
    if rules.is_disabled(row.consecutive_failures):
        row.disabled_at = uow.clock.now()
        audit.record(uow, audit.Action.AUTHENTICATOR_DISABLED, failures=row.consecutive_failures)
