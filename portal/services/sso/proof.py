"""A fresh proof of who is there, asked for before ways in are added or changed: ours or the provider's."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import FRESH
from portal.models.identity import SignInSession
from portal.services import passwords


def fresh_or_password(uow: UnitOfWork, password: str) -> None:
    """Passes whoever signed in within the last minutes, by whatever way, or gives their password now."""
    if is_fresh(uow):
        return
    if not password:
        raise Refusal(Reason.REAUTHENTICATION_NEEDED, field="password")
    passwords.prove(uow, password, field="password")


def is_fresh(uow: UnitOfWork) -> bool:
    """Has this browser's session begun within the last minutes? Then its page asks for nothing more."""
    began = uow.session.scalar(
        select(SignInSession.authenticated_at).where(
            SignInSession.id == uow.request.session_id, SignInSession.complete_at.is_not(None)
        )
    )
    return began is not None and began > uow.clock.now() - FRESH
