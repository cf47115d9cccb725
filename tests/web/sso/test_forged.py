"""What a vendor's answer must not get away with: forged tokens, told by the counterpart's knob (T1 to T13)."""

from __future__ import annotations

import pytest

from portal.domain.clock import SystemClock
from tests.factories.identity_providers import OTHER_TENANT
from tests.fixtures.page_checks import without_tokens
from tests.fixtures.vendors import PERSONAL_TENANT
from tests.web.sso.conftest import EVE, GOOGLE, MICROSOFT, let_strangers_in

ISSUER = "https://login.microsoftonline.com/{}/v2.0"


def now() -> int:
    return int(SystemClock().now().timestamp())


#: Name of the case: what is forged, and the check that must have noticed.
BOTH = {
    "T1: audience of another client": ({"claims": {"aud": "another-client"}}, "audience"),
    "T1: audience as a list with strangers": ({"claims": {"aud": ["another-client"]}}, "audience"),
    "another authorized party": ({"claims": {"azp": "another-client"}}, "authorized-party"),
    "issuer of somebody else": ({"claims": {"iss": "https://evil.example"}}, "issuer"),
    "T9: without a nonce": ({"without": ["nonce"]}, "nonce"),
    "T9: another nonce": ({"claims": {"nonce": "of-another-sign-in"}}, "nonce"),
    "T11: alg none": ({"alg": "none"}, "algorithm"),
    "T11: HS256 with the public key": ({"alg": "HS256"}, "algorithm"),
    "signed by a foreign key": ({"foreign": True}, "signature"),
    "a key that nobody has": ({"kid": "no-such-key"}, "key"),
    "a key of its own in the header": (
        {"foreign": True, "header": {"jku": "https://evil.example"}},
        "signature",
    ),
    "T12: expired": ({"claims": {"exp": -61}}, "expiry"),
    "T12: expiry as text": ({"claims": {"exp": "text"}}, "expiry"),
    "T12: without expiry": ({"without": ["exp"]}, "expiry"),
    "T12: not yet good": ({"claims": {"nbf": 120}}, "not-before"),
    "T12: issued as text": ({"claims": {"iat": "text"}}, "issued"),
    "T12: issued in the future": ({"claims": {"iat": 120}}, "issued"),
    "T12: issued long ago": ({"claims": {"iat": -700}}, "issued"),
}
OF_MICROSOFT = {
    "T2: issuer of another tenant": ({"claims": {"iss": ISSUER.format(OTHER_TENANT)}}, "issuer"),
    "T3: another tenant under our issuer": ({"claims": {"tid": OTHER_TENANT}}, "tenant"),
    "T13: a personal account": (
        {"claims": {"tid": PERSONAL_TENANT, "iss": ISSUER.format(PERSONAL_TENANT)}},
        "issuer",
    ),
    "an old kind of token": ({"claims": {"ver": "1.0"}}, "version"),
    "no object": ({"without": ["oid"]}, "object"),
}
OF_GOOGLE = {
    "T6: an address without a Workspace": ({"without": ["hd"]}, "domain-hosted"),
    "T6: another company's Workspace": ({"claims": {"hd": "evil.example"}}, "domain-hosted"),
    "an address that nobody verified": ({"claims": {"email_verified": False}}, "address-verified"),
    "verified as text": ({"claims": {"email_verified": "true"}}, "address-verified"),
}
CASES = [
    *((GOOGLE, name, *case) for name, case in (BOTH | OF_GOOGLE).items()),
    *((MICROSOFT, name, *case) for name, case in (BOTH | OF_MICROSOFT).items()),
]


def in_real_time(forge):
    """Small numbers are seconds from now, "text" is now as text."""
    claims = dict(forge.get("claims", {}))
    for name in {"exp", "iat", "nbf"} & claims.keys():
        claims[name] = str(now() + 600) if claims[name] == "text" else now() + claims[name]
    return {**forge, "claims": claims}


@pytest.mark.parametrize(
    ("vendor", "name", "forge", "noticed"), CASES, ids=[f"{one[0].value}: {one[1]}" for one in CASES]
)
def test_a_forged_token_opens_nothing(walks, vendor, name, forge, noticed):
    """T1, T2, T3, T6, T9, T11, T12, T13: no session, no person, no way in; the admin reads which check it was."""
    walks.vendors.knows("eve", **EVE[vendor])
    assert walks.arrive(vendor).status_code == 303, "refused for another reason than the forgery"
    walks.client.sign_out()
    before = walks.counts()
    walks.vendors.tell(forge=in_real_time(forge))
    answer = walks.arrive(vendor)
    assert answer.status_code == (422 if noticed in {"expiry", "not-before", "issued"} else 403)
    assert walks.counts() == before
    assert "Set-Cookie" not in answer.headers or "__Host-sid" not in str(answer.headers)
    assert walks.denials()[-1]["reason"] == noticed


@pytest.mark.parametrize("seconds", [-55, 55])
def test_a_minute_of_difference_is_forgiven(walks, kind, seconds):
    """Clocks differ: the other side of T12."""
    claims = {"exp": now() + seconds} if seconds < 0 else {"iat": now() + seconds, "nbf": now() + seconds}
    if kind is GOOGLE and seconds < 0:
        claims["iat"] = now() - 300
    walks.vendors.tell(forge={"claims": claims})
    assert walks.arrive(kind).location == "/c/acme/", walks.denials()


def test_a_token_is_good_for_one_sign_in(walks, kind):
    """T9: the token of an earlier sign-in carries that one's nonce."""
    assert walks.arrive(kind).status_code == 303
    walks.client.sign_out()
    walks.vendors.tell(forge={"replay": True})
    assert walks.arrive(kind).status_code == 403
    assert walks.denials()[-1]["reason"] == "nonce"


def test_somebody_elses_tenant_may_say_anything_about_eve(walks):
    """T4, nOAuth: an attacker's own tenant and object, Eve's address, all signed by Microsoft's keys."""
    mallory = {**EVE[MICROSOFT], "tid": OTHER_TENANT, "oid": "66666666-2222-4333-8444-555555555555"}
    walks.vendors.knows("mallory", **mallory)
    before = walks.counts()
    assert walks.arrive(MICROSOFT, "mallory").status_code == 403
    assert walks.denials()[-1]["reason"] == "tenant"
    assert walks.counts() == before


def test_an_unknown_account_with_eves_address_stays_outside(walks, kind):
    """T4: in the company's own tenant or Workspace too, an address joins nobody to anything."""
    other = {**EVE[kind], "oid": "66666666-2222-4333-8444-555555555555"}
    walks.vendors.knows("mallory", **other)
    before = walks.counts()
    answer = walks.arrive(kind, "mallory")
    assert answer.status_code == 403
    assert "ask your HR team" in answer.text
    assert "eve" not in without_tokens(answer.text).lower()
    assert walks.counts() == before
    assert walks.denials()[-1]["reason"] == "person-known"


def test_a_guest_of_the_tenant_is_not_taken_in(walks, as_, cast):
    """T13: a guest has an object of its own in each tenant, and an address that its host never checked."""
    let_strangers_in(walks, MICROSOFT)
    guest = {**EVE[MICROSOFT], "oid": "77777777-2222-4333-8444-555555555555", "acct": 1}
    walks.vendors.knows("guest", **{**guest, "email": "guest@acme.example"})
    before = walks.counts()
    assert walks.arrive(MICROSOFT, "guest").status_code == 403
    assert walks.denials()[-1]["reason"] == "not-guest"
    assert walks.counts() == before


@pytest.mark.parametrize("down", ["keys", "token"])
def test_without_the_vendor_nothing_is_accepted(walks, kind, down):
    """T12: no keys, no sign-in; the page says that it is not the person's fault."""
    walks.vendors.tell(down=down, person="eve")
    before = walks.counts()
    answer = walks.arrive(kind)
    assert answer.status_code == 503
    assert "does not answer" in answer.text
    assert walks.counts() == before
    assert walks.denials()[-1]["reason"] == "reached"


def test_microsoft_out_of_reach_is_said_before_the_trip(walks):
    walks.vendors.tell(down="all")
    answer = walks.client.get(walks.path(MICROSOFT))
    assert answer.status_code == 503
    assert "The provider does not answer" in answer.text
    assert walks.denials()[-1]["reason"] == "reached"
