"""Answers that python3-saml alone lets pass, and those it refuses: each is one change away from the good one."""

from collections.abc import Callable

import pytest
import xmlsec

from portal.integrations.sso.saml import Check, Expected, Portal, SamlRefused, accept
from tests.fixtures.mini_idp import Answer, MiniIdp, encrypt, key_pair, known_keys, post, sign
from tests.integrations.saml.conftest import PORTAL

Refused = Callable[[str], Check]


def test_t15_an_unsigned_answer_is_refused(good: Answer, refused: Refused) -> None:
    """T15."""
    assert refused(good.posted(assertion=False)) is Check.ASSERTION


def test_a_signature_around_an_unsigned_assertion_is_not_enough(good: Answer, refused: Refused) -> None:
    """Keycloak does so by default; its admin is told which switch to turn."""
    assert refused(good.posted(assertion=False, response=True)) is Check.ASSERTION


def test_t16_a_foreign_key_is_refused(good: Answer, refused: Refused) -> None:
    """T16: neither its own certificate beside it helps, nor the confirmed one."""
    foreign = key_pair("foreign")
    assert refused(good.posted(keys=foreign)) is Check.SIGNATURE
    assert refused(good.posted(keys=foreign, show=good.idp.keys)) is Check.SIGNATURE


def test_an_altered_answer_is_refused(good: Answer, refused: Refused) -> None:
    root = good.signed()
    root.find(".//{*}NameID").text = "ana-at-the-idp"
    assert refused(post(root)) is Check.SIGNATURE


def test_t26_a_comment_does_not_cut_the_name(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    """T26: the name is the whole text, which nobody here is called."""
    commented = good.but(subject_xml="admin@acme.test<!---->.evil.test")
    assert accept(commented.posted(), idp.as_known, expected).subject == "admin@acme.test.evil.test"


def test_a_name_for_another_service_is_refused(good: Answer, refused: Refused) -> None:
    root = good.xml()
    root.find(".//{*}NameID").set("SPNameQualifier", "https://other.test")
    sign(root.find("{*}Assertion"), good.idp.keys)
    assert refused(post(root)) is Check.SUBJECT


#: What is changed in the good answer, the check that must notice, and the case of the catalogue.
CASES = {
    "T27: no InResponseTo": ({"in_response_to": None}, Check.REQUEST),
    "T29: another browser's request": ({"in_response_to": "_other"}, Check.REQUEST),
    "T27: unsolicited: no confirmation names a request": (
        {"confirmed_request": None},
        Check.CONFIRMED_REQUEST,
    ),
    "T29: forged around: the assertion answers another request": (
        {"confirmed_request": "_other", "in_response_to": None},
        Check.REQUEST,
    ),
    "T30: no Destination": ({"destination": None}, Check.DESTINATION),
    "T30: empty Destination": ({"destination": ""}, Check.DESTINATION),
    "T31: Destination with something behind": ({"destination": PORTAL.acs_url + "/x"}, Check.DESTINATION),
    "Destination elsewhere": ({"destination": "https://evil.test/acs"}, Check.DESTINATION),
    "T32: no Recipient": ({"recipient": None}, Check.RECIPIENT),
    "T32: Recipient around ours": (
        {"recipient": "https://evil.test/?" + PORTAL.acs_url},
        Check.RECIPIENT,
    ),
    "T34: no Audience": ({"audiences": []}, Check.AUDIENCE),
    "T34: another Audience": ({"audiences": [["https://other.test"]]}, Check.AUDIENCE),
    "T35: second restriction to others": (
        {"audiences": [[PORTAL.entity_id], ["https://other.test"]]},
        Check.AUDIENCE,
    ),
    "T37: the confirmation never ends": ({"confirmation_ends": None}, Check.CONFIRMATION_TIME),
    "T37: the assertion never ends": ({"ends": None}, Check.TIME),
    "two confirmations": ({"confirmations": 2}, Check.CONFIRMATION),
    "no confirmation": ({"confirmations": 0}, Check.CONFIRMATION),
    "not by bearer": (
        {"method": "urn:oasis:names:tc:SAML:2.0:cm:sender-vouches"},
        Check.CONFIRMATION,
    ),
    "another issuer": ({"issuer": "https://other.test"}, Check.ISSUER),
    "another issuer of the assertion": ({"assertion_issuer": "https://other.test"}, Check.ISSUER),
    "not signed in there": (
        {"status": "urn:oasis:names:tc:SAML:2.0:status:Responder"},
        Check.STATUS,
    ),
    "no name": ({"subject": None}, Check.SUBJECT),
    "empty name": ({"subject": ""}, Check.SUBJECT),
    "padded name": ({"subject": " eve"}, Check.SUBJECT),
    "long name": ({"subject": "e" * 257}, Check.SUBJECT),
    "name with a line break": ({"subject": "eve\nana"}, Check.SUBJECT),
    "transient name": (
        {"subject_format": "urn:oasis:names:tc:SAML:2.0:nameid-format:transient"},
        Check.SUBJECT,
    ),
    "T38: unreadable time": ({"confirmation_ends": "tomorrow"}, Check.SHAPE),
    "no time of sign-in": ({"authn_instant": None}, Check.SHAPE),
}


@pytest.mark.parametrize(("changes", "check"), CASES.values(), ids=CASES)
def test_one_change_is_noticed(
    good: Answer, refused: Refused, changes: dict[str, object], check: Check
) -> None:
    assert refused(good.but(**changes).posted()) is check
    assert refused(good.but(**changes).posted(response=True)) is check


def test_t38_what_has_ended_is_refused(good: Answer, refused: Refused) -> None:
    """T38: 301 seconds ago, and already 61: the library alone allows 300 for the assertion."""
    for seconds in (-301, -61):
        assert refused(good.but(ends=good.at(seconds)).posted()) is Check.TIME
        assert refused(good.but(confirmation_ends=good.at(seconds)).posted()) is Check.CONFIRMATION_TIME


def test_what_begins_later_or_ends_too_late_is_refused(good: Answer, refused: Refused) -> None:
    assert refused(good.but(begins=good.at(62)).posted()) is Check.TIME
    assert refused(good.but(confirmation_ends=good.at(601)).posted()) is Check.CONFIRMATION_TIME
    assert refused(good.but(confirmation_begins=good.at(-120)).posted()) is Check.CONFIRMATION_TIME
    assert refused(good.but(authn_instant=good.at(62)).posted()) is Check.SIGNED_IN_AT
    assert refused(good.but(session_ends=good.at(-61)).posted()) is Check.TIME


def test_t40_sha_1_is_refused(good: Answer, refused: Refused) -> None:
    """T40: as the signature's method, and as its digest."""
    assert refused(good.posted(method=xmlsec.Transform.RSA_SHA1)) is Check.SIGNATURE_METHOD
    assert refused(good.posted(digest=xmlsec.Transform.SHA1)) is Check.SIGNATURE_METHOD


def test_a_signature_over_a_part_or_over_more_is_refused(good: Answer, refused: Refused) -> None:
    """Transforms can leave out what matters; an empty URI means the document, whatever it will be."""
    exclusive = xmlsec.Transform.EXCL_C14N
    assert refused(good.posted(uri="")) is Check.SIGNATURE_METHOD
    root = good.xml()
    sign(root.find("{*}Assertion"), good.idp.keys, uri=f"#{good.response_id}", transforms=(exclusive,))
    assert refused(post(root)) is Check.SIGNATURE_METHOD
    root = good.signed()
    root.find(".//{*}Transform").set("Algorithm", "http://www.w3.org/TR/1999/REC-xslt-19991116")
    assert refused(post(root)) is Check.SIGNATURE_METHOD


def test_weak_encryption_is_refused_before_it_is_opened(good: Answer, refused: Refused) -> None:
    """CBC and RSA 1.5 tell an attacker, try by try, what is inside."""
    ours = known_keys("portal").certificate
    cbc = encrypt(good.signed(), ours, data=xmlsec.Transform.AES256)
    old = encrypt(good.signed(), ours, key=xmlsec.Transform.RSA_PKCS1)
    assert refused(post(cbc)) is Check.ENCRYPTION
    assert refused(post(old)) is Check.ENCRYPTION


def test_encryption_for_others_or_around_something_bad_is_refused(good: Answer, refused: Refused) -> None:
    assert refused(post(encrypt(good.signed(), key_pair("other").certificate))) is Check.SHAPE
    ours = known_keys("portal").certificate
    assert refused(post(encrypt(good.xml(), ours))) is Check.ASSERTION
    sha1 = good.signed(method=xmlsec.Transform.RSA_SHA1)
    assert refused(post(encrypt(sha1, ours))) is Check.SHAPE
    uri = good.signed(uri="")
    assert refused(post(encrypt(uri, ours))) in {Check.SHAPE, Check.SIGNATURE, Check.SIGNATURE_METHOD}


def test_without_a_key_nothing_encrypted_is_taken(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    without = Expected(Portal(PORTAL.entity_id, PORTAL.acs_url), expected.request_id, expected.now)
    assert accept(good.posted(), idp.as_known, without).subject
    root = encrypt(good.signed(), known_keys("portal").certificate)
    with pytest.raises(SamlRefused) as caught:
        accept(post(root), idp.as_known, without)
    assert caught.value.check is Check.ENCRYPTION


def test_what_is_found_is_cut_short(idp: MiniIdp, good: Answer, expected: Expected) -> None:
    with pytest.raises(SamlRefused) as caught:
        accept(good.but(recipient="https://evil.test/" + "x" * 5000).posted(), idp.as_known, expected)
    assert len(caught.value.found or "") == 200
