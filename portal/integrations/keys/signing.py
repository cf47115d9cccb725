"""The EC P-256 keys that sign access tokens. They are disposable: when they are lost, people sign in again."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Self

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec

from portal.integrations.keys.key_file import KeyFile, KeysUnsafe, read, read_or_create, replace


@dataclass(frozen=True, repr=False)
class SigningKey:
    """One private key and the id under which verifiers find its public half."""

    kid: str
    private: ec.EllipticCurvePrivateKey

    @classmethod
    def generate(cls) -> Self:
        return cls(kid=secrets.token_hex(8), private=ec.generate_private_key(ec.SECP256R1()))


@dataclass(frozen=True, repr=False)
class SigningKeys:
    """The key that signs now, and the public halves of all keys whose tokens may still be about."""

    current: SigningKey
    public_by_kid: Mapping[str, ec.EllipticCurvePublicKey]

    @classmethod
    def generate(cls) -> Self:
        """Fresh keys that live in this process only."""
        return cls._of([SigningKey.generate()])

    @classmethod
    def load(cls, path: Path, *, create: bool) -> Self:
        stored = read_or_create(path, create=create, first=lambda: _to_file([SigningKey.generate()]))
        return cls._from_file(stored)

    @classmethod
    def rotate(cls, path: Path) -> Self:
        """Sign with a new key from the next start on; the key before it still verifies, older ones are dropped."""
        stored = read(path)
        keys = [_parse(stored.current, stored.entries[stored.current]), SigningKey.generate()]
        replace(path, _to_file(keys))
        return cls._of(keys)

    @classmethod
    def _from_file(cls, stored: KeyFile) -> Self:
        older = [_parse(kid, pem) for kid, pem in stored.entries.items() if kid != stored.current]
        return cls._of([*older, _parse(stored.current, stored.entries[stored.current])])

    @classmethod
    def _of(cls, keys: list[SigningKey]) -> Self:
        public = {key.kid: key.private.public_key() for key in keys}
        return cls(current=keys[-1], public_by_kid=MappingProxyType(public))


def _parse(kid: str, pem: str) -> SigningKey:
    try:
        private = serialization.load_pem_private_key(pem.encode(), password=None)
    except ValueError:
        raise KeysUnsafe("The signing key file holds something that is not a key.") from None
    if not isinstance(private, ec.EllipticCurvePrivateKey) or not isinstance(private.curve, ec.SECP256R1):
        raise KeysUnsafe("A signing key is not an EC P-256 key.")
    return SigningKey(kid=kid, private=private)


def _to_file(keys: list[SigningKey]) -> KeyFile:
    entries = {key.kid: _to_pem(key.private) for key in keys}
    return KeyFile(current=keys[-1].kid, entries=entries)


def _to_pem(private: ec.EllipticCurvePrivateKey) -> str:
    return private.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    ).decode()
