"""The one-minute access token: what is minted is accepted for a minute, and nothing else ever is."""

import base64
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import jwt
import pytest
from cryptography.hazmat.primitives import hashes, hmac, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from portal.integrations.keys import SigningKey, SigningKeys
from portal.web.access_tokens import AccessRefused, AccessTokens

NOW = datetime(2026, 3, 2, 9, 0, 0, tzinfo=UTC)
AT = int(NOW.timestamp())
EVE, ACME, SESSION, TOKEN = UUID(int=1), UUID(int=2), UUID(int=3), UUID(int=4)
KEYS = SigningKeys.generate()
KID = KEYS.current.kid
TOKENS = AccessTokens(keys=KEYS, issuer="https://staff.example.com")


def after(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


def mint() -> str:
    return TOKENS.mint(identity_id=EVE, company_id=ACME, session_id=SESSION, now=NOW)


def claims(**changed: Any) -> dict[str, Any]:
    """What a good token says; a change to ... leaves that claim out."""
    good = {
        "iss": "https://staff.example.com",
        "aud": "staffroom-web",
        "sub": str(EVE),
        "cid": str(ACME),
        "sid": str(SESSION),
        "jti": str(TOKEN),
        "iat": AT,
        "exp": AT + 60,
    } | changed
    return {name: value for name, value in good.items() if value is not ...}


def segment(content: Any) -> str:
    raw = content if isinstance(content, bytes) else json.dumps(content).encode()
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def signed(payload: Any, header: Any = None, key: SigningKey = KEYS.current) -> str:
    """Signed by hand with ES256, so that nothing in a library can soften a hostile header or claim."""
    header = {"alg": "ES256", "typ": "at+jwt", "kid": KID} if header is None else header
    text = f"{segment(header)}.{segment(payload)}"
    der = key.private.sign(text.encode(), ec.ECDSA(hashes.SHA256()))
    r, s = (int.from_bytes(part, "big") for part in _der_integers(der))
    return f"{text}.{segment(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _der_integers(der: bytes) -> tuple[bytes, bytes]:
    length = der[3]
    return der[4 : 4 + length], der[6 + length :]


def head(**changed: Any) -> dict[str, Any]:
    good = {"alg": "ES256", "typ": "at+jwt", "kid": KID} | changed
    return {name: value for name, value in good.items() if value is not ...}


def public_pem() -> bytes:
    return KEYS.current.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )


def hmac_with_public_key() -> str:
    text = f"{segment(head(alg='HS256'))}.{segment(claims())}"
    mac = hmac.HMAC(public_pem(), hashes.SHA256())
    mac.update(text.encode())
    return f"{text}.{segment(mac.finalize())}"


def by_own_key(**header: Any) -> str:
    """An attacker's token whose header brings the attacker's key along."""
    return signed(claims(), head(**header), key=SigningKey.generate())


def rsa_token() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    return jwt.encode(claims(), key, algorithm="RS256", headers={"typ": "at+jwt", "kid": KID})


def test_it_says_who_where_and_until_when() -> None:
    access = TOKENS.verify(mint(), now=NOW)
    assert (access.identity_id, access.company_id, access.session_id) == (EVE, ACME, SESSION)
    assert (access.issued_at, access.expires_at) == (AT, AT + 60)


def test_it_carries_exactly_what_is_promised() -> None:
    """P6: no role and nothing personal; typ at+jwt, ES256, a kid."""
    token = mint()
    assert jwt.get_unverified_header(token) == {"alg": "ES256", "typ": "at+jwt", "kid": KID}
    said = jwt.decode(token, options={"verify_signature": False})
    assert set(said) == {"iss", "aud", "sub", "cid", "sid", "jti", "iat", "exp"}
    assert said["exp"] - said["iat"] == 60
    assert mint() != token


def test_a_hand_made_good_token_is_accepted() -> None:
    """The hostile cases below differ from this one in one thing each."""
    assert TOKENS.verify(signed(claims()), now=NOW).token_id == TOKEN


@pytest.mark.parametrize("seconds", [-5, 0, 59, 60, 64, 64.9])
def test_it_is_good_for_a_minute_and_five_seconds_of_clock_difference(seconds: float) -> None:
    """T77: at 59 s it is good, and 4 s late as well."""
    TOKENS.verify(mint(), now=after(seconds))


@pytest.mark.parametrize("seconds", [65, 66, 3600, 86400 * 365])
def test_it_expires(seconds: float) -> None:
    """T77: at 66 s it is expired, and says so, that a live session may renew it."""
    with pytest.raises(AccessRefused) as refused:
        TOKENS.verify(mint(), now=after(seconds))
    assert refused.value.expired


def test_it_is_judged_by_the_clock_it_is_given() -> None:
    long_ago = datetime(2001, 1, 1, tzinfo=UTC)
    token = TOKENS.mint(identity_id=EVE, company_id=ACME, session_id=SESSION, now=long_ago)
    TOKENS.verify(token, now=long_ago)


HOSTILE: dict[str, Callable[[], str]] = {
    "T67: alg none, no signature": lambda: f"{segment(head(alg='none'))}.{segment(claims())}.",
    "T67: alg none, a signature": lambda: f"{segment(head(alg='none'))}.{segment(claims())}.AAAA",
    "T67: alg nOnE": lambda: signed(claims(), head(alg="nOnE")),
    "T68: HS256 with our public key": hmac_with_public_key,
    "RS256 with the attacker's key": rsa_token,
    "alg missing": lambda: signed(claims(), head(alg=...)),
    "T69: kid ../../dev/null": lambda: signed(claims(), head(kid="../../dev/null")),
    "T69: SQL in kid": lambda: signed(claims(), head(kid="x' UNION SELECT 'k")),
    "T69: unknown kid": lambda: signed(claims(), head(kid="0000000000000000")),
    "kid missing": lambda: signed(claims(), head(kid=...)),
    "kid a list": lambda: signed(claims(), head(kid=[KID])),
    "kid a dict": lambda: signed(claims(), head(kid={"kid": KID})),
    "kid null": lambda: signed(claims(), head(kid=None)),
    "our kid, another key": by_own_key,
    "T70: no exp": lambda: signed(claims(exp=...)),
    "no iat": lambda: signed(claims(iat=...)),
    "T71: an hour": lambda: signed(claims(exp=AT + 3600)),
    "61 seconds": lambda: signed(claims(exp=AT + 61)),
    "exp before iat": lambda: signed(claims(exp=AT - 1)),
    "exp equals iat": lambda: signed(claims(exp=AT)),
    "issued in the future": lambda: signed(claims(iat=AT + 6, exp=AT + 66)),
    "exp text": lambda: signed(claims(exp=str(AT + 60))),
    "exp float": lambda: signed(claims(exp=AT + 60.0)),
    "exp boolean": lambda: signed(claims(iat=0, exp=True)),
    "exp huge": lambda: signed(claims(exp=10**400)),
    "exp NaN": lambda: signed(json.dumps(claims(exp=float("nan"))).encode()),
    "iat boolean": lambda: signed(claims(iat=True, exp=2)),
    "T73: aud list with a stranger": lambda: signed(claims(aud=["staffroom-web", "stranger"])),
    "aud list of ours alone": lambda: signed(claims(aud=["staffroom-web"])),
    "aud another": lambda: signed(claims(aud="stranger")),
    "aud missing": lambda: signed(claims(aud=...)),
    "T74: iss another": lambda: signed(claims(iss="https://evil.example")),
    "T74: iss list": lambda: signed(claims(iss=["https://staff.example.com"])),
    "iss missing": lambda: signed(claims(iss=...)),
    "typ JWT": lambda: signed(claims(), head(typ="JWT")),
    "typ missing": lambda: signed(claims(), head(typ=...)),
    "typ with a prefix": lambda: signed(claims(), head(typ="application/at+jwt")),
    "T76: jwk of the attacker": lambda: by_own_key(jwk={"kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"}),
    "T76: jku of the attacker": lambda: by_own_key(jku="https://evil.example/keys"),
    "T76: x5u of the attacker": lambda: by_own_key(x5u="https://evil.example/cert"),
    "T76: x5c of the attacker": lambda: by_own_key(x5c=["AAAA"]),
    "T76: jku, yet our signature": lambda: signed(claims(), head(jku="https://evil.example/keys")),
    "T76: crit unknown": lambda: signed(claims(), head(crit=["exp"], exp=1)),
    "crit b64": lambda: signed(claims(), head(crit=["b64"], b64=False)),
    "sub missing": lambda: signed(claims(sub=...)),
    "cid missing": lambda: signed(claims(cid=...)),
    "sid missing": lambda: signed(claims(sid=...)),
    "jti missing": lambda: signed(claims(jti=...)),
    "sub a number": lambda: signed(claims(sub=1)),
    "cid null": lambda: signed(claims(cid=None)),
    "cid not a UUID": lambda: signed(claims(cid="acme")),
    "cid in another spelling": lambda: signed(claims(cid=f"{{{ACME}}}")),
    "a role beside": lambda: signed(claims(role="admin")),
    "nbf beside": lambda: signed(claims(nbf=AT)),
    "claims a list": lambda: signed([claims()]),
    "claims no JSON": lambda: signed(b"{"),
    "claims not UTF-8": lambda: signed(b'{"sub": "\xff"}'),
    "header a list": lambda: signed(claims(), [head()]),
    "header deeply nested": lambda: signed(claims(), b"[" * 300),
    "signature cut": lambda: mint()[:-4],
    "signature empty": lambda: mint().rpartition(".")[0] + ".",
    "claims of another token": lambda: ".".join(
        [*signed(claims(cid=str(EVE))).split(".")[:2], signed(claims()).split(".")[2]]
    ),
    "junk at the end": lambda: mint() + "\n",
    "junk inside": lambda: mint().replace(".", ".!", 1),
    "padding": lambda: mint() + "==",
    "four segments": lambda: mint() + ".AAAA",
    "empty": lambda: "",
    "very long": lambda: signed(claims(sub="x" * 5000)),
    "not ASCII": lambda: mint() + "é",
}


@pytest.mark.parametrize("hostile", HOSTILE.values(), ids=HOSTILE.keys())
def test_it_refuses(hostile: Callable[[], str]) -> None:
    """T67-T76: each is refused, and none is taken for one of ours that is merely old."""
    with pytest.raises(AccessRefused) as refused:
        TOKENS.verify(hostile(), now=NOW)
    assert not refused.value.expired


def test_an_expired_token_of_a_stranger_is_refused_and_not_expired() -> None:
    """T77: only our own may be renewed silently."""
    with pytest.raises(AccessRefused) as refused:
        TOKENS.verify(by_own_key(), now=after(3600))
    assert not refused.value.expired


def test_a_token_of_the_key_before_is_still_good_after_rotation() -> None:
    newer = SigningKey.generate()
    rotated = SigningKeys(
        current=newer, public_by_kid={**KEYS.public_by_kid, newer.kid: newer.private.public_key()}
    )
    after_rotation = AccessTokens(keys=rotated, issuer=TOKENS.issuer)
    assert after_rotation.verify(mint(), now=NOW).identity_id == EVE
    assert (
        jwt.get_unverified_header(
            after_rotation.mint(identity_id=EVE, company_id=ACME, session_id=SESSION, now=NOW)
        )["kid"]
        == newer.kid
    )
