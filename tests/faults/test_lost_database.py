"""The database goes away under the portal: pages say so, and work again when it is back."""

from __future__ import annotations

import psycopg
import pytest

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from tests.factories.companies import make_company
from tests.fixtures.portal import make_settings


@pytest.fixture
def standing(fresh_database, tmp_path):
    """A portal on its own database, and a connection of the administrator to the server."""
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        make_company(app.extensions["staffroom"], "acme", "Acme")
    with psycopg.connect(libpq(fresh_database.admin_url, dbname="postgres"), autocommit=True) as admin:
        yield app.test_client(), admin, fresh_database.name
    with app.app_context():
        db.engine.dispose()


def test_a_killed_connection_is_replaced_unnoticed(standing):
    """T147."""
    client, admin, name = standing
    assert client.get("/c/acme/sign-in").status_code == 200
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    assert client.get("/c/acme/sign-in").status_code == 200


def test_without_a_database_pages_answer_503_and_recover(standing):
    """T147: the page says to try again, and says it in the portal's look."""
    client, admin, name = standing
    admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
    admin.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
    answer = client.get("/c/acme/sign-in")
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert "psycopg" not in answer.text
    assert client.get("/readyz").status_code == 503
    assert client.get("/healthz").status_code == 200
    admin.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    assert client.get("/c/acme/sign-in").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_more_requests_than_connections_answer_503(standing, monkeypatch):
    client, _, _ = standing
    with client.application.app_context():
        pool = db.engine.pool
        monkeypatch.setattr(pool, "_timeout", 0.1)
        held = [db.engine.connect() for _ in range(pool.size() + pool._max_overflow)]
    answer = client.get("/c/acme/sign-in")
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    for one in held:
        one.close()
    assert client.get("/c/acme/sign-in").status_code == 200
