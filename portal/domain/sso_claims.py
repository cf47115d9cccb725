"""What the claims of a verified ID token must say, vendor by vendor, and of whom they then speak.

Neither vendor's library checks all of this. Sources: OpenID Connect Core 3.1.3.7; Microsoft, "Secure applications
by validating claims" and "Migrate away from using email claims"; Google, "OpenID Connect", validating an ID token.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Set
from hmac import compare_digest
from typing import Any, TypeGuard

from portal.domain.sso import Asserted, Check, CheckName
from portal.domain.sso_settings import PERSONAL_TENANT

Claims = Mapping[str, Any]
LEEWAY_SECONDS = 60
#: The trip's ten minutes; a token is made at its very end.
OLDEST_SECONDS = 600
GOOGLE_ISSUERS = frozenset({"https://accounts.google.com", "accounts.google.com"})
_GUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_LONGEST_SHOWN = 200
#: What an admin's test page may show of a token: who, for whom, from whom, until when.
_SHOWN = (
    "iss sub aud azp tid oid ver hd email email_verified xms_edov preferred_username name given_name family_name"
    " acct idp groups roles iat nbf exp"
).split()


def microsoft_issuer(tenant_id: str) -> str:
    return f"https://login.microsoftonline.com/{tenant_id}/v2.0"


def google_checks(
    claims: Claims, *, client_id: str, nonce: str, domains: Set[str], now: int
) -> tuple[Check, ...]:
    """An account of the company's own Workspace: `hd` is the proof, the part after the @ is none (T6)."""
    hosted = claims.get("hd")
    return (
        *_common(claims, issuers=GOOGLE_ISSUERS, client_id=client_id, nonce=nonce, now=now),
        Check(
            CheckName.DOMAIN_HOSTED,
            passed=isinstance(hosted, str) and hosted in domains,
            seen=_text(hosted),
            wanted=", ".join(sorted(domains)),
        ),
        Check(
            CheckName.ADDRESS_VERIFIED,
            passed=claims.get("email_verified") is True,
            seen=_text(claims.get("email")),
        ),
    )


def microsoft_checks(
    claims: Claims, *, client_id: str, tenant_id: str, nonce: str, now: int
) -> tuple[Check, ...]:
    """An account of the company's own tenant: `tid` must be it, and the issuer the one of that very tenant."""
    tenant, oid = claims.get("tid"), claims.get("oid")
    issuers = frozenset({microsoft_issuer(tenant_id)})
    return (
        *_common(claims, issuers=issuers, client_id=client_id, nonce=nonce, now=now),
        Check(
            CheckName.TENANT,
            passed=tenant == tenant_id and tenant != PERSONAL_TENANT,
            seen=_text(tenant),
            wanted=tenant_id,
        ),
        Check(
            CheckName.VERSION, passed=claims.get("ver") == "2.0", seen=_text(claims.get("ver")), wanted="2.0"
        ),
        Check(CheckName.OBJECT, passed=isinstance(oid, str) and bool(_GUID.fullmatch(oid)), seen=_text(oid)),
    )


def google_asserted(claims: Claims) -> Asserted:
    """Google keeps `sub` for ever and never gives it twice."""
    return Asserted(
        subject=_text(claims.get("sub")),
        email=_text(claims.get("email")).strip().lower(),
        address_trusted=claims.get("email_verified") is True and isinstance(claims.get("hd"), str),
        first_name=_text(claims.get("given_name")).strip(),
        last_name=_text(claims.get("family_name")).strip(),
    )


def microsoft_asserted(claims: Claims) -> Asserted:
    """`oid` within `tid` is the person. A guest has a home elsewhere, and an address that nobody here has checked."""
    tenant = _text(claims.get("tid"))
    home = claims.get("idp")
    guest = claims.get("acct") in (1, "1") or (home is not None and home != microsoft_issuer(tenant))
    address = claims.get("email") or claims.get("preferred_username")
    unowned = claims.get("xms_edov") in (False, 0, "0", "false")
    groups = [one for name in ("groups", "roles") for one in _texts(claims.get(name))]
    return Asserted(
        subject=f"{tenant}:{_text(claims.get('oid'))}",
        email=_text(address).strip().lower(),
        address_trusted=not guest and not unowned and "@" in _text(address),
        first_name=_text(claims.get("given_name")).strip(),
        last_name=_text(claims.get("family_name")).strip(),
        guest=guest,
        groups=frozenset(groups),
    )


def shown(claims: Claims) -> dict[str, str]:
    """The claims that an admin may look at in a test, cut to a readable length."""
    return {name: _text(claims[name])[:_LONGEST_SHOWN] for name in _SHOWN if name in claims}


def _common(claims: Claims, *, issuers: Set[str], client_id: str, nonce: str, now: int) -> tuple[Check, ...]:
    issuer, audience, party = claims.get("iss"), claims.get("aud"), claims.get("azp")
    given = claims.get("nonce")
    return (
        Check(
            CheckName.ISSUER,
            passed=isinstance(issuer, str) and issuer in issuers,
            seen=_text(issuer),
            wanted=" / ".join(sorted(issuers, key=len, reverse=True)),
        ),
        # A list, even one with our name in it, is for others too.
        Check(CheckName.AUDIENCE, passed=audience == client_id, seen=_text(audience), wanted=client_id),
        Check(
            CheckName.AUTHORIZED_PARTY,
            passed=party is None or party == client_id,
            seen=_text(party),
            wanted=client_id,
        ),
        Check(
            CheckName.NONCE, passed=isinstance(given, str) and compare_digest(given.encode(), nonce.encode())
        ),
        *_times(claims, now),
        Check(CheckName.SUBJECT, passed=isinstance(claims.get("sub"), str) and bool(claims["sub"].strip())),
    )


def _times(claims: Claims, now: int) -> tuple[Check, ...]:
    """Whole numbers only: text or a fraction would mean another thing to another reader (T12)."""
    expires, issued, begins = claims.get("exp"), claims.get("iat"), claims.get("nbf")
    fresh = now - OLDEST_SECONDS - LEEWAY_SECONDS
    return (
        Check(
            CheckName.EXPIRY,
            passed=_whole(expires) and expires > now - LEEWAY_SECONDS,
            seen=_text(expires),
            wanted=f"> {now}",
        ),
        Check(
            CheckName.ISSUED,
            passed=_whole(issued) and fresh <= issued <= now + LEEWAY_SECONDS,
            seen=_text(issued),
            wanted=f"≈ {now}",
        ),
        Check(
            CheckName.NOT_BEFORE,
            passed=begins is None or (_whole(begins) and begins <= now + LEEWAY_SECONDS),
            seen=_text(begins),
            wanted=f"≤ {now}",
        ),
    )


def _whole(value: Any) -> TypeGuard[int]:
    return type(value) is int


def _text(value: Any) -> str:
    if value is None:
        return ""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
