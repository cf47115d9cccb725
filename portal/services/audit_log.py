"""Reads the audit log for people, and proves that nobody has rewritten it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.audit_event import AuditEvent, AuditHead

PAGE_SIZE = 50
_BATCH = 2000


@dataclass(frozen=True)
class Change:
    """One column of a change: what it was and what it became."""

    column: str
    before: Any
    after: Any


@dataclass(frozen=True)
class LoggedEvent:
    """An event as a page shows it. An erased payload leaves the who and what empty, never the fact."""

    seq: int
    at: datetime
    action: str
    version: str
    subject_type: str
    subject_id: UUID | None
    name: str
    email: str
    ip: str
    changes: tuple[Change, ...]
    facts: dict[str, Any]
    erased: bool


@dataclass(frozen=True)
class LogPage:
    """Events from the newest down, and where the next page begins."""

    events: list[LoggedEvent]
    older_than: int | None


@dataclass(frozen=True)
class Verdict:
    """Whether the chain holds; otherwise the first number that does not, and why."""

    checked: int
    head: str
    broken_at: int | None = None
    why: str | None = None

    @property
    def intact(self) -> bool:
        return self.broken_at is None


def list_events(
    uow: UnitOfWork,
    *,
    before: int | None = None,
    action: str | None = None,
    actions: Collection[str] | None = None,
    actor_id: UUID | None = None,
    subject_id: UUID | None = None,
    day: date | None = None,
) -> LogPage:
    """One page of the company's log, the newest first; pages are cut by number, so new events move nothing."""
    query = select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(PAGE_SIZE + 1)
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    if action:
        query = query.where(AuditEvent.action == action)
    if actions is not None:
        query = query.where(AuditEvent.action.in_(actions))
    if actor_id is not None:
        query = query.where(AuditEvent.actor_id == actor_id)
    if subject_id is not None:
        query = query.where(AuditEvent.subject_id == subject_id)
    if day is not None:
        start = datetime.combine(day, time.min, ZoneInfo(uow.actor.time_zone)).astimezone(UTC)
        query = query.where(AuditEvent.at >= start, AuditEvent.at < start + timedelta(days=1))
    rows = list(uow.session.scalars(query))
    events = [_logged(row) for row in rows[:PAGE_SIZE]]
    return LogPage(events, events[-1].seq if len(rows) > PAGE_SIZE else None)


def verify(uow: UnitOfWork) -> Verdict:
    """Walks the company's whole chain and names the first event that was changed, moved or cut."""
    company = str(uow.company.id)
    head = uow.session.scalars(select(AuditHead).where(AuditHead.company_id == uow.company.id)).one_or_none()
    expected, last = hashlib.sha256(company.encode()).digest(), 0
    rows = select(AuditEvent).order_by(AuditEvent.seq).execution_options(yield_per=_BATCH)
    with closing(uow.session.scalars(rows)) as events:
        for row in events:
            if row.seq != last + 1:
                return Verdict(last, expected.hex(), last + 1, "missing")
            expected, last = _chained(expected, company, row), row.seq
            if row.hash != expected:
                return Verdict(last, expected.hex(), row.seq, "changed")
            if row.payload is not None and not _committed(row):
                return Verdict(last, expected.hex(), row.seq, "payload changed")
    if last and head is None:
        return Verdict(last, expected.hex(), last, "head missing")
    if head is not None and (head.seq, head.hash) != (last, expected):
        return Verdict(last, expected.hex(), last + 1, "cut off at the end")
    return Verdict(last, expected.hex())


def _chained(before: bytes, company: str, row: AuditEvent) -> bytes:
    """The hash that audit.append must have computed; see the migration that made it."""
    moment = row.at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    parts = [
        str(row.seq),
        company,
        moment,
        str(row.actor_id or "-"),
        row.action,
        row.version,
        row.subject_type or "-",
        str(row.subject_id or "-"),
        row.commitment.hex(),
    ]
    return hashlib.sha256(before + "\n".join(parts).encode()).digest()


def _committed(row: AuditEvent) -> bool:
    return hashlib.sha256((row.salt or b"") + (row.payload or "").encode()).digest() == row.commitment


def _logged(row: AuditEvent) -> LoggedEvent:
    payload = json.loads(row.payload) if row.payload is not None else {}
    changes = payload.get("changes", {})
    return LoggedEvent(
        seq=row.seq,
        at=row.at,
        action=row.action,
        version=row.version,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        name=payload.get("name", ""),
        email=payload.get("email", ""),
        ip=payload.get("ip", ""),
        changes=tuple(Change(column, *values) for column, values in sorted(changes.items())),
        facts=payload.get("facts", {}),
        erased=row.payload is None,
    )
