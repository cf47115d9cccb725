"""Looks whether the keys of companies open, and closes them anew when what closes them has changed.

The app may add keys and change none, so that nobody who gets in by the web makes a company's data unreadable. A
command closes them anew, as the owner of the database.
"""

from __future__ import annotations

from uuid import UUID

import psycopg
from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from portal.database_url import libpq
from portal.db import open_session
from portal.integrations.keys import KeysUnavailable, KeysUnsafe, KeyWrapping, SealBroken
from portal.models.company import CompanyKey
from portal.services import companies

#: Companies that the start looks at.
_TRIED = 3
_BIND = "SELECT set_config('app.company_id', %s, true)"
_KEYS = "SELECT id, version, wrapped_by, wrapped_key FROM company_key ORDER BY version FOR UPDATE"
_CLOSE = "UPDATE company_key SET wrapped_by = %s, wrapped_key = %s WHERE id = %s"


def refuse_foreign(wrapping: KeyWrapping) -> None:
    """Stops a start with a key that is not the one: everything that it sealed from then on would be lost later.

    Several companies are tried, because one damaged key is no reason to stop for all. A database or a key service that
    does not answer is none either.
    """
    try:
        verdicts = [_opens(wrapping, company.id) for company in companies.all_companies()[:_TRIED]]
    except (DBAPIError, KeysUnavailable):
        return
    if verdicts and all(verdict is False for verdict in verdicts):
        raise KeysUnsafe(
            "The keys of the companies do not open: this is not the master key that closed them."
        )


def _opens(wrapping: KeyWrapping, company_id: UUID) -> bool | None:
    """None: it has no key."""
    with open_session(company_id=company_id) as session:
        row = session.execute(
            select(CompanyKey.version, CompanyKey.wrapped_by, CompanyKey.wrapped_key).limit(1)
        ).one_or_none()
    if row is None:
        return None
    try:
        wrapping.unwrap(row.wrapped_by, row.wrapped_key, company_id, row.version)
    except SealBroken:
        return False
    return True


def close_anew(owner_url: str, wrapping: KeyWrapping, company_id: UUID) -> int:
    """Every key of the company as the settings say now; says how many. All of them or none."""
    with psycopg.connect(libpq(owner_url)) as connection:
        connection.execute(_BIND, (str(company_id),))
        rows = connection.execute(_KEYS).fetchall()
        for row_id, version, by, wrapped in rows:
            data_key = wrapping.unwrap(by, bytes(wrapped), company_id, version)
            new_by, new_wrapped = wrapping.wrap(data_key, company_id, version)
            # What is written over the only copy has to open first.
            if wrapping.unwrap(new_by, new_wrapped, company_id, version) != data_key:
                raise SealBroken("company key: what was closed anew does not open")
            connection.execute(_CLOSE, (new_by, new_wrapped, row_id))
        return len(rows)
