"""An independent SCIM client and the independent checks of scim2-tester, through the real app."""

from __future__ import annotations

from uuid import uuid4

import pytest
from scim2_client.engines.wsgi import WSGISCIMClient
from scim2_tester import Status, check_server, filling


@pytest.fixture(autouse=True)
def addresses(monkeypatch):
    """A schema cannot say that userName is an address; the tester is told so, as by an example."""
    guess = filling.get_random_example_value

    def example(path):
        return f"{uuid4()}@acme.example" if str(path).lower().endswith("username") else guess(path)

    monkeypatch.setattr(filling, "get_random_example_value", example)


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
