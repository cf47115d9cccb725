"""Takes a raw ID token apart: is it one, is it signed as it must be, by a key of the provider's own set?

What the claims must say is a rule, in domain/sso_claims.py. Neither vendor's library is trusted with this alone:
one of them checks neither signature nor claims.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import jwt
from jwt.types import Options

from portal.domain.sso import Check, CheckName, failed

ALGORITHM = "RS256"
_LONGEST = 16 * 1024
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]*")
_SIGNATURE_ONLY: Options = {
    "verify_signature": True,
    "verify_aud": False,
    "verify_exp": False,
    "verify_iat": False,
    "verify_iss": False,
    "verify_jti": False,
    "verify_nbf": False,
    "verify_sub": False,
}

_NOTHING: Options = {**_SIGNATURE_ONLY, "verify_signature": False}


@dataclass(frozen=True)
class Reading:
    """The checks of form and signature, the claims whatever they are worth, and the nonce they must carry."""

    checks: tuple[Check, ...]
    claims: Mapping[str, Any] = field(default_factory=dict)
    nonce: str = ""
    #: What the vendor's own library says; asked last, so that our own checks name what is wrong.
    second_opinion: tuple[Check, ...] = ()


#: Finds the key of this name in the provider's own set, and says whether it may speak for the token's issuer.
FindKey = Callable[[str], "FoundKey | None"]


@dataclass(frozen=True)
class FoundKey:
    """A key, and the issuer it is for, where the provider's set says so."""

    key: jwt.PyJWK
    issuer: str | None = None


def read(id_token: str, find_key: FindKey, *, nonce: str) -> Reading:
    """Everything that can be said of the token without knowing what it should say."""
    header = _header(id_token)
    claims = _claims(id_token)
    if header is None or claims is None:
        return Reading((Check(CheckName.READABLE, passed=False),), nonce=nonce)
    checks = [Check(CheckName.READABLE, passed=True), _algorithm(header)]
    if failed(checks) is None:
        checks += _signed(id_token, header, claims, find_key)
    return Reading(tuple(checks), claims, nonce)


def _header(id_token: str) -> dict[str, Any] | None:
    if len(id_token) > _LONGEST or not _COMPACT.fullmatch(id_token):
        return None
    try:
        header = jwt.get_unverified_header(id_token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return None
    # A header that must be understood, or that makes the payload something else, is not for us.
    return None if {"crit", "b64", "zip"} & set(header) else header


def _claims(id_token: str) -> dict[str, Any] | None:
    """As they stand there, for an admin to look at; worth nothing until the signature has been checked."""
    try:
        claims = jwt.decode(id_token, options=_NOTHING)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        return None
    return claims


def _algorithm(header: Mapping[str, Any]) -> Check:
    found = header.get("alg")
    return Check(CheckName.ALGORITHM, passed=found == ALGORITHM, seen=str(found), wanted=ALGORITHM)


def _signed(
    id_token: str, header: Mapping[str, Any], claims: Mapping[str, Any], find_key: FindKey
) -> list[Check]:
    kid = header.get("kid")
    found = find_key(kid) if isinstance(kid, str) and kid else None
    speaks_for = found is not None and (found.issuer is None or found.issuer == claims.get("iss"))
    key_check = Check(CheckName.KEY, passed=speaks_for, seen=str(kid)[:100])
    if found is None or not speaks_for:
        return [key_check]
    try:
        jwt.decode(id_token, found.key, algorithms=[ALGORITHM], options=_SIGNATURE_ONLY)
    except (jwt.PyJWTError, ValueError, TypeError):
        return [key_check, Check(CheckName.SIGNATURE, passed=False)]
    return [key_check, Check(CheckName.SIGNATURE, passed=True)]
