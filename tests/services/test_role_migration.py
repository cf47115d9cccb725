"""Companies that exist already get the right to manage roles for their admins, and row security stays forced."""

from __future__ import annotations

import psycopg
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from tests.factories.companies import make_company
from tests.fixtures.database_server import MIGRATIONS
from tests.fixtures.portal import make_settings

REVISION = "a1f0c0de0007"
MANAGERS = """
    SELECT c.slug, r.key FROM role_permission p JOIN role r ON r.company_id = p.company_id AND r.id = p.role_id
    JOIN company c ON c.id = p.company_id WHERE p.permission = 'role:manage' AND p.reach = 'company' ORDER BY 1
"""
FORCED = "SELECT relname FROM pg_class WHERE relname IN ('role', 'role_permission') AND relforcerowsecurity ORDER BY 1"


def test_admins_of_every_company_manage_roles_after_the_upgrade(fresh_database, tmp_path):
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        for slug in ("acme", "beta"):
            make_company(app.extensions["staffroom"], slug, slug.capitalize())
        db.engine.dispose()
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["owner_url"] = fresh_database.owner_url
    before = ScriptDirectory.from_config(config).get_revision(REVISION).down_revision

    def read(query: str) -> list[tuple]:
        with psycopg.connect(libpq(fresh_database.admin_url)) as connection:
            return connection.execute(query).fetchall()

    command.downgrade(config, before)
    assert read(MANAGERS) == []
    command.upgrade(config, "head")
    assert read(MANAGERS) == [("acme", "admin"), ("beta", "admin")]
    assert read(FORCED) == [("role",), ("role_permission",)]
