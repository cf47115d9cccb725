"""Makes one backup: all of it, checked, or none at all."""

from __future__ import annotations

import hashlib
import io
import secrets
import tarfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO
from uuid import UUID

import psycopg

from portal.domain.backups import new_id
from portal.domain.clock import Clock
from portal.embedded import EmbeddedPostgresError
from portal.embedded.lock import FolderLock
from portal.integrations import database_dump
from portal.integrations.backup_key import BackupKey
from portal.integrations.backup_places import MANIFEST, BackupPlace, PlaceFailed
from portal.integrations.keys import MasterKeys
from portal.integrations.storage import FileMissing, FileStore
from portal.integrations.streams import Counted, ProgramFailed, written_by
from portal.services.backups import database
from portal.services.backups.manifest import CONTENTS, DATABASE, FILES, ROLES, Contents, Manifest, Part

_LOCK = "backup.lock"
_CHUNK = 1 << 20


class BackupFailed(Exception):
    """Nothing was kept; the message says why, for the operator."""


@dataclass(frozen=True)
class Backups:
    """All that making, checking and restoring backups needs; put together once from the settings."""

    place: BackupPlace
    key: BackupKey
    #: The role that reads every company's rows and writes none.
    database_url: str
    instance: Path
    files: FileStore
    master_keys: MasterKeys
    clock: Clock
    version: str


def make(backups: Backups, *, begun: Callable[[str, datetime], None] = lambda _id, _at: None) -> Manifest:
    """A new backup in its place, read back and compared. Raises `BackupFailed`, and then there is none.

    `begun` is told the name as soon as it is known.
    """
    with FolderLock(backups.instance / _LOCK) as lock:
        if not lock.acquire(patience=0):
            raise BackupFailed("Another backup is being made at this moment.")
        now = backups.clock.now()
        backup_id = new_id(now, secrets.token_hex(4))
        begun(backup_id, now)
        try:
            with backups.place.workspace() as folder:
                manifest = _put_together(backups, backup_id, now, folder)
                backups.place.publish(backup_id, folder)
        except (ProgramFailed, PlaceFailed, EmbeddedPostgresError) as failed:
            raise BackupFailed(str(failed)) from failed
        except psycopg.Error as failed:
            raise BackupFailed(f"The database refused: {type(failed).__name__}.") from failed
        except OSError as failed:
            raise BackupFailed(f"It could not be written: {failed.strerror}.") from failed
    return manifest


def _put_together(backups: Backups, backup_id: str, now: datetime, folder: Path) -> Manifest:
    url = backups.database_url
    with database.moment_of(url) as moment:
        parts = [_seal(backups.key, folder / DATABASE, database_dump.dump(url, snapshot=moment.snapshot))]
        parts.append(_seal(backups.key, folder / ROLES, database_dump.roles(url)))
        tables = database.count_rows(moment.connection)
        files: dict[str, tuple[int, str]] = {}
        parts.append(_seal(backups.key, folder / FILES, written_by(_archive(backups.files, files))))
        contents = Contents(
            tables=tables,
            heads=database.audit_heads(moment.connection),
            roles=database.role_names(moment.connection),
            files=files,
            absent=tuple(sorted(database.stored_file_names(moment.connection) - files.keys())),
        )
        parts.append(_seal(backups.key, folder / CONTENTS, _as_stream(contents.to_json())))
        revision = database.revision(moment.connection)
        postgres = moment.connection.info.server_version
    manifest = Manifest(
        id=backup_id,
        taken_at=now,
        finished_at=backups.clock.now(),
        portal_version=backups.version,
        revision=revision,
        postgres=f"{postgres // 10000}.{postgres % 10000}",
        backup_key=backups.key.fingerprint,
        master_key=fingerprints(backups.master_keys)[0],
        companies=tables["public.company"].total,
        rows=sum(table.total for table in tables.values()),
        files=len(files),
        parts=tuple(parts),
    )
    (folder / MANIFEST).touch(mode=0o600)
    (folder / MANIFEST).write_bytes(manifest.signed(backups.key))
    return manifest


def fingerprints(keys: MasterKeys) -> list[str]:
    """Of each master key, the current one first: tells them apart without telling them."""
    return [hashlib.sha256(derived).hexdigest()[:16] for derived in keys.derive_all("backup-fingerprint")]


def _seal(key: BackupKey, path: Path, opened: AbstractContextManager[IO[bytes]]) -> Part:
    """Seals a stream into a file, then reads the file again: what is counted is what lies on the disk."""
    with path.open("xb") as file:
        path.chmod(0o600)
        sealed = Counted(file)
        with opened as stream:
            plain = Counted(stream)
            key.seal(plain, sealed)  # type: ignore[arg-type]
    size, digest = _measured(path)
    if (size, digest) != (sealed.size, sealed.sha256):
        raise BackupFailed(f"{path.name} was read back and is not what was written. Check the disk.")
    return Part(path.name, size, digest, plain.size, plain.sha256)


def _measured(path: Path) -> tuple[int, str]:
    with path.open("rb") as file:
        counted = Counted(file)
        while counted.read(_CHUNK):
            pass
    return counted.size, counted.sha256


def _archive(store: FileStore, found: dict[str, tuple[int, str]]) -> Callable[[IO[bytes]], None]:
    """Writes every stored file into one archive and notes what it was."""

    def produce(stream: IO[bytes]) -> None:
        with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
            for company_id, key in store.all_files():
                _add(archive, store, company_id, key, found)

    return produce


def _add(
    archive: tarfile.TarFile, store: FileStore, company_id: UUID, key: UUID, found: dict[str, tuple[int, str]]
) -> None:
    try:
        content = store.get(company_id, key)
    except FileMissing:
        return  # deleted since it was listed
    entry = tarfile.TarInfo(f"{company_id}/{key}")
    entry.size, entry.mode = len(content), 0o600
    archive.addfile(entry, io.BytesIO(content))
    found[entry.name] = (len(content), hashlib.sha256(content).hexdigest())


def _as_stream(content: bytes) -> AbstractContextManager[IO[bytes]]:
    return io.BytesIO(content)
