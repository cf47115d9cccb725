"""A fresh proof of who is there, asked for before ways in are added or changed: ours or the provider's."""

from __future__ import annotations

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import second_factors
from portal.domain.refusals import Reason, Refusal
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
    """Has whoever is here proven themselves within the last minutes? Then the page asks for nothing more."""
    proven_at = uow.session.scalar(
        select(SignInSession.proven_at).where(SignInSession.id == uow.request.session_id)
    )
    return second_factors.is_fresh(proven_at, uow.clock.now())
