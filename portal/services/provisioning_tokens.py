"""Tokens with which a directory service speaks for a company: made, shown once, counted, revoked."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import case, update

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.provisioning import MOST_REQUESTS, MOST_TOKENS, WINDOW
from portal.domain.refusals import Reason
from portal.models.provisioning import ScimToken
from portal.services import audit, machine_tokens, throttles
from portal.services.machine_tokens import TokenKind
from portal.services.sessions import hash_token

_KIND = TokenKind(
    ScimToken,
    prefix="staffroom-scim-",
    most=MOST_TOKENS,
    over=Reason.SCIM_TOKEN_LIMIT,
    issued=audit.Action.PROVISIONING_TOKEN_ISSUED,
    revoked=audit.Action.PROVISIONING_TOKEN_REVOKED,
    step=throttles.Step.SCIM,
    permission=Permission.PROVISIONING_MANAGE,
    letter="provisioning_token",
    page="settings/provisioning",
)


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
    return [
        TokenLine(
            token.id,
            token.name,
            token.created_at,
            created_by,
            token.invites,
            token.last_used_at,
            token.last_used_ip,
        )
        for token, created_by in machine_tokens.list_live(uow, _KIND)
    ]


def issue(uow: UnitOfWork, *, name: str, invites: bool) -> str:
    """A new token; see machine_tokens.issue()."""
    return machine_tokens.issue(uow, _KIND, name, invites=invites)


def revoke(uow: UnitOfWork, token_id: UUID) -> None:
    machine_tokens.revoke(uow, _KIND, token_id)


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
    """See machine_tokens.note_wrong()."""
    return machine_tokens.note_wrong(uow, _KIND.step)
