"""A passkey in software, for tests that answer challenges as a browser would, or as no browser should."""

from __future__ import annotations

import hashlib
import json
import secrets

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from webauthn.helpers import base64url_to_bytes, bytes_to_base64url, encode_cbor

ORIGIN = "http://localhost"


class SoftKey:
    """One credential. `counter` goes up with each signature, as in a security key."""

    def __init__(self, *, site: str = "localhost") -> None:
        self.private = ec.generate_private_key(ec.SECP256R1())
        self.id = secrets.token_bytes(32)
        self.site, self.counter = site, 0

    def register(self, options: dict, *, origin: str = ORIGIN, **changes) -> str:
        """The answer to a challenge that asks for a new passkey."""
        client = _client_data("webauthn.create", options, origin)
        credential = len(self.id).to_bytes(2, "big") + self.id + self._public()
        data = self._authenticator_data(flags=0x45) + bytes(16) + credential
        attestation = encode_cbor({"fmt": "none", "attStmt": {}, "authData": data})
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "attestationObject": bytes_to_base64url(attestation),
                "transports": ["usb", "made-up"],
            },
            **changes,
        )

    def sign(self, options: dict, *, origin: str = ORIGIN, **changes) -> str:
        """The answer to a challenge that asks for a proof."""
        client = _client_data("webauthn.get", options, origin)
        data = self._authenticator_data(flags=0x05)
        signed = self.private.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        return self._answer(
            {
                "clientDataJSON": bytes_to_base64url(client),
                "authenticatorData": bytes_to_base64url(data),
                "signature": bytes_to_base64url(signed),
                "userHandle": None,
            },
            **changes,
        )

    def _answer(self, response: dict, **changes) -> str:
        name = bytes_to_base64url(self.id)
        answer = {"id": name, "rawId": name, "type": "public-key", "clientExtensionResults": {}}
        return json.dumps({**answer, "response": response, **changes})

    def _authenticator_data(self, *, flags: int) -> bytes:
        self.counter += 1
        return hashlib.sha256(self.site.encode()).digest() + bytes([flags]) + self.counter.to_bytes(4, "big")

    def _public(self) -> bytes:
        numbers = self.private.public_key().public_numbers()
        return encode_cbor(
            {1: 2, 3: -7, -1: 1, -2: numbers.x.to_bytes(32, "big"), -3: numbers.y.to_bytes(32, "big")}
        )


def _client_data(kind: str, options: dict, origin: str) -> bytes:
    challenge = bytes_to_base64url(base64url_to_bytes(options["challenge"]))
    return json.dumps({"type": kind, "challenge": challenge, "origin": origin, "crossOrigin": False}).encode()
