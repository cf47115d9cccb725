"""Who talks to whom: the portal as one company's provider knows it, and that provider, as plain values.

What the library is told about the two stands here as well; nothing of it comes from a request.
"""

from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

POST_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
REDIRECT_BINDING = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect"
UNSPECIFIED = "urn:oasis:names:tc:SAML:1.1:nameid-format:unspecified"
TRANSIENT = "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"


@dataclass(frozen=True)
class KeyPair:
    """A private key with its certificate, both PEM: signs our requests and opens encrypted answers."""

    private_key: str = field(repr=False)
    certificate: str


@dataclass(frozen=True)
class Portal:
    """The portal as service provider: its name and address differ for every provider of every company."""

    entity_id: str
    acs_url: str
    keys: KeyPair | None = None
    #: The next key, or the last one, while the provider changes over: published, and opens what is encrypted for it.
    spare: KeyPair | None = None
    #: The provider knows the key, so that requests are signed with it.
    signs: bool = True


@dataclass(frozen=True)
class Idp:
    """The company's identity provider. Up to two certificates (PEM), so that a new one can be laid beside the old."""

    entity_id: str
    sso_url: str
    certificates: tuple[str, ...]


def library_settings(portal: Portal, idp: Idp | None) -> dict[str, Any]:
    """Strict settings for python3-saml. Without a provider they are enough for our own metadata."""
    settings: dict[str, Any] = {
        "strict": True,
        "debug": False,
        "sp": {
            "entityId": portal.entity_id,
            "assertionConsumerService": {"url": portal.acs_url, "binding": POST_BINDING},
            "NameIDFormat": UNSPECIFIED,
            "x509cert": portal.keys.certificate if portal.keys else "",
            "privateKey": portal.keys.private_key if portal.keys else "",
            "x509certNew": portal.spare.certificate if portal.spare else "",
        },
        "security": {
            "authnRequestsSigned": portal.keys is not None and portal.signs,
            "wantAssertionsSigned": True,
            # In our metadata alone: it publishes the key for encryption, and obliges nobody.
            "wantAssertionsEncrypted": idp is None and portal.keys is not None,
            # AD FS and Entra ID sign the assertion only; it alone is trusted, whatever else is signed.
            "wantMessagesSigned": False,
            "wantNameId": True,
            "wantAttributeStatement": False,
            # Keycloak repeats an attribute once per value.
            "allowRepeatAttributeName": True,
            "rejectDeprecatedAlgorithm": True,
            "requestedAuthnContext": False,
            "failOnAuthnContextMismatch": False,
            "metadataValidUntil": "",
            "metadataCacheDuration": "",
        },
    }
    if idp is not None:
        settings["idp"] = {
            "entityId": idp.entity_id,
            "singleSignOnService": {"url": idp.sso_url, "binding": REDIRECT_BINDING},
            # Never a fingerprint: the library would take the certificate out of the message for it.
            "x509certMulti": {"signing": list(idp.certificates)},
        }
    return settings


def request_data(portal: Portal) -> dict[str, str]:
    """What the library believes of the request: our address from the settings, never the Host header."""
    parts = urlsplit(portal.acs_url)
    return {
        "https": "on" if parts.scheme == "https" else "off",
        "http_host": parts.netloc,
        "script_name": parts.path,
    }
