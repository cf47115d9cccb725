"""Signing in: by password, or by a link from a mail with a new password. Each ends in the same new session."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import and_, select

from portal.actors import Actor
from portal.db import UnitOfWork
from portal.domain.passwords import normalise
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Factor
from portal.models.employee import Employee
from portal.models.identity import Identity, LinkPurpose
from portal.services import (
    audit,
    own_factors,
    password_resets,
    passwords,
    second_factors,
    sessions,
    sign_in_links,
    sign_in_policy,
    throttles,
)
from portal.services.own_factors import Standing


@dataclass(frozen=True)
class Browser:
    """The browser that signs in: what it calls itself, and the session token it came with, if any."""

    name: str
    token: str | None = None


@dataclass(frozen=True)
class Opened:
    """A new session. `complete` is False while a second factor is still asked for, as `standing` says which."""

    token: str
    complete: bool
    standing: Standing


def sign_in(uow: UnitOfWork, email: str, password: str, *, browser: Browser) -> Opened:
    """Opens a session, or refuses in the same words, statements and time for a stranger and a wrong password."""
    uow.keep_when_refused = True
    email = email.strip().lower()
    try:
        throttles.check_password_tries(uow, email)
    except Refusal:
        _note_waiting(uow, email)
        raise
    employee, identity = _find(uow, email)
    stored = identity.password_hash if identity is not None else None
    good = uow.outside.passwords.verify(stored, password) and employee is not None and employee.active
    employee_id = employee.id if employee is not None else None
    throttles.note(uow, throttles.Step.PASSWORD, email, employee_id, succeeded=good)
    if not good or employee is None or identity is None:
        audit.record(uow, audit.Action.SIGN_IN_FAILED, subject=employee, reason=_why(employee, identity))
        raise Refusal(Reason.SIGN_IN_FAILED)
    if stored is not None and uow.outside.passwords.needs_rehash(stored):
        identity.password_hash = uow.outside.passwords.hash(password)
    _refuse_shut_out(uow, employee, Reason.SIGN_IN_FAILED)
    _refuse_outgrown(uow, employee, password)
    return _open(uow, employee, identity, browser, how="password")


def enter_by_link(
    uow: UnitOfWork, token: str, purpose: LinkPurpose, password: str, *, browser: Browser
) -> Opened:
    """Sets the password that an invitation or a reset asks for, and signs in; a second factor still applies."""
    employee = sign_in_links.holder(uow, token, purpose)
    _refuse_shut_out(uow, employee, Reason.SSO_REQUIRED)
    accepted = passwords.acceptable(uow, employee, password)
    sign_in_links.use_up(uow, token, purpose)
    identity = passwords.replace(uow, employee, accepted)
    act_as(uow, employee)
    if purpose is LinkPurpose.INVITATION:
        audit.record(uow, audit.Action.INVITATION_ACCEPTED, subject=employee)
    else:
        audit.record(uow, audit.Action.PASSWORD_CHANGED, subject=employee, by="reset")
    # Whoever guessed at the old password no longer makes the owner wait.
    throttles.note(uow, throttles.Step.PASSWORD, employee.email, employee.id, succeeded=True)
    return _open(uow, employee, identity, browser, how=purpose.value)


def open_by_provider(
    uow: UnitOfWork, employee: Employee, identity: Identity, browser: Browser, *, how: str, vouched: bool
) -> Opened:
    """Opens a session for whom a provider has vouched; `vouched`: it has asked for a second factor itself."""
    return _open(uow, employee, identity, browser, how=how, vouched=vouched)


def act_as(uow: UnitOfWork, employee: Employee) -> None:
    """From here on the audit log names the person; what they may do is read with their next request."""
    zone = employee.time_zone or uow.company.time_zone
    uow.actor = Actor(employee.id, employee.name, employee.email, employee.language, zone)


def _note_waiting(uow: UnitOfWork, email: str) -> None:
    """The first of many tries that came too early is on record."""
    employee, _ = _find(uow, email)
    if throttles.is_news(uow, throttles.Step.WAITED, email, of_address=True):
        audit.record(uow, audit.Action.SIGN_IN_FAILED, subject=employee, reason="too-many-tries")


def _refuse_shut_out(uow: UnitOfWork, employee: Employee, reason: Reason) -> None:
    """Where everybody comes by a provider, a password opens nothing, but for the admin who keeps one."""
    if sign_in_policy.current(uow).shuts_out(employee.id):
        audit.record(uow, audit.Action.SIGN_IN_FAILED, subject=employee, reason="single sign-on required")
        raise Refusal(reason)


def _refuse_outgrown(uow: UnitOfWork, employee: Employee, password: str) -> None:
    """A short password was good beside a code; alone it is not, so its owner is mailed a way to a longer one."""
    minimum = passwords.minimum_length(uow)
    if len(normalise(password)) < minimum:
        password_resets.send(uow, employee.id)
        audit.record(uow, audit.Action.SIGN_IN_FAILED, subject=employee, reason="password-too-short")
        raise Refusal(Reason.PASSWORD_OUTGROWN, minimum=minimum)


def _find(uow: UnitOfWork, email: str) -> tuple[Employee | None, Identity | None]:
    by_password = and_(Identity.employee_id == Employee.id, Identity.provider == passwords.PROVIDER)
    row = uow.session.execute(
        select(Employee, Identity).outerjoin(Identity, by_password).where(Employee.email == email)
    ).one_or_none()
    return (row[0], row[1]) if row is not None else (None, None)


def _why(employee: Employee | None, identity: Identity | None) -> str:
    """For the audit log alone."""
    if employee is None:
        return "unknown"
    if not employee.active:
        return "inactive"
    return "no-password" if identity is None or identity.password_hash is None else "wrong-password"


def _open(
    uow: UnitOfWork,
    employee: Employee,
    identity: Identity,
    browser: Browser,
    *,
    how: str,
    vouched: bool = False,
) -> Opened:
    if browser.token is not None:
        sessions.end_presented(uow, browser.token)
    act_as(uow, employee)
    standing = own_factors.standing(uow, employee.id)
    complete = vouched or not standing.needed
    session, token = sessions.start(
        uow, identity, browser=browser.name, complete=complete, second_factor=vouched
    )
    if complete:
        audit.record(uow, audit.Action.SIGN_IN_SUCCEEDED, reason=how)
    elif standing.first is Factor.SMS:
        second_factors.send_first_code(uow, employee, session.id)
    return Opened(token, complete, standing)
