"""The key of the backups: parts are sealed with it in the age format, and what describes them is signed.

The file holds an age identity, so that anybody who has it opens a backup with the program `age` alone.
"""

from __future__ import annotations

import hashlib
import hmac
import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Self

import pyrage
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from portal.integrations.keys import KeysMissing, KeysUnsafe

_SECRET = "AGE-SECRET-KEY-1"  # noqa: S105
_HEADER = (
    "# The key of Staffroom's backups. Keep a copy apart from the backups and apart from this machine.\n"
)


class WrongKey(Exception):
    """The key at hand did not seal this, or somebody altered it."""


@dataclass(frozen=True)
class BackupKey:
    """Seals, opens and signs."""

    _identity: pyrage.x25519.Identity = field(repr=False)

    @classmethod
    def create(cls, path: Path) -> Self:
        """Writes a new key; one that is there is left alone."""
        identity = pyrage.x25519.Identity.generate()
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return cls.load(path)
        with os.fdopen(descriptor, "w") as file:
            file.write(f"{_HEADER}# public key: {identity.to_public()}\n{identity}\n")
            file.flush()
            os.fsync(file.fileno())
        return cls(identity)

    @classmethod
    def load(cls, path: Path) -> Self:
        if not path.exists():
            raise KeysMissing(f"{path} is missing. Make one with `flask backup make-key`, or put yours back.")
        mode = stat.S_IMODE(path.stat().st_mode)
        if mode & 0o077:
            raise KeysUnsafe(f"{path} has mode {mode:o}: others can read it. Run: chmod 600 {path}")
        secrets = [line.strip() for line in path.read_text().splitlines() if line.startswith(_SECRET)]
        if len(secrets) != 1:
            raise KeysUnsafe(f"{path} is not the key of backups: it holds {len(secrets)} secrets, not one.")
        try:
            return cls(pyrage.x25519.Identity.from_str(secrets[0]))
        except pyrage.IdentityError:
            raise KeysUnsafe(f"{path} is damaged: its secret is not an age key.") from None

    @property
    def fingerprint(self) -> str:
        """Tells keys apart without telling them."""
        return hashlib.sha256(str(self._identity.to_public()).encode()).hexdigest()[:16]

    def seal(self, plain: IO[bytes], sealed: IO[bytes]) -> None:
        """Streams; nothing of the plain text touches a disk."""
        pyrage.encrypt_io(plain, sealed, [self._identity.to_public()])

    def open(self, sealed: IO[bytes], plain: IO[bytes]) -> None:
        """Streams; raises `WrongKey` when it was not sealed with this key, cut off or changed by a bit.

        What was written to `plain` until then is genuine, but not all: the caller throws it away.
        """
        try:
            pyrage.decrypt_io(sealed, plain, [self._identity])
        except pyrage.DecryptError as refused:
            raise WrongKey(str(refused)) from None

    def sign(self, content: bytes) -> str:
        return hmac.new(self._signing_key(), content, "sha256").hexdigest()

    def signed(self, content: bytes, signature: str) -> bool:
        return hmac.compare_digest(self.sign(content).encode(), signature.encode())

    def _signing_key(self) -> bytes:
        derived = HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=b"staffroom|backup-manifest")
        return derived.derive(str(self._identity).encode())
