"""Opens an archive into a folder and believes nothing of it before its signature and every checksum are right."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Connection

from portal.integrations.archive_container import ArchiveBroken, BoxReader
from portal.integrations.signatures import verifies
from portal.services.archives import FORMAT, KEYS, MANIFEST, SIGNATURE
from portal.services.archives.tables import Table, schema_version

_NAME = re.compile(
    r"tables/(?:public|audit)\.[a-z_]+\.jsonl|files/[0-9a-f-]{36}|manifest\.json|manifest\.sig|keys\.json"
)


class ArchiveUnusable(Exception):
    """Why the archive is not taken, and what to do; a sentence for the operator."""


@dataclass(frozen=True)
class Opened:
    """An archive whose signature and checksums are right, in a folder that is gone afterwards."""

    folder: Path
    manifest: dict[str, Any]


@contextmanager
def opened(path: Path, *, passphrase: str, signers: tuple[str, ...]) -> Iterator[Opened]:
    """`signers`: the public keys whose signature is trusted."""
    with TemporaryDirectory(prefix="staffroom-archive-") as name:
        folder = Path(name)
        try:
            with path.open("rb") as source:
                box = BoxReader(source, passphrase)
                _check_format(box.line)
                _unpack(box, folder)
        except ArchiveBroken as broken:
            raise ArchiveUnusable(f"{path.name}: {broken}.") from None
        except tarfile.TarError:
            raise ArchiveUnusable(f"{path.name}: the content is damaged.") from None
        yield Opened(folder, _checked(folder, signers))


def lines_of(archive: Opened, table: str) -> Iterator[str]:
    """The rows of a table as JSON texts."""
    with (archive.folder / "tables" / f"{table}.jsonl").open(encoding="utf-8", newline="\n") as lines:
        for line in lines:
            yield line.rstrip("\n")


def check_tables(connection: Connection, manifest: dict[str, Any], tables: list[Table]) -> None:
    """Rows of other tables than those of this portal are neither brought back nor compared."""
    schema = schema_version(connection)
    held = {one["table"]: tuple(one["columns"]) for one in manifest["tables"]}
    if manifest["schema"] != schema or held != {one.name: one.columns for one in tables}:
        raise ArchiveUnusable(
            f"The archive was written by Staffroom {manifest['version']} with tables of {manifest['schema']};"
            f" this portal has those of {schema}. Restore it with the version that wrote it, then upgrade that portal."
        )


def _check_format(line: dict[str, Any]) -> None:
    if line["staffroom_archive"] > FORMAT:
        raise ArchiveUnusable(
            f"This archive has format {line['staffroom_archive']}, written by Staffroom {line.get('version')};"
            f" this portal knows formats up to {FORMAT}. Upgrade the portal, then try again."
        )


def _unpack(box: BoxReader, folder: Path) -> None:
    """Files only, and only under the names that the format knows."""
    for part in ("tables", "files"):
        (folder / part).mkdir(mode=0o700)
    with tarfile.open(fileobj=box, mode="r|") as tar:
        for member in tar:
            if not member.isreg() or not _NAME.fullmatch(member.name) or (folder / member.name).exists():
                raise ArchiveBroken(f"it holds {member.name!r}, which the format does not know")
            content = tar.extractfile(member)
            with (folder / member.name).open("wb") as written:
                while content is not None and (piece := content.read(1024 * 1024)):
                    written.write(piece)
    while box.read(1024 * 1024):  # to the end, so that a cut archive is noticed
        pass


def _checked(folder: Path, signers: tuple[str, ...]) -> dict[str, Any]:
    try:
        content = (folder / MANIFEST).read_bytes()
        signature = (folder / SIGNATURE).read_text()
        manifest: dict[str, Any] = json.loads(content)
    except (FileNotFoundError, ValueError):
        raise ArchiveUnusable("The archive has no manifest, or a damaged one.") from None
    if not any(verifies(key, content, signature) for key in signers):
        raise ArchiveUnusable(
            f"The archive is not signed by a portal that you trust. It says that its key is {manifest.get('key')}."
            " Compare that with what `flask company signing-key` prints there, and give it with --signed-by."
        )
    expected = {f"tables/{one['table']}.jsonl": one["sha256"] for one in manifest["tables"]}
    expected |= {f"files/{one['key']}": one["sha256"] for one in manifest["files"]}
    expected[KEYS] = manifest["keys_sha256"]
    there = {str(one.relative_to(folder)) for one in folder.rglob("*") if one.is_file()}
    if there != expected.keys() | {MANIFEST, SIGNATURE}:
        raise ArchiveUnusable("The archive does not hold what its manifest lists.")
    for name, digest in expected.items():
        if _sha256(folder / name) != digest:
            raise ArchiveUnusable(f"{name} in the archive is damaged.")
    return manifest


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
