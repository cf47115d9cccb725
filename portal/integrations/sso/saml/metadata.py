"""The two papers that are exchanged at set-up: ours for the provider's admin, and the provider's for us."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from urllib.parse import urlsplit

from lxml.etree import LxmlError
from onelogin.saml2.idp_metadata_parser import OneLogin_Saml2_IdPMetadataParser
from onelogin.saml2.settings import OneLogin_Saml2_Settings
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from portal.integrations.sso.saml.certificates import Certificate, CertificateRefused, choose
from portal.integrations.sso.saml.library_clock import parse_moment
from portal.integrations.sso.saml.parties import REDIRECT_BINDING, Portal, library_settings

LIMIT = 1024 * 1024
_ENTITY_ID_LIMIT = 1024
_URL_LIMIT = 2000
_THIS_MACHINE = {"localhost", "127.0.0.1", "::1"}
#: Signs that an address never needs unescaped, and that would mean something in XML or in a log.
_FORBIDDEN = set("\"'<>\\^`{|} ")


class Fault(StrEnum):
    """Which part of the document cannot be used."""

    DOCUMENT = "document"
    ENDED = "ended"
    ENTITY_ID = "entity-id"
    SIGN_IN_URL = "sign-in-url"
    CERTIFICATE = "certificate"


class MetadataRefused(Exception):
    """A document that no provider can be set up from; `why` is a short English phrase."""

    def __init__(self, why: str, fault: Fault = Fault.DOCUMENT) -> None:
        super().__init__(why)
        self.why = why
        self.fault = fault


@dataclass(frozen=True)
class IdpMetadata:
    """What a provider says about itself. Nobody vouches for it, so an admin confirms the thumbprints."""

    entity_id: str
    sso_url: str
    certificates: tuple[Certificate, ...]


def read_metadata(raw: bytes, *, now: datetime) -> IdpMetadata:
    """The provider in an EntityDescriptor; raises `MetadataRefused`."""
    if len(raw) > LIMIT:
        raise MetadataRefused("the file is larger than 1 MiB")
    try:
        root = OneLogin_Saml2_XML.to_etree(raw)
    except (LxmlError, ValueError):
        raise MetadataRefused("the file is not plain XML") from None
    _refuse_other_papers(root, now)
    idp = OneLogin_Saml2_IdPMetadataParser.parse(root, required_sso_binding=REDIRECT_BINDING)["idp"]
    sso_url = idp.get("singleSignOnService", {}).get("url")
    if sso_url is None:
        raise MetadataRefused("there is no sign-in address for HTTP-Redirect in it")
    return IdpMetadata(
        entity_id=checked_entity_id(idp.get("entityId") or ""),
        sso_url=checked_sso_url(sso_url),
        certificates=_certificates(idp),
    )


def portal_metadata(portal: Portal) -> bytes:
    """Our own paper: name, address and, where there is a key, its certificate. It never expires."""
    settings = OneLogin_Saml2_Settings(library_settings(portal, None), sp_validation_only=True)
    made = settings.get_sp_metadata()
    return made if isinstance(made, bytes) else str(made).encode()


def checked_entity_id(given: str) -> str:
    """A provider's name is compared sign by sign, so it is kept as it is; raises `MetadataRefused`."""
    if not given or given != given.strip() or len(given) > _ENTITY_ID_LIMIT or not given.isprintable():
        raise MetadataRefused("the entity ID is empty, padded or too long", Fault.ENTITY_ID)
    return given


def checked_sso_url(given: str) -> str:
    """Where browsers are sent: https, or this machine while one tries things out; raises `MetadataRefused`."""
    try:
        parts = urlsplit(given)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in _THIS_MACHINE)
        known = bool(parts.hostname) and parts.username is None and parts.port != 0
    except ValueError:
        safe = known = False
    plain = given.isascii() and given.isprintable() and not _FORBIDDEN & set(given)
    if not (safe and known and plain) or len(given) > _URL_LIMIT or "#" in given:
        raise MetadataRefused("the sign-in address does not start with https://", Fault.SIGN_IN_URL)
    return given


def _refuse_other_papers(root: object, now: datetime) -> None:
    entities = OneLogin_Saml2_XML.query(root, "//md:EntityDescriptor")
    with_idp = OneLogin_Saml2_XML.query(root, "//md:EntityDescriptor[md:IDPSSODescriptor]")
    if not with_idp:
        raise MetadataRefused("it describes no identity provider")
    if len(entities) > 1:
        raise MetadataRefused("it describes more than one identity provider")
    until = with_idp[0].get("validUntil")
    if until is None:
        return
    try:
        ended = parse_moment(until) <= now
    except ValueError:
        ended = True
    if ended:
        raise MetadataRefused("it is no longer valid; get a new one from the provider", Fault.ENDED)


def _certificates(idp: dict[str, object]) -> tuple[Certificate, ...]:
    several = idp.get("x509certMulti")
    given = several.get("signing", []) if isinstance(several, dict) else [idp.get("x509cert")]
    texts = [text for text in given if isinstance(text, str) and text]
    if not texts:
        raise MetadataRefused("there is no certificate for signatures in it")
    try:
        return choose(texts)
    except CertificateRefused as error:
        raise MetadataRefused(f"a certificate cannot be used: {error.why}", Fault.CERTIFICATE) from None
