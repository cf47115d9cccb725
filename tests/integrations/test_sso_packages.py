# mypy: disable-error-code="attr-defined, import-untyped"
"""The packages of single sign-on load side by side: lxml and xmlsec must carry the same libxml2, or crash."""

import google.auth
import google.oauth2.id_token
import msal
import pytest
import xmlsec
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from lxml import etree
from onelogin.saml2.auth import OneLogin_Saml2_Auth
from onelogin.saml2.utils import OneLogin_Saml2_Utils

DSIG = {"ds": "http://www.w3.org/2000/09/xmldsig#"}


def private_key() -> tuple[bytes, bytes]:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    public = key.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    return private, public


def sign(text: str, private: bytes) -> etree._Element:
    root = etree.fromstring(text)
    template = xmlsec.template.create(root, xmlsec.Transform.EXCL_C14N, xmlsec.Transform.RSA_SHA256)
    root.append(template)
    reference = xmlsec.template.add_reference(template, xmlsec.Transform.SHA256)
    xmlsec.template.add_transform(reference, xmlsec.Transform.ENVELOPED)
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(private, xmlsec.KeyFormat.PEM)
    context.sign(template)
    return root


def verify(root: etree._Element, public: bytes) -> None:
    context = xmlsec.SignatureContext()
    context.key = xmlsec.Key.from_memory(public, xmlsec.KeyFormat.PEM)
    context.verify(root.find("ds:Signature", DSIG))


def test_they_load_together() -> None:
    assert all((google.auth, google.oauth2.id_token, msal, OneLogin_Saml2_Auth))
    assert OneLogin_Saml2_Utils.generate_unique_id().startswith("ONELOGIN_")
    assert etree.LIBXML_VERSION[:2] == xmlsec.get_libxml_version()[:2]


def test_a_signature_made_here_is_verified_and_a_change_is_noticed() -> None:
    private, public = private_key()
    root = sign("<assertion><name>eve</name></assertion>", private)
    verify(root, public)
    name = root.find("name")
    assert name is not None
    name.text = "ana"
    with pytest.raises(xmlsec.VerificationError):
        verify(root, public)


def test_a_foreign_key_does_not_verify() -> None:
    root = sign("<assertion/>", private_key()[0])
    with pytest.raises(xmlsec.VerificationError):
        verify(root, private_key()[1])
