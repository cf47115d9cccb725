"""Commands on a database without the tables of this version say what to do about it."""

from __future__ import annotations

import psycopg
import pytest

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from tests.fixtures.portal import make_settings


@pytest.fixture
def run(fresh_database, tmp_path):
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        yield lambda *words: app.test_cli_runner().invoke(args=words)
        db.engine.dispose()


@pytest.mark.parametrize(
    "older", ["DROP SCHEMA public CASCADE; CREATE SCHEMA public", "ALTER TABLE company DROP COLUMN closed_on"]
)
def test_a_command_before_its_migrations_names_the_one_to_type(run, fresh_database, older):
    with psycopg.connect(libpq(fresh_database.admin_url), autocommit=True) as admin:
        admin.execute(older)
    for words in (("privacy", "replay"), ("audit", "verify"), ("keys", "check")):
        answer = run(*words)
        assert isinstance(answer.exception, SystemExit) and answer.exit_code == 2, answer.exception
        assert "`flask db upgrade`" in answer.output
        assert len(answer.output.splitlines()) == 1, answer.output
