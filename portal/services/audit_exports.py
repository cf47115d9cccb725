"""Files of the audit log that are too long to wait for: made by a job as whoever asked, fetched by them once.

What stands in them is services/audit_export; services/audit_export_making is the job's part.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.data_exports import ExportStatus, may_be_fetched
from portal.domain.refusals import Reason, Refusal
from portal.integrations.storage import FileMissing
from portal.models.audit_export import AuditExport
from portal.models.employee import Employee
from portal.services import access, audit, audit_export, queue, sealing
from portal.services.audit_filter import LogFilter, longer_than
from portal.services.file_parts import part_key

BUILD_TASK = "build_audit_export"
DISCARD_TASK = "discard_audit_export"
#: Up to so many events are written while they are sent; whoever takes more would sit before a page that stands still.
MOST_AT_ONCE = 10_000
#: One that stands still for so long was lost; another may be asked for.
_LOST_AFTER = timedelta(hours=6)
#: Long enough for the slowest line to take the last part.
_SENDING = timedelta(hours=1)
_SHOWN = 10


@dataclass(frozen=True)
class ExportLine:
    """One file in the list of whoever asked for it."""

    id: UUID
    kind: str
    status: ExportStatus
    asked_at: datetime
    events_done: int
    events_total: int
    size_bytes: int | None
    sha256: str
    expires_at: datetime | None
    can_fetch: bool


@dataclass(frozen=True)
class FetchedFile:
    """The file as it is handed out, part by part."""

    kind: str
    asked_on: date
    parts: Iterator[bytes]


def takes_long(uow: UnitOfWork, asked: LogFilter) -> bool:
    """Is the file made by a job, rather than while it is sent?"""
    return longer_than(uow, asked, MOST_AT_ONCE)


def ask(uow: UnitOfWork, asked: LogFilter, *, kind: str, searched: str) -> None:
    """A file will be made; one of a person at a time."""
    person_id = _oneself(uow)
    # The row of the person is the lock: of two at once one waits and is refused.
    access.one_or_refuse(
        uow, select(Employee).where(Employee.id == person_id).with_for_update(key_share=True)
    )
    now = uow.clock.now()
    in_work = select(AuditExport.id).where(
        AuditExport.asked_by_id == person_id,
        AuditExport.status == ExportStatus.WAITING,
        AuditExport.created_at > now - _LOST_AFTER,
    )
    if uow.session.scalar(in_work.limit(1)):
        raise Refusal(Reason.AUDIT_EXPORT_IN_WORK, field="kind")
    extract = audit_export.begin(uow, asked, kind=kind, searched=searched)
    row = AuditExport(
        asked_by_id=person_id, kind=kind, chosen=_stored(asked), through=extract.through, created_at=now
    )
    uow.session.add(row)
    uow.session.flush()
    queue.defer(uow, BUILD_TASK, export_id=str(row.id))


def list_own(uow: UnitOfWork) -> list[ExportLine]:
    """The reader's own files, the newest first."""
    if uow.actor.employee_id is None:
        return []
    rows = uow.session.scalars(
        select(AuditExport)
        .where(AuditExport.asked_by_id == uow.actor.employee_id)
        .order_by(AuditExport.created_at.desc())
        .limit(_SHOWN)
    )
    return [_line(uow, row) for row in rows]


def fetch(uow: UnitOfWork, export_id: UUID) -> FetchedFile:
    """The file, to whoever asked for it, once."""
    audit_export.check_may_export(uow)
    row = access.one_or_refuse(
        uow,
        select(AuditExport)
        .where(AuditExport.id == export_id, AuditExport.asked_by_id == _oneself(uow))
        .with_for_update(),
    )
    now = uow.clock.now()
    if not may_be_fetched(row.status, row.expires_at, now):
        raise Refusal(Reason.EXPORT_GONE)
    row.status, row.fetched_at = ExportStatus.FETCHED, now
    queue.defer(uow, DISCARD_TASK, at=now + _SENDING, export_id=str(row.id))
    audit.record(uow, audit.Action.AUDIT_EXPORT_FETCHED, **facts_of(row))
    files, company_id, keys = uow.outside.files, uow.company.id, sealing.company_keys(uow)
    places = [part_key(row.id, number) for number in range(row.parts)]
    # The first is opened before anything is answered: a file that is gone or broken is an error, not half a file.
    first = _first(uow, places[0])
    rest = (keys.open(files.get(company_id, one), **place_of(company_id, one)) for one in places[1:])
    return FetchedFile(row.kind, row.created_at.date(), chain([first], rest))


def discard(uow: UnitOfWork, export_id: UUID) -> None:
    """Deletes the parts of a file that was fetched or waited too long."""
    row = row_of(uow, export_id)
    if row is None or row.status is ExportStatus.WAITING:
        return
    for number in range(row.parts):
        uow.outside.files.delete(uow.company.id, part_key(row.id, number))
    row.parts = 0


def expire(uow: UnitOfWork) -> int:
    """Files that nobody fetched in time go, and leftovers of fetched ones."""
    rows = list(
        uow.session.scalars(
            select(AuditExport)
            .where(AuditExport.parts > 0, AuditExport.expires_at <= uow.clock.now())
            .with_for_update()
        )
    )
    for row in rows:
        if row.status is ExportStatus.READY:
            row.status = ExportStatus.EXPIRED
        discard(uow, row.id)
    return len(rows)


def _first(uow: UnitOfWork, key: UUID) -> bytes:
    try:
        sealed = uow.outside.files.get(uow.company.id, key)
    except FileMissing:
        raise Refusal(Reason.EXPORT_GONE) from None
    return sealing.open_bytes(uow, sealed, row=AuditExport, column="content", row_id=key)


def row_of(uow: UnitOfWork, export_id: UUID) -> AuditExport | None:
    query = select(AuditExport).where(AuditExport.id == export_id).with_for_update()
    return uow.session.scalars(query).one_or_none()


def facts_of(row: AuditExport) -> dict[str, Any]:
    sha256 = {"sha256": row.sha256.hex()} if row.sha256 else {}
    return {"file_format": row.kind, "through": row.through, **sha256}


def _oneself(uow: UnitOfWork) -> UUID:
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_FOUND)
    return uow.actor.employee_id


def _stored(asked: LogFilter) -> dict[str, Any]:
    return {
        "people": [str(one) for one in asked.people],
        "actions": list(asked.actions),
        "first_day": asked.first_day.isoformat() if asked.first_day else None,
        "last_day": asked.last_day.isoformat() if asked.last_day else None,
        "ip": asked.ip,
    }


def place_of(company_id: UUID, key: UUID) -> dict[str, Any]:
    return {
        "table": AuditExport.__tablename__,
        "column": "content",
        "row_id": key,
        "company_id": company_id,
    }


def _line(uow: UnitOfWork, row: AuditExport) -> ExportLine:
    return ExportLine(
        id=row.id,
        kind=row.kind,
        status=row.status,
        asked_at=row.created_at,
        events_done=row.events_done,
        events_total=row.events_total,
        size_bytes=row.size_bytes,
        sha256=(row.sha256 or b"").hex(),
        expires_at=row.expires_at,
        can_fetch=may_be_fetched(row.status, row.expires_at, uow.clock.now()),
    )
