"""Acme's SAML provider, and a browser that goes there and comes back."""

from __future__ import annotations

import base64
import zlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

import pytest
from lxml import etree
from sqlalchemy import select
from werkzeug.test import TestResponse

from portal.domain.sso import ProviderKind
from portal.models.audit_event import AuditEvent
from tests.factories.companies import OPERATOR
from tests.factories.identity_providers import give_account, make_provider
from tests.fixtures.cast import Member
from tests.fixtures.client import PortalClient
from tests.fixtures.mini_idp import Answer, MiniIdp

CROSS_COOKIE = "__Host-sso-post"


@dataclass
class Trip:
    """A browser on its way: what the provider was asked, and how it answers."""

    client: PortalClient
    path: str
    answer: Answer
    relay_state: str

    def post(self, posted: str | None = None, *, relay_state: str | None = None, **how: Any) -> TestResponse:
        """The provider's page posts into the browser, from another site."""
        data = {
            "SAMLResponse": posted if posted is not None else self.answer.posted(**how),
            "RelayState": self.relay_state if relay_state is None else relay_state,
        }
        headers = {"Sec-Fetch-Site": "cross-site", "Origin": "https://idp.acme.test"}
        return self.client.post(f"{self.path}/acs", data=data, headers=headers)

    def finish(self, posted: str | None = None, **how: Any) -> TestResponse:
        """Both legs; the answer of the second, or of the first when it goes no further."""
        first = self.post(posted, **how)
        return self.client.get(first.headers["Location"]) if first.status_code == 303 else first


@dataclass
class World:
    """One provider of one company as the tests use it."""

    provider_id: UUID
    idp: MiniIdp
    slug: str
    company: Any

    @property
    def path(self) -> str:
        return f"/c/{self.slug}/saml/{self.provider_id}"

    @property
    def start(self) -> str:
        return f"/c/{self.slug}/sso/{self.provider_id}"

    def leave(self, client: PortalClient, staffroom: Any, query: str = "", start: str | None = None) -> Trip:
        went = client.get((start or self.start) + query)
        assert went.status_code == 303, went.text
        return self.trip(client, staffroom, went.headers["Location"])

    def trip(self, client: PortalClient, staffroom: Any, address: str) -> Trip:
        """The trip that leads to this address of the provider."""
        asked = parse_qs(urlsplit(address).query)
        request = etree.fromstring(zlib.decompress(base64.b64decode(asked["SAMLRequest"][0]), -15))
        answer = Answer(
            self.idp,
            f"http://localhost{self.path}/acs",
            f"http://localhost{self.path}/metadata",
            request.get("ID"),
            staffroom.clock.now(),
            assertion_id=f"_of-{request.get('ID')}",
        )
        return Trip(client, self.path, answer, asked["RelayState"][0])


def settings_of(idp: MiniIdp, **more: Any) -> dict[str, Any]:
    return {
        "entity_id": idp.entity_id,
        "sign_in_url": idp.sso_url,
        "certificates": [idp.keys.certificate],
        **more,
    }


@pytest.fixture
def make_world(as_, cast):
    """A provider of a company; Eve (or Bea of Beta) has an account there."""

    def make(company: str = "acme", idp: MiniIdp | None = None, **columns: Any) -> World:
        idp = idp or MiniIdp()
        facts = getattr(cast, company) if company in {"acme", "beta"} else None
        person = cast.eve if company == "acme" else cast.bea
        with as_(Member(facts, None, OPERATOR.name, OPERATOR.email, ())) as uow:
            columns.setdefault("settings", settings_of(idp))
            provider = make_provider(uow, ProviderKind.SAML, "Acme login", **columns)
            provider.secret_sealed = None
            give_account(uow, provider, person.employee_id, "eve-at-the-idp")
            return World(provider.id, idp, facts.slug, facts)

    return make


@pytest.fixture
def world(make_world) -> World:
    return make_world()


@pytest.fixture
def leave(client, staffroom, world):
    """Sends the browser to Acme's provider."""

    def go(query: str = "", *, browser: PortalClient | None = None, start: str | None = None) -> Trip:
        return world.leave(browser or client, staffroom, query, start)

    return go


@pytest.fixture
def denials(as_, cast):
    """What the audit log of Acme says about refused sign-ins."""

    def read() -> list[str]:
        with as_(Member(cast.acme, None, OPERATOR.name, OPERATOR.email, ())) as uow:
            rows = uow.session.scalars(
                select(AuditEvent).where(AuditEvent.action == "sso.denied").order_by(AuditEvent.seq)
            )
            return [row.payload for row in rows]

    return read
