"""What a migration does to companies that stand already: row security binds the owner of the tables too."""

from __future__ import annotations

import importlib.util

import psycopg

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from tests.fixtures.cast import make_cast
from tests.fixtures.database_server import MIGRATIONS
from tests.fixtures.portal import make_settings

HELD = "SELECT count(*), count(DISTINCT company_id) FROM role_permission WHERE permission = 'sign-in:manage'"


def test_admins_of_every_company_get_the_right_to_manage_the_sign_in(fresh_database, tmp_path):
    app = create_app(make_settings(fresh_database, tmp_path))
    with app.app_context():
        make_cast(app.extensions["staffroom"])
        db.engine.dispose()
    step = _migration("identity_providers")
    with (
        psycopg.connect(libpq(fresh_database.admin_url), autocommit=True) as admin,
        psycopg.connect(libpq(fresh_database.owner_url), autocommit=True) as owner,
    ):
        before = admin.execute(HELD).fetchone()
        owner.execute(step.FOR_EVERY_COMPANY.format(statement=step.TAKE))
        assert admin.execute(HELD).fetchone() == (0, 0)
        owner.execute(step.FOR_EVERY_COMPANY.format(statement=step.GIVE))
        assert admin.execute(HELD).fetchone() == before == (2, 2)


def _migration(name: str):
    path = next((MIGRATIONS / "versions").glob(f"*_{name}.py"))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
