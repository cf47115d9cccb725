"""Brings a company back from its archive into a portal that does not have it, all of it or nothing.

The connection is the owner's: what is written once, the audit log above all, the portal itself may not write.
"""

from __future__ import annotations

import base64
import json
from itertools import islice
from uuid import UUID

from sqlalchemy import Connection, text

from portal.services.archives import KEYS, NOT_TAKEN
from portal.services.archives.reading import ArchiveUnusable, Opened, check_tables, lines_of
from portal.services.archives.tables import Table, of_a_company
from portal.services.outside import Outside

_BATCH = 500


def restore(connection: Connection, archive: Opened, outside: Outside) -> dict[str, int]:
    """Writes rows, keys and files; how many rows each table got. The caller commits."""
    manifest = archive.manifest
    company_id = UUID(manifest["company"]["id"])
    tables = of_a_company(connection)
    check_tables(connection, manifest, tables)
    _check_room(connection, archive)
    connection.execute(text("SELECT set_config('app.company_id', :id, true)"), {"id": str(company_id)})
    # What the version before might have written is carried over by a trigger; here everything is there already.
    connection.execute(text("SELECT set_config('app.restoring', 'yes', true)"))
    for table in tables:
        _load(connection, table, archive)
    _load_keys(connection, archive, outside, company_id)
    counts = _move_all(connection, tables)
    expected = {one["table"]: one["rows"] for one in manifest["tables"]}
    if counts != expected:
        raise ArchiveUnusable("The database took other rows than the archive holds; nothing was kept.")
    for one in manifest["files"]:
        outside.files.put(company_id, UUID(one["key"]), (archive.folder / "files" / one["key"]).read_bytes())
    return counts


def _check_room(connection: Connection, archive: Opened) -> None:
    """Says beforehand what the keys of the tables would refuse."""
    company = archive.manifest["company"]
    taken = connection.execute(
        text("SELECT id::text, slug FROM company WHERE id = :id OR slug = :slug"),
        {"id": company["id"], "slug": company["slug"]},
    ).first()
    if taken is not None:
        what = "This company is" if taken.id == company["id"] else f"A company called {taken.slug!r} is"
        raise ArchiveUnusable(f"{what} in this portal already. An archive is restored where it is not.")
    erased = connection.execute(
        text("SELECT 1 FROM erasure WHERE erased_company = :id"), {"id": company["id"]}
    ).first()
    if erased is not None:
        raise ArchiveUnusable("This portal has erased the company for good and does not take it back.")
    for line in lines_of(archive, "public.verified_domain"):
        domain = json.loads(line)["domain"]
        query = text("SELECT 1 FROM verified_domain WHERE domain = :domain")
        if connection.execute(query, {"domain": domain}).first() is not None:
            raise ArchiveUnusable(f"The e-mail domain {domain} belongs to another company in this portal.")


def _load(connection: Connection, table: Table, archive: Opened) -> None:
    """Rows wait in a table of the transaction's own, so that one statement can move all tables at once."""
    waiting = _waiting(table)
    connection.execute(text(f"CREATE TEMP TABLE {waiting} (LIKE {table.quoted}) ON COMMIT DROP"))
    # What the licence says is not in the archive; what the database computes is not written.
    for column in ("licence_kind", "certificate_id") if table.name == "public.company" else ():
        connection.execute(text(f"ALTER TABLE {waiting} ALTER {column} DROP NOT NULL"))
    insert = text(
        f"INSERT INTO {waiting} ({table.listed}) SELECT {table.listed} FROM"  # noqa: S608
        f" json_populate_record(NULL::{table.quoted}, CAST(:line AS json))"
    )
    rows = lines_of(archive, table.name)
    while lines := list(islice(rows, _BATCH)):
        connection.execute(insert, [{"line": line} for line in lines])


def _load_keys(connection: Connection, archive: Opened, outside: Outside, company_id: UUID) -> None:
    connection.execute(text("CREATE TEMP TABLE waiting_keys (LIKE public.company_key) ON COMMIT DROP"))
    insert = text(
        "INSERT INTO waiting_keys (company_id, id, version, wrapped_by, wrapped_key, created_at)"
        " VALUES (:company, :id, :version, :by, :wrapped, CAST(:created AS timestamptz))"
    )
    for one in json.loads((archive.folder / KEYS).read_text()):
        by, wrapped = outside.key_wrapping.wrap(base64.b64decode(one["key"]), company_id, one["version"])
        values = {"company": company_id, "id": UUID(one["id"]), "version": one["version"], "wrapped": wrapped}
        connection.execute(insert, {**values, "by": by, "created": one["created_at"]})


def _move_all(connection: Connection, tables: list[Table]) -> dict[str, int]:
    """References are checked at the end of the statement, so no order among the tables is needed."""
    parts = [
        f"d{number} AS (INSERT INTO {table.quoted} ({table.listed}) SELECT {table.listed}"  # noqa: S608
        f" FROM {_waiting(table)} RETURNING 1)"
        for number, table in enumerate(tables)
    ]
    keys = "keys AS (INSERT INTO public.company_key SELECT * FROM waiting_keys RETURNING 1)"
    counts = " UNION ALL ".join(
        f"SELECT '{table.name}', (SELECT count(*) FROM d{number})"  # noqa: S608
        for number, table in enumerate(tables)
    )
    found = connection.execute(text(f"WITH {', '.join([*parts, keys])} {counts}"))
    return {name: count for name, count in found if name not in NOT_TAKEN}


def _waiting(table: Table) -> str:
    return f'"waiting_{table.name.replace(".", "_")}"'
