"""Ed25519 signatures of this installation: under archives, certificates of erasure and licence files.

The key is derived from the master key, so there is no further file to keep. After a rotation older signatures are
still known as one's own.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from portal.integrations.keys import MasterKeys

_PURPOSE = "signatures"
_KEY_BYTES = 32


@dataclass(frozen=True, repr=False)
class Signer:
    """Signs with the newest key."""

    private: Ed25519PrivateKey
    #: The public halves, as base64, of the newest key and of older ones.
    own: tuple[str, ...]

    @classmethod
    def of(cls, keys: MasterKeys) -> Signer:
        privates = [Ed25519PrivateKey.from_private_bytes(seed) for seed in keys.derive_all(_PURPOSE)]
        return cls(privates[0], tuple(_text(one.public_key()) for one in privates))

    @property
    def public(self) -> str:
        """What others compare signatures with."""
        return self.own[0]

    def sign(self, content: bytes) -> str:
        return base64.b64encode(self.private.sign(content)).decode()


def verifies(public: str, content: bytes, signature: str) -> bool:
    """Did the owner of this public key sign exactly that? Text that is no key signs nothing."""
    try:
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public, validate=True))
        key.verify(base64.b64decode(signature, validate=True), content)
    except (InvalidSignature, ValueError, binascii.Error):
        return False
    return True


def key_id(public: str) -> str:
    """A short name for a public key; the newest one's is also the name of the installation."""
    digest = hashlib.sha256(base64.b64decode(public)).hexdigest()
    return "-".join(digest[at : at + 4] for at in range(0, 20, 4))


def is_public_key(text: str) -> bool:
    """Is it the base64 of an Ed25519 key?"""
    try:
        return len(base64.b64decode(text, validate=True)) == _KEY_BYTES
    except (ValueError, binascii.Error):
        return False


def _text(key: Ed25519PublicKey) -> str:
    return base64.b64encode(key.public_bytes_raw()).decode()
