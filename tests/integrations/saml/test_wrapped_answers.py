"""Signature wrapping: the signed assertion is moved somewhere else, and another one stands where it is read."""

from collections.abc import Callable
from copy import deepcopy

import pytest
from lxml import etree

from portal.integrations.sso.saml import Check, Expected, SamlRefused, accept
from tests.fixtures.mini_idp import DS, SAML, SAMLP, Answer, MiniIdp, post

Wrap = Callable[[etree._Element, etree._Element, etree._Element], None]


def evil_copy(assertion: etree._Element, *, own_id: bool = True) -> etree._Element:
    """The same without its signature, for Ana."""
    copy = deepcopy(assertion)
    copy.remove(copy.find(f"{{{DS}}}Signature"))
    copy.find(".//{*}NameID").text = "ana-at-the-idp"
    if own_id:
        copy.set("ID", "_evil")
    return copy


def signature_of(node: etree._Element) -> etree._Element:
    found = node.find(f"{{{DS}}}Signature")
    assert found is not None
    return found


def object_in(signature: etree._Element) -> etree._Element:
    return etree.SubElement(signature, f"{{{DS}}}Object")


def t17_copy_of_the_response(root: etree._Element, _assertion: object, _evil: object) -> None:
    """XSW1: a forged response, with the original moved into its signature."""
    original = deepcopy(root)
    root.set("ID", "_evil-response")
    root.find(".//{*}NameID").text = "ana-at-the-idp"
    signature_of(root).append(original)


def t18_detached_response(root: etree._Element, _assertion: object, _evil: object) -> None:
    """XSW2: the original response stands before its signature, within the forged one."""
    original = deepcopy(root)
    original.remove(signature_of(original))
    root.set("ID", "_evil-response")
    root.find(".//{*}NameID").text = "ana-at-the-idp"
    signature_of(root).addprevious(original)


def t19_evil_before(_root: object, assertion: etree._Element, evil: etree._Element) -> None:
    """XSW3."""
    assertion.addprevious(evil)


def t20_signed_within_evil(root: etree._Element, assertion: etree._Element, evil: etree._Element) -> None:
    """XSW4."""
    root.replace(assertion, evil)
    evil.append(assertion)


def t21_altered_and_original_at_the_end(
    root: etree._Element, assertion: etree._Element, _evil: object
) -> None:
    """XSW5."""
    original = deepcopy(assertion)
    original.remove(signature_of(original))
    assertion.set("ID", "_evil")
    assertion.find(".//{*}NameID").text = "ana-at-the-idp"
    root.append(original)


def t22_original_within_the_evil_signature(
    root: etree._Element, assertion: etree._Element, _evil: object
) -> None:
    """XSW6."""
    original = deepcopy(assertion)
    original.remove(signature_of(original))
    assertion.set("ID", "_evil")
    assertion.find(".//{*}NameID").text = "ana-at-the-idp"
    signature_of(assertion).append(original)


def t23_evil_in_extensions(root: etree._Element, _assertion: object, evil: etree._Element) -> None:
    """XSW7."""
    extensions = etree.Element(f"{{{SAMLP}}}Extensions")
    extensions.append(evil)
    root.find(f"{{{SAMLP}}}Status").addprevious(extensions)


def t24_original_in_an_object(root: etree._Element, assertion: etree._Element, _evil: object) -> None:
    """XSW8."""
    original = deepcopy(assertion)
    original.remove(signature_of(original))
    assertion.set("ID", "_evil")
    assertion.find(".//{*}NameID").text = "ana-at-the-idp"
    object_in(signature_of(assertion)).append(original)


def t25_two_with_one_id(root: etree._Element, assertion: etree._Element, evil: etree._Element) -> None:
    evil.set("ID", assertion.get("ID"))
    root.insert(root.index(assertion), evil)


def t25_the_response_shares_the_id(root: etree._Element, assertion: etree._Element, _evil: object) -> None:
    root.set("ID", assertion.get("ID"))


def hidden_in_the_subject(_root: object, assertion: etree._Element, evil: etree._Element) -> None:
    assertion.find(f".//{{{SAML}}}SubjectConfirmationData").append(evil)


ALL: list[Wrap] = [
    t17_copy_of_the_response, t18_detached_response, t19_evil_before, t20_signed_within_evil,
    t21_altered_and_original_at_the_end, t22_original_within_the_evil_signature, t23_evil_in_extensions,
    t24_original_in_an_object, t25_two_with_one_id, t25_the_response_shares_the_id, hidden_in_the_subject,
]  # fmt: skip


@pytest.mark.parametrize("wrap", ALL, ids=[wrap.__name__ for wrap in ALL])
def test_a_wrapped_assertion_is_refused(idp: MiniIdp, good: Answer, expected: Expected, wrap: Wrap) -> None:
    """T17, T18, T19, T20, T21, T22, T23, T24, T25: the good answer, wrapped, is refused."""
    whole = wrap in {t17_copy_of_the_response, t18_detached_response}
    root = good.signed(response=whole)
    assertion = root.find(f"{{{SAML}}}Assertion")
    assert accept(post(root), idp.as_known, expected).subject == "eve-at-the-idp"
    wrap(root, assertion, evil_copy(assertion))
    with pytest.raises(SamlRefused):
        accept(post(root), idp.as_known, expected)


def test_two_signed_assertions_are_refused(good: Answer, refused: Callable[[str], Check]) -> None:
    """T25: even when both are genuine."""
    root = good.signed()
    second = good.but(assertion_id="_second", subject="ana-at-the-idp").signed()
    root.append(second.find(f"{{{SAML}}}Assertion"))
    assert refused(post(root)) is Check.ASSERTION
