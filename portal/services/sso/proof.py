"""A fresh proof of who is there, asked for before ways in are added or changed: ours or the provider's."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.second_factors import is_fresh
from portal.models.identity import SignInSession
from portal.services import passwords


def fresh_or_password(uow: UnitOfWork, password: str) -> None:
    """Passes whoever signed in within the last minutes, by whatever way, or gives their password now."""
    proven_at = uow.session.scalar(
        select(SignInSession.proven_at).where(SignInSession.id == uow.request.session_id)
    )
    if is_fresh(proven_at, uow.clock.now()):
        return
    if not password:
        raise Refusal(Reason.REAUTHENTICATION_NEEDED, field="password")
    passwords.prove(uow, password, field="password")
