"""The feed of the audit log for another system: tokens made, shown once and revoked, and the events after a number.

Numbers have no gaps and are given under a lock that is held until the commit, so nothing ever appears before an event
that was handed out: whoever asks for what follows the last number they keep gets every event once.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason
from portal.models.audit_event import AuditEvent
from portal.models.audit_feed_token import AuditFeedToken
from portal.services import audit, audit_export, machine_tokens, throttles
from portal.services.machine_tokens import TokenKind
from portal.services.sessions import hash_token

MOST_EVENTS = 1000
_KIND = TokenKind(
    AuditFeedToken,
    prefix="staffroom-audit-",
    most=3,
    over=Reason.AUDIT_FEED_TOKEN_LIMIT,
    issued=audit.Action.AUDIT_FEED_TOKEN_ISSUED,
    revoked=audit.Action.AUDIT_FEED_TOKEN_REVOKED,
    step=throttles.Step.AUDIT_FEED,
    permission=Permission.AUDIT_EXPORT,
    letter="audit_feed_token",
    page="audit/export",
)
MOST_TOKENS = _KIND.most


@dataclass(frozen=True)
class TokenLine:
    """A live token as the admins' page shows it."""

    id: UUID
    name: str
    created_at: datetime
    created_by: str
    last_used_at: datetime | None
    last_used_ip: str | None
    last_seq: int | None


@dataclass(frozen=True)
class Batch:
    """Events as lines of JSON, and the number to ask after next; `beyond` when the log does not reach that far."""

    lines: list[str]
    cursor: int
    beyond: bool = False


def list_live(uow: UnitOfWork) -> list[TokenLine]:
    """The tokens that work, the oldest first."""
    audit_export.check_may_export(uow)
    return [
        TokenLine(
            token.id,
            token.name,
            token.created_at,
            created_by,
            token.last_used_at,
            token.last_used_ip,
            token.last_seq,
        )
        for token, created_by in machine_tokens.list_live(uow, _KIND)
    ]


def issue(uow: UnitOfWork, name: str) -> str:
    """A new token; see machine_tokens.issue()."""
    audit_export.check_may_export(uow)
    return machine_tokens.issue(uow, _KIND, name)


def revoke(uow: UnitOfWork, token_id: UUID) -> None:
    audit_export.check_may_export(uow)
    machine_tokens.revoke(uow, _KIND, token_id)


def recognise(uow: UnitOfWork, presented: str) -> UUID | None:
    """Whose token this is; None: no live one of this company."""
    return uow.session.scalar(
        select(AuditFeedToken.id).where(
            AuditFeedToken.token_hash == hash_token(presented), AuditFeedToken.revoked_at.is_(None)
        )
    )


def note_wrong(uow: UnitOfWork) -> bool:
    """See machine_tokens.note_wrong()."""
    return machine_tokens.note_wrong(uow, _KIND.step)


def after(uow: UnitOfWork, token_id: UUID, number: int, limit: int) -> Batch:
    """At most `limit` events that follow upon the number, the oldest first; noted beside the token."""
    query = select(AuditEvent).where(AuditEvent.seq > number).order_by(AuditEvent.seq).limit(limit)
    rows = uow.session.scalars(query).all()
    beyond = not rows and number > audit_export.last_number(uow)
    cursor = rows[-1].seq if rows else number
    uow.session.execute(
        update(AuditFeedToken)
        .where(AuditFeedToken.id == token_id)
        .values(
            last_used_at=uow.clock.now(),
            last_used_ip=uow.request.ip,
            last_seq=cursor if rows else AuditFeedToken.last_seq,
        )
    )
    return Batch(list(audit_export.records_of(uow, rows)), cursor, beyond)
