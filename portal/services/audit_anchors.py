"""Anchors of the audit log: its last number and checksum, written every hour to a place outside the database.

The chain alone cannot tell a log that was rewritten as a whole from the true one; an anchor that lies elsewhere can.
They hold no personal data, and stay when somebody's data is erased.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.models.audit_event import AuditEvent, AuditHead
from portal.services import audit_gaps, outbox, written_moments
from portal.services.audit_export import moment
from portal.services.permission_holders import active_holders

FORMAT, VERSION = "staffroom-audit-anchor", 1
_LATEST = 5
_A_DAY = timedelta(days=1)
_LOG = logging.getLogger("portal.audit")


@dataclass(frozen=True)
class Anchor:
    """What the log ended with at a moment."""

    seq: int
    hash: str
    at: datetime


@dataclass(frozen=True)
class Kept:
    """How one hour went for one company: its newest anchor, and whether that was written now."""

    newest: Anchor | None = None
    written: bool = False
    #: The anchored event that the log no longer has as it was: then nothing is written.
    contradicted_at: int | None = None


def keep(uow: UnitOfWork) -> Kept:
    """Anchors the end of the company's log, unless it is anchored already or contradicts what was anchored."""
    head = uow.session.scalars(select(AuditHead).where(AuditHead.company_id == uow.company.id)).one_or_none()
    if head is None or head.seq == 0:
        return Kept()
    known = uow.outside.anchors.numbers(uow.company.id)
    proven = _newest_kept(uow, known)
    if proven and not _agrees(uow, head, _read(uow, proven)):
        return Kept(contradicted_at=proven)
    if known and known[-1] == head.seq:
        return Kept(_read(uow, head.seq))
    anchor = Anchor(head.seq, head.hash.hex(), uow.clock.now())
    uow.outside.anchors.put(uow.company.id, anchor.seq, _content(uow.company.id, anchor))
    return Kept(anchor, written=True)


def latest(uow: UnitOfWork) -> list[Anchor]:
    """The newest ones, the newest first."""
    return [_read(uow, seq) for seq in reversed(uow.outside.anchors.numbers(uow.company.id)[-_LATEST:])]


def by_number(uow: UnitOfWork) -> dict[int, str]:
    """The checksum that was anchored for each number."""
    return {one.seq: one.hash for one in _all(uow)}


def send_letter(uow: UnitOfWork) -> int:
    """Tells those who may take the log out where it ended, so that the proof lies with the customer too; how many."""
    newest = latest(uow)
    if not newest or newest[0].at < uow.clock.now() - _A_DAY:
        return 0  # nothing has happened since the letter before
    people = active_holders(uow, Permission.AUDIT_EXPORT)
    for person in people:
        outbox.queue_mail(
            uow,
            person,
            "audit_anchor",
            number=newest[0].seq,
            checksum=newest[0].hash,
            anchored_at=written_moments.for_letter(uow, person, newest[0].at),
            link=f"{uow.outside.url}/c/{uow.company.slug}/audit",
        )
    return len(people)


def _newest_kept(uow: UnitOfWork, known: list[int]) -> int | None:
    """The newest anchor whose event the log should have: what a restore has left out is nowhere any more."""
    restores = uow.session.scalars(
        select(AuditEvent).where(AuditEvent.action == audit_gaps.RESTORED).order_by(AuditEvent.seq.desc())
    ).all()
    gaps = [(audit_gaps.follows_upon(row), row.seq) for row in restores]
    kept = (seq for seq in reversed(known) if not any(last < seq < goes_on for last, goes_on in gaps))
    return next(kept, None)


def _agrees(uow: UnitOfWork, head: AuditHead, anchor: Anchor) -> bool:
    """Whether the event that was anchored last is still there, as it was."""
    now = uow.session.scalar(select(AuditEvent.hash).where(AuditEvent.seq == anchor.seq))
    if now is not None and now.hex() == anchor.hash and head.seq >= anchor.seq:
        return True
    _LOG.critical(
        "the audit log of %s contradicts its anchor at event %d; run flask audit verify",
        uow.company.slug,
        anchor.seq,
    )
    return False


def _all(uow: UnitOfWork) -> Iterator[Anchor]:
    return (_read(uow, seq) for seq in uow.outside.anchors.numbers(uow.company.id))


def _read(uow: UnitOfWork, seq: int) -> Anchor:
    kept: dict[str, Any] = json.loads(uow.outside.anchors.get(uow.company.id, seq))
    return Anchor(kept["seq"], kept["hash"], datetime.fromisoformat(kept["at"]))


def _content(company_id: UUID, anchor: Anchor) -> bytes:
    record = {
        "format": FORMAT,
        "version": VERSION,
        "company": str(company_id),
        "seq": anchor.seq,
        "hash": anchor.hash,
        "at": moment(anchor.at),
    }
    return (json.dumps(record) + "\n").encode()
