"""Checks of ours that python3-saml makes as well: asked here alone, so that none of them is only there by name."""

import base64
from collections.abc import Callable

import pytest
import xmlsec
from lxml import etree

from portal.integrations.sso.saml import Check, Expected, SamlRefused
from portal.integrations.sso.saml.assertion import Verified, confirmation, one_signed_assertion
from portal.integrations.sso.saml.message import LIMIT, decode, refuse_odd_signatures
from tests.fixtures.mini_idp import DS, SAML, Answer, encrypt, known_keys, post


def refuses(ask: Callable[[], object]) -> Check:
    with pytest.raises(SamlRefused) as caught:
        ask()
    return caught.value.check


def test_size_is_asked_before_and_after_decoding() -> None:
    assert refuses(lambda: decode(" " * (LIMIT * 2))) is Check.SIZE
    assert refuses(lambda: decode(base64.b64encode(b"x" * (LIMIT + 1)).decode())) is Check.SIZE
    assert len(decode(base64.encodebytes(b"x" * LIMIT).decode())) == LIMIT


def test_there_is_one_assertion_right_below_the_response(good: Answer, expected: Expected) -> None:
    twice = good.but(assertions=2).xml()
    assert refuses(lambda: one_signed_assertion(Verified(twice, expected))) is Check.ASSERTION
    root = good.signed()
    wrapper = etree.SubElement(root, "wrapper")
    wrapper.append(root.find(f"{{{SAML}}}Assertion"))
    assert refuses(lambda: one_signed_assertion(Verified(root, expected))) is Check.ASSERTION


def test_the_signature_in_the_assertion_is_its_own(good: Answer, expected: Expected) -> None:
    root = good.signed()
    root.find(".//{*}Reference").set("URI", "#_other")
    assert refuses(lambda: one_signed_assertion(Verified(root, expected))) is Check.ASSERTION


def test_the_subject_is_confirmed_by_bearer(good: Answer, expected: Expected) -> None:
    seen = Verified(good.but(method="urn:oasis:names:tc:SAML:2.0:cm:holder-of-key").signed(), expected)
    one_signed_assertion(seen)
    assert refuses(lambda: confirmation(seen)) is Check.CONFIRMATION


def test_an_id_is_nobody_elses_in_any_spelling(good: Answer) -> None:
    for spelling in ("ID", "Id", "id"):
        root = good.signed()
        root.find(".//{*}SignatureValue").set(spelling, good.assertion_id)
        assert refuses(lambda root=root: refuse_odd_signatures(root)) is Check.SIGNATURE_METHOD


def test_there_are_two_signatures_at_most(good: Answer) -> None:
    root = good.signed(response=True)
    refuse_odd_signatures(root)
    root.append(root.find(f"{{{DS}}}Signature").__copy__())
    assert refuses(lambda: refuse_odd_signatures(root)) is Check.SIGNATURE_METHOD


def test_the_signature_within_an_encrypted_assertion_is_asked_too(
    good: Answer, refused: Callable[[str], Check]
) -> None:
    root = good.signed(transforms=(xmlsec.Transform.ENVELOPED, xmlsec.Transform.C14N))
    assert refused(post(encrypt(root, known_keys("portal").certificate))) is Check.SIGNATURE_METHOD
