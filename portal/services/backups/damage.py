"""Looks for damage inside a database: pages, rows and indexes that PostgreSQL itself finds broken."""

from __future__ import annotations

import logging
from datetime import datetime

import psycopg
from psycopg import sql
from sqlalchemy.exc import DBAPIError

from portal.integrations.fence import Fence

_LOG = logging.getLogger("portal.integrity")
#: PostgreSQL: a page or an index whose checksum or structure is broken.
_DAMAGED = {"XX001", "XX002"}
_AMCHECK = "SELECT FROM pg_extension WHERE extname = 'amcheck'"
_TABLES = """
    SELECT c.oid, c.oid::regclass::text FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname IN ('public', 'audit') ORDER BY 2
"""
_INDEXES = """
    SELECT i.indexrelid, i.indexrelid::regclass::text FROM pg_index i
    JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_am a ON a.oid = c.relam
    JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE a.amname = 'btree' AND i.indisvalid AND n.nspname IN ('public', 'audit') ORDER BY 2
"""
_HEAP = sql.SQL("SELECT blkno, msg FROM verify_heapam({}::oid::regclass) LIMIT 3")
#: Also whether every row is in the index.
_INDEX = sql.SQL("SELECT bt_index_check({}::oid::regclass, true)")


def met_by(error: DBAPIError) -> str | None:
    """What is broken, when that is why a statement failed."""
    if getattr(error.orig, "sqlstate", None) not in _DAMAGED:
        return None
    return str(error.orig).partition("\n")[0]


def stops_writing(error: DBAPIError, fence: Fence, *, at: datetime) -> bool:
    """Whether a statement failed because of damage; then nothing is written anywhere from now on: it must
    not spread.
    """
    why = met_by(error)
    if why is not None and fence.put_up(why, at=at):
        _LOG.critical("damaged data, nothing is written from now on: %s", why)
    return why is not None


def can_look(connection: psycopg.Connection) -> bool:
    """Whether this server has what the look needs."""
    return connection.execute(_AMCHECK).fetchone() is not None


def find(connection: psycopg.Connection) -> list[str]:
    """What is broken, as `table or index: why`. Reads every page, so their checksums are compared too."""
    found: list[str] = []
    connection.rollback()
    connection.autocommit = True  # after a broken page the next question is asked all the same
    for oid, name in connection.execute(_TABLES).fetchall():
        found += [f"{name}: {why}" for why in _ask(connection, _HEAP.format(sql.Literal(oid)))]
    for oid, name in connection.execute(_INDEXES).fetchall():
        found += [f"{name}: {why}" for why in _ask(connection, _INDEX.format(sql.Literal(oid)))]
    return found


def _ask(connection: psycopg.Connection, statement: sql.Composed) -> list[str]:
    try:
        rows = connection.execute(statement).fetchall()
    except (psycopg.errors.DataCorrupted, psycopg.errors.IndexCorrupted) as broken:
        return [str(broken.diag.message_primary)]
    except psycopg.errors.UndefinedTable:
        return []  # dropped since it was listed
    return [f"page {row[0]}: {row[1]}" for row in rows if len(row) > 1]
