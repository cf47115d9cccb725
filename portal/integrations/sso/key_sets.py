"""The public keys of a provider, fetched from where they have always been and kept for an hour.

A token names its key; where keys come from is never read from a token. When the keys cannot be had and none are
fresh, nothing is accepted: there is no other way to tell a token from a forgery.
"""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
import requests

from portal.integrations.sso.drivers import ProviderDown

KEPT_SECONDS = 3600
#: A token with an unknown key makes us look again, but no stranger makes us look all the time.
LOOK_AGAIN_SECONDS = 60
MOST_SETS = 256
MOST_KEYS = 100
SMALLEST_KEY_BITS = 2048


@dataclass(frozen=True)
class PublicKey:
    """A verified-to-be-RSA key; `issuer` is what the set says the key is for, where it says so."""

    key: jwt.PyJWK
    issuer: str | None


@dataclass
class _Kept:
    keys: Mapping[str, PublicKey]
    fetched_at: float


@dataclass
class KeySets:
    """Key sets by their address, the least used one forgotten first."""

    session: requests.Session
    clock: Callable[[], float] = time.monotonic
    _kept: OrderedDict[str, _Kept] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def find(self, url: str, kid: str) -> PublicKey | None:
        """The key of this name, looked up again when it is not among the kept ones; raises ProviderDown."""
        kept = self._fresh(url)
        if kept is None:
            kept = self._fetch(url)
        if kid not in kept.keys and self.clock() - kept.fetched_at > LOOK_AGAIN_SECONDS:
            kept = self._fetch(url)
        return kept.keys.get(kid)

    def forget(self) -> None:
        """Drops everything, so that the next token makes us look."""
        with self._lock:
            self._kept.clear()

    def _fresh(self, url: str) -> _Kept | None:
        with self._lock:
            kept = self._kept.get(url)
            if kept is None or self.clock() - kept.fetched_at > KEPT_SECONDS:
                return None
            self._kept.move_to_end(url)
            return kept

    def _fetch(self, url: str) -> _Kept:
        answer = self.session.get(url, headers={"Accept": "application/json"})
        if answer.status_code != requests.codes.ok:
            raise ProviderDown(f"keys: status {answer.status_code}")
        kept = _Kept(_read(answer), self.clock())
        with self._lock:
            self._kept[url] = kept
            self._kept.move_to_end(url)
            while len(self._kept) > MOST_SETS:
                self._kept.popitem(last=False)
        return kept


def _read(answer: requests.Response) -> dict[str, PublicKey]:
    """Every usable key; one that is for something else, too short or of another kind is passed over."""
    try:
        listed = answer.json()["keys"]
    except (ValueError, KeyError, TypeError):
        raise ProviderDown("keys: unreadable") from None
    if not isinstance(listed, list) or len(listed) > MOST_KEYS:
        raise ProviderDown("keys: unreadable")
    found = {}
    for one in listed:
        if isinstance(one, dict) and _is_for_signing(one):
            key = _rsa(one)
            if key is not None:
                issuer = one.get("issuer")
                found[one["kid"]] = PublicKey(key, issuer if isinstance(issuer, str) else None)
    return found


def _is_for_signing(one: dict[str, Any]) -> bool:
    return (
        one.get("kty") == "RSA"
        and isinstance(one.get("kid"), str)
        and one.get("use", "sig") == "sig"
        and one.get("alg", "RS256") == "RS256"
        and "d" not in one
    )


def _rsa(one: dict[str, Any]) -> jwt.PyJWK | None:
    try:
        key = jwt.PyJWK.from_dict(one, algorithm="RS256")
    except (jwt.PyJWTError, ValueError, TypeError):
        return None
    return key if key.key.key_size >= SMALLEST_KEY_BITS else None
