"""Puts single files back from a backup. A stored file never changes, so this loses nothing and needs nobody's word."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.integrations.storage import FileMissing
from portal.integrations.streams import read_by
from portal.models.document import DocumentVersion
from portal.services import audit
from portal.services.backups import integrity, restoring
from portal.services.backups.making import Backups
from portal.services.backups.manifest import CONTENTS, FILES, Contents
from portal.services.backups.restoring import RestoreFailed


@dataclass(frozen=True)
class Mended:
    """Names of document versions: those whose file is whole again, and those that no backup has whole."""

    whole: tuple[str, ...]
    lost: tuple[str, ...]


def mend_files(uow: UnitOfWork, backups: Backups, keep_in: Path) -> Mended:
    """Each damaged file of the company from the newest backup that has it whole; the broken one is kept aside."""
    damaged = {
        one.storage_key: one
        for one in uow.session.scalars(select(DocumentVersion))
        if not integrity.is_whole(uow, one)
    }
    whole = []
    for backup_id in reversed(backups.place.ids()):
        if not damaged:
            break
        for key, content in _of_backup(backups, backup_id, uow.company.id, set(damaged)).items():
            version = damaged[key]
            if integrity.is_what_was_uploaded(uow, version, content):
                _put_back(uow, version, content, keep_in)
                whole.append(str(damaged.pop(key).id))
    return Mended(tuple(whole), tuple(str(one.id) for one in damaged.values()))


def _put_back(uow: UnitOfWork, version: DocumentVersion, content: bytes, keep_in: Path) -> None:
    key = UUID(version.storage_key)
    with suppress(FileMissing):
        broken = uow.outside.files.get(uow.company.id, key)
        keep_in.mkdir(mode=0o700, parents=True, exist_ok=True)
        (keep_in / f"{uow.company.id}-{key}").write_bytes(broken)
    uow.outside.files.put(uow.company.id, key, content)
    audit.record(uow, audit.Action.DOCUMENT_MENDED, subject=version)


def _of_backup(backups: Backups, backup_id: str, company_id: UUID, keys: set[str]) -> dict[str, bytes]:
    """Those of the files that the backup has; nothing of a backup that is itself broken."""
    wanted = {f"{company_id}/{key}": key for key in keys}
    found: dict[str, bytes] = {}
    try:
        manifest = restoring.chosen(backups, backup_id)
        contents = Contents.from_json(restoring.opened(backups, manifest, CONTENTS))
        if not wanted.keys() & contents.files.keys():
            return {}
        restoring.pour(backups, manifest, FILES, read_by(_picked(wanted, found)))
    except (RestoreFailed, tarfile.TarError):
        return {}
    return found


def _picked(wanted: dict[str, str], found: dict[str, bytes]) -> Callable[[IO[bytes]], None]:
    def consume(stream: IO[bytes]) -> None:
        with tarfile.open(fileobj=stream, mode="r|") as archive:
            for entry in archive:
                content = archive.extractfile(entry)
                if entry.name in wanted and content is not None:
                    found[wanted[entry.name]] = content.read()

    return consume
