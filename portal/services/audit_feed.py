"""The feed of the audit log for another system: tokens made, shown once and revoked, and the events after a number.

Numbers have no gaps and are given under a lock that is held until the commit, so nothing ever appears before an event
that was handed out: whoever asks for what follows the last number they keep gets every event once.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import func, select, update

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.audit_event import AuditEvent
from portal.models.audit_feed_token import AuditFeedToken
from portal.models.employee import Employee
from portal.services import access, audit, audit_export, outbox, throttles, written_moments
from portal.services.company_lock import lock_company
from portal.services.permission_holders import active_holders
from portal.services.sessions import hash_token

MOST_TOKENS = 3
LONGEST_NAME = 60
MOST_EVENTS = 1000
MOST_WRONG = 20
WRONG_WINDOW = timedelta(minutes=15)
#: Tells a secret scanner whose it is.
_PREFIX = "staffroom-audit-"


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
    rows = uow.session.execute(
        select(AuditFeedToken, Employee.first_name, Employee.last_name)
        .join(Employee, Employee.id == AuditFeedToken.created_by_id)
        .where(AuditFeedToken.revoked_at.is_(None))
        .order_by(AuditFeedToken.created_at, AuditFeedToken.id)
    )
    return [
        TokenLine(
            token.id,
            token.name,
            token.created_at,
            f"{first} {last}",
            token.last_used_at,
            token.last_used_ip,
            token.last_seq,
        )
        for token, first, last in rows
    ]


def issue(uow: UnitOfWork, name: str) -> str:
    """A new token, in the only moment in which anybody sees it; everybody who could have made it hears of it."""
    audit_export.check_may_export(uow)
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    lock_company(uow)  # or two at once would be one too many
    live = select(func.count()).select_from(AuditFeedToken).where(AuditFeedToken.revoked_at.is_(None))
    if (uow.session.scalar(live) or 0) >= MOST_TOKENS:
        raise Refusal(Reason.AUDIT_FEED_TOKEN_LIMIT, field="name", limit=MOST_TOKENS)
    token = _PREFIX + secrets.token_urlsafe(32)
    row = AuditFeedToken(
        id=uuid4(),
        name=name,
        token_hash=hash_token(token),
        created_by_id=uow.actor.employee_id,
        created_at=uow.clock.now(),
    )
    uow.session.add(row)
    audit.record(uow, audit.Action.AUDIT_FEED_TOKEN_ISSUED, subject=row)
    _tell_admins(uow, row)
    return token


def revoke(uow: UnitOfWork, token_id: UUID) -> None:
    """The token opens nothing from the next request on. Revoking it twice is once."""
    audit_export.check_may_export(uow)
    row = access.one_or_refuse(
        uow, select(AuditFeedToken).where(AuditFeedToken.id == token_id).with_for_update(key_share=True)
    )
    if row.revoked_at is None:
        row.revoked_at = uow.clock.now()
        audit.record(uow, audit.Action.AUDIT_FEED_TOKEN_REVOKED, subject=row)


def recognise(uow: UnitOfWork, presented: str) -> UUID | None:
    """Whose token this is; None: no live one of this company."""
    return uow.session.scalar(
        select(AuditFeedToken.id).where(
            AuditFeedToken.token_hash == hash_token(presented), AuditFeedToken.revoked_at.is_(None)
        )
    )


def note_wrong(uow: UnitOfWork) -> bool:
    """Counts a wrong token by where it came from; False when that address has used up its tries.

    A good token is never held up by this: it is looked at first.
    """
    if (
        throttles.count_of_address(uow, throttles.Step.AUDIT_FEED, uow.clock.now() - WRONG_WINDOW)
        >= MOST_WRONG
    ):
        return False
    throttles.note(uow, throttles.Step.AUDIT_FEED, "audit-feed", None, succeeded=False)
    return True


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


def _tell_admins(uow: UnitOfWork, row: AuditFeedToken) -> None:
    for admin in active_holders(uow, Permission.AUDIT_EXPORT):
        outbox.queue_mail(
            uow,
            admin,
            "audit_feed_token",
            token_name=row.name,
            created_by=uow.actor.name,
            created_at=written_moments.for_letter(uow, admin, uow.clock.now()),
            link=f"{uow.outside.url}/c/{uow.company.slug}/audit/export",
        )
