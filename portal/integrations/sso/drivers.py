"""What a driver to an OpenID Connect provider does, and how it fails."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol, TypeVar

from portal.integrations.sso.id_tokens import Reading

Settings_contra = TypeVar("Settings_contra", contravariant=True)


class ProviderDown(Exception):
    """The provider, or its keys, cannot be reached or do not answer as they should: nothing is known."""


class ProviderRefused(Exception):
    """The provider answered, and said no; `code` is its own short word for it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Departure:
    """Where the browser goes, and what must be kept until it comes back."""

    url: str
    secrets: Mapping[str, Any]
    #: The answer is posted from the provider's site, with which browsers send no Lax cookie.
    posted_back: bool = False


class OidcDriver(Protocol[Settings_contra]):
    """One vendor. `settings` and `secret` are the company's; `secrets` are those of the departure."""

    def depart(
        self, settings: Settings_contra, secret: str, *, redirect_uri: str, state: str, hint: str
    ) -> Departure:
        """The address of the vendor's sign-in page for this trip; `hint` is a domain or empty."""

    def fetch(
        self, settings: Settings_contra, secret: str, *, secrets: Mapping[str, Any], answer: Mapping[str, str]
    ) -> str:
        """Trades the code for the raw ID token; raises ProviderRefused or ProviderDown."""

    def read(
        self, settings: Settings_contra, id_token: str, *, secrets: Mapping[str, Any], now: datetime
    ) -> Reading:
        """The token taken apart: whether its signature is the vendor's, what it claims, which nonce it must carry."""
