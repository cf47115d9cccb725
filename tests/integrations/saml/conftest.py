"""The portal and its provider, one good answer, and the two ways of asking for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from portal.integrations.sso.saml import Check, Expected, Portal, SamlRefused, accept
from tests.fixtures.mini_idp import Answer, MiniIdp, known_keys

NOW = datetime(2026, 6, 15, 8, 0, tzinfo=UTC)
PORTAL = Portal(
    "https://staff.test/c/acme/saml/1/metadata", "https://staff.test/c/acme/saml/1/acs", known_keys("portal")
)
REQUEST_ID = "_request-of-this-browser"


@pytest.fixture
def idp() -> MiniIdp:
    return MiniIdp()


@pytest.fixture
def good(idp: MiniIdp) -> Answer:
    """Signed as it stands it is accepted; every refusal in these tests is one change away from it."""
    return Answer(idp, PORTAL.acs_url, PORTAL.entity_id, REQUEST_ID, NOW)


@pytest.fixture
def expected() -> Expected:
    return Expected(PORTAL, REQUEST_ID, NOW)


@pytest.fixture
def refused(idp: MiniIdp, expected: Expected) -> Callable[[str], Check]:
    """The check that refuses what is posted; it fails when nothing does."""

    def ask(posted: str) -> Check:
        with pytest.raises(SamlRefused) as caught:
            accept(posted, idp.as_known, expected)
        return caught.value.check

    return ask
