"""Brings a backup back into an empty place, part by part, each compared with what was sealed."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import IO
from uuid import UUID

from portal import database_roles
from portal.database_url import libpq
from portal.integrations import database_dump
from portal.integrations.backup_key import WrongKey
from portal.integrations.backup_places import PlaceFailed
from portal.integrations.storage import FileStore
from portal.integrations.streams import Counted, ProgramFailed, read_by
from portal.services.backups.checking import manifest_of, verify
from portal.services.backups.making import Backups, fingerprints
from portal.services.backups.manifest import CONTENTS, DATABASE, FILES, ROLES, Contents, Manifest
from portal.services.backups.restored import RestoredPortal

_LATEST = "latest"


class RestoreFailed(Exception):
    """The backup was not brought back; the message says why. What stood before stands as it was."""


def chosen(backups: Backups, backup_id: str = _LATEST) -> Manifest:
    """The signed manifest of the backup, or of the newest, once all of it was read and its keys are at hand."""
    try:
        ids = backups.place.ids()
        if backup_id == _LATEST and ids:
            backup_id = ids[-1]
        if backup_id not in ids:
            raise RestoreFailed(f"There is no backup {backup_id} in {backups.place.name}.")
        verdict = verify(backups.place, backup_id, backups.key)
        if not verdict.good:
            raise RestoreFailed(f"{backup_id} cannot be used: {'; '.join(verdict.problems)}.")
        manifest = manifest_of(backups.place, backup_id, backups.key)
    except PlaceFailed as failed:
        raise RestoreFailed(str(failed)) from failed
    ours = fingerprints(backups.master_keys)
    if manifest.master_key not in ours:
        raise RestoreFailed(
            f"{backup_id} needs the master key {manifest.master_key}; the file here holds {', '.join(ours)}. "
            "Put back the master keys that were kept with the backup key."
        )
    return manifest


def bring_back(backups: Backups, manifest: Manifest, portal: RestoredPortal) -> Contents:
    """Database, rights and files of the backup into an empty portal, and what it must be equal to."""
    try:
        contents = Contents.from_json(opened(backups, manifest, CONTENTS))
        _compare_roles(opened(backups, manifest, ROLES).decode(), contents)
        pour(backups, manifest, DATABASE, database_dump.restore(portal.administrator_url))
        database_roles.grant(libpq(portal.server.admin_url), database=portal.server.database)
        pour(backups, manifest, FILES, read_by(unpack(portal.files)))
    except WrongKey as damaged:
        raise RestoreFailed(f"{manifest.id} does not open: {damaged}.") from damaged
    except (ProgramFailed, PlaceFailed, tarfile.TarError, ValueError) as failed:
        raise RestoreFailed(f"{manifest.id} was not brought back: {failed}") from failed
    return contents


def opened(backups: Backups, manifest: Manifest, name: str) -> bytes:
    """A small part as a whole."""
    plain = io.BytesIO()
    pour(backups, manifest, name, _kept_open(plain))
    return plain.getvalue()


def pour(backups: Backups, manifest: Manifest, name: str, target: AbstractContextManager[IO[bytes]]) -> None:
    """Opens a part into something that reads it; what was sealed must come out, whole."""
    with backups.place.open(manifest.id, name) as sealed, target as stream:
        counted = Counted(stream)
        backups.key.open(sealed, counted)  # type: ignore[arg-type]
        part = manifest.part(name)
        if (counted.size, counted.sha256) != (part.plain_size, part.plain_sha256):
            raise RestoreFailed(f"{name} of {manifest.id} is not what was sealed.")


def _compare_roles(script: str, contents: Contents) -> None:
    """pg_dump leaves roles out, and rows whose owner is missing come back as somebody else's."""
    missing = [role for role in contents.roles if f"CREATE ROLE {role};" not in script]
    if missing:
        raise RestoreFailed(f"The roles {', '.join(missing)} are not in the backup.")


def unpack(store: FileStore) -> Callable[[IO[bytes]], None]:
    """How to read the archive of the files into a store.

    Names in the archive are two ids and nothing else, so none of them leads outside of the store.
    """

    def consume(stream: IO[bytes]) -> None:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                company_id, _, key = entry.name.partition("/")
                if content is None:
                    raise tarfile.TarError(f"{entry.name} is no file")
                store.put(UUID(company_id), UUID(key), content.read())

    return consume


class _KeptOpen:
    """A stream in memory that is read after the block has ended."""

    def __init__(self, stream: io.BytesIO) -> None:
        self._stream = stream

    def __enter__(self) -> IO[bytes]:
        return self._stream

    def __exit__(self, *_: object) -> None:
        self._stream.flush()


def _kept_open(stream: io.BytesIO) -> AbstractContextManager[IO[bytes]]:
    return _KeptOpen(stream)
