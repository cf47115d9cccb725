"""Google Workspace: the code flow with PKCE, tokens read by us first and by Google's own library after us."""

from __future__ import annotations

import base64
import hashlib
import secrets as random
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

import requests
from google.auth.exceptions import GoogleAuthError
from google.oauth2 import id_token as google_id_token

from portal.domain.sso import Check, CheckName, failed
from portal.domain.sso_claims import LEEWAY_SECONDS
from portal.domain.sso_settings import GoogleSettings
from portal.integrations.sso import id_tokens
from portal.integrations.sso.drivers import Departure, ProviderDown, ProviderRefused
from portal.integrations.sso.http import GuardedSession
from portal.integrations.sso.id_tokens import FoundKey, Reading
from portal.integrations.sso.key_sets import KEPT_SECONDS, KeySets

AUTHORIZATION = "https://accounts.google.com/o/oauth2/v2/auth"
TOKEN = "https://oauth2.googleapis.com/token"  # noqa: S105
KEYS = "https://www.googleapis.com/oauth2/v3/certs"
_HOSTS = frozenset({"accounts.google.com", "oauth2.googleapis.com", "www.googleapis.com"})


@dataclass
class GoogleDriver:
    """Speaks with Google for every company; each comes with a client of its own."""

    session: requests.Session = field(default_factory=lambda: GuardedSession(_HOSTS))
    keys: KeySets = field(init=False)
    certificates: _Certificates = field(init=False)

    def __post_init__(self) -> None:
        self.keys = KeySets(self.session)
        self.certificates = _Certificates(self.session)

    def forget(self) -> None:
        """Drops the keys that are kept; the next token makes us look."""
        self.keys.forget()
        self.certificates.forget()

    def depart(
        self, settings: GoogleSettings, secret: str, *, redirect_uri: str, state: str, hint: str
    ) -> Departure:
        verifier, nonce = random.token_urlsafe(48), random.token_urlsafe(32)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(verifier.encode()).digest()).rstrip(b"=")
        asked = {
            "client_id": settings.client_id,
            "redirect_uri": redirect_uri,
            "response_type": "code",
            "scope": "openid email profile",
            "state": state,
            "nonce": nonce,
            "code_challenge": challenge.decode(),
            "code_challenge_method": "S256",
            "prompt": "select_account",
            **({"hd": hint} if hint else {}),
        }
        kept = {"nonce": nonce, "verifier": verifier, "redirect_uri": redirect_uri}
        return Departure(f"{AUTHORIZATION}?{urlencode(asked)}", kept)

    def fetch(
        self, settings: GoogleSettings, secret: str, *, secrets: Mapping[str, Any], answer: Mapping[str, str]
    ) -> str:
        response = self.session.post(
            TOKEN,
            data={
                "grant_type": "authorization_code",
                "code": answer.get("code", ""),
                "client_id": settings.client_id,
                "client_secret": secret,
                "redirect_uri": secrets["redirect_uri"],
                "code_verifier": secrets["verifier"],
            },
        )
        try:
            told = response.json()
        except ValueError:
            raise ProviderDown(f"token: status {response.status_code}") from None
        if response.status_code >= requests.codes.server_error:
            raise ProviderDown(f"token: status {response.status_code}")
        token = told.get("id_token") if isinstance(told, dict) else None
        if response.status_code != requests.codes.ok or not isinstance(token, str):
            raise ProviderRefused(
                str(told.get("error", "no id token"))[:60] if isinstance(told, dict) else ""
            )
        return token

    def read(
        self, settings: GoogleSettings, id_token: str, *, secrets: Mapping[str, Any], now: datetime
    ) -> Reading:
        reading = id_tokens.read(id_token, self._find_key, nonce=secrets["nonce"])
        if failed(reading.checks) is not None:
            return reading
        agreed = Check(CheckName.LIBRARY, passed=self._library_agrees(id_token, settings.client_id))
        return replace(reading, second_opinion=(agreed,))

    def _find_key(self, kid: str) -> FoundKey | None:
        found = self.keys.find(KEYS, kid)
        return FoundKey(found.key, found.issuer) if found is not None else None

    def _library_agrees(self, id_token: str, client_id: str) -> bool:
        try:
            google_id_token.verify_oauth2_token(  # type: ignore[no-untyped-call]
                id_token,
                self.certificates,
                audience=client_id,
                clock_skew_in_seconds=LEEWAY_SECONDS,
            )
        except (ValueError, TypeError, GoogleAuthError):  # a wrong issuer is no ValueError there
            return False
        return True


@dataclass
class _Certificates:
    """Google's library fetches the certificates for every token; this lets it, once an hour."""

    session: requests.Session
    _kept: dict[str, tuple[float, _Answer]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __call__(self, url: str, method: str = "GET", **_options: Any) -> _Answer:
        with self._lock:
            fetched_at, kept = self._kept.get(url, (0.0, None))
        if kept is not None and time.monotonic() - fetched_at < KEPT_SECONDS:
            return kept
        response = self.session.get(url)
        if response.status_code != requests.codes.ok:
            raise ProviderDown(f"certificates: status {response.status_code}")
        answer = _Answer(response.status_code, response.headers, response.content)
        with self._lock:
            self._kept = {url: (time.monotonic(), answer)}
        return answer

    def forget(self) -> None:
        with self._lock:
            self._kept = {}


@dataclass(frozen=True)
class _Answer:
    """What Google's library wants of an answer."""

    status: int
    headers: Mapping[str, str]
    data: bytes
