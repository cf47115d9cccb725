"""Reads the audit log for people, and proves that nobody has rewritten it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.audit_event import AuditEvent, AuditHead
from portal.services import audit_names
from portal.services.audit_filter import Cursor, LogFilter, events_found
from portal.services.audit_names import Names
from portal.services.audit_parts import changed_parts, kind_of_part
from portal.services.audit_values import Kind, kind_of, refers_to

PAGE_SIZE = 50
EVERYTHING, NEWEST = LogFilter(), Cursor()
#: Facts that are the id of a row, and of which table.
FACTS_THAT_NAME = {"employee": "employee", "team": "team"}
_BATCH = 2000


@dataclass(frozen=True)
class Change:
    """One column of a change: what it was and what it became, as the log holds it."""

    column: str
    before: Any
    after: Any
    kind: Kind
    #: The table whose rows a reference names.
    names: str = ""
    #: Which of several values in the column.
    part: str = ""


@dataclass(frozen=True)
class LoggedEvent:
    """An event as it was written. An erased payload leaves the who and what empty, never the fact."""

    seq: int
    at: datetime
    action: str
    version: str
    actor_id: UUID | None
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
    """Events from the newest down, where the next page and the one before it begin, and what ids on it mean."""

    events: list[LoggedEvent]
    older_than: int | None
    newer_than: int | None
    names: Names


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


def list_events(uow: UnitOfWork, asked: LogFilter = EVERYTHING, cursor: Cursor = NEWEST) -> LogPage:
    """One page of the company's log, the newest first; pages are cut by number, so new events move nothing."""
    rows = list(events_found(uow, asked, cursor, PAGE_SIZE + 1))
    more = len(rows) > PAGE_SIZE
    if cursor.after is not None and not more:
        return list_events(uow, asked)  # what is newer than that fits on the first page
    shown = rows[-PAGE_SIZE:] if cursor.after is not None else rows[:PAGE_SIZE]
    events = [_logged(row) for row in shown]
    below, above = (True, more) if cursor.after is not None else (more, cursor.before is not None)
    return LogPage(
        events,
        older_than=events[-1].seq if events and below else None,
        newer_than=events[0].seq if events and above else None,
        names=audit_names.of(uow, _ids_in(events)),
    )


def _ids_in(events: list[LoggedEvent]) -> Iterator[tuple[str, Any]]:
    """Every row that the events name, as table and id: their subjects, and what changed from which to which."""
    for event in events:
        yield event.subject_type, event.subject_id
        for change in event.changes:
            if change.names:
                yield from ((change.names, value) for value in (change.before, change.after))
        for key, table in FACTS_THAT_NAME.items():
            yield table, event.facts.get(key)


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
        actor_id=row.actor_id,
        subject_type=row.subject_type,
        subject_id=row.subject_id,
        name=payload.get("name", ""),
        email=payload.get("email", ""),
        ip=payload.get("ip", ""),
        changes=tuple(_changes(row.subject_type, changes)),
        facts=payload.get("facts", {}),
        erased=row.payload is None,
    )


def _changes(table: str, changes: dict[str, list[Any]]) -> Iterator[Change]:
    """Column by column; one that holds several values is told part by part."""
    for column, (before, after) in sorted(changes.items()):
        kind, names = kind_of(table, column), refers_to(table, column)
        if kind is not Kind.PARTS:
            yield Change(column, before, after, kind, names)
            continue
        for part, old, new in changed_parts(before, after):
            yield Change(column, old, new, kind_of_part(table, column, part), part=part)
