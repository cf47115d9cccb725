"""A database on a server of one's own: made beside the portal's, and put in its place by its name."""

from __future__ import annotations

import time
from dataclasses import dataclass

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from portal import database_roles
from portal.database_url import libpq

#: Seconds for the last connections to end; whoever holds one is cut off.
PATIENCE = 20


@dataclass(frozen=True)
class DatabaseBeside:
    """`admin_url` is an administrator's address of any database of the server, `portal_url` the portal's own."""

    admin_url: str
    portal_url: str
    database: str

    @property
    def url(self) -> str:
        """The administrator, in this database."""
        return _in_database(self.admin_url, self.database)

    @property
    def app_url(self) -> str:
        """The portal's own role, in this database."""
        return _in_database(self.portal_url, self.database)

    def create(self) -> None:
        """Empty; what an attempt before this one has left goes, because nobody can have used it."""
        name = sql.Identifier(self.database)
        with psycopg.connect(libpq(self.admin_url), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(name))
            database_roles.create_database(connection, self.database)

    def take_the_place_of(self, standing: str, *, former: str) -> None:
        """Both names change in one transaction: at no time is there a portal without a database, or with two."""
        with psycopg.connect(_libpq_beside(self.admin_url), autocommit=True) as connection:
            if _exists(connection, former):
                return  # it was done before
            _close(connection, standing, self.database)
            try:
                with connection.transaction():
                    for name, new in ((standing, former), (self.database, standing)):
                        statement = sql.SQL("ALTER DATABASE {} RENAME TO {}")
                        connection.execute(statement.format(sql.Identifier(name), sql.Identifier(new)))
            finally:
                _open(connection, former, standing, self.database)


def _in_database(url: str, database: str) -> str:
    return make_url(url).set(database=database).render_as_string(hide_password=False)


def _libpq_beside(url: str) -> str:
    """Nobody can rename the database that they are connected to."""
    return libpq(_in_database(url, "postgres"))


def _exists(connection: psycopg.Connection, name: str) -> bool:
    return connection.execute("SELECT FROM pg_database WHERE datname = %s", (name,)).fetchone() is not None


def _close(connection: psycopg.Connection, *names: str) -> None:
    end = time.monotonic() + PATIENCE
    for name in names:
        connection.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(sql.Identifier(name)))
    held = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = ANY(%s)"
    while (found := connection.execute(held, (list(names),)).fetchone()) and found[0]:
        if time.monotonic() > end:
            break  # renaming says whom it waits for
        time.sleep(0.1)


def _open(connection: psycopg.Connection, *names: str) -> None:
    for name in names:
        if _exists(connection, name):
            connection.execute(
                sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(sql.Identifier(name))
            )
