"""Closes company keys by AWS KMS, or by anything that speaks like it: what closes them never leaves the service.

What it opened is held in memory for a bounded time, so that a page does not wait for it each time.
"""

from __future__ import annotations

import hashlib
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any
from uuid import UUID

import boto3
from botocore.client import Config
from botocore.exceptions import BotoCoreError, ClientError

from portal.integrations.keys.company import DATA_KEY_BYTES, SealBroken
from portal.integrations.keys.wrapping import KeysUnavailable

NAME = "kms"
#: So many opened keys are held at once; the longest unused one goes first.
MOST_HELD = 1000
#: What the service answers about a key that it would open for nobody: the key is ours to blame, not the moment.
_BROKEN = {"InvalidCiphertextException", "IncorrectKeyException"}
#: Answers that say nothing about the key.
_PASSING = {
    "ThrottlingException",
    "LimitExceededException",
    "KMSInternalException",
    "DependencyTimeoutException",
}


class KeyRefused(Exception):
    """The service is there and will not do its work with this key: a start with it would be a mistake."""


class KmsWrapper:
    """One key of the service. `held_seconds` 0: nothing is held, and each unit of work asks."""

    def __init__(
        self, client: Any, key: str, *, held_seconds: int, tick: Callable[[], float] = time.monotonic
    ) -> None:
        self._client, self._key = client, key
        self._held_seconds, self._tick = held_seconds, tick
        self._held: OrderedDict[bytes, tuple[float, bytes]] = OrderedDict()
        self._lock = threading.Lock()

    def wrap(self, data_key: bytes, company_id: UUID, version: int = 1) -> bytes:
        if len(data_key) != DATA_KEY_BYTES:
            raise ValueError("A data key is 32 bytes long.")
        answer = self._ask("encrypt", Plaintext=data_key, EncryptionContext=_bound_to(company_id, version))
        return bytes(answer["CiphertextBlob"])

    def unwrap(self, wrapped: bytes, company_id: UUID, version: int = 1) -> bytes:
        """The key named in the settings opens it or nothing does: the blob does not choose its key."""
        bound = _bound_to(company_id, version)
        place = hashlib.sha256(repr(sorted(bound.items())).encode() + wrapped).digest()
        held = self._find(place)
        if held is not None:
            return held
        answer = self._ask("decrypt", CiphertextBlob=wrapped, EncryptionContext=bound)
        data_key = bytes(answer["Plaintext"])
        if len(data_key) != DATA_KEY_BYTES:
            raise SealBroken("company key: what the service opened is no key")
        self._keep(place, data_key)
        return data_key

    def try_out(self) -> None:
        """Closes and opens a key of nobody; raises `KeyRefused`, or `KeysUnavailable` when it says nothing."""
        nobody, probe = UUID(int=0), bytes(DATA_KEY_BYTES)
        try:
            answer = self._call("encrypt", Plaintext=probe, EncryptionContext=_bound_to(nobody, 1))
            blob = answer["CiphertextBlob"]
            opened = self._call("decrypt", CiphertextBlob=blob, EncryptionContext=_bound_to(nobody, 1))
        except ClientError as failed:
            if _passes(failed):
                raise KeysUnavailable(_code(failed)) from None
            raise KeyRefused(_code(failed)) from None
        except BotoCoreError as failed:
            raise KeysUnavailable(type(failed).__name__) from None
        if opened["Plaintext"] != probe:
            raise KeyRefused("it does not open what it closed")

    def _ask(self, what: str, **sent: Any) -> Any:
        try:
            return self._call(what, **sent)
        except ClientError as failed:
            if _code(failed) in _BROKEN:
                raise SealBroken("company key: it does not belong here, or was altered") from None
            raise KeysUnavailable(_code(failed)) from None
        except BotoCoreError as failed:
            raise KeysUnavailable(type(failed).__name__) from None

    def _call(self, what: str, **sent: Any) -> Any:
        return getattr(self._client, what)(KeyId=self._key, **sent)

    def _find(self, place: bytes) -> bytes | None:
        with self._lock:
            found = self._held.get(place)
            if found is None:
                return None
            until, data_key = found
            if self._tick() >= until:
                del self._held[place]
                return None
            self._held.move_to_end(place)
            return data_key

    def _keep(self, place: bytes, data_key: bytes) -> None:
        if not self._held_seconds:
            return
        with self._lock:
            now = self._tick()
            for old in [one for one, (until, _) in self._held.items() if until <= now]:
                del self._held[old]
            self._held[place] = now + self._held_seconds, data_key
            while len(self._held) > MOST_HELD:
                self._held.popitem(last=False)


def connect(
    key: str, *, region: str, key_id: str | None, secret: str | None, endpoint: str | None, held_seconds: int
) -> KmsWrapper:
    """Without a credential of its own the machine's role counts, as boto3 finds it."""
    client = boto3.session.Session().client(
        "kms",
        endpoint_url=endpoint,
        region_name=region,
        aws_access_key_id=key_id,
        aws_secret_access_key=secret,
        config=Config(connect_timeout=2, read_timeout=3, retries={"max_attempts": 2, "mode": "standard"}),
    )
    return KmsWrapper(client, key, held_seconds=held_seconds)


def _bound_to(company_id: UUID, version: int) -> dict[str, str]:
    """Bound to the closed key, and in the service's own log: it tells for which company it was asked."""
    return {"staffroom-company": str(company_id), "staffroom-key-version": str(version)}


def _code(failed: ClientError) -> str:
    return str(failed.response.get("Error", {}).get("Code", "unknown"))


def _passes(failed: ClientError) -> bool:
    status = failed.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or _code(failed) in _PASSING
