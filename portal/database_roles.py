"""Runs the two SQL files beside it, the roles and rights of Staffroom's database, and sets the roles' passwords.

What the roles may do is said in the SQL files alone, so that an operator can run the same with psql.
"""

from __future__ import annotations

from pathlib import Path

import psycopg
from psycopg import sql

ROLES = Path(__file__).with_name("database_roles.sql")
BACKUP_ROLE = Path(__file__).with_name("database_backup_role.sql")


def bootstrap(admin_url: str, *, database: str, passwords: dict[str, str]) -> None:
    """Creates the database if it is missing, then the roles and their rights in it.

    `admin_url` is a libpq address of an administrator; `passwords` maps role names to passwords.
    """
    with psycopg.connect(admin_url, autocommit=True) as connection:
        create_database(connection, database)
    grant(admin_url, database=database)
    with psycopg.connect(admin_url, autocommit=True) as connection:
        for role, password in passwords.items():
            set_password(connection, role, password)


def create_database(connection: psycopg.Connection, database: str) -> None:
    """From template0, the one template that nobody can have put anything into."""
    found = connection.execute("SELECT FROM pg_database WHERE datname = %s", (database,)).fetchone()
    if found is None:
        name = sql.Identifier(database)
        connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE template0").format(name))


def grant(admin_url: str, *, database: str) -> None:
    """The rights in one database; a copy made with CREATE DATABASE ... TEMPLATE does not inherit them all."""
    with psycopg.connect(admin_url, dbname=database) as connection:
        connection.execute(ROLES.read_bytes())
        connection.execute(BACKUP_ROLE.read_bytes())


def prepare_checks(admin_url: str) -> None:
    """Lets the role of backups look for damaged pages, where this build of PostgreSQL can."""
    with psycopg.connect(admin_url) as connection:
        available = "SELECT FROM pg_available_extensions WHERE name = 'amcheck'"
        if connection.execute(available).fetchone() is None:
            return
        connection.execute("CREATE EXTENSION IF NOT EXISTS amcheck SCHEMA pg_catalog")
        functions = connection.execute(
            "SELECT oid::regprocedure::text FROM pg_proc WHERE proname IN ('verify_heapam', 'bt_index_check')"
        ).fetchall()
        for (function,) in functions:
            connection.execute(f"GRANT EXECUTE ON FUNCTION {function} TO staffroom_backup".encode())


def set_password(connection: psycopg.Connection, role: str, password: str) -> None:
    """Hashes on this side, so that no password can appear in the server's log."""
    verifier = connection.pgconn.encrypt_password(password.encode(), role.encode(), b"scram-sha-256")
    statement = sql.SQL("ALTER ROLE {} PASSWORD {}")
    connection.execute(statement.format(sql.Identifier(role), sql.Literal(verifier.decode())))
