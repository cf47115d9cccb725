"""The answers of a provider that others have made, verified as they are: not only those of our own making."""

from __future__ import annotations

import html
import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import requests

from portal.integrations.sso.saml import (
    Asserted,
    Check,
    Expected,
    Idp,
    Portal,
    SamlRefused,
    accept,
    read_metadata,
    sign_in_request,
)
from tests.fixtures.adfs import Adfs
from tests.fixtures.mini_idp import known_keys

PORTAL = Portal("https://staff.test/c/acme/saml/1/metadata", "https://staff.test/c/acme/saml/1/acs")
CLAIMS = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims"


@pytest.fixture
def idp(adfs: Adfs) -> Idp:
    read = read_metadata(adfs.metadata(), now=datetime.now(UTC))  # noqa: TID251
    return Idp(read.entity_id, read.sso_url, tuple(one.pem for one in read.certificates))


def answer_of(idp: Idp, portal: Portal = PORTAL) -> tuple[str, Expected]:
    now = datetime.now(UTC)  # noqa: TID251
    request = sign_in_request(portal, idp, relay_state="key", now=now)
    page = requests.get(f"{request.url}&user=nora", timeout=10).text
    found = re.search(r'name="SAMLResponse"\s+value="([^"]+)"', page)
    assert found is not None, page
    assert 'name="RelayState" value="key"' in re.sub(r"\s+", " ", page)
    return html.unescape(found.group(1)), Expected(portal, request.id, now)


def refusal(posted: str, idp: Idp, expected: Expected) -> Check:
    with pytest.raises(SamlRefused) as caught:
        accept(posted, idp, expected)
    return caught.value.check


def test_its_answer_is_accepted(idp: Idp) -> None:
    posted, expected = answer_of(idp)
    asserted: Asserted = accept(posted, idp, expected)
    assert asserted.subject == "nora-at-adfs"
    assert asserted.attributes[f"{CLAIMS}/emailaddress"] == ("nora@acme.example",)
    assert asserted.attributes[f"{CLAIMS}/surname"] == ("Nová",)


def test_its_signed_request_is_understood(idp: Idp) -> None:
    portal = replace(PORTAL, keys=known_keys("portal"))
    assert accept(*_with(idp, answer_of(idp, portal))).subject == "nora-at-adfs"


def test_the_same_answer_is_refused_elsewhere_and_later(idp: Idp) -> None:
    posted, expected = answer_of(idp)
    other = replace(expected, request_id="_other")
    late = replace(expected, now=expected.now + timedelta(minutes=7))
    beside = replace(expected, portal=replace(PORTAL, acs_url=PORTAL.acs_url + "2"))
    foreign = Idp(idp.entity_id, idp.sso_url, (known_keys("foreign").certificate,))
    assert refusal(posted, idp, other) is Check.REQUEST
    assert refusal(posted, idp, late) in {Check.TIME, Check.CONFIRMATION_TIME}
    assert refusal(posted, idp, beside) is Check.DESTINATION
    assert refusal(posted, foreign, expected) is Check.SIGNATURE


def _with(idp: Idp, answer: tuple[str, Expected]) -> tuple[str, Idp, Expected]:
    return answer[0], idp, answer[1]
