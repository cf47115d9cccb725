"""Setting up a SAML provider: what its admin needs of us, what we take over from its metadata, its certificates.

Metadata is vouched for by nobody, so a certificate is trusted when an admin has compared its thumbprint. A second
one beside it does not interrupt anything: that is how a provider changes over.
"""

from __future__ import annotations

from collections.abc import Set
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.domain.sso_settings import SamlSettings
from portal.integrations.outbound import OutboundRefused
from portal.integrations.sso import saml as protocol
from portal.integrations.sso.saml import Certificate, Fault, IdpMetadata
from portal.models.identity_provider import IdentityProvider
from portal.services import audit
from portal.services.sso import notices, provider_access, provider_lines, providers
from portal.services.sso.provider_lines import ProviderLine
from portal.services.sso.providers import ProviderFacts
from portal.services.sso.saml import portal_of

_FAULTS = {
    Fault.DOCUMENT: Reason.SAML_METADATA_UNREADABLE,
    Fault.ENDED: Reason.SAML_METADATA_ENDED,
    Fault.ENTITY_ID: Reason.SAML_ENTITY_ID_INVALID,
    Fault.SIGN_IN_URL: Reason.SAML_SIGN_IN_URL_INVALID,
    Fault.CERTIFICATE: Reason.SAML_CERTIFICATE_INVALID,
}


@dataclass(frozen=True)
class SetUp:
    """What the set-up page shows: the provider, our values for the other side, and its certificates."""

    line: ProviderLine
    settings: SamlSettings
    portal: protocol.Portal
    certificates: tuple[Certificate, ...]


def look_at(uow: UnitOfWork, provider_id: UUID) -> SetUp:
    line = provider_lines.look_at(uow, provider_id)
    if not isinstance(line.settings, SamlSettings):
        raise Refusal(Reason.NOT_FOUND)
    known = tuple(protocol.read_certificate(pem) for pem in line.settings.certificates)
    return SetUp(line, line.settings, portal_of(uow, provider_id), known)


@dataclass(frozen=True)
class Source:
    """Where metadata comes from: a file that is here, or an address, fetched while no connection is held."""

    file: bytes | None
    url: str
    outbound: Any = field(repr=False)

    def ask(self) -> bytes | None:
        """The document; None when the address was not fetched."""
        if self.file:
            return self.file
        try:
            fetched: bytes = self.outbound.fetch(self.url)
        except OutboundRefused:
            return None
        return fetched


def source(uow: UnitOfWork, provider_id: UUID, *, file: bytes | None, url: str) -> Source:
    """A file, or, without one, an address; refuses neither."""
    look_at(uow, provider_id)
    if not file and not url:
        raise Refusal(Reason.MISSING, field="file")
    return Source(file, url, uow.outside.outbound)


def read_metadata(uow: UnitOfWork, given: Source, raw: bytes | None) -> IdpMetadata:
    """What the document says; nothing is kept or trusted yet."""
    if raw is None:
        raise Refusal(Reason.SAML_METADATA_URL_REFUSED, field="url")
    try:
        return protocol.read_metadata(raw, now=uow.clock.now())
    except protocol.MetadataRefused as refused:
        raise Refusal(_FAULTS[refused.fault], field="file" if given.file else "url") from None


def take_over(
    uow: UnitOfWork,
    provider_id: UUID,
    *,
    entity_id: str,
    sign_in_url: str,
    certificates: list[str],
    confirmed: Set[str],
) -> None:
    """Writes what the metadata said, once every certificate that is new here is confirmed by its thumbprint."""
    setup = look_at(uow, provider_id)
    try:
        protocol.checked_entity_id(entity_id)
        protocol.checked_sso_url(sign_in_url)
    except protocol.MetadataRefused as refused:
        raise Refusal(_FAULTS[refused.fault]) from None
    read = [_read(pem, field="certificates") for pem in certificates][: protocol.MOST]
    if not read:
        raise Refusal(Reason.SAML_CERTIFICATE_INVALID, field="certificates")
    trusted = {one.thumbprint for one in setup.certificates} | confirmed
    if not {one.thumbprint for one in read} <= trusted:
        raise Refusal(Reason.SAML_CERTIFICATE_UNCONFIRMED, field="confirmed")
    wanted = replace(
        setup.settings,
        entity_id=entity_id,
        sign_in_url=sign_in_url,
        certificates=tuple(one.pem for one in read),
    )
    providers.configure(uow, provider_id, _facts(setup.line, wanted))


def lay_beside(uow: UnitOfWork, provider_id: UUID, pem: str, *, confirmed: Set[str]) -> None:
    """The next certificate beside the one in use, without anybody noticing."""
    setup = look_at(uow, provider_id)
    new = _read(pem, field="certificate")
    if new.thumbprint in {one.thumbprint for one in setup.certificates}:
        return
    if len(setup.certificates) >= protocol.MOST:
        raise Refusal(Reason.SAML_CERTIFICATES_FULL, field="certificate")
    if new.thumbprint not in confirmed:
        raise Refusal(Reason.SAML_CERTIFICATE_UNCONFIRMED, field="confirmed")
    _write_certificates(uow, provider_id, [*setup.certificates, new])


def take_away(uow: UnitOfWork, provider_id: UUID, thumbprint: str) -> None:
    """The old certificate, once the provider signs with the new one."""
    setup = look_at(uow, provider_id)
    left = [one for one in setup.certificates if one.thumbprint != thumbprint]
    if len(left) == len(setup.certificates):
        raise Refusal(Reason.NOT_FOUND)
    if not left:
        raise Refusal(Reason.SAML_CERTIFICATE_LAST)
    _write_certificates(uow, provider_id, left)


def look_at_certificate(pem: str) -> Certificate:
    """The thumbprint to compare, before anything is kept."""
    return _read(pem, field="certificate")


def _write_certificates(uow: UnitOfWork, provider_id: UUID, wanted: list[Certificate]) -> None:
    provider: IdentityProvider = provider_access.find(uow, provider_id)
    kept = [one.pem for one in sorted(wanted, key=lambda one: one.ends_at, reverse=True)]
    provider.settings = {**provider.settings, "certificates": kept}
    audit.record(uow, audit.Action.IDENTITY_PROVIDER_CHANGED, subject=provider)
    notices.tell_managers(uow)


def _facts(line: ProviderLine, settings: SamlSettings) -> ProviderFacts:
    """Everything else as it is."""
    return ProviderFacts(
        name=line.name,
        settings=settings,
        secret="",
        asks_second_factor=line.asks_second_factor,
        joining=line.joining,
        role_mapping=line.role_mapping,
    )


def _read(pem: str, *, field: str) -> Certificate:
    try:
        return protocol.read_certificate(pem)
    except protocol.CertificateRefused:
        raise Refusal(Reason.SAML_CERTIFICATE_INVALID, field=field) from None
