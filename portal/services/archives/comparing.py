"""Compares a company of this portal with an archive of it, row by row and file by file; changes nothing."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from uuid import UUID

from portal.db import open_session
from portal.services.archives import KEYS
from portal.services.archives.reading import Opened, check_tables, lines_of
from portal.services.archives.tables import of_a_company
from portal.services.archives.writing import opened_keys, rows_of
from portal.services.outside import Outside

_NAMED = 5


def differences(archive: Opened, outside: Outside, *, own: frozenset[UUID]) -> list[str]:
    """What is not equal, a sentence each. `own`: the files here that are archives themselves."""
    company_id = UUID(archive.manifest["company"]["id"])
    found: list[str] = []
    with open_session(company_id=company_id, isolation="REPEATABLE READ") as session:
        connection = session.connection()
        tables = of_a_company(connection)
        check_tables(connection, archive.manifest, tables)
        for table in tables:
            here = rows_of(connection, table, company_id)
            found += _unequal(table.name, lines_of(archive, table.name), here)
        held = json.loads((archive.folder / KEYS).read_text())
        keys = opened_keys(connection, company_id, outside)
        found += _unequal("keys of the company", map(json.dumps, held), map(json.dumps, keys))
        session.rollback()
    return found + _unequal_files(archive, outside, company_id, own)


def _unequal(name: str, archived: Iterable[str], here: Iterable[str]) -> Iterator[str]:
    """As many of each row as the archive has; the order in which they lie says nothing."""
    left = Counter(map(_digest, archived))
    more = 0
    for row in here:
        digest = _digest(row)
        if left[digest]:
            left[digest] -= 1
        else:
            more += 1
    missing = left.total()
    if missing or more:
        yield f"{name}: {missing} of the archive are not here, or not like this; {more} here are not in it"


def _digest(row: str) -> bytes:
    return hashlib.sha256(row.encode()).digest()


def _unequal_files(archive: Opened, outside: Outside, company_id: UUID, own: frozenset[UUID]) -> list[str]:
    held = {UUID(one["key"]): one["sha256"] for one in archive.manifest["files"]}
    here = set(outside.files.keys(company_id)) - own
    wrong = [
        key
        for key, digest in held.items()
        if key in here and hashlib.sha256(outside.files.get(company_id, key)).hexdigest() != digest
    ]
    parts = (("missing", held.keys() - here), ("more than archived", here - held.keys()), ("other", wrong))
    return [
        f"files: {len(keys)} {what}: {', '.join(map(str, sorted(keys)[:_NAMED]))}"
        for what, keys in parts
        if keys
    ]
