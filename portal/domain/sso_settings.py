"""What an identity provider is known by, kind by kind, and whether what an admin typed can be right."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portal.domain.refusals import Reason, Refusal
from portal.domain.sso import ProviderKind

#: The tenant of everybody's personal Microsoft account: anyone can have one of those (T13).
PERSONAL_TENANT = "9188040d-6c67-4c5b-b112-36a304b66dad"
LONGEST_ATTRIBUTE = 200
_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_GOOGLE_CLIENT = re.compile(r"[0-9a-z-]{6,100}\.apps\.googleusercontent\.com")


@dataclass(frozen=True)
class GoogleSettings:
    """The OAuth client of the company's own Google Cloud project."""

    client_id: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.client_id)

    def check(self) -> None:
        if self.client_id and not _GOOGLE_CLIENT.fullmatch(self.client_id):
            raise Refusal(Reason.SSO_GOOGLE_CLIENT_INVALID, field="client_id")


@dataclass(frozen=True)
class MicrosoftSettings:
    """The application registered in the company's own Entra tenant, and the tenant's id, never `common`."""

    client_id: str = ""
    tenant_id: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.client_id and self.tenant_id)

    def check(self) -> None:
        for name in ("client_id", "tenant_id"):
            value = getattr(self, name)
            if value and not _GUID.fullmatch(value):
                raise Refusal(Reason.SSO_GUID_INVALID, field=name)
        if self.tenant_id == PERSONAL_TENANT:
            raise Refusal(Reason.SSO_TENANT_PERSONAL, field="tenant_id")


@dataclass(frozen=True)
class SamlSettings:
    """What a SAML identity provider is known by; certificates are PEM, at most two, for a rollover."""

    entity_id: str = ""
    sign_in_url: str = ""
    certificates: tuple[str, ...] = ()
    #: What the provider calls these; empty: the usual names are tried.
    email_attribute: str = ""
    first_name_attribute: str = ""
    last_name_attribute: str = ""
    groups_attribute: str = ""

    @property
    def complete(self) -> bool:
        return bool(self.entity_id and self.sign_in_url and self.certificates)

    def check(self) -> None:
        """Names of attributes; services/sso/saml_setup.py checks what comes out of metadata."""
        for name in ("email_attribute", "first_name_attribute", "last_name_attribute", "groups_attribute"):
            if len(getattr(self, name)) > LONGEST_ATTRIBUTE:
                raise Refusal(Reason.TOO_LONG, field=name, limit=LONGEST_ATTRIBUTE)


ProviderSettings = GoogleSettings | MicrosoftSettings | SamlSettings
_KINDS: Mapping[ProviderKind, Any] = {
    ProviderKind.GOOGLE: GoogleSettings,
    ProviderKind.MICROSOFT: MicrosoftSettings,
    ProviderKind.SAML: SamlSettings,
}


def whose_word(settings: ProviderSettings) -> ProviderSettings:
    """What makes it this provider and no other: everything but what it happens to call the attributes."""
    if not isinstance(settings, SamlSettings):
        return settings
    return SamlSettings(settings.entity_id, settings.sign_in_url, settings.certificates)


def read_settings(kind: ProviderKind, kept: Mapping[str, Any]) -> ProviderSettings:
    """The settings as they were kept; a name that this version does not know is left aside."""
    form = _KINDS[kind]
    known: dict[str, Any] = {name: kept[name] for name in form.__dataclass_fields__ if name in kept}
    read: ProviderSettings = form(
        **{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    )
    return read


def kept_settings(settings: ProviderSettings) -> dict[str, Any]:
    """The settings as JSON can hold them."""
    return {
        name: list(value) if isinstance(value, tuple) else value for name, value in asdict(settings).items()
    }
