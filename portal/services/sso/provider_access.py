"""The door from an id to an identity provider: who may have its row, for what, and what is sealed in it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import ProviderState
from portal.domain.sso_settings import ProviderSettings, read_settings
from portal.models.company import VerifiedDomain
from portal.models.identity_provider import IdentityProvider
from portal.services import access, sealing
from portal.services.company_lock import lock_company


def find(uow: UnitOfWork, provider_id: UUID) -> IdentityProvider:
    """The row for an admin's change, locked until it is made."""
    may_manage(uow)
    lock_company(uow)
    return access.one_or_refuse(
        uow, select(IdentityProvider).where(IdentityProvider.id == provider_id).with_for_update()
    )


def find_for_test(uow: UnitOfWork, provider_id: UUID) -> IdentityProvider:
    """The row for an admin who goes to the provider and back: nothing is locked meanwhile."""
    may_manage(uow)
    return find_any(uow, provider_id)


def find_open(uow: UnitOfWork, provider_id: UUID) -> IdentityProvider:
    """The row for somebody who wants to come in: only an active provider exists for them."""
    return access.one_or_refuse(
        uow,
        select(IdentityProvider).where(
            IdentityProvider.id == provider_id, IdentityProvider.state == ProviderState.ACTIVE
        ),
    )


def find_any(uow: UnitOfWork, provider_id: UUID) -> IdentityProvider:
    """The row in whatever state, for the answer to a trip that says itself what it was for."""
    return access.one_or_refuse(uow, select(IdentityProvider).where(IdentityProvider.id == provider_id))


def settings_of(provider: IdentityProvider) -> ProviderSettings:
    return read_settings(provider.kind, provider.settings)


def secret_of(uow: UnitOfWork, provider: IdentityProvider) -> str:
    """The secret, opened, for the driver alone; no page ever gets it."""
    if provider.secret_sealed is None:
        return ""
    return sealing.open_text(
        uow, provider.secret_sealed, row=IdentityProvider, column="secret_sealed", row_id=provider.id
    )


def domains(uow: UnitOfWork) -> frozenset[str]:
    """The e-mail domains that the company has shown to be its own."""
    found = uow.session.scalars(
        select(VerifiedDomain.domain).where(VerifiedDomain.company_id == uow.company.id)
    )
    return frozenset(found)


def may_manage(uow: UnitOfWork) -> None:
    if not access.can(uow, Permission.SIGN_IN_MANAGE, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
