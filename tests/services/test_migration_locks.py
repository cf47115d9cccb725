"""A migration without its lock lets the pages go first: it gives up soon, undone, and works when it is run again."""

from __future__ import annotations

import time
from dataclasses import replace

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from tests.fixtures.database_server import MIGRATIONS
from tests.fixtures.portal import make_settings

#: One that refers to the table of people, as most do.
REVISION = "a1f0c0de0161"
STANDING = """
    SELECT (SELECT version_num FROM alembic_version),
    (SELECT array_agg(c::text ORDER BY c::text) FROM information_schema.columns c WHERE table_schema = 'public'),
    (SELECT array_agg(p::text ORDER BY p::text) FROM pg_policies p)
"""


@pytest.fixture
def config(fresh_database):
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["owner_url"] = fresh_database.owner_url
    before = ScriptDirectory.from_config(config).get_revision(REVISION).down_revision
    command.downgrade(config, before)
    return config


def test_it_gives_up_in_time_says_why_leaves_everything_and_works_when_retried(config, fresh_database):
    def standing() -> tuple:
        with psycopg.connect(libpq(fresh_database.admin_url)) as admin:
            return admin.execute(STANDING).fetchone()

    before = standing()
    with psycopg.connect(libpq(fresh_database.admin_url)) as at_work:
        at_work.execute(
            "LOCK TABLE employee IN ROW EXCLUSIVE MODE"
        )  # as whoever writes to it, and does not end
        begun = time.monotonic()
        with pytest.raises(CommandError, match=r"Gave up waiting for a lock.*CREATE TABLE audit_export"):
            command.upgrade(config, REVISION)
        assert time.monotonic() - begun < 30
        assert standing() == before
    command.upgrade(config, REVISION)
    assert standing()[0] == REVISION
    command.upgrade(config, "head")


def test_the_command_that_operators_are_told_to_type_does_it(config, fresh_database, tmp_path):
    settings = make_settings(fresh_database, tmp_path)
    ask = {"args": ["db", "upgrade"]}
    stranger = create_app(replace(settings, database_owner_url=None))
    answer = stranger.test_cli_runner().invoke(**ask)
    assert answer.exit_code == 2 and "DATABASE_OWNER_URL is missing" in answer.output
    app = create_app(settings)
    with app.app_context():
        answer = app.test_cli_runner().invoke(**ask)
        db.engine.dispose()
    assert answer.exit_code == 0, answer.output
    with psycopg.connect(libpq(fresh_database.admin_url)) as admin:
        now = admin.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    assert now == ScriptDirectory.from_config(config).get_current_head()
