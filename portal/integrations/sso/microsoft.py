"""Microsoft Entra ID: MSAL drives the flow in the company's own tenant; the token that it brings is read by us.

MSAL (1.38 and later) accepts forged ID tokens: it checks state, PKCE and nonce, never signature or claims.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import msal
import requests

from portal.domain.sso_claims import microsoft_issuer
from portal.domain.sso_settings import MicrosoftSettings
from portal.integrations.sso import id_tokens
from portal.integrations.sso.drivers import Departure, ProviderDown, ProviderRefused
from portal.integrations.sso.http import GuardedSession
from portal.integrations.sso.id_tokens import FoundKey, Reading
from portal.integrations.sso.key_sets import KeySets

HOST = "login.microsoftonline.com"
#: As Entra words it when the client's own credentials are wrong or past their date.
_OUR_CREDENTIALS = "invalid_client"
# MSAL would have the answer posted from Microsoft's site, and browsers send no Lax cookie with such a post: the
# trip could not be told to belong to its browser. The code in the query is worthless without secret and verifier.
warnings.filterwarnings("ignore", message="response_mode='form_post'", category=UserWarning)


@dataclass
class MicrosoftDriver:
    """Speaks with Entra for every company; each comes with a tenant and an application of its own."""

    session: requests.Session = field(default_factory=lambda: GuardedSession(frozenset({HOST})))
    keys: KeySets = field(init=False)

    def __post_init__(self) -> None:
        self.keys = KeySets(self.session)

    def forget(self) -> None:
        """Drops the keys that are kept; the next token makes us look."""
        self.keys.forget()

    def depart(
        self, settings: MicrosoftSettings, secret: str, *, redirect_uri: str, state: str, hint: str
    ) -> Departure:
        flow = self._application(settings, secret).initiate_auth_code_flow(
            ["email"],
            redirect_uri=redirect_uri,
            state=state,
            prompt="select_account",
            domain_hint=hint or None,
            response_mode="query",
        )
        return Departure(flow["auth_uri"], {"flow": {**flow, "auth_uri": ""}})

    def fetch(
        self,
        settings: MicrosoftSettings,
        secret: str,
        *,
        secrets: Mapping[str, Any],
        answer: Mapping[str, str],
    ) -> str:
        application = self._application(settings, secret)
        try:
            told = application.acquire_token_by_auth_code_flow(dict(secrets["flow"]), dict(answer))
        except (ValueError, RuntimeError, KeyError, TypeError):
            # `from None`: MSAL's text quotes the token. It has compared state and nonce, and did not like one.
            raise ProviderRefused("nonce") from None
        token = told.get("id_token")
        if not isinstance(token, str):
            raise ProviderRefused(str(told.get("error", "no id token"))[:60])
        return token

    def read(
        self, settings: MicrosoftSettings, id_token: str, *, secrets: Mapping[str, Any], now: datetime
    ) -> Reading:
        url = f"https://{HOST}/{settings.tenant_id}/discovery/v2.0/keys"

        def find_key(kid: str) -> FoundKey | None:
            found = self.keys.find(url, kid)
            if found is None:
                return None
            issuer = found.issuer.replace("{tenantid}", settings.tenant_id) if found.issuer else None
            if issuer is not None and issuer != microsoft_issuer(settings.tenant_id):
                return None
            return FoundKey(found.key, issuer)

        return id_tokens.read(id_token, find_key, nonce=_as_sent(secrets["flow"]["nonce"]))

    def _application(self, settings: MicrosoftSettings, secret: str) -> msal.ConfidentialClientApplication:
        """A new one each time: it keeps the tokens that it is given, and we want to keep none."""
        try:
            return msal.ConfidentialClientApplication(
                settings.client_id,
                client_credential=secret,
                authority=f"https://{HOST}/{settings.tenant_id}",
                http_client=self.session,
                instance_discovery=False,
                exclude_scopes=["offline_access"],
            )
        except (ValueError, KeyError) as error:
            raise ProviderDown(f"discovery: {type(error).__name__}") from None


def _as_sent(nonce: str) -> str:
    """MSAL sends the hash of the nonce that it keeps."""
    return hashlib.sha256(nonce.encode("ascii")).hexdigest()
