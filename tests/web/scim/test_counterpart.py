"""An independent SCIM client and the independent checks of scim2-tester, through the real app."""

from __future__ import annotations

from uuid import uuid4

import pytest
from pydantic import BaseModel
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server, filling
from scim2_tester.checkers import patch_add, patch_replace


@pytest.fixture(autouse=True)
def examples(monkeypatch, cast):
    """A schema cannot say that userName is an address, and a manager somebody who is here; the tester is told so."""
    guess = filling.get_random_example_value

    def example(path):
        name = str(path).lower()
        if name.endswith("active"):
            return True  # a leaver is led by nobody
        bound = path.resolve()
        if (
            bound
            and bound.target_model
            and (bound.target_model.__name__, bound.target_field_name) == ("Manager", "value")
        ):
            return str(cast.mats.employee_id)
        return f"{uuid4()}@acme.example" if name.endswith("username") else guess(path)

    monkeypatch.setattr(filling, "get_random_example_value", example)


@pytest.fixture(autouse=True)
def derived_values(monkeypatch):
    """RFC 7643, 4.3: a name of a manager is read-only, so an answer may hold more than what was sent."""

    def holds(sent, answered):
        sent, answered = (one.model_dump() if isinstance(one, BaseModel) else one for one in (sent, answered))
        if isinstance(sent, dict) and isinstance(answered, dict):
            return all(holds(value, answered.get(name)) for name, value in sent.items() if value is not None)
        return sent == answered

    for checker in (patch_add, patch_replace):
        monkeypatch.setattr(checker, "fields_equality", holds)


@pytest.fixture
def scim(app, entra):
    client = WSGISCIMClient(
        app,
        base_url="http://localhost/c/acme/scim/v2",
        headers={"Authorization": f"Bearer {entra.token}"},
    )
    client.discover()
    return client


def test_everything_the_tester_checks_holds(scim):
    results = check_server(scim)
    failed = [
        f"{one.title}: {one.reason} {one.data}"
        for one in results
        if one.status in {Status.ERROR, Status.CRITICAL}
    ]
    assert failed == []
    assert len([one for one in results if one.status is Status.SUCCESS]) > 20
