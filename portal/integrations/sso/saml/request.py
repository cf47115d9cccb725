"""Asks a provider to sign somebody in: the AuthnRequest, and the address that carries it there by redirect.

Written here and not by python3-saml, whose template pastes addresses into XML unescaped and reads its own clock.
"""

import base64
import secrets
import zlib
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode, urlsplit

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from lxml import etree

from portal.integrations.sso.saml.message import NAMES
from portal.integrations.sso.saml.parties import POST_BINDING, UNSPECIFIED, Idp, KeyPair, Portal

_RSA_SHA256 = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"


@dataclass(frozen=True)
class SignInRequest:
    """`id` is what the answer must name; `url` is where the browser goes."""

    id: str
    url: str


def sign_in_request(
    portal: Portal, idp: Idp, *, relay_state: str, now: datetime, fresh: bool = False
) -> SignInRequest:
    """`relay_state` is a key of ours that means nothing elsewhere. `fresh` asks for a new sign-in over there."""
    request_id = f"_{secrets.token_hex(20)}"
    xml = _xml(portal, idp, request_id, now, fresh=fresh)
    deflate = zlib.compressobj(wbits=-15)
    packed = deflate.compress(xml) + deflate.flush()
    query = {"SAMLRequest": base64.b64encode(packed).decode(), "RelayState": relay_state}
    keys = portal.keys if portal.signs else None
    if keys is not None:
        query["SigAlg"] = _RSA_SHA256
    encoded = urlencode(query)
    if keys is not None:
        encoded += "&" + urlencode({"Signature": _signature(keys, encoded)})
    joint = "&" if urlsplit(idp.sso_url).query else "?"
    return SignInRequest(request_id, f"{idp.sso_url}{joint}{encoded}")


def _xml(portal: Portal, idp: Idp, request_id: str, now: datetime, *, fresh: bool) -> bytes:
    root = etree.Element(
        f"{{{NAMES['samlp']}}}AuthnRequest",
        {
            "ID": request_id,
            "Version": "2.0",
            "IssueInstant": f"{now:%Y-%m-%dT%H:%M:%SZ}",
            "Destination": idp.sso_url,
            "ProtocolBinding": POST_BINDING,
            "AssertionConsumerServiceURL": portal.acs_url,
        },
        nsmap={"samlp": NAMES["samlp"], "saml": NAMES["saml"]},
    )
    if fresh:
        root.set("ForceAuthn", "true")
    etree.SubElement(root, f"{{{NAMES['saml']}}}Issuer").text = portal.entity_id
    policy = {"Format": UNSPECIFIED, "AllowCreate": "true"}
    etree.SubElement(root, f"{{{NAMES['samlp']}}}NameIDPolicy", policy)
    written: bytes = etree.tostring(root)
    return written


def _signature(keys: KeyPair, signed: str) -> str:
    key = load_pem_private_key(keys.private_key.encode(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("requests are signed with RSA")
    made = key.sign(signed.encode(), padding.PKCS1v15(), hashes.SHA256())
    return base64.b64encode(made).decode()
