"""Archives that admins ask for in the portal: made by a job, fetched once by whoever asked, cleared away afterwards.

An archive holds what no single role sees, so it is for those who have both the company's settings and everybody's
reasons of absence; every admin hears of it. Writing itself is in archives/.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.archives import LIES_READY, ArchiveStatus, is_fetchable, is_over
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.integrations.archive_container import new_passphrase
from portal.models.company_archive import CompanyArchive
from portal.models.employee import Employee
from portal.services import access, audit, licences, outbox, queue, sealing
from portal.services.file_parts import part_key

MAKE_TASK = "make_company_archive"
_ALL = (Permission.COMPANY_EDIT, Permission.ABSENCE_VIEW_REASON, Permission.EMPLOYEE_VIEW)
_SHOWN = 10


@dataclass(frozen=True)
class ArchiveLine:
    """An archive in the list."""

    id: UUID
    asked_by: str
    asked_at: datetime
    status: ArchiveStatus
    tables_done: int
    tables_total: int
    size_bytes: int | None
    until: datetime | None
    #: Whether the reader may fetch it now.
    fetchable: bool


def may_take_all(uow: UnitOfWork) -> bool:
    """Whose rights reach everything that an archive holds?"""
    return all(access.can(uow, one, Reach.COMPANY) for one in _ALL)


def latest(uow: UnitOfWork) -> list[ArchiveLine]:
    """The newest archives of the company."""
    rows = uow.session.execute(
        select(CompanyArchive, Employee)
        .join(Employee, Employee.id == CompanyArchive.asked_by_id)
        .order_by(CompanyArchive.created_at.desc())
        .limit(_SHOWN)
    )
    return [_line(uow, row, person) for row, person in rows]


def ask(uow: UnitOfWork) -> str:
    """Queues the making; the passphrase is told now and never again."""
    if not may_take_all(uow):
        raise Refusal(Reason.NOT_PERMITTED)
    busy = [ArchiveStatus.WAITING, ArchiveStatus.MAKING]
    if uow.session.scalar(select(CompanyArchive.id).where(CompanyArchive.status.in_(busy)).limit(1)):
        raise Refusal(Reason.CHANGED_MEANWHILE)
    passphrase = new_passphrase()
    row = CompanyArchive(asked_by_id=uow.actor.employee_id, created_at=uow.clock.now())
    uow.session.add(row)
    uow.session.flush()
    row.passphrase_sealed = sealing.seal(
        uow, passphrase, row=CompanyArchive, column="passphrase_sealed", row_id=row.id
    )
    audit.record(uow, audit.Action.ARCHIVE_ASKED, subject=row)
    queue.defer(uow, MAKE_TASK, archive_id=str(row.id))
    for admin in licences.admins(uow):
        outbox.queue_mail(
            uow,
            admin,
            "archive_asked",
            actor_name=uow.actor.name,
            link=f"{uow.outside.url}/c/{uow.company.slug}/archives",
        )
    return passphrase


def begin(uow: UnitOfWork, archive_id: UUID) -> str | None:
    """The job takes the archive up, also after a worker died over it; None when there is nothing to do."""
    row = _row(uow, archive_id)
    if row is None or row.passphrase_sealed is None:
        return None
    row.status = ArchiveStatus.MAKING
    audit.record(uow, audit.Action.ARCHIVE_MADE, subject=row)
    return sealing.open_text(
        uow, row.passphrase_sealed, row=CompanyArchive, column="passphrase_sealed", row_id=row.id
    )


def note_progress(uow: UnitOfWork, archive_id: UUID, done: int, total: int) -> None:
    """How far the job is, for the page."""
    row = _row(uow, archive_id)
    if row is not None:
        row.tables_done, row.tables_total = done, total


def finish(uow: UnitOfWork, archive_id: UUID, *, parts: int, size: int) -> None:
    """It lies ready; the passphrase is forgotten."""
    row = _row(uow, archive_id)
    if row is not None:
        row.status, row.parts, row.size_bytes = ArchiveStatus.READY, parts, size
        row.passphrase_sealed, row.ready_at = None, uow.clock.now()


def fail(uow: UnitOfWork, archive_id: UUID) -> None:
    """It could not be made; the way is free for another one."""
    row = _row(uow, archive_id)
    if row is not None:
        row.status, row.passphrase_sealed = ArchiveStatus.FAILED, None


def fetch(uow: UnitOfWork, archive_id: UUID) -> Iterator[bytes]:
    """The parts one after the other; a second time is refused. Only whoever asked knows the passphrase anyway."""
    row = _row(uow, archive_id)
    if row is None or not may_take_all(uow):
        raise Refusal(Reason.NOT_FOUND)
    if row.asked_by_id != uow.actor.employee_id:
        raise Refusal(Reason.NOT_PERMITTED)
    if not is_fetchable(row.status, row.ready_at, uow.clock.now()):
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    row.status, row.fetched_at = ArchiveStatus.FETCHED, uow.clock.now()
    audit.record(uow, audit.Action.ARCHIVE_FETCHED, subject=row)
    files, company_id, parts = uow.outside.files, uow.company.id, row.parts
    return (files.get(company_id, part_key(archive_id, number)) for number in range(parts))


def clear(uow: UnitOfWork) -> None:
    """Removes what was fetched or waited too long, from the file store too."""
    over = [ArchiveStatus.READY, ArchiveStatus.FETCHED]
    for row in uow.session.scalars(select(CompanyArchive).where(CompanyArchive.status.in_(over))):
        if is_over(row.status, row.ready_at, row.fetched_at, uow.clock.now()):
            for number in range(row.parts):
                uow.outside.files.delete(uow.company.id, part_key(row.id, number))
            row.status = ArchiveStatus.GONE


def own_files(uow: UnitOfWork) -> frozenset[UUID]:
    """The files that are parts of archives, and so belong into none."""
    archives = uow.session.execute(select(CompanyArchive.id, CompanyArchive.parts)).all()
    keys = {part_key(one.id, number) for one in archives for number in range(one.parts)}
    return frozenset(keys)


def _row(uow: UnitOfWork, archive_id: UUID) -> CompanyArchive | None:
    query = select(CompanyArchive).where(CompanyArchive.id == archive_id).with_for_update()
    return uow.session.scalars(query).one_or_none()


def _line(uow: UnitOfWork, row: CompanyArchive, person: Employee) -> ArchiveLine:
    fetchable = is_fetchable(row.status, row.ready_at, uow.clock.now())
    return ArchiveLine(
        row.id,
        person.name,
        row.created_at,
        row.status,
        row.tables_done,
        row.tables_total,
        row.size_bytes,
        row.ready_at + LIES_READY if row.ready_at is not None else None,
        fetchable and person.id == uow.actor.employee_id,
    )
