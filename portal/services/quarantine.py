"""Files that wait for the virus scanner: sealed like all others, and handed to nobody until it has answered."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.scans import ScanState
from portal.integrations.antivirus import Clean, Infected, Unscanned, Verdict
from portal.integrations.keys import SealBroken
from portal.integrations.storage import FileBroken, FileMissing
from portal.models.absence import Absence
from portal.models.absence_proof import AbsenceProof
from portal.models.document import DocumentVersion
from portal.models.employee import Employee
from portal.services import audit, outbox, scanning, sealing

#: After this long a file is asked about once an hour only: the scanner may never look at it.
EAGER = timedelta(days=1)
KINDS: tuple[type[DocumentVersion | AbsenceProof], ...] = (DocumentVersion, AbsenceProof)


@dataclass(frozen=True)
class Held:
    """A file in quarantine."""

    kind: type[DocumentVersion | AbsenceProof]
    id: UUID


def waiting(uow: UnitOfWork) -> int:
    """How many files of the company wait."""
    return sum(
        uow.session.scalar(
            select(func.count()).select_from(kind).where(kind.scan_state == ScanState.QUARANTINED)
        )
        or 0
        for kind in KINDS
    )


def due(uow: UnitOfWork, *, old_too: bool) -> list[Held]:
    """What to ask about now, the oldest first; `old_too` once an hour."""
    since = uow.clock.now() - EAGER
    return [
        Held(kind, row_id)
        for kind in KINDS
        for row_id in uow.session.scalars(
            select(kind.id)
            .where(kind.scan_state == ScanState.QUARANTINED, *([] if old_too else [kind.created_at >= since]))
            .order_by(kind.created_at)
        )
    ]


def content_of(uow: UnitOfWork, held: Held) -> bytes | None:
    """What the scanner is to see; None when it was removed meanwhile, or is damaged: the nightly look finds that."""
    row = _row(uow, held)
    if row is None or row.storage_key is None:
        return None
    try:
        sealed: bytes = uow.outside.files.get(uow.company.id, UUID(row.storage_key))
        content = sealing.open_bytes(uow, sealed, row=held.kind, column="content", row_id=row.id)
    except (FileMissing, FileBroken, SealBroken):
        return None
    return content if hashlib.sha256(content).digest() == row.sha256 else None


def settle(uow: UnitOfWork, held: Held, verdict: Verdict) -> None:
    """Lets a clean file out; keeps one in which something was found, for good, and tells who uploaded it."""
    if isinstance(verdict, Unscanned):
        return
    row = _row(uow, held, lock=True)
    if row is None:
        return
    subject = row if isinstance(row, DocumentVersion) else _absence(uow, row)
    if isinstance(verdict, Clean):
        row.scan_state = ScanState.CLEAN
        audit.record(uow, audit.Action.FILE_RELEASED, subject=subject)
        return
    row.scan_state = ScanState.INFECTED
    facts: dict[str, Any] = {"file": row.file_name} if isinstance(row, DocumentVersion) else {}
    audit.record(uow, audit.Action.FILE_INFECTED, subject=subject, malware=verdict.found, **facts)
    _tell_uploader(uow, row, verdict)
    scanning.alarm(uow)


def _row(uow: UnitOfWork, held: Held, *, lock: bool = False) -> DocumentVersion | AbsenceProof | None:
    query = select(held.kind).where(held.kind.id == held.id, held.kind.scan_state == ScanState.QUARANTINED)
    row = uow.session.scalars(query.with_for_update() if lock else query).one_or_none()
    return row if isinstance(row, DocumentVersion | AbsenceProof) else None


def _absence(uow: UnitOfWork, proof: AbsenceProof) -> Absence:
    return uow.session.scalars(select(Absence).where(Absence.id == proof.absence_id)).one()


def _tell_uploader(uow: UnitOfWork, row: DocumentVersion | AbsenceProof, verdict: Infected) -> None:
    uploader = uow.session.scalars(
        select(Employee).where(Employee.id == row.uploaded_by_id, Employee.active)
    ).one_or_none()
    if uploader is None:
        return
    place = (
        f"documents/all/{row.document_id}"
        if isinstance(row, DocumentVersion)
        else f"absences/{row.absence_id}"
    )
    link = f"{uow.outside.url}/c/{uow.company.slug}/{place}"
    outbox.queue_mail(uow, uploader, "file_infected", file_name=row.file_name, found=verdict.found, link=link)
