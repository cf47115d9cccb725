"""What the portal writes to its log: places and kinds, never people's data."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from portal.services import directory

SECRET = "Blinddarm"


@pytest.fixture
def lines():
    """Everything the portal logs, formatted as it is written."""
    kept: list[str] = []

    class Keeper(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            kept.append(self.format(record))

    keeper = Keeper()
    logging.getLogger("portal").addHandler(keeper)
    yield kept
    logging.getLogger("portal").removeHandler(keeper)


@pytest.mark.parametrize(
    "statement",
    [
        "SELECT CAST(:value AS integer)",
        "INSERT INTO team (company_id, id, name, site_id, created_at)"
        " SELECT company_id, gen_random_uuid(), :value, NULL, NULL FROM employee LIMIT 1",
    ],
)
def test_a_database_error_is_logged_without_the_values(client, cast, monkeypatch, lines, statement):
    """T64: drivers put the parameters, and PostgreSQL the whole row, into the text of an error."""

    def broken(uow, _asked):
        uow.session.execute(text(statement), {"value": SECRET})

    monkeypatch.setattr(directory, "list_people", broken)
    answer = client.sign_in(cast.eve).get(client.url("people"))
    assert answer.status_code == 500
    assert SECRET not in answer.text
    logged = "\n".join(lines)
    assert "unexpected database error" in logged
    assert "directory.py" in logged or "directory" in logged, "the place is there"
    assert SECRET not in logged
