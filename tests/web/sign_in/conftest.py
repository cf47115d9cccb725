"""What tests of signing in have in common: entering a password, and reading the audit log."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.factories.people import PASSWORD


@pytest.fixture
def enter(client):
    """Sends the sign-in form of Acme and gives the answer."""

    def send(email: str, password: str = PASSWORD, *, company: str = "acme", **fields):
        return client.send(f"/c/{company}/sign-in", {"email": email, "password": password, **fields})

    return send


@pytest.fixture
def audited(as_, cast):
    """The (action, facts) that Acme's log holds, newest last."""

    def read() -> list[tuple[str, dict]]:
        with as_(cast.ana) as uow:
            rows = uow.session.execute(text("SELECT action, payload FROM audit.event ORDER BY seq"))
            return [(row.action, json.loads(row.payload)) for row in rows]

    return read
