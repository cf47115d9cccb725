"""The browsers in which the actor is signed in: looking at them, and ending them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.identity import SignInSession
from portal.services import audit, sessions


@dataclass(frozen=True)
class SessionLine:
    """A session as its owner sees it in the list."""

    id: UUID
    ip: str
    browser: str
    started_at: datetime
    last_seen_at: datetime
    current: bool


def list_live(uow: UnitOfWork) -> list[SessionLine]:
    """The actor's live sessions, the latest first."""
    now = uow.clock.now()
    rows = uow.session.scalars(
        select(SignInSession)
        .where(
            SignInSession.employee_id == uow.actor.employee_id,
            SignInSession.revoked_at.is_(None),
            SignInSession.complete_at.is_not(None),
            SignInSession.idle_until > now,
            SignInSession.absolute_until > now,
        )
        .order_by(SignInSession.last_seen_at.desc())
    )
    return [
        SessionLine(
            row.id, row.ip, row.browser, row.created_at, row.last_seen_at, row.id == uow.request.session_id
        )
        for row in rows
    ]


def end_current(uow: UnitOfWork) -> None:
    """Signs this browser out."""
    sessions.revoke(uow, SignInSession.id == uow.request.session_id)
    audit.record(uow, audit.Action.SIGN_OUT)


def end_one(uow: UnitOfWork, session_id: UUID) -> None:
    """Ends another browser of the actor; an unknown id ends nothing."""
    if sessions.revoke(
        uow, SignInSession.id == session_id, SignInSession.employee_id == uow.actor.employee_id
    ):
        audit.record(uow, audit.Action.SESSION_ENDED, session=str(session_id))


def end_all(uow: UnitOfWork, *, but_this: bool = False) -> int:
    """Signs the actor out everywhere, or everywhere else."""
    if uow.actor.employee_id is None:
        return 0
    return sessions.end_all_of(uow, uow.actor.employee_id, but=uow.request.session_id if but_this else None)
