"""The database as a backup sees it: one moment of it, and what it counted then."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import psycopg
from psycopg import sql

from portal.database_url import libpq
from portal.services.backups.manifest import NO_COMPANY, TableCount

_TABLES = """
    SELECT n.nspname, c.relname, EXISTS (
        SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = %s AND NOT a.attisdropped)
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind IN ('r', 'p') AND n.nspname IN ('public', 'audit') ORDER BY 1, 2
"""
_HEADS = "SELECT company_id::text, seq, encode(hash, 'hex') FROM audit.head"
_ROLES = r"SELECT rolname FROM pg_roles WHERE rolname LIKE 'staffroom\_%' ORDER BY 1"
_FILE_NAMES = sql.SQL("SELECT company_id::text || '/' || storage_key FROM {} WHERE storage_key IS NOT NULL")


@dataclass(frozen=True)
class Moment:
    """A transaction that goes on seeing one moment; other connections join it by its `snapshot`."""

    connection: psycopg.Connection
    snapshot: str


@contextmanager
def moment_of(url: str) -> Iterator[Moment]:
    """Holds the database still for whoever looks through this connection; nobody else notices."""
    with psycopg.connect(libpq(url)) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        connection.read_only = True
        found = connection.execute("SELECT pg_export_snapshot()").fetchone()
        yield Moment(connection, found[0] if found else "")
        connection.rollback()


def count_rows(connection: psycopg.Connection) -> dict[str, TableCount]:
    """Every table of the portal; the role must see the rows of all companies."""
    return {
        f"{schema}.{table}": _count(connection, sql.Identifier(schema, table), by_company=by_company)
        for schema, table, by_company in connection.execute(_TABLES, ("company_id",)).fetchall()
    }


def _count(connection: psycopg.Connection, table: sql.Identifier, *, by_company: bool) -> TableCount:
    if not by_company:
        found = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(table)).fetchone()
        return TableCount(found[0] if found else 0, {})
    statement = sql.SQL("SELECT coalesce(company_id::text, %s), count(*) FROM {} GROUP BY 1").format(table)
    counts: dict[str, int] = dict(connection.execute(statement, (NO_COMPANY,)).fetchall())
    return TableCount(sum(counts.values()), counts)


def audit_heads(connection: psycopg.Connection) -> dict[str, tuple[int, str]]:
    """The end of each company's audit chain."""
    return {company: (seq, head) for company, seq, head in connection.execute(_HEADS).fetchall()}


def role_names(connection: psycopg.Connection) -> tuple[str, ...]:
    return tuple(name for (name,) in connection.execute(_ROLES).fetchall())


def revision(connection: psycopg.Connection) -> str:
    found = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(found[0]) if found else ""


def stored_file_names(connection: psycopg.Connection) -> set[str]:
    """Every file that a row refers to, as "company/key": tables name theirs in a column `storage_key`."""
    tables = connection.execute(_TABLES, ("storage_key",)).fetchall()
    names: set[str] = set()
    for schema, table, holds_files in tables:
        if holds_files:
            rows = connection.execute(_FILE_NAMES.format(sql.Identifier(schema, table)))
            names |= {name for (name,) in rows}
    return names
