"""Tokens with which a directory service speaks for a company: made, shown once, counted, revoked."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import case, func, select, update

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.provisioning import (
    LONGEST_NAME,
    MOST_REQUESTS,
    MOST_TOKENS,
    MOST_WRONG,
    WINDOW,
    WRONG_WINDOW,
)
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.provisioning import ScimToken
from portal.services import access, audit, outbox, throttles, written_moments
from portal.services.company_lock import lock_company
from portal.services.permission_holders import active_holders
from portal.services.sessions import hash_token

#: Tells a secret scanner whose it is.
_PREFIX = "staffroom-scim-"


@dataclass(frozen=True)
class TokenLine:
    """A live token as the admins' page shows it."""

    id: UUID
    name: str
    created_at: datetime
    created_by: str
    invites: bool
    last_used_at: datetime | None
    last_used_ip: str | None


@dataclass(frozen=True)
class Bearer:
    """Whose token a request came with, and how long it has to wait; None: it is answered now."""

    token_id: UUID
    name: str
    invites: bool
    wait: timedelta | None


def list_live(uow: UnitOfWork) -> list[TokenLine]:
    """The tokens that work, the oldest first."""
    rows = uow.session.execute(
        select(ScimToken, Employee.first_name, Employee.last_name)
        .join(Employee, Employee.id == ScimToken.created_by_id)
        .where(ScimToken.revoked_at.is_(None))
        .order_by(ScimToken.created_at)
    )
    return [
        TokenLine(
            token.id,
            token.name,
            token.created_at,
            f"{first} {last}",
            token.invites,
            token.last_used_at,
            token.last_used_ip,
        )
        for token, first, last in rows
    ]


def issue(uow: UnitOfWork, *, name: str, invites: bool) -> str:
    """A new token, in the only moment in which anybody sees it; every admin who could have made it hears of it."""
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    lock_company(uow)  # or two at once would be three
    live = select(func.count()).select_from(ScimToken).where(ScimToken.revoked_at.is_(None))
    if (uow.session.scalar(live) or 0) >= MOST_TOKENS:
        raise Refusal(Reason.SCIM_TOKEN_LIMIT, field="name", limit=MOST_TOKENS)
    token = _PREFIX + secrets.token_urlsafe(32)
    row = ScimToken(
        id=uuid4(),
        name=name,
        token_hash=hash_token(token),
        created_by_id=uow.actor.employee_id,
        created_at=uow.clock.now(),
        invites=invites,
    )
    uow.session.add(row)
    audit.record(uow, audit.Action.PROVISIONING_TOKEN_ISSUED, subject=row, token=name)
    _tell_admins(uow, row)
    return token


def revoke(uow: UnitOfWork, token_id: UUID) -> None:
    """The token opens nothing from the next request on. Revoking it twice is once."""
    row = access.one_or_refuse(
        uow, select(ScimToken).where(ScimToken.id == token_id).with_for_update(key_share=True)
    )
    if row.revoked_at is not None:
        return
    row.revoked_at = uow.clock.now()
    audit.record(uow, audit.Action.PROVISIONING_TOKEN_REVOKED, subject=row, token=row.name)


def recognise(uow: UnitOfWork, presented: str) -> Bearer | None:
    """Whose token this is, counted and noted as used; None: no live one of this company."""
    now, digest = uow.clock.now(), hash_token(presented)
    same_window = ScimToken.window_started_at > now - WINDOW
    found = uow.session.execute(
        update(ScimToken)
        .where(ScimToken.token_hash == digest, ScimToken.revoked_at.is_(None))
        .values(
            last_used_at=now,
            last_used_ip=uow.request.ip,
            window_started_at=case((same_window, ScimToken.window_started_at), else_=now),
            window_requests=case((same_window, ScimToken.window_requests + 1), else_=1),
        )
        .returning(
            ScimToken.id,
            ScimToken.name,
            ScimToken.invites,
            ScimToken.token_hash,
            ScimToken.window_started_at,
            ScimToken.window_requests,
        )
    ).one_or_none()
    if found is None or not hmac.compare_digest(found.token_hash, digest):
        return None
    over = found.window_requests > MOST_REQUESTS
    return Bearer(
        found.id, found.name, found.invites, found.window_started_at + WINDOW - now if over else None
    )


def note_wrong(uow: UnitOfWork) -> bool:
    """Counts a wrong token by where it came from; False when that address has used up its tries.

    A good token is never held up by this: it is looked at first, and many companies share their directory's address.
    """
    tried = throttles.count_of_address(uow, throttles.Step.SCIM, uow.clock.now() - WRONG_WINDOW)
    if tried >= MOST_WRONG:
        return False
    throttles.note(uow, throttles.Step.SCIM, "scim", None, succeeded=False)
    return True


def _tell_admins(uow: UnitOfWork, row: ScimToken) -> None:
    for admin in active_holders(uow, Permission.PROVISIONING_MANAGE):
        outbox.queue_mail(
            uow,
            admin,
            "provisioning_token",
            token_name=row.name,
            created_by=uow.actor.name,
            created_at=written_moments.for_letter(uow, admin, uow.clock.now()),
            link=f"{uow.outside.url}/c/{uow.company.slug}/settings/provisioning",
        )
