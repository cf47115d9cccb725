"""The message as it arrives, before the library sees it: small, plain XML, and no weak or odd cryptography.

The library decrypts in its constructor, ahead of every signature, and takes any transform that xmlsec knows;
so both are asked here first.
"""

import base64
import binascii
from typing import Any

from lxml.etree import LxmlError
from onelogin.saml2.xml_utils import OneLogin_Saml2_XML

from portal.integrations.sso.saml.refused import Check, SamlRefused

LIMIT = 256 * 1024
NAMES = {
    "samlp": "urn:oasis:names:tc:SAML:2.0:protocol",
    "saml": "urn:oasis:names:tc:SAML:2.0:assertion",
    "ds": "http://www.w3.org/2000/09/xmldsig#",
    "xenc": "http://www.w3.org/2001/04/xmlenc#",
}
RESPONSE = f"{{{NAMES['samlp']}}}Response"
ASSERTION = f"{{{NAMES['saml']}}}Assertion"
SUCCESS = "urn:oasis:names:tc:SAML:2.0:status:Success"

_XENC11 = "http://www.w3.org/2009/xmlenc11#"
_DATA_CIPHERS = {f"{_XENC11}aes128-gcm", f"{_XENC11}aes192-gcm", f"{_XENC11}aes256-gcm"}
_KEY_CIPHERS = {f"{NAMES['xenc']}rsa-oaep-mgf1p", f"{_XENC11}rsa-oaep"}
_MORE = "http://www.w3.org/2001/04/xmldsig-more#"
_SIGNATURES = {f"{_MORE}{key}-{sha}" for key in ("rsa", "ecdsa") for sha in ("sha256", "sha384", "sha512")}
_DIGESTS = {f"{NAMES['xenc']}sha256", f"{_MORE}sha384", f"{NAMES['xenc']}sha512"}
_CANONICAL = "http://www.w3.org/2001/10/xml-exc-c14n#"
_TRANSFORMS = {f"{NAMES['ds']}enveloped-signature", _CANONICAL, f"{_CANONICAL}WithComments"}

#: One of lxml's elements, which come without types.
Element = Any


def decode(posted: str) -> bytes:
    """The XML in the form field; base64 may be broken into lines, and nothing else."""
    if len(posted) > LIMIT * 4 // 3 + LIMIT // 16:
        raise SamlRefused(Check.SIZE, "the answer is larger than 256 kB")
    try:
        raw = base64.b64decode("".join(posted.split()), validate=True)
    except (binascii.Error, ValueError):
        raise SamlRefused(Check.READABLE, "the answer is not base64") from None
    if len(raw) > LIMIT:
        raise SamlRefused(Check.SIZE, "the answer is larger than 256 kB")
    return raw


def parse(raw: bytes) -> Element:
    """Parsed by the library's own parser, so that it and we cannot read two different documents."""
    try:
        root = OneLogin_Saml2_XML.to_etree(raw)
    except (LxmlError, ValueError):  # ValueError: a document type or an entity.
        raise SamlRefused(Check.READABLE, "the answer is not plain XML") from None
    if root.tag != RESPONSE:
        raise SamlRefused(Check.READABLE, "the answer is not a SAML 2.0 Response", found=str(root.tag))
    return root


def refuse_weak_encryption(root: Element, *, have_key: bool) -> None:
    """Only a whole assertion may be encrypted, only for a key that we have, and only in ways that cannot be bent."""
    encrypted = find(root, "//xenc:EncryptedData | //xenc:EncryptedKey")
    if not encrypted:
        return
    if not have_key:
        raise SamlRefused(
            Check.ENCRYPTION, "the assertion is encrypted, but the portal has published no key for it"
        )
    if len(find(root, "/samlp:Response/saml:EncryptedAssertion/xenc:EncryptedData")) != len(
        find(root, "//xenc:EncryptedData")
    ):
        raise SamlRefused(Check.ENCRYPTION, "something else than the whole assertion is encrypted")
    for node in encrypted:
        allowed = _DATA_CIPHERS if node.tag == f"{{{NAMES['xenc']}}}EncryptedData" else _KEY_CIPHERS
        methods = [method.get("Algorithm") for method in find(node, "./xenc:EncryptionMethod")]
        if len(methods) != 1 or methods[0] not in allowed:
            raise SamlRefused(
                Check.ENCRYPTION, "encrypted in a way that is not safe", found=str(methods[:1] or "")
            )


def refuse_odd_signatures(root: Element) -> None:
    """Every signature uses SHA-2 and covers exactly its parent, whole; asked again after decryption."""
    signatures = find(root, "//ds:Signature")
    if len(signatures) > 2:
        raise SamlRefused(Check.SIGNATURE_METHOD, "more than two signatures")
    for signature in signatures:
        _refuse_other(signature, "./ds:SignedInfo/ds:SignatureMethod", _SIGNATURES)
        _refuse_other(signature, "./ds:SignedInfo/ds:CanonicalizationMethod", _TRANSFORMS)
        _refuse_other(signature, "./ds:SignedInfo/ds:Reference/ds:DigestMethod", _DIGESTS)
        for transform in find(signature, ".//ds:Transform"):
            if transform.get("Algorithm") not in _TRANSFORMS:
                raise SamlRefused(
                    Check.SIGNATURE_METHOD, "the signature covers something else than it stands in",
                    found=transform.get("Algorithm"),
                )  # fmt: skip
        _refuse_other_target(root, signature)


def _refuse_other(signature: Element, path: str, allowed: set[str]) -> None:
    """Exactly one, and one of those allowed."""
    algorithms = [node.get("Algorithm") for node in find(signature, path)]
    if len(algorithms) != 1 or algorithms[0] not in allowed:
        raise SamlRefused(
            Check.SIGNATURE_METHOD, "signed in a way that is not safe", found=str(algorithms[:1] or "")
        )


def _refuse_other_target(root: Element, signature: Element) -> None:
    parent = signature.getparent()
    own_id = parent.get("ID")
    targets = [reference.get("URI") for reference in find(signature, ".//ds:Reference")]
    if not own_id or targets != [f"#{own_id}"] or parent.tag not in {RESPONSE, ASSERTION}:
        raise SamlRefused(Check.SIGNATURE_METHOD, "the signature covers something else than it stands in")
    if len(root.xpath("//*[@ID=$id or @Id=$id or @id=$id]", id=own_id)) != 1:
        raise SamlRefused(Check.SIGNATURE_METHOD, "two elements share one ID")


def refuse_failure(root: Element) -> None:
    """The provider says itself whether the person signed in; what it says is repeated for the admin."""
    codes = [code.get("Value") for code in find(root, "./samlp:Status//samlp:StatusCode")]
    if not codes or codes[0] != SUCCESS:
        said = [*codes, *(text(node) for node in find(root, "./samlp:Status/samlp:StatusMessage"))]
        raise SamlRefused(
            Check.STATUS, "the identity provider did not sign the person in", found=" ".join(map(str, said))
        )


def find(node: Element, path: str) -> list[Element]:
    found: list[Element] = node.xpath(path, namespaces=NAMES)
    return found


def text(node: Element) -> str:
    """All of the text: the parser has dropped comments, and joined what stood around them."""
    return "".join(node.itertext())
