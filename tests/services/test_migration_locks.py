"""A migration without its lock lets the pages go first: it gives up soon, undone, and works when it is run again."""

from __future__ import annotations

import time

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError

from portal.database_url import libpq
from tests.fixtures.database_server import MIGRATIONS

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
