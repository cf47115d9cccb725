"""Seals the app secrets of the operator's staff, who belong to no company and so have no company's key."""

from __future__ import annotations

import secrets
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.integrations.keys.company import SealBroken
from portal.integrations.keys.master import MasterKeys

_PURPOSE = "operator-staff-app"
_NONCE_BYTES = 12


def seal_app_secret(master: MasterKeys, staff_id: UUID, secret: str) -> bytes:
    """Bound to the one whose app it is."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    return nonce + AESGCM(master.derive(_PURPOSE)).encrypt(nonce, secret.encode(), staff_id.bytes)


def open_app_secret(master: MasterKeys, staff_id: UUID, sealed: bytes) -> str:
    """The secret; another's or an altered one is `SealBroken`. Older master keys open what they sealed."""
    for key in master.derive_all(_PURPOSE):
        try:
            opened = AESGCM(key).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], staff_id.bytes)
        except InvalidTag:
            continue
        return opened.decode()
    raise SealBroken("app secret of the staff: it does not belong here, or was altered")
