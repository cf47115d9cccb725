"""A company's own data keys: they seal files and the sensitive columns of its rows, each bound to its place.

Destroying a company's wrapped keys makes everything sealed here unreadable, in every backup too.
"""

import hmac
import re
import secrets
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

DATA_KEY_BYTES = 32
_FORMAT = 1
# Format byte, key version, random nonce. 96 random bits are safe for 2**32 values under one key (NIST SP 800-38D 8.3).
_HEADER = struct.Struct(">BH12s")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


class SealBroken(Exception):
    """A sealed value was altered, moved to another place, or closed with a key that is not at hand."""


@dataclass(frozen=True, repr=False)
class CompanyKeys:
    """The data keys of one company by version; the highest seals, all of them open."""

    data_keys: Mapping[int, bytes]

    def __post_init__(self) -> None:
        if not self.data_keys:
            raise ValueError("A company needs at least one data key.")
        if any(
            len(key) != DATA_KEY_BYTES or not 0 < number < 65536 for number, key in self.data_keys.items()
        ):
            raise ValueError("A data key is 32 bytes long and numbered from 1 to 65535.")

    @classmethod
    def generate(cls) -> Self:
        return cls({1: secrets.token_bytes(DATA_KEY_BYTES)})

    @property
    def current(self) -> int:
        return max(self.data_keys)

    def seal(
        self, plaintext: bytes | str, *, table: str, column: str, row_id: UUID, company_id: UUID
    ) -> bytes:
        """Close a value so that it opens only at this column of this row of this company."""
        nonce = secrets.token_bytes(12)
        header = _HEADER.pack(_FORMAT, self.current, nonce)
        place = _place(header, table=table, column=column, row_id=row_id, company_id=company_id)
        content = plaintext.encode() if isinstance(plaintext, str) else plaintext
        return header + AESGCM(self.data_keys[self.current]).encrypt(nonce, content, place)

    def open(self, sealed: bytes, *, table: str, column: str, row_id: UUID, company_id: UUID) -> bytes:
        """The value as it was sealed, or `SealBroken`; there is no partial answer."""
        key, nonce = self._key_for(sealed)
        header, closed = sealed[: _HEADER.size], sealed[_HEADER.size :]
        place = _place(header, table=table, column=column, row_id=row_id, company_id=company_id)
        try:
            return AESGCM(key).decrypt(nonce, closed, place)
        except InvalidTag:
            raise SealBroken(f"{table}.{column}: it does not belong here, or was altered") from None

    def open_text(self, sealed: bytes, *, table: str, column: str, row_id: UUID, company_id: UUID) -> str:
        return self.open(sealed, table=table, column=column, row_id=row_id, company_id=company_id).decode()

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key closed it; if not, the re-encryption job seals it anew."""
        return len(sealed) >= _HEADER.size and _HEADER.unpack_from(sealed)[:2] == (_FORMAT, self.current)

    def blind_index(self, value: str | bytes, purpose: str) -> bytes:
        """A keyed hash by which an exact value is found without storing it; differs from company to company.

        It uses the oldest data key, so that rotation does not change it; when that key goes, index anew.
        """
        info = b"staffroom|blind-index|" + purpose.encode()
        oldest = self.data_keys[min(self.data_keys)]
        key = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=info).derive(oldest)
        return hmac.digest(key, value.encode() if isinstance(value, str) else value, "sha256")

    def _key_for(self, sealed: bytes) -> tuple[bytes, bytes]:
        if len(sealed) < _HEADER.size:
            raise SealBroken("too short to be a sealed value")
        form, version, nonce = _HEADER.unpack_from(sealed)
        if form != _FORMAT or version not in self.data_keys:
            raise SealBroken("unknown format or key version")
        return self.data_keys[version], nonce


def _place(header: bytes, *, table: str, column: str, row_id: UUID, company_id: UUID) -> bytes:
    """What the value is bound to. Names may hold no separator, so two places never read the same."""
    for name in (table, column):
        if not _NAME.fullmatch(name):
            raise ValueError(f"not a table or column name: {name!r}")
    return header + f"{table}|{column}|{company_id}|{row_id}".encode()
