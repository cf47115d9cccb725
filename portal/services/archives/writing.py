"""Writes the archive of one company: its rows at one moment, its files as they lie, its keys, and a signature."""

from __future__ import annotations

import base64
import hashlib
import io
import json
import tarfile
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import Connection, select, text

from portal.actors import CompanyFacts
from portal.db import open_session
from portal.integrations.archive_container import BoxWriter
from portal.integrations.signatures import Signer
from portal.integrations.storage import FileMissing
from portal.models.company import CompanyKey
from portal.services.archives import FORMAT, KEYS, MANIFEST, NOT_TAKEN, SIGNATURE
from portal.services.archives.tables import Table, of_a_company, schema_version
from portal.services.outside import Outside

Progress = Callable[[int, int], None]
_BATCH = 1000


def write(
    company: CompanyFacts,
    target: Any,
    *,
    passphrase: str,
    outside: Outside,
    now: datetime,
    version: str,
    leave_out: Callable[[UUID], bool] = lambda _key: False,
    progress: Progress = lambda _done, _total: None,
) -> dict[str, Any]:
    """Writes it to `target` and gives the manifest back. `leave_out` knows the files that are archives themselves."""
    signer = Signer.of(outside.master_keys)
    with open_session(company_id=company.id, isolation="REPEATABLE READ") as session:
        connection = session.connection()
        line = {
            "staffroom_archive": FORMAT,
            "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
            "version": version,
            "schema": schema_version(connection),
            "key": signer.public,
        }
        tables = of_a_company(connection)
        with BoxWriter(target, line, passphrase) as box, tarfile.open(fileobj=box, mode="w|") as tar:
            manifest: dict[str, Any] = {
                **line,
                "company": {"id": str(company.id), "slug": company.slug, "name": company.name},
                "not_taken": NOT_TAKEN,
                "tables": [],
                "files": [],
            }
            for number, table in enumerate(tables):
                manifest["tables"].append(_add_table(tar, connection, table, company.id))
                progress(number + 1, len(tables))
            keys = sorted(key for key in outside.files.keys(company.id) if not leave_out(key))
            manifest["files"] = [one for key in keys if (one := _add_file(tar, outside, company.id, key))]
            data_keys = json.dumps(opened_keys(connection, company.id, outside)).encode()
            _add(tar, KEYS, data_keys)
            manifest["keys_sha256"] = hashlib.sha256(data_keys).hexdigest()
            content = json.dumps(manifest, indent=1, sort_keys=True).encode()
            _add(tar, MANIFEST, content)
            _add(tar, SIGNATURE, signer.sign(content).encode())
        session.rollback()
    return manifest


def _add_table(
    tar: tarfile.TarFile, connection: Connection, table: Table, company_id: UUID
) -> dict[str, Any]:
    """One JSON object a line. The length must be known before, so the lines wait in a file without a name."""
    digest, rows = hashlib.sha256(), 0
    with tempfile.TemporaryFile() as lines:
        for row in rows_of(connection, table, company_id):
            written = row.encode() + b"\n"
            lines.write(written)
            digest.update(written)
            rows += 1
        info = tarfile.TarInfo(f"tables/{table.name}.jsonl")
        info.size = lines.tell()
        lines.seek(0)
        tar.addfile(info, lines)
    return {
        "table": table.name,
        "columns": list(table.columns),
        "rows": rows,
        "sha256": digest.hexdigest(),
    }


def rows_of(connection: Connection, table: Table, company_id: UUID) -> Iterator[str]:
    """The rows of a table as JSON texts, as they are written and compared."""
    # Names come from the catalogue, quoted.
    query = text(
        f"SELECT row_to_json(t)::text FROM (SELECT {table.listed} FROM {table.quoted}"  # noqa: S608
        f" WHERE {table.company_column} = :company ORDER BY 1, 2) AS t"
    )
    result = connection.execute(query.execution_options(yield_per=_BATCH), {"company": company_id})
    yield from result.scalars()


def _add_file(tar: tarfile.TarFile, outside: Outside, company_id: UUID, key: UUID) -> dict[str, Any] | None:
    """The file as it lies, sealed; None when it went meanwhile, with the row that named it."""
    try:
        content = outside.files.get(company_id, key)
    except FileMissing:
        return None
    _add(tar, f"files/{key}", content)
    return {"key": str(key), "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}


def opened_keys(connection: Connection, company_id: UUID, outside: Outside) -> list[dict[str, Any]]:
    """The company's keys, opened: inside the closed box they need no second wrapping."""
    rows = connection.execute(
        select(
            CompanyKey.id,
            CompanyKey.version,
            CompanyKey.wrapped_by,
            CompanyKey.wrapped_key,
            CompanyKey.created_at,
        )
        .where(CompanyKey.company_id == company_id)
        .order_by(CompanyKey.version)
    )
    return [
        {
            "id": str(row.id),
            "version": row.version,
            "created_at": row.created_at.isoformat(),
            "key": base64.b64encode(
                outside.key_wrapping.unwrap(row.wrapped_by, row.wrapped_key, company_id, row.version)
            ).decode(),
        }
        for row in rows
    ]


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(content)
    source: BinaryIO = io.BytesIO(content)
    tar.addfile(info, source)
