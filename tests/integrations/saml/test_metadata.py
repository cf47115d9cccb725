"""The papers of set-up: ours is complete and readable, the provider's is read with suspicion. T43 for files."""

from datetime import UTC, datetime
from time import perf_counter

import pytest
from lxml import etree

from portal.integrations.sso.saml import (
    CertificateRefused,
    MetadataRefused,
    Portal,
    portal_metadata,
    read_certificate,
    read_metadata,
)
from tests.fixtures.mini_idp import MiniIdp, elliptic_keys, key_pair, known_keys, metadata
from tests.integrations.saml.conftest import NOW, PORTAL

MD = "{urn:oasis:names:tc:SAML:2.0:metadata}"


def why(raw: bytes) -> str:
    with pytest.raises(MetadataRefused) as caught:
        read_metadata(raw, now=NOW)
    return caught.value.why


def test_a_provider_is_read(idp: MiniIdp) -> None:
    read = read_metadata(metadata(idp), now=NOW)
    assert (read.entity_id, read.sso_url) == (idp.entity_id, idp.sso_url)
    assert [certificate.pem for certificate in read.certificates] == [idp.keys.certificate]


def test_two_certificates_are_kept_and_of_three_the_newest(idp: MiniIdp) -> None:
    ends = [datetime(2030 + number, 1, 1, tzinfo=UTC) for number in range(3)]
    given = [key_pair("k", ends_at=end).certificate for end in ends]
    read = read_metadata(metadata(idp, certificates=[*given, given[2]]), now=NOW)
    assert [certificate.ends_at for certificate in read.certificates] == [ends[2], ends[1]]


def test_what_is_no_paper_of_one_provider_is_refused(idp: MiniIdp) -> None:
    one = metadata(idp).decode()
    two = f"<md:EntitiesDescriptor xmlns:md='{MD[1:-1]}'>{one}{one}</md:EntitiesDescriptor>"
    assert "more than one" in why(two.encode())
    assert "no identity provider" in why(portal_metadata(PORTAL))
    assert "not plain XML" in why(b"<html>")
    assert "not plain XML" in why(b"")
    assert "certificate" in why(metadata(idp, certificates=[]))
    assert "HTTP-Redirect" in why(one.replace("HTTP-Redirect", "HTTP-POST").encode())
    assert "entity ID" in why(metadata(MiniIdp(entity_id=" ")))
    assert "entity ID" in why(metadata(MiniIdp(entity_id="x" * 1025)))


def test_a_paper_that_has_ended_is_refused(idp: MiniIdp) -> None:
    assert read_metadata(metadata(idp, entity="validUntil='2026-06-15T08:00:01Z'"), now=NOW)
    assert "no longer valid" in why(metadata(idp, entity="validUntil='2026-06-15T08:00:00Z'"))
    assert "no longer valid" in why(metadata(idp, entity="validUntil='soon'"))


@pytest.mark.parametrize(
    "url",
    [
        "http://idp.test/",
        "javascript:alert(1)",
        "//idp.test/",
        "https://",
        "https://a@idp.test/",
        "https://idp.test/#x",
        'https://idp.test/"><x',
        "https://idp.test/ x",
        "https://idp.test:99999/",
        "ftp://idp.test/",
        "https://idp.test/" + "x" * 2000,
    ],
)
def test_browsers_are_sent_to_safe_addresses_only(url: str) -> None:
    assert "sign-in address" in why(metadata(MiniIdp(sso_url=url)))


@pytest.mark.parametrize("url", ["https://idp.test/a?b=c&d=e", "http://127.0.0.1:7000/", "http://localhost/"])
def test_addresses_that_are_fine(url: str) -> None:
    assert read_metadata(metadata(MiniIdp(sso_url=url)), now=NOW).sso_url == url


def test_hostile_papers_are_refused_at_once(idp: MiniIdp) -> None:
    one = metadata(idp)
    entities = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    many = b"".join(b'a%d="" ' % number for number in range(90_000))
    hostile = [
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{entities}]><x>&l9;</x>'.encode(),
        b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>' + one,
        one.replace(b"entityID", many + b"entityID", 1).replace(b"md:", b"m:"),
        b"<x>" * 300_000,
        one + b" " * 1024 * 1024,
    ]
    for raw in hostile:
        started = perf_counter()
        why(raw)
        assert perf_counter() - started < 1


def test_a_certificate_shows_what_the_admin_compares(idp: MiniIdp) -> None:
    read = read_certificate(idp.keys.certificate)
    assert read.subject == "CN=idp"
    assert len(read.thumbprint) == 95 and read.thumbprint == read.thumbprint.upper()
    assert read.ends_at == datetime(2040, 1, 1, tzinfo=UTC)
    bare = "".join(idp.keys.certificate.splitlines()[1:-1])
    assert read_certificate(bare) == read
    assert read_certificate(elliptic_keys().certificate).thumbprint != read.thumbprint
    assert read.ends_within(1, now=datetime(2039, 12, 31, tzinfo=UTC))
    assert not read.ends_within(1, now=datetime(2039, 12, 30, tzinfo=UTC))


def test_what_is_no_good_certificate_is_refused(idp: MiniIdp) -> None:
    weak = key_pair("weak", bits=1024).certificate
    both = idp.keys.certificate + known_keys("portal").certificate
    for given in ("", "hello", "aGVsbG8=", weak, both, "A" * 70_000, idp.keys.private_key):
        with pytest.raises(CertificateRefused):
            read_certificate(given)
    assert "2048" in why(metadata(idp, certificates=[weak]))


def test_our_paper_names_our_address_and_asks_for_signed_assertions() -> None:
    root = etree.fromstring(portal_metadata(PORTAL))
    role = root.find(f"{MD}SPSSODescriptor")
    assert root.get("entityID") == PORTAL.entity_id
    assert role.get("WantAssertionsSigned") == "true"
    assert role.find(f"{MD}AssertionConsumerService").get("Location") == PORTAL.acs_url
    assert root.get("validUntil") is None and root.get("cacheDuration") is None
    assert root.findall(f".//{MD}KeyDescriptor")
    assert PORTAL.keys is not None
    assert PORTAL.keys.private_key[40:100].encode() not in portal_metadata(PORTAL)


def test_without_a_key_our_paper_has_none() -> None:
    root = etree.fromstring(portal_metadata(Portal(PORTAL.entity_id, PORTAL.acs_url)))
    assert not root.findall(f".//{MD}KeyDescriptor")
    assert root.find(f"{MD}SPSSODescriptor").get("AuthnRequestsSigned") == "false"
