"""Files beside the database: gone when nothing was committed, kept when they may belong to a row."""

from __future__ import annotations

from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import DBAPIError

from portal.app import create_app
from portal.database_url import libpq
from portal.db import db
from portal.models import OutboxMessage
from portal.services import audit, audit_log, documents
from tests.factories.companies import work
from tests.fixtures.cast import make_cast
from tests.fixtures.portal import make_settings


@pytest.fixture
def house(fresh_database, tmp_path):
    """A portal on its own database: the app's parts, the cast, the administrator's connection, the files' folder."""
    app = create_app(make_settings(fresh_database, tmp_path))
    with (
        app.app_context(),
        psycopg.connect(libpq(fresh_database.admin_url, dbname="postgres"), autocommit=True) as admin,
    ):
        staffroom = app.extensions["staffroom"]
        yield staffroom, make_cast(staffroom), admin, staffroom.outside.files.root
        db.engine.dispose()


def add(uow) -> None:
    documents.add(
        uow, document_id=uuid4(), title="Rules", description="", file_name="rules.txt", content=b"Be kind."
    )


def files(root) -> list[str]:
    return [path.name for path in root.rglob("*") if path.is_file()]


def test_an_error_before_the_commit_takes_the_file_away(house):
    staffroom, cast, _, root = house

    def broken() -> None:
        with work(staffroom, cast.acme, cast.ana.actor) as uow:
            add(uow)
            assert len(files(root)) == 1
            raise RuntimeError

    with pytest.raises(RuntimeError):
        broken()
    assert files(root) == []


def test_starting_over_takes_the_file_away_too(house):
    """A refusal that is put on record commits the record alone."""
    staffroom, cast, _, root = house
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        add(uow)
        uow.start_over()
        audit.record(uow, audit.Action.ACCESS_DENIED)
    assert files(root) == []
    with work(staffroom, cast.acme, cast.ana.actor) as uow:
        newest = audit_log.list_events(uow).events[0]
        assert newest.action == "access.denied"
        assert uow.session.scalars(select(OutboxMessage)).all() == []


def test_a_commit_that_the_database_refuses_takes_the_file_away(house):
    staffroom, cast, _, root = house

    def refused() -> None:
        with work(staffroom, cast.acme, cast.ana.actor) as uow:
            add(uow)
            uow.before_commit.append(lambda late: late.session.execute(text("SELECT 1/0")))

    with pytest.raises(DBAPIError):
        refused()
    assert files(root) == []


def test_a_commit_of_which_nobody_knows_keeps_the_file(house):
    """A connection that dies during COMMIT may have committed: the row must not lose its file."""
    staffroom, cast, admin, root = house

    def lost() -> None:
        with work(staffroom, cast.acme, cast.ana.actor) as uow:
            add(uow)
            uow.before_commit.append(_pull_the_plug)

    def _pull_the_plug(uow) -> None:
        pid = uow.session.scalar(text("SELECT pg_backend_pid()"))
        event.listen(
            uow.session, "before_commit", lambda _: admin.execute("SELECT pg_terminate_backend(%s)", (pid,))
        )

    with pytest.raises(DBAPIError):
        lost()
    assert len(files(root)) == 1
