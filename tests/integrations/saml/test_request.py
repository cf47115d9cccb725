"""What we send: one request per sign-in, readable by the provider, signed when there is a key."""

import base64
import zlib
from urllib.parse import parse_qs, urlsplit

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.x509 import load_pem_x509_certificate
from lxml import etree
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from portal.integrations.sso.saml import Portal, SignInRequest, sign_in_request
from tests.fixtures.mini_idp import NS, MiniIdp
from tests.integrations.saml.conftest import NOW, PORTAL


def unpacked(request: SignInRequest) -> etree._Element:
    packed = parse_qs(urlsplit(request.url).query)["SAMLRequest"][0]
    return etree.fromstring(zlib.decompress(base64.b64decode(packed), -15))


def test_a_request_says_who_asks_and_where_to_answer(idp: MiniIdp) -> None:
    request = sign_in_request(PORTAL, idp.as_known, relay_state="key", now=NOW)
    root = unpacked(request)
    assert root.get("ID") == request.id
    assert root.get("IssueInstant") == "2026-06-15T08:00:00Z"
    assert root.get("AssertionConsumerServiceURL") == PORTAL.acs_url
    assert root.get("ForceAuthn") is None
    assert root.find("saml:Issuer", NS).text == PORTAL.entity_id
    assert parse_qs(urlsplit(request.url).query)["RelayState"] == ["key"]
    valid = OneLogin_Saml2_XML.validate_xml(etree.tostring(root), "saml-schema-protocol-2.0.xsd")
    assert not isinstance(valid, str)


def test_no_two_requests_are_alike(idp: MiniIdp) -> None:
    ids = {sign_in_request(PORTAL, idp.as_known, relay_state="k", now=NOW).id for _ in range(20)}
    assert len(ids) == 20 and all(len(one) == 41 for one in ids)


def test_a_new_sign_in_can_be_asked_for(idp: MiniIdp) -> None:
    request = sign_in_request(PORTAL, idp.as_known, relay_state="k", now=NOW, fresh=True)
    assert unpacked(request).get("ForceAuthn") == "true"


@pytest.mark.parametrize("url", ["https://idp.test/sso?tenant=a&b=c", "https://idp.test/sso?x=<'"])
def test_an_address_with_a_query_keeps_it(url: str) -> None:
    """The library's template would write an ampersand into the XML as it is."""
    idp = MiniIdp(sso_url=url)
    request = sign_in_request(PORTAL, idp.as_known, relay_state="k", now=NOW)
    assert request.url.startswith(url + "&SAMLRequest=")
    assert unpacked(request).get("Destination") == url


def test_a_request_is_signed_as_the_binding_says(idp: MiniIdp) -> None:
    assert PORTAL.keys is not None
    url = sign_in_request(PORTAL, idp.as_known, relay_state="key/+=", now=NOW).url
    signed, _, signature = url.split("?", 1)[1].partition("&Signature=")
    assert signed.split("&")[2].startswith("SigAlg=")
    public = load_pem_x509_certificate(PORTAL.keys.certificate.encode()).public_key()
    raw = base64.b64decode(parse_qs("s=" + signature)["s"][0])
    public.verify(raw, signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    without = Portal(PORTAL.entity_id, PORTAL.acs_url)
    unsigned = sign_in_request(without, idp.as_known, relay_state="k", now=NOW).url
    assert "SigAlg=" not in unsigned
    assert "Signature=" not in unsigned
