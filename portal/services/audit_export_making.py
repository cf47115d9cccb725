"""Makes a file of the audit log that was asked for: in the name of whoever asked, sealed part by part.

The rows and the fetching are services/audit_exports.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.actors import Actor
from portal.db import UnitOfWork
from portal.domain.data_exports import KEPT_FOR, ExportStatus
from portal.integrations.keys import CompanyKeys
from portal.models.audit_export import AuditExport
from portal.models.employee import Employee
from portal.models.role import RoleGrant, RolePermission
from portal.services import audit, audit_export, outbox, sealing, stored_grants, written_moments
from portal.services.audit_export import Extract
from portal.services.audit_exports import facts_of, place_of, row_of
from portal.services.audit_filter import LogFilter, number_of
from portal.services.file_parts import Parts


@dataclass(frozen=True)
class Order:
    """What the job makes, and in whose name: their rights decide what the file says, their language how."""

    kind: str
    extract: Extract
    actor: Actor
    total: int


def begin(uow: UnitOfWork, export_id: UUID) -> Order | None:
    """The job takes the file up, also after a worker died over it; None when there is nothing to do.

    Whoever has left meanwhile, or lost the right, gets no file.
    """
    row = row_of(uow, export_id)
    if row is None or row.status is not ExportStatus.WAITING:
        return None
    actor = _asker(uow, row.asked_by_id)
    if actor is None or not audit_export.may_export(theirs := replace(uow, actor=actor)):
        _fail(uow, row)
        return None
    asked = _read(row.chosen)
    row.events_done = 0
    row.events_total = number_of(theirs, asked, row.through)
    return Order(row.kind, Extract(asked, row.through), actor, row.events_total)


def note_progress(uow: UnitOfWork, export_id: UUID, done: int) -> None:
    """So many events are written: the page shows it."""
    row = row_of(uow, export_id)
    if row is not None:
        row.events_done = done


def parts_of(uow: UnitOfWork, export_id: UUID) -> Parts:
    """Where the file goes, each part sealed for its own place."""
    seal = partial(_seal_part, sealing.company_keys(uow), uow.company.id)
    return Parts(uow.outside.files, uow.company.id, export_id, seal)


def finish(uow: UnitOfWork, export_id: UUID, parts: Parts) -> None:
    """It lies ready, and its person is written to. A second time it changes nothing."""
    row = row_of(uow, export_id)
    if row is None or row.status is not ExportStatus.WAITING:
        return
    person = uow.session.scalars(select(Employee).where(Employee.id == row.asked_by_id)).one()
    now = uow.clock.now()
    row.status, row.chosen, row.events_done = ExportStatus.READY, {}, row.events_total
    row.parts, row.size_bytes, row.sha256 = parts.count, parts.size, parts.sha256
    row.ready_at, row.expires_at = now, now + KEPT_FOR
    outbox.queue_mail(
        uow,
        person,
        "audit_export_ready",
        until=written_moments.for_letter(uow, person, row.expires_at),
        link=f"{uow.outside.url}/c/{uow.company.slug}/audit/export",
    )
    audit.record(uow, audit.Action.AUDIT_EXPORT_READY, **facts_of(row))


def give_up(uow: UnitOfWork, export_id: UUID) -> None:
    """It could not be made; the person may ask again."""
    row = row_of(uow, export_id)
    if row is not None and row.status is ExportStatus.WAITING:
        _fail(uow, row)


def _fail(uow: UnitOfWork, row: AuditExport) -> None:
    row.status, row.chosen = ExportStatus.FAILED, {}
    audit.record(uow, audit.Action.AUDIT_EXPORT_FAILED, **facts_of(row))


def _asker(uow: UnitOfWork, employee_id: UUID) -> Actor | None:
    """Whoever asked, with what they may do now; None when they have left."""
    found = uow.session.execute(
        select(Employee, stored_grants.as_array())
        .outerjoin(RoleGrant, RoleGrant.employee_id == Employee.id)
        .outerjoin(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(Employee.id == employee_id, Employee.active)
        .group_by(Employee.company_id, Employee.id)
    ).one_or_none()
    if found is None:
        return None
    person, pairs = found
    zone = person.time_zone or uow.company.time_zone
    return Actor(
        person.id, person.name, person.email, person.language, zone, grants=stored_grants.read(pairs)
    )


def _read(stored: dict[str, Any]) -> LogFilter:
    first, last = stored["first_day"], stored["last_day"]
    return LogFilter(
        people=tuple(UUID(one) for one in stored["people"]),
        actions=tuple(stored["actions"]),
        first_day=date.fromisoformat(first) if first else None,
        last_day=date.fromisoformat(last) if last else None,
        ip=stored["ip"],
    )


def _seal_part(keys: CompanyKeys, company_id: UUID, content: bytes, key: UUID) -> bytes:
    return keys.seal(content, **place_of(company_id, key))
