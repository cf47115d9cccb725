"""Translates the address of a database between SQLAlchemy's way of writing it and libpq's."""

from __future__ import annotations

from psycopg.conninfo import make_conninfo
from sqlalchemy import make_url


def libpq(url: str, **changes: str) -> str:
    """For psycopg and PostgreSQL's programs: the same server, role and TLS settings.

    Not a URL: SQLAlchemy writes a space in a path as `+`, which libpq does not read as a space.
    """
    parts = make_url(url)
    query = {name: value for name, value in parts.query.items() if isinstance(value, str)}
    address = {
        "host": parts.host,
        "port": parts.port,
        "user": parts.username,
        "password": parts.password,
        "dbname": parts.database,
    }
    return make_conninfo("", **{**address, **query, **changes})
