"""Internal documents: adding them, their versions, and handing out a file to those who may have it.

Files are checked by content, sealed with the company's key and kept outside the database; what the row says
about a file (size, SHA-256) is about what everybody is handed.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from uuid import UUID, uuid4

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.domain.scans import HELD, ScanState, refuse_held
from portal.integrations.file_types import Accepted, inspect
from portal.integrations.keys import SealBroken
from portal.integrations.storage import FileBroken, FileMissing
from portal.models.distribution import Confirmation, Distribution, DistributionRecipient
from portal.models.document import Document, DocumentVersion
from portal.models.employee import Employee
from portal.services import access, audit, scanning, sealing

MAX_BYTES = 25 * 1024 * 1024
LONGEST_TITLE = 200
LONGEST_DESCRIPTION = 2000


@dataclass(frozen=True)
class ManagedDocument:
    """A document in the list of those who distribute."""

    id: UUID
    title: str
    latest: int
    added_at: datetime
    recipients: int
    confirmed: int


@dataclass(frozen=True)
class VersionLine:
    """One version on a document's page."""

    id: UUID
    number: int
    file_name: str
    size_bytes: int
    sha256: str
    added_at: datetime
    added_by: str
    scan_state: ScanState

    @property
    def held(self) -> bool:
        """Whether the antivirus keeps it from everybody."""
        return self.scan_state in HELD


@dataclass(frozen=True)
class DocumentPage:
    """A document with its versions, the newest first."""

    id: UUID
    title: str
    description: str
    versions: list[VersionLine]


@dataclass(frozen=True)
class Download:
    """A file as it was uploaded."""

    file_name: str
    content_type: str
    content: bytes


def add(
    uow: UnitOfWork, *, document_id: UUID, title: str, description: str, file_name: str, content: bytes
) -> UUID:
    """A new document with its first version. Sent twice with the same id, it is added once."""
    _need_company_reach(uow)
    if uow.session.get(Document, (uow.company.id, document_id)) is not None:
        return document_id
    upload = _checked(uow, file_name, content)
    document = Document(
        id=document_id,
        title=_text(title, "title", LONGEST_TITLE, required=True),
        description=_text(description, "description", LONGEST_DESCRIPTION),
        owner_id=uow.actor.employee_id,
    )
    uow.session.add(document)
    uow.session.flush()  # the version refers to it
    version = _store(uow, document.id, 1, upload)
    audit.record(uow, audit.Action.DOCUMENT_UPLOADED, subject=document, version=1, file=version.file_name)
    return document_id


def add_version(uow: UnitOfWork, document_id: UUID, *, seen: int, file_name: str, content: bytes) -> None:
    """The next version of a document; `seen` is the latest number the form knew, so nobody overtakes unseen."""
    _need_company_reach(uow)
    document = access.one_or_refuse(uow, select(Document).where(Document.id == document_id).with_for_update())
    latest = uow.session.scalar(
        select(func.max(DocumentVersion.number)).where(DocumentVersion.document_id == document_id)
    )
    if latest != seen:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    version = _store(uow, document.id, seen + 1, _checked(uow, file_name, content))
    audit.record(
        uow, audit.Action.DOCUMENT_UPLOADED, subject=document, version=version.number, file=version.file_name
    )


def list_managed(uow: UnitOfWork) -> list[ManagedDocument]:
    """Every document of the company with how many it went to and how many confirmed, in one query."""
    _need_company_reach(uow)
    rows = uow.session.execute(
        select(
            Document.id,
            Document.title,
            func.max(DocumentVersion.number),
            func.max(DocumentVersion.created_at),
            func.count(DistributionRecipient.id.distinct()),
            func.count(Confirmation.id.distinct()),
        )
        .join(DocumentVersion, DocumentVersion.document_id == Document.id)
        .outerjoin(Distribution, Distribution.document_version_id == DocumentVersion.id)
        .outerjoin(DistributionRecipient, DistributionRecipient.distribution_id == Distribution.id)
        .outerjoin(Confirmation, Confirmation.distribution_recipient_id == DistributionRecipient.id)
        .group_by(Document.id, Document.title)
        .order_by(func.max(DocumentVersion.created_at).desc(), Document.title)
    )
    return [ManagedDocument(*row) for row in rows]


def page_of(uow: UnitOfWork, document_id: UUID) -> DocumentPage:
    """A document and its versions for those who distribute."""
    _need_company_reach(uow)
    document = access.one_or_refuse(uow, select(Document).where(Document.id == document_id))
    rows = uow.session.execute(
        select(DocumentVersion, Employee.first_name, Employee.last_name)
        .join(Employee, Employee.id == DocumentVersion.uploaded_by_id)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
    )
    versions = [
        VersionLine(
            version.id,
            version.number,
            version.file_name,
            version.size_bytes,
            version.sha256.hex(),
            version.created_at,
            f"{first} {last}",
            version.scan_state,
        )
        for version, first, last in rows
    ]
    return DocumentPage(document.id, document.title, document.description, versions)


def newest_waits(uow: UnitOfWork, document_id: UUID) -> bool:
    """Is the newest version held back from everybody?"""
    _need_company_reach(uow)
    newest = (
        select(DocumentVersion.scan_state)
        .where(DocumentVersion.document_id == document_id)
        .order_by(DocumentVersion.number.desc())
        .limit(1)
    )
    return uow.session.scalar(newest) in HELD


def download_managed(uow: UnitOfWork, version_id: UUID) -> Download:
    """A version's file for those who distribute."""
    _need_company_reach(uow)
    version = access.one_or_refuse(uow, select(DocumentVersion).where(DocumentVersion.id == version_id))
    return open_file(uow, version)


def open_file(uow: UnitOfWork, version: DocumentVersion) -> Download:
    """Unseals and checks the file; a broken one is refused whole and leaves an event."""
    refuse_held(version.scan_state)
    try:
        sealed = uow.outside.files.get(uow.company.id, UUID(version.storage_key))
        content = sealing.open_bytes(uow, sealed, row=DocumentVersion, column="content", row_id=version.id)
    except (FileMissing, FileBroken, SealBroken):
        content = b""
    if hashlib.sha256(content).digest() != version.sha256:
        audit.record(uow, audit.Action.DOCUMENT_DAMAGED, subject=version)
        uow.keep_when_refused = True
        raise Refusal(Reason.FILE_DAMAGED)
    audit.record(uow, audit.Action.DOCUMENT_DOWNLOADED, subject=version)
    return Download(version.file_name, version.content_type, content)


def _checked(uow: UnitOfWork, file_name: str, content: bytes) -> tuple[Accepted, ScanState]:
    """Before anything is written: what is found in a file is noted though nothing else is."""
    accepted = inspect(file_name, content, max_bytes=MAX_BYTES)
    return accepted, scanning.state_of(uow, accepted.content, file_name=accepted.safe_name)


def _store(
    uow: UnitOfWork, document_id: UUID, number: int, upload: tuple[Accepted, ScanState]
) -> DocumentVersion:
    accepted, scan_state = upload
    content = accepted.content  # pictures come back redrawn, without what the camera knew
    version_id, key = uuid4(), uuid4()
    sealed = sealing.seal(uow, content, row=DocumentVersion, column="content", row_id=version_id)
    uow.undo.append(partial(uow.outside.files.delete, uow.company.id, key))
    uow.outside.files.put(uow.company.id, key, sealed)
    version = DocumentVersion(
        id=version_id,
        document_id=document_id,
        number=number,
        file_name=accepted.safe_name,
        content_type=accepted.content_type,
        size_bytes=len(content),
        sha256=hashlib.sha256(content).digest(),
        storage_key=str(key),
        scan_state=scan_state,
        uploaded_by_id=uow.actor.employee_id,
    )
    uow.session.add(version)
    return version


def _need_company_reach(uow: UnitOfWork) -> None:
    if not access.can(uow, Permission.DOCUMENT_DISTRIBUTE, Reach.COMPANY):
        raise Refusal(Reason.NOT_FOUND)


def _text(value: str, field: str, limit: int, *, required: bool = False) -> str:
    text = " ".join(value.split()) if required else value.strip()
    if required and not text:
        raise Refusal(Reason.MISSING, field=field)
    if len(text) > limit:
        raise Refusal(Reason.TOO_LONG, field=field, limit=limit)
    return text
