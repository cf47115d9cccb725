"""How far somebody has come with signing in: shown on their page to those who invite and help."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select

from portal.db import UnitOfWork
from portal.models.factor import Authenticator, Passkey
from portal.models.identity import Identity, LinkPurpose, PhoneFactor, SignInLink, SignInSession


@dataclass(frozen=True)
class SignInStanding:
    """How far somebody has come with signing in, for those who invite and help."""

    has_password: bool
    invited_until: datetime | None
    second_factor: bool
    open_sessions: int


def of(uow: UnitOfWork, employee_id: UUID) -> SignInStanding:
    now = uow.clock.now()
    invited = select(func.max(SignInLink.expires_at)).where(
        SignInLink.employee_id == employee_id,
        SignInLink.purpose == LinkPurpose.INVITATION,
        SignInLink.used_at.is_(None),
        SignInLink.expires_at > now,
    )
    live = select(func.count(SignInSession.id)).where(
        SignInSession.employee_id == employee_id,
        SignInSession.revoked_at.is_(None),
        SignInSession.idle_until > now,
        SignInSession.absolute_until > now,
    )
    password = select(Identity.id).where(
        Identity.employee_id == employee_id, Identity.password_hash.is_not(None)
    )
    phone, app = (
        select(table.id).where(table.employee_id == employee_id, table.confirmed_at.is_not(None))
        for table in (PhoneFactor, Authenticator)
    )
    passkey = select(Passkey.id).where(Passkey.employee_id == employee_id)
    row = uow.session.execute(
        select(
            password.exists().label("has_password"),
            invited.scalar_subquery().label("invited_until"),
            or_(phone.exists(), app.exists(), passkey.exists()).label("second_factor"),
            live.scalar_subquery().label("open_sessions"),
        )
    ).one()
    return SignInStanding(row.has_password, row.invited_until, row.second_factor, row.open_sessions)
