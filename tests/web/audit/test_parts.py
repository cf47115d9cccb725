"""A column that holds several values is told part by part, in words, and never as the machine holds it."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.audit_actions import Action
from portal.domain.sso import ProviderKind
from portal.models import AuditEvent
from portal.services import audit
from portal.services.audit_parts import changed_parts
from tests.factories.identity_providers import OTHER_TENANT, TENANT, make_provider
from tests.fixtures.authority import new_key, self_signed
from tests.web.audit.test_subjects import row

OLD = {"client_id": "1b4e28ba-2fa1-11d2-883f-0016d3cca427", "tenant_id": TENANT}


@pytest.fixture
def changed(cast, as_):
    """Ana points the provider at another tenant, and lets two groups lead to other roles than before."""
    with as_(cast.ana) as uow:
        provider = make_provider(
            uow, ProviderKind.MICROSOFT, role_mapping={"Planners": "planner", "Old": "hr"}
        )
        uow.settle()
        provider.settings = {**OLD, "tenant_id": OTHER_TENANT}
        provider.role_mapping = {"Planners": "manager", "New <b>": "planner"}
        audit.record(uow, Action.IDENTITY_PROVIDER_CHANGED, subject=provider)


def test_each_part_says_from_what_to_what(client, cast, changed):
    event = row(client.sign_in(cast.ana).page("audit"), "Sign-in provider changed")
    assert f"Directory (tenant) ID</span> <del>{TENANT}</del>" in event
    assert f"<ins>{OTHER_TENANT}</ins>" in event
    assert "Role of the group “Planners”</span> <del>Planner</del>" in event
    assert "<ins>Manager</ins>" in event
    assert "Role of the group “Old”</span> <del>HR</del>" in event
    assert "New &lt;b&gt;" in event
    assert "Client ID" not in event, "it stayed as it was"
    for raw in ("{&#39;", "{&#34;", "tenant_id", "role_mapping", "None"):
        assert raw not in event


def test_it_is_told_in_the_readers_language(client, cast, as_, changed):
    client.sign_in(cast.ana).send("preferences", {"language": "cs", "next": "/c/acme/sessions"})
    event = row(client.page("audit"), "Poskytovatel přihlášení změněn")
    assert "Role skupiny „Planners“" in event
    assert "Vedoucí" in event


def test_the_log_itself_keeps_them_as_json(cast, as_, changed):
    with as_(cast.ana) as uow:
        payload = uow.session.scalars(
            select(AuditEvent.payload).where(AuditEvent.action == Action.IDENTITY_PROVIDER_CHANGED)
        ).one()
    assert f'"tenant_id": "{OTHER_TENANT}"' in payload


def test_events_of_earlier_versions_are_read_too():
    """They hold such a column as Python writes it; what cannot be read so is shown as it is."""
    assert list(changed_parts("{'a': 1, 'b': ['x']}", {"a": 1, "b": ["x", "y"]})) == [
        ("b", ["x"], ["x", "y"])
    ]
    assert list(changed_parts("{", {"a": 1})) == [("", "{", {"a": 1})]
    assert list(changed_parts("{__import__('os')}", {})) == [("", "{__import__('os')}", {})]


def test_parts_within_parts_are_found():
    before, after = {"a": {"b": 1, "c": 2}, "gone": ""}, {"a": {"b": 3, "c": 2}, "gone": []}
    assert list(changed_parts(before, after)) == [("a / b", 1, 3)]


def test_certificates_are_told_by_their_thumbprints(client, cast, as_):
    with as_(cast.ana) as uow:
        provider = make_provider(
            uow, ProviderKind.SAML, settings={"certificates": [self_signed(new_key(), "idp")]}
        )
        uow.settle()
        provider.settings = {"certificates": ["no certificate at all"]}
        audit.record(uow, Action.IDENTITY_PROVIDER_CHANGED, subject=provider)
    event = row(client.sign_in(cast.ana).page("audit"), "Sign-in provider changed")
    assert "BEGIN CERTIFICATE" not in event
    assert "no certificate at all" in event
