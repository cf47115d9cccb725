"""Reads the audit log for people, and proves that nobody has rewritten it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.audit_event import AuditEvent, AuditHead
from portal.services import audit_gaps, audit_names
from portal.services.audit_filter import Cursor, LogFilter, events_found
from portal.services.audit_names import Names
from portal.services.audit_parts import changed_parts, kind_of_part
from portal.services.audit_values import Kind, kind_of, refers_to

PAGE_SIZE = 50
EVERYTHING, NEWEST = LogFilter(), Cursor()
#: Facts that are the id of a row, and of which table.
FACTS_THAT_NAME = {
    "employee": "employee",
    "handed_from": "employee",
    "handed_to": "employee",
    "in_place_of": "employee",
    "team": "team",
}
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
    #: How many anchors from outside agreed.
    anchored: int = 0
    #: Numbers that a restore left out, as the last one kept and the one that goes on.
    gaps: tuple[tuple[int, int], ...] = ()
    #: The number of the newest event.
    last: int = 0

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


def told(uow: UnitOfWork, rows: Sequence[AuditEvent]) -> tuple[list[LoggedEvent], Names]:
    """Events for people, in the order of the rows, and what the ids in them mean."""
    events = [_logged(row) for row in rows]
    return events, audit_names.of(uow, _ids_in(events))


def verify(uow: UnitOfWork, anchors: Mapping[int, str] | None = None) -> Verdict:
    """Walks the company's whole chain and names the first event that was changed, moved or cut.

    `anchors` are checksums by number that lie outside the database: with them a chain that was computed anew is found.
    """
    company, anchors = str(uow.company.id), anchors or {}
    head: tuple[int, bytes] | None = None
    expected, last, agreed, count = hashlib.sha256(company.encode()).digest(), 0, 0, 0
    gaps: list[tuple[int, int]] = []
    # The head comes with the events, in one statement, so that what is appended meanwhile is in neither.
    ended = AuditHead.company_id == AuditEvent.company_id
    rows = (
        select(AuditEvent, AuditHead.seq, AuditHead.hash).outerjoin(AuditHead, ended).order_by(AuditEvent.seq)
    )
    with closing(uow.session.execute(rows.execution_options(yield_per=_BATCH))) as events:
        for row, head_seq, head_hash in events:
            head = None if head_seq is None else (head_seq, head_hash)  # type: ignore[redundant-expr]
            if audit_gaps.follows_upon(row) != last:
                return Verdict(count, expected.hex(), last + 1, "missing")
            if row.seq != last + 1:
                gaps.append((last, row.seq))
            expected, last, count = _chained(expected, company, row), row.seq, count + 1
            wrong = _wrong(row, expected, anchors.get(row.seq))
            if wrong:
                return Verdict(count, expected.hex(), row.seq, wrong, agreed)
            agreed += row.seq in anchors
    if last == 0:
        head = uow.session.execute(select(AuditHead.seq, AuditHead.hash)).one_or_none()
    wrong_end = _wrong_end(head, last, expected, max(anchors, default=0))
    if wrong_end:
        return Verdict(count, expected.hex(), wrong_end[0], wrong_end[1], agreed)
    return Verdict(count, expected.hex(), anchored=agreed, gaps=tuple(gaps), last=last)


def _wrong(row: AuditEvent, expected: bytes, anchored: str | None) -> str | None:
    if row.hash != expected:
        return "changed"
    if row.payload is not None and not _committed(row):
        return "payload changed"
    if anchored is not None and anchored != row.hash.hex():
        return "its anchor outside says otherwise: the log was rewritten up to here"
    return None


def _wrong_end(
    head: tuple[int, bytes] | None, last: int, expected: bytes, anchored: int
) -> tuple[int, str] | None:
    if last and head is None:
        return last, "head missing"
    if head is not None and tuple(head) != (last, expected):
        return last + 1, "cut off at the end"
    if anchored > last:
        return last + 1, f"cut off at the end: event {anchored} was anchored outside"
    return None


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
