"""Notes who tries doors that are closed to them, without letting anybody fill the audit log by trying."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from portal.db import UnitOfWork
from portal.models.identity import SignInSession
from portal.services import audit

#: A person who clicks what is not for them leaves a few; of a program that tries every address the first thirty of
#: an hour say what it is after, and the next event says how many were left out.
NOTED_PER_WINDOW = 30
WINDOW = timedelta(hours=1)


def note(uow: UnitOfWork, **facts: Any) -> None:
    """Records a refused access of this session, or only counts it when it had too many within the hour."""
    counted = uow.session.execute(
        select(SignInSession.denied_since, SignInSession.denied_count)
        .where(SignInSession.id == uow.request.session_id)
        .with_for_update()
    ).one_or_none()
    if counted is not None and not _is_noted(uow, *counted, facts):
        return
    audit.record(uow, audit.Action.ACCESS_DENIED, **facts)


def _is_noted(uow: UnitOfWork, since: datetime | None, count: int, facts: dict[str, Any]) -> bool:
    """Counts it; the first of a new hour takes along how many were left out of the hour before."""
    now = uow.clock.now()
    if since is None or since <= now - WINDOW:
        left_out = count - NOTED_PER_WINDOW
        if left_out > 0:
            facts["left_out"] = left_out
        since, count = now, 0
    uow.session.execute(
        update(SignInSession)
        .where(SignInSession.id == uow.request.session_id)
        .values(denied_since=since, denied_count=count + 1)
    )
    return count < NOTED_PER_WINDOW
