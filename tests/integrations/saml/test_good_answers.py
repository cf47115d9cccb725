"""What honest providers send is accepted, in each of the ways in which they send it."""

from dataclasses import replace
from datetime import timedelta

import pytest
import xmlsec

from portal.integrations.sso.saml import Check, Examination, Expected, Idp, SamlRefused, accept, examine
from tests.fixtures.mini_idp import Answer, MiniIdp, elliptic_keys, encrypt, key_pair, known_keys, post, sign
from tests.integrations.saml.conftest import NOW, PORTAL


def test_a_signed_assertion_says_who_signed_in(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    """The first good message: AD FS and Entra ID sign the assertion alone."""
    asserted = accept(good.posted(), idp.as_known, expected)
    assert asserted.subject == "eve-at-the-idp"
    assert asserted.session_index == "_session"
    assert asserted.authn_instant == NOW - timedelta(seconds=30)
    assert asserted.attributes == {"mail": ("eve@acme.test",)}
    assert asserted.assertion_id == "_assertion"
    assert asserted.replay_until == NOW + timedelta(seconds=360)


def test_a_signature_around_everything_may_be_added(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    """The second good message: Okta signs both."""
    assert accept(good.posted(response=True), idp.as_known, expected).subject == "eve-at-the-idp"


def test_an_assertion_encrypted_for_us_is_opened(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    root = encrypt(good.signed(), known_keys("portal").certificate)
    assert accept(post(root), idp.as_known, expected).subject == "eve-at-the-idp"


@pytest.mark.parametrize("method", [xmlsec.Transform.RSA_SHA384, xmlsec.Transform.RSA_SHA512])
def test_longer_digests_are_good(idp: MiniIdp, good: Answer, expected: Expected, method: object) -> None:
    posted = good.posted(method=method, digest=xmlsec.Transform.SHA512)
    assert accept(posted, idp.as_known, expected).subject == "eve-at-the-idp"


def test_a_key_of_an_elliptic_curve_is_good(good: Answer, expected: Expected) -> None:
    idp = MiniIdp(keys=elliptic_keys())
    posted = good.but(idp=idp).posted(method=xmlsec.Transform.ECDSA_SHA256)
    assert accept(posted, idp.as_known, expected).subject == "eve-at-the-idp"


def test_base64_may_be_broken_into_lines(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    posted = good.posted()
    lines = "\r\n".join(posted[start : start + 76] for start in range(0, len(posted), 76))
    assert accept(lines, idp.as_known, expected).subject == "eve-at-the-idp"


def test_the_clocks_may_be_a_minute_apart(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    """T38: 60 seconds of difference are accepted, in both directions, and not one more."""
    for seconds in (-60, 60):
        other = good.but(now=NOW + timedelta(seconds=seconds), begins=None)
        assert accept(other.posted(), idp.as_known, expected).subject == "eve-at-the-idp"
    just_ended = good.but(confirmation_ends=good.at(-59), ends=good.at(-59))
    assert accept(just_ended.posted(), idp.as_known, expected).subject == "eve-at-the-idp"
    ahead = good.but(begins=good.at(60))
    assert accept(ahead.posted(), idp.as_known, expected).subject == "eve-at-the-idp"


def test_the_machines_clock_is_not_asked(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    year = timedelta(days=365)
    later = good.but(now=NOW + year)
    assert accept(later.posted(), idp.as_known, replace(expected, now=NOW + year)).subject


def test_either_of_two_certificates_is_good(good: Answer, expected: Expected) -> None:
    """While a provider changes over, old and new keys sign side by side."""
    new = known_keys("next")
    both = Idp(good.idp.entity_id, good.idp.sso_url, (new.certificate, good.idp.keys.certificate))
    assert accept(good.posted(), both, expected).subject
    assert accept(good.posted(keys=new), both, expected).subject
    with pytest.raises(SamlRefused):
        accept(good.posted(keys=key_pair("third")), both, expected)


def test_an_attribute_that_comes_twice_adds_up(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    """Keycloak writes one attribute per group; what is padded or empty is trimmed or left out."""
    root = good.but(attributes={"groups": [" hr ", ""], "mail": ["eve@acme.test"]}).xml()
    statement = root.find(".//{*}AttributeStatement")
    statement.append(good.but(attributes={"groups": ["staff"]}).xml().find(".//{*}Attribute"))
    sign(root.find("{*}Assertion"), idp.keys)
    assert accept(post(root), idp.as_known, expected).attributes["groups"] == ("hr", "staff")


def test_a_recent_sign_in_can_be_asked_for(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    strict = replace(expected, oldest_sign_in=timedelta(hours=1))
    assert accept(good.posted(), idp.as_known, strict).subject
    old = good.but(authn_instant=good.at(-3662)).posted()
    assert accept(old, idp.as_known, expected).subject
    with pytest.raises(SamlRefused) as caught:
        accept(old, idp.as_known, strict)
    assert caught.value.check is Check.SIGNED_IN_AT


def test_an_examination_shows_every_check_that_passed(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    seen = examine(good.posted(), idp.as_known, expected)
    assert seen.passed == tuple(Check)
    assert seen.refused is None
    assert seen.asserted is not None
    assert seen.arrived.subject == "eve-at-the-idp"


def test_an_examination_shows_what_arrived_when_it_is_refused(
    idp: MiniIdp, good: Answer, expected: Expected
) -> None:
    seen: Examination = examine(good.but(recipient=PORTAL.acs_url + "/x").posted(), idp.as_known, expected)
    assert seen.asserted is None
    assert seen.refused is not None
    assert seen.refused.check is Check.RECIPIENT
    assert seen.refused.found == PORTAL.acs_url + "/x"
    assert Check.SIGNATURE in seen.passed and Check.AUDIENCE not in seen.passed
    assert seen.arrived.attributes == {"mail": ("eve@acme.test",)}
