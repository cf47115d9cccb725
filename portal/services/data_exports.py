"""The copy of their data that a person asks for: made by a job, sealed, fetched once within a week (GDPR Art. 15, 20).

What stands in it is decided by the data map; services/person_data reads it.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.data_exports import KEPT_FOR, MOST_A_DAY, ExportStatus, may_be_fetched
from portal.domain.refusals import Reason, Refusal
from portal.integrations.storage import FileMissing
from portal.models.data_export import DataExport
from portal.models.employee import Employee
from portal.services import (
    access,
    audit,
    export_archive,
    outbox,
    person_data,
    queue,
    sealing,
    written_moments,
)
from portal.services.person_data import TableCopy

BUILD_TASK = "build_data_export"
DISCARD_TASK = "discard_data_export"
#: One that stands still for so long was lost; another may be asked for.
_LOST_AFTER = timedelta(hours=1)
_SHOWN = 10


@dataclass(frozen=True)
class ExportLine:
    """One copy on the person's own page."""

    id: UUID
    status: ExportStatus
    asked_at: datetime
    tables_done: int
    tables_total: int
    size_bytes: int | None
    sha256: str
    expires_at: datetime | None
    can_fetch: bool


@dataclass(frozen=True)
class FetchedCopy:
    """The archive as it is handed out."""

    file_name: str
    content: bytes


def ask(uow: UnitOfWork) -> UUID:
    """A copy of everything about the actor will be made; they are written to when it is ready."""
    employee_id = _oneself(uow)
    # The row of the person is the lock: of two at once one waits and is refused.
    access.one_or_refuse(
        uow, select(Employee).where(Employee.id == employee_id).with_for_update(key_share=True)
    )
    now = uow.clock.now()
    recent = list(
        uow.session.scalars(
            select(DataExport).where(
                DataExport.employee_id == employee_id, DataExport.created_at > now - timedelta(days=1)
            )
        )
    )
    in_work = [
        one for one in recent if one.status is ExportStatus.WAITING and one.created_at > now - _LOST_AFTER
    ]
    if in_work or len(recent) >= MOST_A_DAY:
        raise Refusal(Reason.EXPORT_ASKED_ALREADY, limit=MOST_A_DAY)
    export = DataExport(employee_id=employee_id, tables_total=len(person_data.tables()), created_at=now)
    uow.session.add(export)
    uow.session.flush()
    queue.defer(uow, BUILD_TASK, export_id=str(export.id))
    audit.record(uow, audit.Action.DATA_EXPORT_ASKED, subject=export)
    return export.id


def list_own(uow: UnitOfWork) -> list[ExportLine]:
    """The actor's own copies, the newest first."""
    rows = uow.session.scalars(
        select(DataExport)
        .where(DataExport.employee_id == _oneself(uow))
        .order_by(DataExport.created_at.desc())
        .limit(_SHOWN)
    )
    return [_line(uow, row) for row in rows]


def fetch(uow: UnitOfWork, export_id: UUID) -> FetchedCopy:
    """The archive, to the person themselves, once; afterwards it is deleted."""
    export = access.one_or_refuse(
        uow,
        select(DataExport)
        .where(DataExport.id == export_id, DataExport.employee_id == _oneself(uow))
        .with_for_update(),
    )
    if not may_be_fetched(export.status, export.expires_at, uow.clock.now()) or export.storage_key is None:
        raise Refusal(Reason.EXPORT_GONE)
    try:
        sealed = uow.outside.files.get(uow.company.id, UUID(export.storage_key))
    except FileMissing:
        raise Refusal(Reason.EXPORT_GONE) from None
    content = sealing.open_bytes(uow, sealed, row=DataExport, column="content", row_id=export.id)
    export.status = ExportStatus.FETCHED
    export.fetched_at = uow.clock.now()
    queue.defer(uow, DISCARD_TASK, export_id=str(export.id))
    audit.record(uow, audit.Action.DATA_EXPORT_FETCHED, subject=export)
    return FetchedCopy(f"my-data-{uow.company.slug}-{export.created_at:%Y-%m-%d}.zip", content)


def waits(uow: UnitOfWork, export_id: UUID) -> UUID | None:
    """Whose copy is to be made; None when it was made before, or its person is erased."""
    return uow.session.scalar(
        select(DataExport.employee_id).where(
            DataExport.id == export_id, DataExport.status == ExportStatus.WAITING
        )
    )


def note_progress(uow: UnitOfWork, export_id: UUID, done: int) -> None:
    """So many tables are read: the page shows it."""
    export = uow.session.scalars(select(DataExport).where(DataExport.id == export_id)).one()
    export.tables_done = done


def finish(uow: UnitOfWork, export_id: UUID, copies: list[TableCopy]) -> None:
    """Packs and seals the archive, and writes to the person. A second time it changes nothing."""
    export = access.one_or_refuse(uow, select(DataExport).where(DataExport.id == export_id).with_for_update())
    if export.status is not ExportStatus.WAITING:
        return
    person = uow.session.scalars(select(Employee).where(Employee.id == export.employee_id)).one()
    now = uow.clock.now()
    content = export_archive.pack(uow, person, copies)
    # Named like the row: whoever is killed before the commit writes over it the next time.
    uow.undo.append(partial(uow.outside.files.delete, uow.company.id, export.id))
    sealed = sealing.seal(uow, content, row=DataExport, column="content", row_id=export.id)
    uow.outside.files.put(uow.company.id, export.id, sealed)
    export.status, export.storage_key = ExportStatus.READY, str(export.id)
    export.size_bytes, export.sha256 = len(content), hashlib.sha256(content).digest()
    export.tables_done = export.tables_total
    export.ready_at, export.expires_at = now, now + KEPT_FOR
    outbox.queue_mail(
        uow,
        person,
        "data_export_ready",
        until=written_moments.for_letter(uow, person, export.expires_at),
        link=f"{uow.outside.url}/c/{uow.company.slug}/privacy",
    )
    audit.record(uow, audit.Action.DATA_EXPORT_READY, subject=export)


def give_up(uow: UnitOfWork, export_id: UUID) -> None:
    """It could not be made; the person may ask again."""
    export = uow.session.scalars(select(DataExport).where(DataExport.id == export_id)).one_or_none()
    if export is not None and export.status is ExportStatus.WAITING:
        export.status = ExportStatus.FAILED
        audit.record(uow, audit.Action.DATA_EXPORT_FAILED, subject=export)


def discard(uow: UnitOfWork, export_id: UUID) -> None:
    """Deletes the file of a copy that was fetched or waited too long."""
    export = uow.session.scalars(
        select(DataExport).where(DataExport.id == export_id).with_for_update()
    ).one_or_none()
    if export is None or export.storage_key is None or export.status is ExportStatus.WAITING:
        return
    uow.outside.files.delete(uow.company.id, UUID(export.storage_key))
    export.storage_key = None


def expire(uow: UnitOfWork) -> int:
    """Copies that nobody fetched in time go, and leftovers of fetched ones."""
    rows = list(
        uow.session.scalars(
            select(DataExport)
            .where(DataExport.storage_key.is_not(None), DataExport.expires_at <= uow.clock.now())
            .with_for_update()
        )
    )
    for row in rows:
        if row.status is ExportStatus.READY:
            row.status = ExportStatus.EXPIRED
        discard(uow, row.id)
    return len(rows)


def _oneself(uow: UnitOfWork) -> UUID:
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_FOUND)
    return uow.actor.employee_id


def _line(uow: UnitOfWork, row: DataExport) -> ExportLine:
    return ExportLine(
        id=row.id,
        status=row.status,
        asked_at=row.created_at,
        tables_done=row.tables_done,
        tables_total=row.tables_total,
        size_bytes=row.size_bytes,
        sha256=(row.sha256 or b"").hex(),
        expires_at=row.expires_at,
        can_fetch=may_be_fetched(row.status, row.expires_at, uow.clock.now()),
    )
