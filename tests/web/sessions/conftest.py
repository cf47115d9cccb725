"""What tests of one's own security page have in common: adding a passkey, and reading the audit log."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from tests.factories.passkeys import SoftKey


@pytest.fixture
def add_passkey(client):
    """Adds a passkey as the page's script would; the key, and the answer."""

    def add(name: str = "Laptop", key: SoftKey | None = None, **how):
        key = key or SoftKey()
        options = client.send("second-factors/passkeys/challenges").get_json()
        answer = client.send(
            "second-factors/passkeys", {"name": name, "answer": key.register(options, **how)}
        )
        return key, answer

    return add


@pytest.fixture
def actions(as_, cast):
    """The actions that Acme's log holds with their facts, newest last."""

    def read() -> list[tuple[str, dict]]:
        with as_(cast.ana) as uow:
            rows = uow.session.execute(text("SELECT action, payload FROM audit.event ORDER BY seq"))
            return [(row.action, json.loads(row.payload)) for row in rows]

    return read
