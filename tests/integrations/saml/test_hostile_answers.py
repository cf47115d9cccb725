"""Bytes that are no honest answer at all: refused within a second, by a refusal and never by a crash. T43."""

import base64
from time import perf_counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from portal.integrations.sso.saml import Expected, SamlRefused, accept
from tests.fixtures.mini_idp import SAML, SAMLP, Answer, MiniIdp, post
from tests.integrations.saml.conftest import NOW, PORTAL, REQUEST_ID

GOOD = Answer(MiniIdp(), PORTAL.acs_url, PORTAL.entity_id, REQUEST_ID, NOW)
EXPECTED = Expected(PORTAL, REQUEST_ID, NOW)
RAW = base64.b64decode(GOOD.posted())
WHOLE = base64.b64decode(GOOD.posted(response=True))


def laughs() -> bytes:
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><x>&l9;</x>'.encode()


def with_document_type(document_type: bytes) -> bytes:
    return document_type + RAW.replace(b"eve-at-the-idp", b"&e;")


def padded(inner: str) -> bytes:
    return RAW.replace(
        b"<samlp:Status>", f"<samlp:Extensions>{inner}</samlp:Extensions><samlp:Status>".encode()
    )


def with_attributes(count: int) -> bytes:
    given = b"".join(b'a%d="" ' % number for number in range(count))
    return RAW.replace(b"<saml:NameID ", b"<saml:NameID " + given)


HOSTILE = {
    "billion laughs": laughs(),
    "document type": with_document_type(b"<!DOCTYPE samlp:Response>"),
    "internal entity": with_document_type(b'<!DOCTYPE x [<!ENTITY e "ana">]>'),
    "external entity": with_document_type(b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'),
    "external document type": with_document_type(b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd">'),
    "5 MB of text": RAW.replace(b"eve-at-the-idp", b"e" * 5_000_000),
    "100 000 attributes": with_attributes(100_000),
    "as many attributes as fit": with_attributes(22_000),
    "as many elements as fit": padded("<x/>" * 60_000),
    "deep elements": padded("<x>" * 20_000 + "</x>" * 20_000),
    "a thousand signatures": padded('<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"/>' * 3_000),
    "a thousand namespaces": padded("".join(f'<x{n}:a xmlns:x{n}="u:{n}"/>' for n in range(8_000)) + "<x/>"),
    "not XML": b"<samlp:Response",
    "nothing": b"",
    "NUL": RAW.replace(b"eve", b"e\x00e"),
    "another root": f'<samlp:LogoutRequest xmlns:samlp="{SAMLP}"/>'.encode(),
    "an assertion alone": f'<saml:Assertion xmlns:saml="{SAML}"/>'.encode(),
    "an empty response": f'<samlp:Response xmlns:samlp="{SAMLP}"/>'.encode(),
    "SAML 1.1": RAW.replace(b'Version="2.0"', b'Version="1.1"'),
}  # fmt: skip


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE)
def test_hostile_bytes_are_refused_at_once(raw: bytes) -> None:
    posted, started = base64.b64encode(raw).decode(), perf_counter()
    with pytest.raises(SamlRefused):
        accept(posted, GOOD.idp.as_known, EXPECTED)
    assert perf_counter() - started < 1


@pytest.mark.parametrize(
    "posted", ["", "!", "====", "PHNhbWw", GOOD.posted() + "=", "é", GOOD.posted()[:-9] + "*"]
)
def test_bad_base64_is_refused(posted: str) -> None:
    with pytest.raises(SamlRefused):
        accept(posted, GOOD.idp.as_known, EXPECTED)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_mutated_answer_never_names_somebody_else(data: st.DataObject) -> None:
    """Whatever is cut, doubled, moved or typed over: refused, or still exactly what was signed."""
    raw = bytearray(data.draw(st.sampled_from([RAW, WHOLE])))
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(raw) - 1))
        end = min(len(raw), start + data.draw(st.integers(0, 400)))
        piece = bytes(raw[start:end])
        match data.draw(st.sampled_from(["cut", "double", "move", "type"])):
            case "cut":
                del raw[start:end]
            case "double":
                raw[end:end] = piece
            case "move":
                del raw[start:end]
                to = data.draw(st.integers(0, len(raw)))
                raw[to:to] = piece
            case _:
                raw[start:end] = data.draw(st.binary(max_size=20))
        if not raw:
            return
    try:
        asserted = accept(base64.b64encode(bytes(raw)).decode(), GOOD.idp.as_known, EXPECTED)
    except SamlRefused:
        return
    assert (asserted.subject, asserted.assertion_id) == ("eve-at-the-idp", "_assertion")
    assert asserted.attributes == {"mail": ("eve@acme.test",)}


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_moved_elements_never_name_somebody_else(data: st.DataObject) -> None:
    """Wrapping by chance: elements of a genuine answer and of a forged one are put anywhere in the other."""
    root = GOOD.signed(response=data.draw(st.booleans()))
    forged = GOOD.but(
        subject="ana-at-the-idp", assertion_id=data.draw(st.sampled_from(["_evil", "_assertion"]))
    )
    for _ in range(data.draw(st.integers(1, 3))):
        nodes = list(root.iter("*"))
        into = data.draw(st.sampled_from(nodes))
        taken = data.draw(st.sampled_from([*forged.xml().iter("*"), *nodes[1:]]))
        if into is taken or taken in list(into.iterancestors()):
            continue
        into.insert(data.draw(st.integers(0, len(into))), taken)
    try:
        asserted = accept(post(root), GOOD.idp.as_known, EXPECTED)
    except SamlRefused:
        return
    assert asserted.subject == "eve-at-the-idp"
