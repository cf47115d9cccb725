"""The master keys of one installation: they wrap company keys, and every other secret is derived from them."""

import base64
import binascii
import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.integrations.keys.company import DATA_KEY_BYTES, SealBroken
from portal.integrations.keys.key_file import KeyFile, KeysUnsafe, read, read_or_create, replace

MASTER_KEY_BYTES = 32
#: What stands beside a company key that it closed.
NAME = "master"
_NONCE_BYTES = 12
_FORMAT = 1


@dataclass(frozen=True, repr=False)
class MasterKeys:
    """All versions still in use, by number; new work uses `current`, older versions only open what they closed."""

    current: int
    versions: Mapping[int, bytes]

    def __post_init__(self) -> None:
        if self.current not in self.versions:
            raise KeysUnsafe("The current master key is not among the versions.")
        if any(len(key) != MASTER_KEY_BYTES or not 0 < number < 256 for number, key in self.versions.items()):
            raise KeysUnsafe("A master key is 32 bytes long and numbered from 1 to 255.")

    @classmethod
    def load(cls, path: Path, *, create: bool) -> Self:
        """Read the key file. `create` is for demo and development; production stops when the file is missing."""
        first = KeyFile(current="1", entries={"1": _encode(secrets.token_bytes(MASTER_KEY_BYTES))})
        return cls._from_file(read_or_create(path, create=create, first=lambda: first))

    @classmethod
    def rotate(cls, path: Path) -> Self:
        """Add a version and make it current. Company keys are wrapped anew by the caller; the old version stays."""
        stored = read(path)
        number = str(max(cls._from_file(stored).versions) + 1)
        entries = stored.entries | {number: _encode(secrets.token_bytes(MASTER_KEY_BYTES))}
        rotated = cls._from_file(KeyFile(current=number, entries=entries))
        replace(path, KeyFile(current=number, entries=entries))
        return rotated

    @classmethod
    def _from_file(cls, stored: KeyFile) -> Self:
        try:
            versions = {
                int(number): base64.b64decode(key, validate=True) for number, key in stored.entries.items()
            }
            return cls(current=int(stored.current), versions=versions)
        except (ValueError, binascii.Error):
            raise KeysUnsafe("The master key file holds something that is not a key.") from None

    def derive(self, purpose: str) -> bytes:
        """32 bytes for one purpose ("cookie", "otp", ...); knowing one tells nothing about another."""
        return _derive(self.versions[self.current], purpose)

    def derive_all(self, purpose: str) -> list[bytes]:
        """The current key first, then older ones: what a reader may still accept after a rotation."""
        older = sorted((number for number in self.versions if number != self.current), reverse=True)
        return [_derive(self.versions[number], purpose) for number in (self.current, *older)]

    def blind_index(self, value: str | bytes, purpose: str) -> bytes:
        """A keyed hash for values that must be found or counted across companies, such as a rate-limited phone."""
        return hmac.digest(self.derive(purpose), _as_bytes(value), "sha256")

    def matches(self, value: str | bytes, purpose: str, expected: bytes) -> bool:
        """Whether `expected` is the keyed hash of `value` under any version; tries them all, in constant time."""
        found = False
        for key in self.derive_all(purpose):
            found |= hmac.compare_digest(hmac.digest(key, _as_bytes(value), "sha256"), expected)
        return found

    def wrap(self, data_key: bytes, company_id: UUID, version: int = 1) -> bytes:
        """Close a company's data key (of that version) so that it may lie in the database."""
        if len(data_key) != DATA_KEY_BYTES:
            raise ValueError("A data key is 32 bytes long.")
        nonce = secrets.token_bytes(_NONCE_BYTES)
        header = bytes([_FORMAT, self.current])
        cipher = AESGCM(self.versions[self.current])
        return header + nonce + cipher.encrypt(nonce, data_key, _bound_to(header, company_id, version))

    def unwrap(self, wrapped: bytes, company_id: UUID, version: int = 1) -> bytes:
        """Open a company's data key; another company's, another version's or an altered one is `SealBroken`."""
        header, nonce, closed = wrapped[:2], wrapped[2 : 2 + _NONCE_BYTES], wrapped[2 + _NONCE_BYTES :]
        key = self.versions.get(header[1]) if len(header) == 2 and header[0] == _FORMAT else None
        if key is None or len(nonce) != _NONCE_BYTES:
            raise SealBroken("company key: unknown format or master key version")
        try:
            return AESGCM(key).decrypt(nonce, closed, _bound_to(header, company_id, version))
        except InvalidTag:
            raise SealBroken("company key: it does not belong here, or was altered") from None

    def is_current(self, wrapped: bytes) -> bool:
        """Whether this wrapping uses the current master key; if not, wrap it anew."""
        return wrapped[:2] == bytes([_FORMAT, self.current])


def _derive(key: bytes, purpose: str) -> bytes:
    if not purpose:
        raise ValueError("A derived key needs a purpose.")
    info = b"staffroom|" + purpose.encode()
    return HKDF(algorithm=hashes.SHA256(), length=MASTER_KEY_BYTES, salt=None, info=info).derive(key)


def _bound_to(header: bytes, company_id: UUID, version: int) -> bytes:
    return header + f"company-key|{company_id}|{version}".encode()


def _as_bytes(value: str | bytes) -> bytes:
    return value.encode() if isinstance(value, str) else value


def _encode(key: bytes) -> str:
    return base64.b64encode(key).decode()
