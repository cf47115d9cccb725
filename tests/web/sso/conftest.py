"""A company with both vendors as providers, and a walk from its sign-in page through the vendor and back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update

from portal.domain.sso import Joining, ProviderKind
from portal.models import Employee, Identity, IdentityProvider, SignInSession
from portal.models.audit_event import AuditEvent
from portal.services import audit_log
from portal.services.audit_filter import LogFilter
from tests.factories.companies import OPERATOR
from tests.factories.identity_providers import TENANT, give_account, make_provider, verify_domain
from tests.fixtures.cast import Member

EVE_OID = "11111111-2222-4333-8444-555555555555"
GOOGLE, MICROSOFT = ProviderKind.GOOGLE, ProviderKind.MICROSOFT
#: What each vendor says of Eve, who is known there, and of Nora, who is not.
EVE = {
    GOOGLE: {
        "hd": "acme.example", "email": "eve@acme.example", "email_verified": True, "name": "Eve",
        "given_name": "Eve", "family_name": "Malá",
    },
    MICROSOFT: {
        "tid": TENANT, "oid": EVE_OID, "ver": "2.0", "email": "eve@acme.example", "name": "Eve",
        "preferred_username": "eve@acme.example", "given_name": "Eve", "family_name": "Malá",
    },
}  # fmt: skip


@dataclass
class Walks:
    """What tests do at the door of Acme."""

    client: Any
    vendors: Any
    as_: Any
    cast: Any
    ids: dict[ProviderKind, UUID]

    def path(self, kind: ProviderKind) -> str:
        return f"/c/acme/sso/{self.ids[kind]}"

    def to_vendor(self, kind: ProviderKind, **query: str) -> str:
        """Presses the button; the vendor's address."""
        answer = self.client.get(self.path(kind), query_string=query)
        assert answer.status_code == 303, answer.text
        return answer.headers["Location"]

    def arrive(self, kind: ProviderKind, person: str = "eve", **query: str) -> Any:
        """All the way: button, vendor, and our answer to what the vendor says."""
        self.vendors.tell(person=person)
        return self.client.get(self.vendors.walk(self.to_vendor(kind, **query)))

    def nobody(self) -> Any:
        return self.as_(Member(self.cast.acme, None, OPERATOR.name, OPERATOR.email, ()))

    def denials(self) -> list[dict[str, Any]]:
        """The facts of every refusal on record, oldest first."""
        with self.nobody() as uow:
            events = audit_log.list_events(uow, LogFilter(actions=("sso.denied",))).events
        return [event.facts for event in reversed(events)]

    def counts(self) -> tuple[int, int, int]:
        """People, ways in and sessions: what a refused sign-in must leave as it was."""
        with self.nobody() as uow:
            models = (Employee, Identity, SignInSession)
            return tuple(len(uow.session.scalars(select(model.id)).all()) for model in models)  # type: ignore[return-value]

    def last_event(self, action: str) -> dict[str, Any]:
        with self.nobody() as uow:
            row = uow.session.scalars(
                select(AuditEvent).where(AuditEvent.action == action).order_by(AuditEvent.seq.desc())
            ).first()
            return {} if row is None else audit_log._logged(row).facts


@pytest.fixture
def walks(client, vendors, as_, cast) -> Walks:
    """Both providers active in Acme; Eve is known to both, by the accounts named "eve"."""
    ids = {}
    with as_(Member(cast.acme, None, OPERATOR.name, OPERATOR.email, ())) as uow:
        verify_domain(uow, "acme.example")
        for kind, subject in ((GOOGLE, "eve"), (MICROSOFT, f"{TENANT}:{EVE_OID}")):
            provider = make_provider(uow, kind, joining=Joining.INVITED)
            give_account(uow, provider, cast.eve.employee_id, subject)
            ids[kind] = provider.id
    vendors.tell(redirect_uris=[f"http://localhost/c/acme/sso/{one}/callback" for one in ids.values()])
    walks = Walks(client, vendors, as_, cast, ids)
    return walks


@pytest.fixture(params=[GOOGLE, MICROSOFT], ids=lambda kind: kind.value)
def kind(request, vendors) -> ProviderKind:
    """Each vendor in turn; Eve has an account there."""
    vendors.knows("eve", **EVE[request.param])
    return request.param


def let_strangers_in(walks: Walks, kind: ProviderKind, **columns: Any) -> None:
    """The provider takes people of the company's domains in by itself."""
    with walks.nobody() as uow:
        uow.session.execute(
            update(IdentityProvider)
            .where(IdentityProvider.id == walks.ids[kind])
            .values(joining=Joining.VERIFIED_DOMAINS, **columns)
        )
