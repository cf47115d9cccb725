"""The identity providers of a company: added, set up, switched on and off by its admins; secrets only go in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import delete, exists, func, select

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import Joining, ProviderKind, ProviderState
from portal.domain.sso_settings import ProviderSettings, kept_settings, whose_word
from portal.models.identity import Identity
from portal.models.identity_provider import IdentityProvider, SsoTransaction
from portal.models.saml import CertificateWarning, UsedAssertion
from portal.services import audit, sealing, sessions, sign_in_policy
from portal.services.company_lock import lock_company
from portal.services.sso import notices, role_mapping
from portal.services.sso.provider_access import domains, find, may_manage, settings_of

LONGEST_NAME = 40
_MOST = 10


@dataclass(frozen=True)
class ProviderFacts:
    """What the set-up page asks for. `secret` empty leaves the one that is kept."""

    name: str
    settings: ProviderSettings
    secret: str
    asks_second_factor: bool
    joining: Joining
    role_mapping: Mapping[str, str]
    secret_expires_on: date | None = None


def create(uow: UnitOfWork, kind: ProviderKind, name: str) -> UUID:
    """A draft, which nobody sees yet; its address is what the other side must be told first."""
    may_manage(uow)
    lock_company(uow)
    count = uow.session.scalar(select(func.count()).select_from(IdentityProvider)) or 0
    if count >= _MOST:
        raise Refusal(Reason.SSO_TOO_MANY_PROVIDERS, limit=_MOST)
    provider = IdentityProvider(kind=kind, name=_free_name(uow, name, None), settings={})
    uow.session.add(provider)
    uow.session.flush()  # the set-up page is at its id
    audit.record(uow, audit.Action.IDENTITY_PROVIDER_CREATED, subject=provider)
    return provider.id


def configure(uow: UnitOfWork, provider_id: UUID, wanted: ProviderFacts) -> None:
    """Writes the settings. Another client or tenant is another provider: it has to be tested before it opens."""
    provider = find(uow, provider_id)
    provider.name = _free_name(uow, wanted.name, provider.id)
    wanted.settings.check()
    if whose_word(wanted.settings) != whose_word(settings_of(provider)):
        _back_to_draft(uow, provider)
    provider.settings = kept_settings(wanted.settings)
    if wanted.secret:
        provider.secret_sealed = sealing.seal(
            uow, wanted.secret, row=IdentityProvider, column="secret_sealed", row_id=provider.id
        )
    provider.secret_expires_on = wanted.secret_expires_on
    if wanted.joining is Joining.VERIFIED_DOMAINS and not domains(uow):
        raise Refusal(Reason.SSO_NO_DOMAIN, field="joining")
    role_mapping.check(uow, wanted.role_mapping, before=provider.role_mapping)
    if provider.asks_second_factor and not wanted.asks_second_factor:
        sessions.end_all_by(uow, str(provider.id))
    provider.asks_second_factor = wanted.asks_second_factor
    provider.joining = wanted.joining
    provider.role_mapping = dict(wanted.role_mapping)
    audit.record(uow, audit.Action.IDENTITY_PROVIDER_CHANGED, subject=provider)
    notices.tell_managers(uow)


def activate(uow: UnitOfWork, provider_id: UUID) -> None:
    """Puts the button on the sign-in page, once somebody's own sign-in by it went well."""
    provider = find(uow, provider_id)
    if provider.state is ProviderState.ACTIVE:
        return
    if provider.tested_at is None:
        raise Refusal(Reason.SSO_NOT_TESTED)
    provider.state = ProviderState.ACTIVE
    audit.record(uow, audit.Action.IDENTITY_PROVIDER_ACTIVATED, subject=provider)
    notices.tell_managers(uow)


def switch_off(uow: UnitOfWork, provider_id: UUID) -> None:
    """Takes the button away, and everybody who came by it is out at their next click."""
    provider = find(uow, provider_id)
    _keep_one_active(uow, provider)
    provider.state = ProviderState.OFF
    sessions.end_all_by(uow, str(provider.id))
    audit.record(uow, audit.Action.IDENTITY_PROVIDER_SWITCHED_OFF, subject=provider)
    notices.tell_managers(uow)


def remove(uow: UnitOfWork, provider_id: UUID) -> None:
    """Forgets a provider by which nobody has a way in; others are switched off and keep their people's links."""
    provider = find(uow, provider_id)
    _keep_one_active(uow, provider)
    if uow.session.scalar(select(exists().where(Identity.provider == str(provider.id)))):
        raise Refusal(Reason.SSO_PROVIDER_USED)
    for belonging in (SsoTransaction, UsedAssertion, CertificateWarning):
        uow.session.execute(delete(belonging).where(belonging.provider_id == provider.id))
    uow.session.delete(provider)
    audit.record(uow, audit.Action.IDENTITY_PROVIDER_REMOVED, subject=provider)
    notices.tell_managers(uow)


def note_test(uow: UnitOfWork, provider: IdentityProvider) -> None:
    """The actor's own test went well: a draft may be switched on now."""
    provider.tested_at = uow.clock.now()
    provider.tested_by_id = uow.actor.employee_id
    if provider.state is ProviderState.DRAFT:
        provider.state = ProviderState.TESTED


def _back_to_draft(uow: UnitOfWork, provider: IdentityProvider) -> None:
    _keep_one_active(uow, provider)
    if provider.state is ProviderState.ACTIVE:
        sessions.end_all_by(uow, str(provider.id))
    provider.state = ProviderState.DRAFT
    provider.tested_at = None
    provider.tested_by_id = None


def _keep_one_active(uow: UnitOfWork, provider: IdentityProvider) -> None:
    """While everybody must come by a provider, one that works stays."""
    if provider.state is not ProviderState.ACTIVE or not sign_in_policy.current(uow).sso_required:
        return
    others = select(IdentityProvider.id).where(
        IdentityProvider.state == ProviderState.ACTIVE, IdentityProvider.id != provider.id
    )
    if uow.session.scalars(others).first() is None:
        raise Refusal(Reason.SSO_LAST_PROVIDER)


def _free_name(uow: UnitOfWork, name: str, own_id: UUID | None) -> str:
    name = " ".join(name.split())
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    holder = uow.session.scalar(
        select(IdentityProvider.id).where(func.lower(IdentityProvider.name) == name.lower())
    )
    if holder is not None and holder != own_id:
        raise Refusal(Reason.SSO_NAME_TAKEN, field="name")
    return name
