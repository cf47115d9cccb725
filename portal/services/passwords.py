"""Setting passwords and proving one's own again. What is acceptable is domain policy and the list of known ones."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import passwords as policy
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import Policy
from portal.integrations.passwords import is_breached
from portal.models.employee import Employee
from portal.models.identity import Identity, LinkPurpose
from portal.services import (
    audit,
    outbox,
    own_factors,
    sessions,
    sign_in_links,
    throttles,
    written_moments,
)
from portal.services.sessions import SignedIn

PROVIDER = "password"


def minimum_length(uow: UnitOfWork) -> int:
    """How many characters a new password needs in this company."""
    return policy.MINIMUM_AS_SOLE_FACTOR if _stands_alone(uow) else policy.MINIMUM_WITH_SECOND_FACTOR


def acceptable(uow: UnitOfWork, employee: Employee, password: str) -> str:
    """The password as it is hashed, or a refusal that says what is wrong with it."""
    known = (uow.company.name, uow.company.slug, employee.email, employee.first_name, employee.last_name)
    accepted = policy.accept(password, sole_factor=_stands_alone(uow), context=known)
    if is_breached(accepted):
        raise Refusal(Reason.PASSWORD_BREACHED, field="password")
    return accepted


def replace(uow: UnitOfWork, employee: Employee, accepted: str) -> Identity:
    """Writes an accepted password, kills the links that could set another, ends every other session."""
    identity = find_identity(uow, employee)
    if identity is None:
        identity = Identity(employee_id=employee.id, provider=PROVIDER, subject=str(employee.id))
        uow.session.add(identity)
    had_one = identity.password_hash is not None
    identity.password_hash = uow.outside.passwords.hash(accepted)
    identity.password_changed_at = uow.clock.now()
    uow.session.flush()  # a session may refer to it
    sign_in_links.kill_all(uow, employee.id, *LinkPurpose)
    if had_one:
        sessions.end_all_of(uow, employee.id, but=uow.request.session_id)
        _tell(uow, employee)
    return identity


def change_own(uow: UnitOfWork, *, current: str, new: str) -> str:
    """A new password instead of the current one; the token that this browser's session goes on with."""
    employee = prove(uow, current, field="current")
    accepted = acceptable(uow, employee, new)
    replace(uow, employee, accepted)
    audit.record(uow, audit.Action.PASSWORD_CHANGED, subject=employee, by="owner")
    if uow.request.session_id is None:
        raise Refusal(Reason.REAUTHENTICATION_NEEDED)
    return sessions.renew_token(uow, uow.request.session_id)


def prove_again(uow: UnitOfWork, person: SignedIn, password: str) -> str:
    """A fresh proof for whoever has no second factor; the token that the session goes on with."""
    if own_factors.standing(uow, person.actor.employee_id).has_one:
        raise Refusal(Reason.REAUTHENTICATION_NEEDED)
    prove(uow, password, field="password")
    return sessions.complete(uow, person, by=None)


def prove(uow: UnitOfWork, password: str, *, field: str) -> Employee:
    """The actor, once their password is given again; wrong ones are counted like those at the sign-in."""
    uow.keep_when_refused = True
    throttles.check_password_tries(uow, uow.actor.email)
    employee = uow.session.scalars(select(Employee).where(Employee.id == uow.actor.employee_id)).one()
    identity = find_identity(uow, employee)
    stored = identity.password_hash if identity is not None else None
    good = uow.outside.passwords.verify(stored, password)
    throttles.note(uow, throttles.Step.PASSWORD, employee.email, employee.id, succeeded=good)
    if not good:
        audit.record(
            uow, audit.Action.SIGN_IN_FAILED, subject=employee, reason="wrong-password", at="step-up"
        )
        raise Refusal(Reason.PASSWORD_WRONG, field=field)
    uow.keep_when_refused = False
    return employee


def find_identity(uow: UnitOfWork, employee: Employee) -> Identity | None:
    """The person's way in by password, once an invitation was sent or accepted."""
    return uow.session.scalars(
        select(Identity).where(Identity.employee_id == employee.id, Identity.provider == PROVIDER)
    ).one_or_none()


def _stands_alone(uow: UnitOfWork) -> bool:
    """Whether anybody's password may be all that opens; roles come and go, so asking some of them is not enough."""
    return uow.company.second_factor_policy is not Policy.EVERYONE


def _tell(uow: UnitOfWork, employee: Employee) -> None:
    outbox.queue_mail(
        uow,
        employee,
        "password_changed",
        changed_at=written_moments.for_letter(uow, employee, uow.clock.now()),
        link=f"{uow.outside.url}/c/{uow.company.slug}/forgotten-password",
    )
