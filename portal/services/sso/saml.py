"""The SAML half of single sign-on: off to the company's provider, and what its posted answer is worth."""

from __future__ import annotations

from dataclasses import replace

from portal.db import UnitOfWork
from portal.domain import saml_attributes
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import Check, CheckName, Heard, ProviderKind
from portal.domain.sso_settings import SamlSettings
from portal.integrations.sso import saml
from portal.integrations.sso.drivers import Departure
from portal.models.identity_provider import IdentityProvider
from portal.services.sso import provider_access, replay_wall, saml_keys
from portal.services.sso.transactions import Trip

#: The checks of an answer by the names that all kinds of providers share.
_NAMES = {
    saml.Check.SIZE: CheckName.ANSWER_SIZE,
    saml.Check.SIGNATURE_METHOD: CheckName.ALGORITHM,
    saml.Check.STATUS: CheckName.COMPLETED,
    saml.Check.TIME: CheckName.EXPIRY,
}


def portal_of(uow: UnitOfWork, provider_id: object) -> saml.Portal:
    """The portal as this one provider knows it: made of our own address, never of a request's host."""
    own = f"{uow.outside.url}/c/{uow.company.slug}/saml/{provider_id}"
    return saml.Portal(entity_id=f"{own}/metadata", acs_url=f"{own}/acs")


def _with_keys(uow: UnitOfWork, provider: IdentityProvider) -> saml.Portal:
    """The same with our own keys for it, if an admin has made any."""
    own = saml_keys.read(uow, provider)
    first, spare = (*own.pairs, None, None)[:2]
    return replace(portal_of(uow, provider.id), keys=first, spare=spare, signs=own.signs)


def metadata(uow: UnitOfWork, provider: IdentityProvider) -> bytes:
    """What the provider's admin imports; nothing in it is secret."""
    _saml_settings(provider)
    return saml.portal_metadata(_with_keys(uow, provider))


def depart(uow: UnitOfWork, provider: IdentityProvider, state: str) -> Departure:
    """The provider's address with a new request; the state travels as RelayState and means nothing there."""
    settings = _saml_settings(provider)
    if not settings.complete:
        raise Refusal(Reason.SSO_SETTINGS_INCOMPLETE)
    request = saml.sign_in_request(
        _with_keys(uow, provider), _idp(settings), relay_state=state, now=uow.clock.now()
    )
    return Departure(request.url, {"request_id": request.id}, posted_back=True)


def hear(uow: UnitOfWork, provider: IdentityProvider, trip: Trip, posted: str) -> Heard:
    """Every check of the posted answer, and whom it speaks of when all of them passed, here and once only."""
    settings = _saml_settings(provider)
    portal = _with_keys(uow, provider)
    expected = saml.Expected(portal, str(trip.secrets["request_id"]), uow.clock.now())
    seen = saml.examine(posted, _idp(settings), expected)
    # Whom it names is asked once more, and shown, when it is weighed whether they may come in.
    checks = [Check(_name(check), passed=True) for check in seen.passed if check is not saml.Check.SUBJECT]
    if seen.refused is not None:
        wanted = _wanted(seen.refused.check, settings, portal)
        found = seen.refused.found or ""
        checks.append(Check(_name(seen.refused.check), passed=False, seen=found, wanted=wanted))
    shown = {"NameID": seen.arrived.subject or "", **saml_attributes.shown(seen.arrived.attributes)}
    if seen.asserted is None:
        return Heard(tuple(checks), None, shown)
    first_time = replay_wall.pass_once(
        uow, provider.id, seen.asserted.assertion_id, until=seen.asserted.replay_until
    )
    checks.append(Check(CheckName.REPLAY, passed=first_time))
    asserted = saml_attributes.asserted(
        seen.asserted.subject, seen.asserted.subject_format, seen.asserted.attributes, settings
    )
    return Heard(tuple(checks), asserted if first_time else None, shown)


def _name(check: saml.Check) -> CheckName:
    return _NAMES.get(check) or CheckName(check.value)


def _wanted(check: saml.Check, settings: SamlSettings, portal: saml.Portal) -> str:
    """What should have stood there, where a comparison helps the admin."""
    return {
        saml.Check.ISSUER: settings.entity_id,
        saml.Check.DESTINATION: portal.acs_url,
        saml.Check.RECIPIENT: portal.acs_url,
        saml.Check.AUDIENCE: portal.entity_id,
    }.get(check, "")


def _saml_settings(provider: IdentityProvider) -> SamlSettings:
    if provider.kind is not ProviderKind.SAML:
        raise Refusal(Reason.NOT_FOUND)
    settings = provider_access.settings_of(provider)
    assert isinstance(settings, SamlSettings)  # noqa: S101
    return settings


def _idp(settings: SamlSettings) -> saml.Idp:
    return saml.Idp(settings.entity_id, settings.sign_in_url, settings.certificates)
