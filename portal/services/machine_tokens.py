"""Tokens by which other systems speak for a company: named, shown once, few at a time, revoked; no endless guessing.

What a kind of token opens, and what is noted when it is used, is its own module's: services/audit_feed.py and
services/provisioning_tokens.py.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import Generic, TypeVar
from uuid import UUID, uuid4

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.audit_feed_token import AuditFeedToken
from portal.models.employee import Employee
from portal.models.provisioning import ScimToken
from portal.services import access, audit, outbox, throttles, written_moments
from portal.services.company_lock import lock_company
from portal.services.permission_holders import active_holders
from portal.services.sessions import hash_token

Token = TypeVar("Token", AuditFeedToken, ScimToken)

LONGEST_NAME = 60
#: Wrong tokens from one address that are told so within WRONG_WINDOW; after that it has to wait.
MOST_WRONG = 20
WRONG_WINDOW = timedelta(minutes=15)


@dataclass(frozen=True)
class TokenKind(Generic[Token]):
    """What differs between the kinds. `prefix` tells a secret scanner whose a token is; `most` may work at once."""

    model: type[Token]
    prefix: str
    most: int
    over: Reason
    issued: audit.Action
    revoked: audit.Action
    step: throttles.Step
    #: Its holders make tokens and hear of each that is made, by this letter, with the page where it can be revoked.
    permission: Permission
    letter: str
    page: str


def list_live(uow: UnitOfWork, kind: TokenKind[Token]) -> list[tuple[Token, str]]:
    """The tokens that work and who made each, the oldest first."""
    model = kind.model
    rows = uow.session.execute(
        select(model, Employee.first_name, Employee.last_name)
        .join(Employee, Employee.id == model.created_by_id)
        .where(model.revoked_at.is_(None))
        .order_by(model.created_at, model.id)
    )
    return [(token, f"{first} {last}") for token, first, last in rows]


def issue(uow: UnitOfWork, kind: TokenKind[Token], name: str, **values: bool) -> str:
    """A new token, in the only moment in which anybody sees it; everybody who could have made it hears of it."""
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    lock_company(uow)  # or two at once would be one too many
    live = select(func.count()).select_from(kind.model).where(kind.model.revoked_at.is_(None))
    if (uow.session.scalar(live) or 0) >= kind.most:
        raise Refusal(kind.over, field="name", limit=kind.most)
    token = kind.prefix + secrets.token_urlsafe(32)
    row = kind.model(
        id=uuid4(),
        name=name,
        token_hash=hash_token(token),
        created_by_id=uow.actor.employee_id,
        created_at=uow.clock.now(),
        **values,
    )
    uow.session.add(row)
    audit.record(uow, kind.issued, subject=row, token=name)
    for holder in active_holders(uow, kind.permission):
        outbox.queue_mail(
            uow,
            holder,
            kind.letter,
            token_name=name,
            created_by=uow.actor.name,
            created_at=written_moments.for_letter(uow, holder, uow.clock.now()),
            link=f"{uow.outside.url}/c/{uow.company.slug}/{kind.page}",
        )
    return token


def revoke(uow: UnitOfWork, kind: TokenKind[Token], token_id: UUID) -> None:
    """The token opens nothing from the next request on. Revoking it twice is once."""
    row = access.one_or_refuse(
        uow, select(kind.model).where(kind.model.id == token_id).with_for_update(key_share=True)
    )
    if row.revoked_at is None:
        row.revoked_at = uow.clock.now()
        audit.record(uow, kind.revoked, subject=row, token=row.name)


def note_wrong(uow: UnitOfWork, step: throttles.Step) -> bool:
    """Counts a wrong token by where it came from; False when that address has used up its tries.

    A good token is never held up by this: it is looked at first, and many companies may share an address.
    """
    if throttles.count_of_address(uow, step, uow.clock.now() - WRONG_WINDOW) >= MOST_WRONG:
        return False
    throttles.note(uow, step, step, None, succeeded=False)
    return True
