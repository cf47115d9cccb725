"""Asks the running portal every night whether its data are still what was written: pages, indexes, logs, files."""

from __future__ import annotations

import hashlib
from uuid import UUID

import psycopg
from sqlalchemy import select

from portal.database_url import libpq
from portal.db import UnitOfWork
from portal.integrations.keys import SealBroken
from portal.integrations.storage import FileBroken, FileMissing
from portal.models.document import DocumentVersion
from portal.services import audit_log, sealing
from portal.services.backups import damage


def damage_of_database(url: str) -> list[str]:
    """Every page, row and index, as the role that makes backups; empty where this server cannot look."""
    with psycopg.connect(libpq(url)) as connection:
        return damage.find(connection) if damage.can_look(connection) else []


def damage_of_log(uow: UnitOfWork) -> list[str]:
    """An audit chain that does not hold: rows were lost or rewritten."""
    verdict = audit_log.verify(uow)
    return [] if verdict.intact else [f"{uow.company.slug}: audit event {verdict.broken_at} {verdict.why}"]


def damaged_files(uow: UnitOfWork) -> list[str]:
    """Documents whose file is missing, or is not what was uploaded; the rest of the portal is sound."""
    return [
        f"{uow.company.slug}: document version {version.id}"
        for version in uow.session.scalars(select(DocumentVersion))
        if not is_whole(uow, version)
    ]


def is_whole(uow: UnitOfWork, version: DocumentVersion) -> bool:
    """Whether the file of the document is there, as it was uploaded."""
    try:
        sealed = uow.outside.files.get(uow.company.id, UUID(version.storage_key))
    except (FileMissing, FileBroken):
        return False
    return is_what_was_uploaded(uow, version, sealed)


def is_what_was_uploaded(uow: UnitOfWork, version: DocumentVersion, sealed: bytes) -> bool:
    """Whether these bytes open with the company's key, as what was uploaded."""
    try:
        content = sealing.open_bytes(uow, sealed, row=DocumentVersion, column="content", row_id=version.id)
    except SealBroken:
        return False
    return hashlib.sha256(content).digest() == version.sha256
