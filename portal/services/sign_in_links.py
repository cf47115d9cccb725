"""Single-use links that go out by mail: 256 random bits, kept as a hash, good once and for a limited time."""

from __future__ import annotations

import secrets
from datetime import timedelta
from uuid import UUID

from sqlalchemy import Select, func, select, update

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee as Employee
from portal.models.identity import LinkPurpose as LinkPurpose
from portal.models.identity import SignInLink
from portal.services import audit, throttles, written_moments
from portal.services.sessions import hash_token

LIFETIME = {LinkPurpose.INVITATION: timedelta(days=7), LinkPurpose.PASSWORD_RESET: timedelta(hours=1)}
_DEAD = {LinkPurpose.INVITATION: "dead-invitation", LinkPurpose.PASSWORD_RESET: "dead-password-reset"}
_PATHS = {LinkPurpose.INVITATION: "invitations", LinkPurpose.PASSWORD_RESET: "password-resets"}


def issue(uow: UnitOfWork, employee: Employee, purpose: LinkPurpose) -> tuple[str, str]:
    """A new link and the words that say until when it works; older links for the same purpose die."""
    throttles.hold_line(uow, employee.id.bytes)
    kill_all(uow, employee.id, purpose)
    now = uow.clock.now()
    token = secrets.token_urlsafe(32)
    expires_at = now + LIFETIME[purpose]
    uow.session.add(
        SignInLink(
            employee_id=employee.id,
            purpose=purpose,
            token_hash=hash_token(token),
            expires_at=expires_at,
            created_at=now,
        )
    )
    link = f"{uow.outside.url}/c/{uow.company.slug}/{_PATHS[purpose]}/{token}"
    return link, written_moments.for_letter(uow, employee, expires_at)


def holder(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> Employee:
    """Whom the link was sent to, while it works; looking at it does not use it up (mail scanners look)."""
    found = uow.session.scalars(_live(uow, token, purpose)).one_or_none()
    if found is None:
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    return found


def use_up(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> None:
    """Takes the link; of several at the same moment one succeeds."""
    taken = uow.session.execute(
        update(SignInLink)
        .where(
            SignInLink.token_hash == hash_token(token),
            SignInLink.purpose == purpose,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > uow.clock.now(),
        )
        .values(used_at=uow.clock.now())
        .returning(SignInLink.id)
    ).one_or_none()
    if taken is None:
        raise Refusal(Reason.LINK_NO_LONGER_VALID)


def use_up_by_id(uow: UnitOfWork, link_id: UUID) -> None:
    """The same for a link that was opened in this browser before it went elsewhere to sign in."""
    taken = uow.session.execute(
        update(SignInLink)
        .where(
            SignInLink.id == link_id, SignInLink.used_at.is_(None), SignInLink.expires_at > uow.clock.now()
        )
        .values(used_at=uow.clock.now())
        .returning(SignInLink.id)
    ).one_or_none()
    if taken is None:
        raise Refusal(Reason.LINK_NO_LONGER_VALID)


def find_id(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> UUID | None:
    """Which link this is, while it works."""
    holder(uow, token, purpose)
    return uow.session.scalar(select(SignInLink.id).where(SignInLink.token_hash == hash_token(token)))


def note_dead(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> None:
    """Somebody came with a link that was good once: on record, once in a while. An invented one is nobody's."""
    uow.keep_when_refused = True
    found = uow.session.execute(
        select(SignInLink.id, Employee)
        .join(Employee, Employee.id == SignInLink.employee_id)
        .where(SignInLink.token_hash == hash_token(token), SignInLink.purpose == purpose)
    ).one_or_none()
    if found is not None and throttles.is_news(
        uow, throttles.Step.DEAD_LINK, f"link {found.id}", of_address=False
    ):
        audit.record(uow, audit.Action.SIGN_IN_FAILED, subject=found.Employee, reason=_DEAD[purpose])


def kill_all(uow: UnitOfWork, employee_id: UUID, *purposes: LinkPurpose) -> None:
    """No link of the person for these purposes works any more."""
    uow.session.execute(
        update(SignInLink)
        .where(
            SignInLink.employee_id == employee_id,
            SignInLink.purpose.in_(purposes),
            SignInLink.used_at.is_(None),
        )
        .values(used_at=uow.clock.now())
    )


def count_lately(uow: UnitOfWork, employee_id: UUID, purpose: LinkPurpose, *, within: timedelta) -> int:
    """How many links the person was sent lately."""
    found = uow.session.scalar(
        select(func.count())
        .select_from(SignInLink)
        .where(
            SignInLink.employee_id == employee_id,
            SignInLink.purpose == purpose,
            SignInLink.created_at > uow.clock.now() - within,
        )
    )
    return found or 0


def _live(uow: UnitOfWork, token: str, purpose: LinkPurpose) -> Select[Employee]:
    return (
        select(Employee)
        .join(SignInLink, SignInLink.employee_id == Employee.id)
        .where(
            SignInLink.token_hash == hash_token(token),
            SignInLink.purpose == purpose,
            SignInLink.used_at.is_(None),
            SignInLink.expires_at > uow.clock.now(),
            Employee.active,
        )
    )
