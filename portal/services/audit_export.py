"""The audit log on its way out: the same record of an event for files and for the feed, page by page.

The format is documented in docs/audit.md, and read by portal/static/tools/verify_audit_log.py, which knows nothing
else of the portal. Whoever changes a record raises VERSION.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.audit_event import AuditEvent
from portal.services import access, audit, audit_gaps, audit_log
from portal.services.audit_filter import Cursor, LogFilter, events_found, longer_than
from portal.services.audit_log import LoggedEvent
from portal.services.audit_names import Names

FORMAT, VERSION = "staffroom-audit-log", 1
KINDS = ("csv", "xlsx", "jsonl")
#: What Excel opens has 1,048,576 rows.
MOST_IN_WORKBOOK = 1_000_000
#: Events held in memory at once.
PAGE = 500


@dataclass(frozen=True)
class Extract:
    """What is exported: the events of a filter up to one number, so that new ones change nothing on the way."""

    asked: LogFilter
    through: int
    #: Hears after each page how many events have been handed out.
    heard: Callable[[int], None] = field(default=lambda _count: None, compare=False)

    @property
    def whole(self) -> bool:
        """Nothing is left out, so that the chain can be followed from the first event to the last."""
        return self.asked == audit_log.EVERYTHING


def begin(uow: UnitOfWork, asked: LogFilter, *, kind: str, searched: str) -> Extract:
    """Fixes what is exported, and records that it is; `searched` is the filter as the reader typed it."""
    check_may_export(uow)
    if kind not in KINDS:
        raise Refusal(Reason.NOT_FOUND)
    if kind == "xlsx" and longer_than(uow, asked, MOST_IN_WORKBOOK):
        raise Refusal(Reason.AUDIT_EXPORT_TOO_LONG, field="kind", limit=MOST_IN_WORKBOOK)
    through = last_number(uow)
    audit.record(uow, audit.Action.AUDIT_EXPORTED, file_format=kind, searched=searched, through=through)
    return Extract(asked, through)


def may_export(uow: UnitOfWork) -> bool:
    return access.can(uow, Permission.AUDIT_EXPORT, Reach.COMPANY)


def check_may_export(uow: UnitOfWork) -> None:
    if not may_export(uow):
        raise Refusal(Reason.NOT_PERMITTED)


def last_number(uow: UnitOfWork) -> int:
    """The number of the newest event."""
    return uow.session.scalar(select(func.max(AuditEvent.seq))) or 0


def as_lines(uow: UnitOfWork, extract: Extract) -> Iterator[str]:
    """A head, each event, and an end without which the file is known to be cut off."""
    yield _line(_head(uow, extract))
    count, last = 0, None
    for rows in _pages(uow, extract):
        yield "".join(records_of(uow, rows))
        count, last = count + len(rows), rows[-1].seq
    yield _line({"kind": "end", "events": count, "last": last})


def as_told(uow: UnitOfWork, extract: Extract) -> Iterator[tuple[list[tuple[LoggedEvent, str]], Names]]:
    """The same events page by page for people, each with its hash, and what the ids in them mean."""
    for rows in _pages(uow, extract):
        events, names = audit_log.told(uow, rows)
        yield [(event, row.hash.hex()) for event, row in zip(events, rows, strict=True)], names


def records_of(uow: UnitOfWork, rows: Sequence[AuditEvent]) -> Iterator[str]:
    """One line of JSON for each event, with the hash that it follows upon."""
    before = {row.seq: row.hash for row in rows}
    follows = {row.seq: audit_gaps.follows_upon(row) for row in rows}
    wanted = [number for number in follows.values() if number not in before]
    query = select(AuditEvent.seq, AuditEvent.hash).where(AuditEvent.seq.in_(wanted))
    before |= {row.seq: row.hash for row in uow.session.execute(query)}
    for row in rows:
        yield _line(_record(row, before.get(follows[row.seq])))


def _pages(uow: UnitOfWork, extract: Extract) -> Iterator[Sequence[AuditEvent]]:
    """From the oldest on; what was handed out is forgotten, so that memory stays as it is however long the log."""
    last, count = 0, 0
    while True:
        found = events_found(uow, extract.asked, Cursor(after=last), PAGE)
        rows = [row for row in reversed(found) if row.seq <= extract.through]
        if not rows:
            return
        yield rows
        last, count = rows[-1].seq, count + len(rows)
        extract.heard(count)
        uow.session.expunge_all()


def _head(uow: UnitOfWork, extract: Extract) -> dict[str, Any]:
    return {
        "kind": "head",
        "format": FORMAT,
        "version": VERSION,
        "company": str(uow.company.id),
        "company_name": uow.company.name,
        "exported_at": moment(uow.clock.now()),
        "through": extract.through,
        "whole": extract.whole,
    }


def _record(row: AuditEvent, before: bytes | None) -> dict[str, Any]:
    return {
        "kind": "event",
        "company": str(row.company_id),
        "seq": row.seq,
        "at": moment(row.at),
        "actor_id": str(row.actor_id) if row.actor_id else None,
        "action": row.action,
        "version": row.version,
        "subject_type": row.subject_type or None,
        "subject_id": str(row.subject_id) if row.subject_id else None,
        "payload": row.payload,
        "salt": row.salt.hex() if row.salt is not None else None,
        "commitment": row.commitment.hex(),
        "previous": before.hex() if before is not None else None,
        "hash": row.hash.hex(),
    }


def moment(at: datetime) -> str:
    """As the chain writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def _line(record: dict[str, Any]) -> str:
    return json.dumps(record, ensure_ascii=False) + "\n"
