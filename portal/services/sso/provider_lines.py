"""How a company's identity providers are shown: as buttons to everybody at the door, line by line to its admins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ScalarSelect, Text, cast, func, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import Joining, ProviderKind, ProviderState
from portal.domain.sso_settings import ProviderSettings
from portal.models.identity import Identity
from portal.models.identity_provider import IdentityProvider
from portal.services.sso.provider_access import may_manage, settings_of

_WITHOUT_SECRET = {ProviderKind.SAML}


@dataclass(frozen=True)
class Button:
    """A way in that the sign-in page offers."""

    id: UUID
    kind: ProviderKind
    name: str


@dataclass(frozen=True)
class ProviderLine:
    """A provider as its admin sees it; of the secret only whether there is one."""

    id: UUID
    kind: ProviderKind
    name: str
    state: ProviderState
    settings: ProviderSettings
    has_secret: bool
    secret_expires_on: date | None
    asks_second_factor: bool
    joining: Joining
    role_mapping: Mapping[str, str]
    tested_at: datetime | None
    tested_by_me: bool
    people: int

    @property
    def complete(self) -> bool:
        return self.settings.complete and (self.has_secret or self.kind in _WITHOUT_SECRET)


def buttons(uow: UnitOfWork) -> list[Button]:
    """The active providers, for everybody who stands before the door."""
    rows = uow.session.execute(
        select(IdentityProvider.id, IdentityProvider.kind, IdentityProvider.name)
        .where(IdentityProvider.state == ProviderState.ACTIVE)
        .order_by(IdentityProvider.created_at, IdentityProvider.id)
    )
    return [Button(*row) for row in rows]


def list_all(uow: UnitOfWork) -> list[ProviderLine]:
    """Every provider of the company, the oldest first."""
    may_manage(uow)
    rows = uow.session.execute(
        select(IdentityProvider, _people()).order_by(IdentityProvider.created_at, IdentityProvider.id)
    )
    return [_line(uow, row, people) for row, people in rows]


def look_at(uow: UnitOfWork, provider_id: UUID) -> ProviderLine:
    """One provider, for its set-up page."""
    may_manage(uow)
    found = uow.session.execute(
        select(IdentityProvider, _people()).where(IdentityProvider.id == provider_id)
    ).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return _line(uow, *found)


def _people() -> ScalarSelect[int]:
    """How many people have an account of the provider as a way in."""
    return (
        select(func.count())
        .select_from(Identity)
        .where(Identity.provider == cast(IdentityProvider.id, Text))
        .scalar_subquery()
    )


def _line(uow: UnitOfWork, row: IdentityProvider, people: int) -> ProviderLine:
    return ProviderLine(
        id=row.id,
        kind=row.kind,
        name=row.name,
        state=row.state,
        settings=settings_of(row),
        has_secret=row.secret_sealed is not None,
        secret_expires_on=row.secret_expires_on,
        asks_second_factor=row.asks_second_factor,
        joining=row.joining,
        role_mapping=row.role_mapping,
        tested_at=row.tested_at,
        tested_by_me=row.tested_by_id is not None and row.tested_by_id == uow.actor.employee_id,
        people=people,
    )
