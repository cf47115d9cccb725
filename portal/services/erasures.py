"""Erases a company whose time is over: rows, key, waiting jobs and files, and leaves a certificate without a name.

Each step is true on its own and can be repeated, so that whatever stops the work, the next run ends it. This is one of
the few places that write without a company bound: when the rows are gone there is none left.
"""

from __future__ import annotations

import hashlib
import json
import os
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from portal.db import UnitOfWork, open_session, without_company
from portal.domain.licences import erasure_is_due
from portal.integrations.signatures import Signer
from portal.models.audit_event import AuditEvent, AuditHead
from portal.models.licence import Erasure
from portal.services import audit, companies, licences
from portal.services.outside import Outside

FORMAT = 1
#: Backups are kept so long, and then nothing of the company is left in them either.
BACKUP_DAYS = 31
_WAITING_JOBS = text(
    "WITH gone AS (DELETE FROM procrastinate_jobs WHERE args->>'company_id' = :company RETURNING 1)"
    " SELECT count(*) FROM gone"
)


def begin(uow: UnitOfWork) -> bool:
    """Marks the company as being erased, when it is due and nobody has taken it up; from here there is no way back."""
    row = licences.locked_row(uow)
    if not erasure_is_due(companies.licence_of(row), uow.today()):
        return False
    events, head = _log_so_far(uow.session, uow.company.id)
    files = sorted(str(key) for key in uow.outside.files.keys(uow.company.id))
    row.erasing_since = uow.clock.now()
    uow.session.add(
        Erasure(
            id=row.certificate_id,
            erased_company=uow.company.id,
            begun_at=uow.clock.now(),
            files=len(files),
            files_sha256=hashlib.sha256("\n".join(files).encode()).hexdigest(),
            audit_events=events,
            audit_head=head,
            version=uow.version,
        )
    )
    audit.record(uow, audit.Action.COMPANY_ERASURE_BEGUN, subject=row)
    if row.stripe_customer is not None and uow.outside.payments.on:
        # Before the mark becomes true: when Stripe is out of reach, the next run begins anew.
        uow.outside.payments.forget(row.stripe_customer)
    return True


def unfinished() -> list[UUID]:
    """The certificates of erasures that have begun and not ended."""
    with without_company() as session:
        return list(session.scalars(select(Erasure.id).where(Erasure.finished_at.is_(None))))


def carry_on(erasure_id: UUID, outside: Outside, now: datetime) -> None:
    """Everything that is left to do, in steps that hold on their own. Whoever repeats it does no harm."""
    with without_company() as session:
        erasure = session.get_one(Erasure, erasure_id)
        company_id, rows_left = erasure.erased_company, erasure.rows is None
    if rows_left:
        _erase_rows(erasure_id, company_id)
    # Files come after the key: whatever a crash leaves of them can no longer be opened by anyone.
    outside.files.delete_company(company_id)
    _finish(erasure_id, outside, now)


def find(erasure_id: UUID) -> dict[str, Any] | None:
    """The certificate as anybody who has its address may read it; None before the erasure begins."""
    with without_company() as session:
        row = session.get(Erasure, erasure_id)
        return None if row is None else {**_certificate(row), "signature": row.signature}


def all_of_them() -> list[dict[str, Any]]:
    """Every certificate, the newest first."""
    with without_company() as session:
        rows = session.scalars(select(Erasure).order_by(Erasure.begun_at.desc()))
        return [{**_certificate(row), "signature": row.signature} for row in rows]


def signed_text(certificate: dict[str, Any]) -> bytes:
    """The bytes under the signature: the certificate without it, as JSON with sorted keys and no blanks."""
    bare = {key: value for key, value in certificate.items() if key != "signature"}
    return json.dumps(bare, sort_keys=True, separators=(",", ":")).encode()


def _erase_rows(erasure_id: UUID, company_id: UUID) -> None:
    """One statement of the database removes every row of the company; the count is kept with it, or neither happens."""
    with open_session(company_id=company_id) as session:
        erasure = session.scalars(select(Erasure).where(Erasure.id == erasure_id).with_for_update()).one()
        if erasure.rows is None:
            company = {"company": str(company_id)}
            # Once more: the log has grown by the beginning of the erasure itself.
            erasure.audit_events, erasure.audit_head = _log_so_far(session, company_id)
            erasure.jobs = session.scalar(_WAITING_JOBS, company)
            erasure.rows = session.scalar(text("SELECT erase_company(CAST(:company AS uuid))"), company)
        session.commit()


def _log_so_far(session: Session, company_id: UUID) -> tuple[int, str]:
    """How many events the log of the company has, and the hash that it ends with."""
    events = session.scalar(select(func.count()).select_from(AuditEvent)) or 0
    head = session.scalars(select(AuditHead).where(AuditHead.company_id == company_id)).one_or_none()
    return events, head.hash.hex() if head else ""


def _finish(erasure_id: UUID, outside: Outside, now: datetime) -> None:
    signer = Signer.of(outside.master_keys)
    with open_session() as session:
        erasure = session.scalars(select(Erasure).where(Erasure.id == erasure_id).with_for_update()).one()
        if erasure.finished_at is None:
            erasure.finished_at = now
            certificate = _certificate(erasure)
            erasure.signature = signer.sign(signed_text(certificate))
            _keep(outside, erasure_id, {**certificate, "signature": erasure.signature, "key": signer.public})
        session.commit()


def _keep(outside: Outside, erasure_id: UUID, certificate: dict[str, Any]) -> None:
    if outside.certificates is None:
        return
    outside.certificates.mkdir(mode=0o700, parents=True, exist_ok=True)
    written = outside.certificates / f".{erasure_id}.json"
    written.write_text(json.dumps(certificate, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    os.replace(written, outside.certificates / f"{erasure_id}.json")


def _certificate(row: Erasure) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "certificate": str(row.id),
        "company": str(row.erased_company),
        "begun_at": _moment(row.begun_at),
        "finished_at": _moment(row.finished_at),
        "tables": row.rows or {},
        "rows": sum(one["rows"] for one in (row.rows or {}).values()),
        "waiting_jobs": row.jobs or 0,
        "files": {"count": row.files, "sha256": row.files_sha256},
        "audit_log": {"events": row.audit_events, "head": row.audit_head},
        "version": row.version,
    }


def _moment(at: datetime | None) -> str | None:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ") if at is not None else None
