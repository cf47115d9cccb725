"""Signed-in browsers: opening, completing, recognising, prolonging and ending their sessions.

A session is an opaque token in a cookie, kept here as its SHA-256. It ends after 30 minutes without use,
after 12 hours at the latest, and at once when revoked. One that waits for its code lasts 15 minutes.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, Label, bindparam, func, select, update

from portal.actors import Actor
from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.second_factors import Factor, is_asked
from portal.models.employee import Employee
from portal.models.identity import Identity, SignInSession
from portal.models.role import Role, RoleGrant, RolePermission
from portal.services import access, audit, sign_in_policy, stored_grants, viewing

IDLE = timedelta(minutes=30)
ABSOLUTE = timedelta(hours=12)
HALF_OPEN = timedelta(minutes=15)
_BROWSER_LENGTH = 200


@dataclass(frozen=True)
class SignedIn:
    """Who a session token belongs to. `complete` is False until every factor asked for was given."""

    session_id: UUID
    identity_id: UUID
    complete: bool
    second_factor_given: bool
    actor: Actor
    #: Whether the company asks this person for a second factor.
    asked: bool
    #: When they last proved themselves by the best they have.
    proven_at: datetime | None


def start(
    uow: UnitOfWork, identity: Identity, *, browser: str, complete: bool, second_factor: bool = False
) -> tuple[SignInSession, str]:
    """A new session after the first factor, and the token for its cookie; a fresh one every time (T81).

    `second_factor`: it was given already, where the first was.
    """
    now = uow.clock.now()
    token = secrets.token_urlsafe(32)
    session = SignInSession(
        employee_id=identity.employee_id,
        identity_id=identity.id,
        token_hash=hash_token(token),
        ip=uow.request.ip,
        browser=browser[:_BROWSER_LENGTH],
        authenticated_at=now,
        second_factor_at=now if second_factor else None,
        complete_at=now if complete else None,
        proven_at=now if complete else None,
        last_seen_at=now,
        idle_until=now + (IDLE if complete else HALF_OPEN),
        absolute_until=now + ABSOLUTE,
    )
    uow.session.add(session)
    uow.session.flush()  # the caller refers to its id
    return session, token


def complete(uow: UnitOfWork, person: SignedIn, *, by: Factor | None) -> str:
    """The person has proven themselves by a second factor, or, where they have none, by their password (None).

    A half-open session opens; of an open one the proof is fresh again. Either goes on under a new token that its
    cookie takes (T81). Nothing else makes a session complete after its start.
    """
    now = uow.clock.now()
    token = secrets.token_urlsafe(32)
    given = {} if by is None else {"second_factor_at": now}
    uow.session.execute(
        update(SignInSession)
        .where(SignInSession.id == person.session_id, SignInSession.revoked_at.is_(None))
        .values(
            token_hash=hash_token(token),
            complete_at=func.coalesce(SignInSession.complete_at, now),
            proven_at=now,
            last_seen_at=now,
            idle_until=func.least(SignInSession.absolute_until, now + IDLE),
            **given,
        )
    )
    uow.actor = person.actor
    how = "password" if by is None else by.value
    if person.complete:
        audit.record(uow, audit.Action.IDENTITY_PROVEN, by=how)
    else:
        audit.record(uow, audit.Action.SIGN_IN_SUCCEEDED, reason="second factor", by=how)
    return token


def renew_token(uow: UnitOfWork, session_id: UUID) -> str:
    """Another token for the same session, after its person has proven themselves again."""
    token = secrets.token_urlsafe(32)
    uow.session.execute(
        update(SignInSession).where(SignInSession.id == session_id).values(token_hash=hash_token(token))
    )
    return token


def recognise(uow: UnitOfWork, token: str) -> SignedIn | None:
    """Who holds this token, with everything they may do, in one query; None when the session is over."""
    now = uow.clock.now()
    wanted = {"token_hash": hash_token(token), "now": now}
    row = uow.session.execute(_RECOGNISE, wanted).one_or_none()
    if row is None:
        return None
    actor = Actor(
        employee_id=row.employee_id,
        name=f"{row.first_name} {row.last_name}",
        email=row.email,
        language=row.language,
        time_zone=row.time_zone or uow.company.time_zone,
        grants=stored_grants.read(row.grants),
    )
    actor = viewing.as_seen(actor, row, now)
    second = row.second_factor_at is not None
    asked = is_asked(uow.company.second_factor_policy, by_role=row.role_asks)
    complete = row.complete_at is not None and (second or not asked)
    return SignedIn(row.id, row.identity_id, complete, second, actor, asked, row.proven_at)


def prolong(uow: UnitOfWork, session_id: UUID) -> None:
    """Moves the idle limit; done when the access token is renewed, so at most once a minute."""
    now = uow.clock.now()
    uow.session.execute(
        update(SignInSession)
        .where(SignInSession.id == session_id)
        .values(last_seen_at=now, idle_until=func.least(SignInSession.absolute_until, now + IDLE))
    )


def end_all_of(uow: UnitOfWork, employee_id: UUID, *, but: UUID | None = None) -> int:
    """Signs a person out everywhere, `but` in one session, and says in how many browsers."""
    kept = () if but is None else (SignInSession.id != but,)
    ended = revoke(uow, SignInSession.employee_id == employee_id, *kept)
    audit.record(uow, audit.Action.SESSIONS_ENDED, employee=str(employee_id), count=ended)
    return ended


def end_all_of_person(uow: UnitOfWork, employee_id: UUID) -> int:
    """Signs somebody else out everywhere, if the actor may."""
    employee = access.employee_for(uow, Permission.SESSION_END_OTHERS, employee_id)
    return end_all_of(uow, employee.id)


def end_all_by(uow: UnitOfWork, provider: str, *, but_of: UUID | None = None) -> int:
    """Signs everybody out who came in this way, but for one person."""
    by_this_way = select(Identity.id).where(Identity.provider == provider)
    kept = () if but_of is None else (SignInSession.employee_id != but_of,)
    ended = revoke(uow, SignInSession.identity_id.in_(by_this_way), *kept)
    audit.record(uow, audit.Action.SESSIONS_ENDED, way=provider, count=ended)
    return ended


def end_all(uow: UnitOfWork) -> int:
    """Signs out everybody in the company, and says how many browsers that were."""
    ended = revoke(uow)
    audit.record(uow, audit.Action.SESSIONS_ENDED, count=ended)
    return ended


def end_presented(uow: UnitOfWork, token: str) -> None:
    """Ends the session that a browser had before it began a new one; nothing when it was none of ours."""
    revoke(uow, SignInSession.token_hash == hash_token(token))


def page_address(uow: UnitOfWork) -> str:
    """Where people look after their sign-in; letters that warn them link to it."""
    return f"{uow.outside.url}/c/{uow.company.slug}/sessions"


def hash_token(token: str) -> bytes:
    """What is kept of a random token; it has 256 bits of its own, so a fast hash is right."""
    return hashlib.sha256(token.encode()).digest()


def revoke(uow: UnitOfWork, *conditions: ColumnElement[bool]) -> int:
    """Ends the live sessions that meet the conditions, and says how many. Who calls this records why."""
    found = uow.session.execute(
        update(SignInSession)
        .where(SignInSession.revoked_at.is_(None), *conditions)
        .values(revoked_at=uow.clock.now())
        .returning(SignInSession.id)
    ).all()
    return len(found)


def _grants_of_employee() -> Label[Sequence[str] | None]:
    """`permission=reach` of every role the session's employee holds, as one array."""
    return (
        select(stored_grants.as_array())
        .select_from(RoleGrant)
        .join(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(RoleGrant.employee_id == SignInSession.employee_id)
        .scalar_subquery()
        .label("grants")
    )


def _named_role_of_employee() -> Label[bool]:
    """Whether a role that the company names for second factors is held; read with the rest, so it bites at once."""
    return (
        select(RoleGrant.id)
        .join(Role, Role.id == RoleGrant.role_id)
        .where(RoleGrant.employee_id == SignInSession.employee_id, Role.second_factor)
        .exists()
        .label("role_asks")
    )


# Built once: every request asks this, and putting it together costs more than running it.
_RECOGNISE = viewing.joined(
    select(
        SignInSession.id,
        SignInSession.identity_id,
        SignInSession.complete_at,
        SignInSession.second_factor_at,
        SignInSession.proven_at,
        Employee.id.label("employee_id"),
        Employee.first_name,
        Employee.last_name,
        Employee.email,
        Employee.language,
        Employee.time_zone,
        _grants_of_employee(),
        *viewing.columns(),
        _named_role_of_employee(),
    )
    .join(Employee, Employee.id == SignInSession.employee_id)
    .where(
        SignInSession.token_hash == bindparam("token_hash"),
        SignInSession.revoked_at.is_(None),
        SignInSession.idle_until > bindparam("now"),
        SignInSession.absolute_until > bindparam("now"),
        Employee.active,
        sign_in_policy.by_open_way(),
    )
)
