"""The portal's own keys for a provider: published, taken into use, changed over; signed requests, encrypted answers."""

from __future__ import annotations

import base64
import html
import re
from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from lxml import etree
from sqlalchemy import select

from portal.domain.sso import ProviderKind
from portal.integrations.sso.saml import read_metadata
from portal.models import IdentityProvider
from tests.factories.identity_providers import give_account, make_provider

MD = {"md": "urn:oasis:names:tc:SAML:2.0:metadata", "ds": "http://www.w3.org/2000/09/xmldsig#"}


@pytest.fixture
def provider(as_, cast, adfs, clock) -> str:
    """A provider made by others, which knows Eve; the clock is the real one, as its own is."""
    clock.move_to(datetime.now(UTC))  # noqa: TID251
    read = read_metadata(adfs.metadata(), now=clock.now())
    settings = {
        "entity_id": read.entity_id,
        "sign_in_url": read.sso_url,
        "certificates": [one.pem for one in read.certificates],
    }
    with as_(cast.ana) as uow:
        made = make_provider(uow, ProviderKind.SAML, "Acme login", settings=settings)
        give_account(uow, made, cast.eve.employee_id, "eve-at-adfs")
        provider_id = str(made.id)
    yield provider_id
    adfs.encrypt_for("")


@pytest.fixture
def ana(client, cast, provider):
    return client.sign_in(cast.ana)


def place(provider: str) -> str:
    return f"/c/acme/settings/sign-in/providers/{provider}"


def published(browser, provider, use):
    """The certificates in our metadata for this use, as PEM."""
    root = etree.fromstring(browser.get(f"/c/acme/saml/{provider}/metadata").data)
    found = root.findall(f".//md:KeyDescriptor[@use='{use}']//ds:X509Certificate", MD)
    return [
        f"-----BEGIN CERTIFICATE-----\n{''.join(one.text.split())}\n-----END CERTIFICATE-----\n"
        for one in found
    ]


def thumbprint(pem: str) -> str:
    return x509.load_pem_x509_certificate(_wrapped(pem)).fingerprint(hashes.SHA256()).hex(":").upper()


def _wrapped(pem: str) -> bytes:
    body = "".join(pem.splitlines()[1:-1])
    lines = "\n".join(body[at : at + 64] for at in range(0, len(body), 64))
    return f"-----BEGIN CERTIFICATE-----\n{lines}\n-----END CERTIFICATE-----\n".encode()


def go(browser, provider):
    """Leaves for the provider."""
    return browser.get(f"/c/acme/sso/{provider}").headers["Location"]


def arrive(browser, provider, url):
    """Signs in there as Eve and comes back; the last answer, and what was posted."""
    page = requests.get(f"{url}&user=eve", timeout=10).text
    posted = html.unescape(re.search(r'name="SAMLResponse"\s+value="([^"]+)"', page).group(1))
    data = {"SAMLResponse": posted, "RelayState": parse_qs(urlsplit(url).query)["RelayState"][0]}
    first = browser.post(f"/c/acme/saml/{provider}/acs", data=data)
    assert first.status_code == 303, first.text
    return browser.get(first.location), base64.b64decode(posted).decode()


def signed_by(url: str, pem: str) -> bool:
    """RFC: the signature covers the query as it stands, without itself."""
    query = urlsplit(url).query
    if "Signature=" not in query:
        return False
    covered, _, signature = query.partition("&Signature=")
    key = x509.load_pem_x509_certificate(_wrapped(pem)).public_key()
    key.verify(
        base64.b64decode(parse_qs(f"s={signature}")["s"][0]),
        covered.encode(),
        padding.PKCS1v15(),
        hashes.SHA256(),
    )
    return True


def test_without_a_key_nothing_is_signed_and_nothing_published(ana, provider):
    assert published(ana, provider, "signing") == []
    assert "Signature=" not in go(ana, provider)
    assert "Make a key" in ana.page(place(provider))


def test_a_key_is_published_first_signs_next_and_changes_over(ana, app, as_, cast, provider, adfs):
    """The whole rollover, with a provider that encrypts: nobody stays outside at any moment."""
    browser = app.test_client()
    browser.staffroom = ana.staffroom
    assert ana.send(f"{place(provider)}/keys").status_code == 303
    [first] = published(ana, provider, "signing")
    assert published(ana, provider, "encryption") == [first]
    assert "Published, does not sign" in ana.page(place(provider))
    assert not signed_by(go(browser, provider), first)

    assert ana.send(f"{place(provider)}/key-use", {"thumbprint": thumbprint(first)}).status_code == 303
    adfs.encrypt_for(_wrapped(first).decode())
    url = go(browser, provider)
    assert signed_by(url, first)
    answer, posted = arrive(browser, provider, url)
    assert "EncryptedAssertion" in posted and "eve@acme.example" not in posted
    assert answer.location == "/c/acme/"

    ana.send(f"{place(provider)}/keys")
    both = published(ana, provider, "signing")
    [second] = [one for one in both if one != first]
    assert ana.send(f"{place(provider)}/keys").status_code == 422, "two are enough"
    ana.send(f"{place(provider)}/key-use", {"thumbprint": thumbprint(second)})
    url = go(browser, provider)
    assert signed_by(url, second)
    assert arrive(browser, provider, url)[0].location == "/c/acme/", "still encrypted for the first"
    adfs.encrypt_for(_wrapped(second).decode())
    assert arrive(browser, provider, go(browser, provider))[0].location == "/c/acme/"

    ana.send(f"{place(provider)}/key-removal", {"thumbprint": thumbprint(first)})
    assert published(ana, provider, "signing") == [second]
    adfs.encrypt_for(_wrapped(first).decode())
    refused, _ = arrive(browser, provider, go(browser, provider))
    assert refused.status_code == 403, "what is encrypted for a key that is gone stays shut"
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(IdentityProvider)).one()
        assert b"PRIVATE KEY" not in row.keys_sealed


def test_a_key_that_is_not_there_is_not_found(ana, provider):
    ana.send(f"{place(provider)}/keys")
    for step in ("key-use", "key-removal"):
        assert ana.send(f"{place(provider)}/{step}", {"thumbprint": "AB:CD"}).status_code == 404
