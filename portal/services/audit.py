"""Records what was done, by whom and what changed, in the transaction that does it.

The database function audit.append numbers, chains and stores the events; nothing else may write there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import text

from portal.db import UnitOfWork
from portal.domain.audit_actions import Action as Action
from portal.models.base import Base

_APPEND = text("SELECT audit.append(CAST(:events AS jsonb))")
#: Asks for a live grant, and that the events are signed by whoever of the staff is there.
_APPEND_BY_SUPPORT = text("SELECT audit.append_by_support(CAST(:events AS jsonb))")


@dataclass(frozen=True)
class RecordedEvent:
    """One event of the running transaction, not yet written."""

    action: Action
    subject: Base | None
    subject_type: str
    subject_id: UUID | None
    #: The employee to whom the subject belongs: who looks for a person finds what was done to their things.
    about_id: UUID | str | None
    facts: dict[str, Any]


def record(uow: UnitOfWork, action: Action, *, subject: Base | None = None, **facts: Any) -> None:
    """Notes that `action` was done to `subject`; the row's changes are added when the transaction ends.

    `facts` are small plain values that the changes do not show. Never a secret: no code, token or password.
    """
    if uow.actor.viewing is not None and not uow.actor.viewing.over:
        facts = {"viewing_as": uow.actor.viewing.role_name, **facts}
    if uow.actor.support is not None:
        facts = {"support": str(uow.actor.support.grant_id), **facts}
    if not uow.events:
        uow.before_commit.append(_append_events)
    subject_type = subject.__tablename__ if subject is not None else ""
    subject_id = getattr(subject, "id", None)
    about_id = facts.get("employee") or getattr(subject, "employee_id", None)
    uow.events.append(RecordedEvent(action, subject, subject_type, subject_id, about_id, facts))


def _append_events(uow: UnitOfWork) -> None:
    rows = [
        {
            "actor_id": str(uow.actor.employee_id) if uow.actor.employee_id else None,
            "action": event.action.value,
            "version": uow.version,
            "subject_type": event.subject_type,
            "subject_id": _subject_id(event),
            "payload": _payload(uow, event),
        }
        for event in uow.events
    ]
    append = _APPEND_BY_SUPPORT if uow.actor.support is not None else _APPEND
    uow.session.execute(append, {"events": json.dumps(rows)})


def _subject_id(event: RecordedEvent) -> str | None:
    # A new row has its id only after the flush that came since.
    found = getattr(event.subject, "id", None) or event.subject_id
    return str(found) if found else None


def _payload(uow: UnitOfWork, event: RecordedEvent) -> str:
    changes = uow.changes(event.subject) if event.subject is not None else {}
    return json.dumps(
        {
            "email": uow.actor.email,
            "name": uow.actor.name,
            "ip": uow.request.ip,
            "request": uow.request.request_id,
            "session": str(uow.request.session_id) if uow.request.session_id else None,
            "about": str(event.about_id) if event.about_id else None,
            "changes": changes,
            "facts": event.facts,
        },
        ensure_ascii=False,
        sort_keys=True,
        default=str,
    )
