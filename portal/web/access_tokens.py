"""Mints and checks the access token: a signed statement, good for one minute, of who is signed in where.

It reads no cookie and no database; which session a token belongs to is checked by the session loader.
"""

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import jwt

from portal.integrations.keys import SigningKeys

LIFETIME_SECONDS = 60
LEEWAY_SECONDS = 5
AUDIENCE = "staffroom-web"
_TYPE = "at+jwt"
_ALGORITHM = "ES256"
# Exactly what `mint` writes. Anything more (jwk, jku, x5u, crit, zip, nbf, roles) was not written here.
_HEADER_NAMES = {"alg", "kid", "typ"}
_CLAIM_NAMES = {"iss", "aud", "sub", "cid", "sid", "jti", "iat", "exp"}
_LONGEST = 1024
# Python's decoder skips characters outside the alphabet; two spellings of one token would both be good.
_COMPACT = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")


class AccessRefused(Exception):
    """The token is no good. `expired` is true only for a token of ours that is too old and otherwise right."""

    def __init__(self, *, expired: bool = False) -> None:
        super().__init__("access token expired" if expired else "access token refused")
        self.expired = expired


@dataclass(frozen=True)
class Access:
    """What a good token says: the identity (`sub`), its company, its session, and until when."""

    identity_id: UUID
    company_id: UUID
    session_id: UUID
    token_id: UUID
    issued_at: int
    expires_at: int


@dataclass(frozen=True)
class AccessTokens:
    """The mint of one installation. `issuer` is the portal's own address, so that two installations never mix."""

    keys: SigningKeys
    issuer: str
    audience: str = AUDIENCE

    def mint(self, *, identity_id: UUID, company_id: UUID, session_id: UUID, now: datetime) -> str:
        issued_at = int(now.timestamp())
        claims = {
            "iss": self.issuer,
            "aud": self.audience,
            "sub": str(identity_id),
            "cid": str(company_id),
            "sid": str(session_id),
            "jti": str(uuid4()),
            "iat": issued_at,
            "exp": issued_at + LIFETIME_SECONDS,
        }
        key = self.keys.current
        return jwt.encode(claims, key.private, algorithm=_ALGORITHM, headers={"typ": _TYPE, "kid": key.kid})

    def verify(self, token: str, *, now: datetime) -> Access:
        """What the token says, or `AccessRefused`. The age is judged last: only a genuine token can be expired."""
        claims = self._genuine_claims(token)
        access = _read(claims)
        seconds = now.timestamp()
        if access.issued_at > seconds + LEEWAY_SECONDS:
            raise AccessRefused
        if access.expires_at <= seconds - LEEWAY_SECONDS:
            raise AccessRefused(expired=True)
        return access

    def _genuine_claims(self, token: str) -> dict[str, Any]:
        """The claims of a token that one of our own keys signed for this issuer and audience."""
        if len(token) > _LONGEST or not _COMPACT.fullmatch(token):
            raise AccessRefused
        try:
            header = jwt.get_unverified_header(token)
            if set(header) != _HEADER_NAMES or header["typ"] != _TYPE:
                raise AccessRefused
            claims = jwt.decode(
                token,
                self.keys.public_by_kid[header["kid"]],
                algorithms=[_ALGORITHM],
                issuer=self.issuer,
                audience=self.audience,
                # PyJWT would compare times with the machine's clock and take "60" or 1.5 for a number:
                # `_read` and `verify` do both, against the clock they are given.
                options={
                    "require": sorted(_CLAIM_NAMES),
                    "strict_aud": True,
                    "verify_exp": False,
                    "verify_iat": False,
                    "verify_nbf": False,
                },
            )
        except (jwt.PyJWTError, KeyError, ValueError, TypeError, RecursionError):
            raise AccessRefused from None
        if set(claims) != _CLAIM_NAMES:
            raise AccessRefused
        return claims


def _read(claims: dict[str, Any]) -> Access:
    issued_at, expires_at = claims["iat"], claims["exp"]
    # `type() is int` and not isinstance: True is an int to Python, and so would 1.0 == 1 be to a comparison.
    if type(issued_at) is not int or type(expires_at) is not int:
        raise AccessRefused
    if not 0 < expires_at - issued_at <= LIFETIME_SECONDS:
        raise AccessRefused
    return Access(
        identity_id=_uuid(claims["sub"]),
        company_id=_uuid(claims["cid"]),
        session_id=_uuid(claims["sid"]),
        token_id=_uuid(claims["jti"]),
        issued_at=issued_at,
        expires_at=expires_at,
    )


def _uuid(value: object) -> UUID:
    """A UUID in the one spelling that `mint` writes."""
    if not isinstance(value, str):
        raise AccessRefused
    try:
        parsed = UUID(value)
    except ValueError:
        raise AccessRefused from None
    if str(parsed) != value:
        raise AccessRefused
    return parsed
