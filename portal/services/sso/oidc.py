"""The OpenID Connect half of single sign-on: off to Google or Microsoft, and what their answer is worth."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain import sso_claims
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import Check, CheckName, Heard, ProviderKind, failed
from portal.domain.sso_settings import GoogleSettings, MicrosoftSettings, ProviderSettings
from portal.integrations.sso.drivers import Departure, OidcDriver, ProviderDown, ProviderRefused
from portal.integrations.sso.id_tokens import Reading
from portal.models.identity_provider import IdentityProvider
from portal.services.sso import provider_access
from portal.services.sso.transactions import Trip

#: What the vendors call our own credentials being wrong or past their date: the admin's business, not the person's.
_OUR_FAULT = {"invalid_client", "unauthorized_client"}


def redirect_uri(uow: UnitOfWork, provider_id: UUID) -> str:
    """Where the vendor sends people back to; one for each provider, so that no answer fits another's (T8)."""
    return f"{uow.outside.url}/c/{uow.company.slug}/sso/{provider_id}/callback"


@dataclass(frozen=True)
class Departing:
    """Everything the vendor's driver wants for a new trip, so that no connection is held while the vendor is asked."""

    driver: OidcDriver[Any]
    settings: ProviderSettings
    secret: str = field(repr=False)
    redirect_uri: str
    state: str = field(repr=False)
    hint: str

    def ask(self) -> Departure | ProviderDown:
        try:
            return self.driver.depart(
                self.settings,
                self.secret,
                redirect_uri=self.redirect_uri,
                state=self.state,
                hint=self.hint,
            )
        except ProviderDown as down:
            return down


@dataclass(frozen=True)
class Hearing:
    """Everything for trading the code that came back for the token, and for reading it; the same holds."""

    driver: OidcDriver[Any]
    settings: ProviderSettings
    secret: str = field(repr=False)
    secrets: Mapping[str, Any] = field(repr=False)
    answer: Mapping[str, str] = field(repr=False)
    now: datetime

    def ask(self) -> Reading | Heard:
        """The token taken apart, or why there is none."""
        try:
            token = self.driver.fetch(self.settings, self.secret, secrets=self.secrets, answer=self.answer)
            return self.driver.read(self.settings, token, secrets=self.secrets, now=self.now)
        except ProviderDown as down:
            return _unheard(CheckName.REACHED, str(down))
        except ProviderRefused as refused:
            return _unheard(_refused_check(refused.code), refused.code)


def prepare(uow: UnitOfWork, provider: IdentityProvider, state: str) -> Departing:
    """What it takes to ask the vendor for the address of a new trip."""
    settings = provider_access.settings_of(provider)
    secret = provider_access.secret_of(uow, provider)
    if not settings.complete or not secret:
        raise Refusal(Reason.SSO_SETTINGS_INCOMPLETE)
    domains = sorted(provider_access.domains(uow))
    return Departing(
        driver=_driver(uow, provider.kind),
        settings=settings,
        secret=secret,
        redirect_uri=redirect_uri(uow, provider.id),
        state=state,
        hint=domains[0] if len(domains) == 1 else "",
    )


def listen(
    uow: UnitOfWork, provider: IdentityProvider, trip: Trip, answer: Mapping[str, str]
) -> Hearing | Heard:
    """What it takes to hear the vendor out; or what was heard, when the address says already that it is nothing."""
    if answer.get("error") or not answer.get("code"):
        return _unheard(CheckName.COMPLETED, answer.get("error", ""))
    settings = provider_access.settings_of(provider)
    issuer = answer.get("iss")
    if issuer is not None and issuer not in _issuers(settings):  # RFC 9207
        return _unheard(CheckName.ISSUER, issuer)
    return Hearing(
        driver=_driver(uow, provider.kind),
        settings=settings,
        secret=provider_access.secret_of(uow, provider),
        secrets=trip.secrets,
        answer=answer,
        now=uow.clock.now(),
    )


def judge(uow: UnitOfWork, provider: IdentityProvider, brought: Reading | Heard) -> Heard:
    """What the token is worth by the settings as they are now, not as they were when the vendor was asked."""
    if isinstance(brought, Heard):
        return brought
    return _judged(uow, provider_access.settings_of(provider), brought)


def _judged(uow: UnitOfWork, settings: ProviderSettings, reading: Reading) -> Heard:
    now = int(uow.clock.now().timestamp())
    if isinstance(settings, GoogleSettings):
        domains = provider_access.domains(uow)
        checks = sso_claims.google_checks(
            reading.claims, client_id=settings.client_id, nonce=reading.nonce, domains=domains, now=now
        )
        asserted = sso_claims.google_asserted(reading.claims)
    elif isinstance(settings, MicrosoftSettings):
        checks = sso_claims.microsoft_checks(
            reading.claims,
            client_id=settings.client_id,
            tenant_id=settings.tenant_id,
            nonce=reading.nonce,
            now=now,
        )
        asserted = sso_claims.microsoft_asserted(reading.claims)
    else:
        raise TypeError("not a provider that sends ID tokens")
    every = (*reading.checks, *checks, *reading.second_opinion)
    genuine = failed(every) is None
    return Heard(every, asserted if genuine else None, sso_claims.shown(reading.claims))


def _refused_check(code: str) -> CheckName:
    if code == "nonce":
        return CheckName.NONCE
    return CheckName.CREDENTIALS if code in _OUR_FAULT else CheckName.REDEEMED


def _unheard(name: CheckName, seen: str) -> Heard:
    return Heard((Check(name, passed=False, seen=seen[:100]),))


def _issuers(settings: ProviderSettings) -> frozenset[str]:
    if isinstance(settings, MicrosoftSettings):
        return frozenset({sso_claims.microsoft_issuer(settings.tenant_id)})
    return sso_claims.GOOGLE_ISSUERS


def _driver(uow: UnitOfWork, kind: ProviderKind) -> OidcDriver[Any]:
    found: OidcDriver[Any] = uow.outside.google if kind is ProviderKind.GOOGLE else uow.outside.microsoft
    return found
