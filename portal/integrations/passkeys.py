"""WebAuthn through py_webauthn: what a browser is asked, and whether its answer is genuine.

It keeps nothing: challenges and keys belong to services/passkeys.py. Attestation is not asked for: which make of
key somebody uses is none of our business.
"""

from __future__ import annotations

import json
import secrets
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import webauthn
from cryptography.exceptions import UnsupportedAlgorithm
from webauthn.helpers import base64url_to_bytes
from webauthn.helpers.exceptions import WebAuthnException
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    AuthenticatorTransport,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

CHALLENGE_BYTES = 32
#: Far above the answer of any authenticator without attestation.
LONGEST_ANSWER = 20_000
_TRANSPORTS = {one.value for one in AuthenticatorTransport}
#: What the library and its parsers raise over an answer that no browser would give.
_BROKEN = (
    WebAuthnException,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    UnsupportedAlgorithm,
    struct.error,
)


class PasskeyRefused(Exception):
    """The answer is not a good one for this challenge, site and key."""


@dataclass(frozen=True)
class KnownKey:
    """A passkey as it was registered."""

    credential_id: bytes
    transports: Sequence[str]


@dataclass(frozen=True)
class NewKey:
    """A passkey that was just made."""

    credential_id: bytes
    public_key: bytes
    sign_count: int
    transports: list[str]


def new_challenge() -> bytes:
    return secrets.token_bytes(CHALLENGE_BYTES)


def registration_options(
    url: str,
    challenge: bytes,
    *,
    handle: bytes,
    email: str,
    name: str,
    known: Sequence[KnownKey],
    tells_whose: bool = False,
) -> str:
    """What the browser needs to make a passkey, as JSON. `handle` names the person without telling who it is.

    `tells_whose`: it must be found by the site alone, so that nobody has to be named before it is asked for.
    """
    resident = ResidentKeyRequirement.REQUIRED if tells_whose else ResidentKeyRequirement.PREFERRED
    options = webauthn.generate_registration_options(
        rp_id=_site(url),
        rp_name="Staffroom",
        user_id=handle,
        user_name=email,
        user_display_name=name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=resident,
            user_verification=UserVerificationRequirement.PREFERRED,
        ),
        exclude_credentials=[_descriptor(one) for one in known],
    )
    return webauthn.options_to_json(options)


def proof_options(url: str, challenge: bytes, *, known: Sequence[KnownKey]) -> str:
    """What the browser needs to sign with one of the person's passkeys, as JSON."""
    options = webauthn.generate_authentication_options(
        rp_id=_site(url),
        challenge=challenge,
        allow_credentials=[_descriptor(one) for one in known],
        user_verification=UserVerificationRequirement.PREFERRED,
    )
    return webauthn.options_to_json(options)


def verify_registration(url: str, challenge: bytes, answer: str) -> NewKey:
    """The new passkey, or PasskeyRefused."""
    sent = _parsed(answer)
    try:
        verified = webauthn.verify_registration_response(
            credential=sent,
            expected_challenge=challenge,
            expected_rp_id=_site(url),
            expected_origin=_origin(url),
        )
    except _BROKEN as broken:
        raise PasskeyRefused from broken
    inner = sent.get("response")
    said = inner.get("transports") if isinstance(inner, dict) else None
    transports = [one for one in said if one in _TRANSPORTS] if isinstance(said, list) else []
    return NewKey(verified.credential_id, verified.credential_public_key, verified.sign_count, transports)


def credential_of(answer: str) -> bytes:
    """Which passkey the answer claims to be from."""
    claimed = _parsed(answer).get("id")
    try:
        return base64url_to_bytes(claimed if isinstance(claimed, str) else "")
    except ValueError as broken:
        raise PasskeyRefused from broken


def verify_proof(url: str, challenge: bytes, answer: str, *, public_key: bytes, sign_count: int) -> int:
    """How often the key has signed by now, or PasskeyRefused; one that counts backwards was copied."""
    try:
        verified = webauthn.verify_authentication_response(
            credential=_parsed(answer),
            expected_challenge=challenge,
            expected_rp_id=_site(url),
            expected_origin=_origin(url),
            credential_public_key=public_key,
            credential_current_sign_count=sign_count,
        )
    except _BROKEN as broken:
        raise PasskeyRefused from broken
    return verified.new_sign_count


def _parsed(answer: str) -> dict[str, Any]:
    if len(answer) > LONGEST_ANSWER:
        raise PasskeyRefused
    try:
        sent = json.loads(answer)
    except (ValueError, RecursionError) as broken:
        raise PasskeyRefused from broken
    if not isinstance(sent, dict):
        raise PasskeyRefused
    return sent


def _descriptor(known: KnownKey) -> PublicKeyCredentialDescriptor:
    transports = [AuthenticatorTransport(one) for one in known.transports if one in _TRANSPORTS]
    return PublicKeyCredentialDescriptor(id=known.credential_id, transports=transports or None)


def _site(url: str) -> str:
    return urlsplit(url).hostname or ""


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
