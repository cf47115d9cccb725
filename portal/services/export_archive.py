"""The archive of a person's copy: JSON and CSV of each table, their files, and a manifest that vouches for them."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import zipfile
from collections.abc import Iterator
from typing import Any

from portal.db import UnitOfWork
from portal.domain.spreadsheet_text import marked
from portal.integrations.letters import in_language
from portal.models.employee import Employee
from portal.services import data_map
from portal.services.person_data import TableCopy

FORMAT = 1
#: The name by which texts for translators are found outside a request.
N_ = str
_READ_ME = N_(
    "This archive holds what the company keeps about you in Staffroom. data/*.json is for programs, data/*.csv for "
    "spreadsheets; both say the same. files/ holds files that are yours. manifest.json lists every file with its "
    "size and SHA-256, why each table is kept, and what exists but is left out because it would open a door."
)


def pack(uow: UnitOfWork, person: Employee, copies: list[TableCopy]) -> bytes:
    """The archive as bytes; tables without a row are named in the manifest only."""
    files = list(_files(person, copies))
    manifest = _manifest(uow, person, copies, files)
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in [("manifest.json", _json(manifest)), *files]:
            entry = zipfile.ZipInfo(name, uow.clock.now().timetuple()[:6])
            packed.writestr(entry, content, zipfile.ZIP_DEFLATED)
    return archive.getvalue()


def _files(person: Employee, copies: list[TableCopy]) -> Iterator[tuple[str, bytes]]:
    yield "README.txt", (in_language(person.language, _READ_ME) + "\n").encode()
    for copy in copies:
        if copy.rows:
            yield f"data/{copy.table}.json", _json(copy.rows)
            yield f"data/{copy.table}.csv", _csv(copy)
        for one in copy.files:
            yield f"files/{copy.table}/{one.name}", one.content


def _manifest(
    uow: UnitOfWork, person: Employee, copies: list[TableCopy], files: list[tuple[str, bytes]]
) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "company": uow.company.name,
        "person": {"id": str(person.id), "name": person.name, "email": person.email},
        "made_at": uow.clock.now().isoformat(),
        "portal_version": uow.version,
        "files": [
            {"path": name, "bytes": len(content), "sha256": hashlib.sha256(content).hexdigest()}
            for name, content in files
        ],
        "tables": {copy.table: _about(copy) for copy in copies},
    }


def _about(copy: TableCopy) -> dict[str, Any]:
    card = data_map.CARDS[copy.table]
    return {
        "rows": len(copy.rows),
        "purpose": card.purpose.value,
        "legal_ground": card.basis.value,
        "kept": card.retention.value,
        "left_out": copy.withheld if copy.rows else [],
    }


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, indent=2).encode()


def _csv(copy: TableCopy) -> bytes:
    text = io.StringIO()
    columns = list(copy.rows[0])
    writer = csv.writer(text)
    writer.writerow(columns)
    writer.writerows([marked(_text(row[name])) for name in columns] for row in copy.rows)
    # The mark at the start is how spreadsheets recognise UTF-8.
    return ("\ufeff" + text.getvalue()).encode()


def _text(value: Any) -> str:
    if isinstance(value, list | dict):
        return json.dumps(value, ensure_ascii=False)
    return "" if value is None else str(value)
