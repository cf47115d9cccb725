"""What must happen in a restored portal before people come back: yesterday's ways in are dead, the erased stay so."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, update

from portal.db import UnitOfWork
from portal.domain import recovery
from portal.models.factor import PasskeyChallenge
from portal.models.feed import Feed
from portal.models.identity import OneTimeCode, SignInLink, SignInSession
from portal.models.identity_provider import SsoTransaction
from portal.models.outbox_message import MessageStatus, OutboxMessage
from portal.services import audit
from portal.services.backups.restored import RestoredPortal
from portal.services.forgetting.replay import replay

_HEAD = "SELECT seq FROM audit.head WHERE company_id = %s"
_GO_ON = "UPDATE audit.head SET seq = %s WHERE company_id = %s"


def settle(
    portal: RestoredPortal, *, backup_id: str, taken_at: datetime, seen: Mapping[str, int] | None = None
) -> int:
    """In each company, in a transaction of its own; says how many erasures were carried out again.

    `seen`: how far each company's log went before the restore (by id), where that can still be read.
    """
    with portal.administrator() as connection:
        # Neither is within the rights of the portal's own role.
        connection.execute("DELETE FROM operator_session")
        connection.execute("DELETE FROM operator_challenge")
    erased = 0
    for company in portal.companies():
        kept = _leave_a_gap(portal, company.id, seen)
        with portal.work(company, reason="restore") as uow:
            # First, because what is logged next must stand behind the gap that this explains.
            audit.record(
                uow,
                audit.Action.COMPANY_RESTORED,
                backup=backup_id,
                taken_at=taken_at.isoformat(timespec="seconds"),
                through=kept,
            )
            _end_ways_in(uow)
            _keep_old_letters(uow)
            erased += replay(uow)
    return erased


def _leave_a_gap(portal: RestoredPortal, company_id: UUID, seen: Mapping[str, int] | None) -> int:
    """The log goes on behind every number that was ever given; answers the last number that the backup has."""
    anchored = max(portal.outside.anchors.numbers(company_id), default=0)
    with portal.administrator() as connection:
        found = connection.execute(_HEAD, (company_id,)).fetchone()
        kept = found[0] if found else 0
        last = None if seen is None else seen.get(str(company_id), 0)
        goes_on = recovery.goes_on_at(kept, anchored=anchored, seen=last)
        connection.execute(_GO_ON, (goes_on - 1, company_id))
    return int(kept)


def _end_ways_in(uow: UnitOfWork) -> None:
    """Sessions, codes, links, feeds and half-made sign-ins of that day (T144): nobody knows which were ended since."""
    now = uow.clock.now()
    uow.session.execute(
        update(SignInSession).where(SignInSession.revoked_at.is_(None)).values(revoked_at=now)
    )
    uow.session.execute(update(OneTimeCode).where(OneTimeCode.consumed_at.is_(None)).values(consumed_at=now))
    uow.session.execute(update(SignInLink).where(SignInLink.used_at.is_(None)).values(used_at=now))
    uow.session.execute(update(Feed).where(Feed.revoked_at.is_(None)).values(revoked_at=now))
    uow.session.execute(delete(PasskeyChallenge))
    uow.session.execute(delete(SsoTransaction))


def _keep_old_letters(uow: UnitOfWork) -> None:
    """What waited to leave has left long ago, or says what is no longer true."""
    uow.session.execute(
        update(OutboxMessage)
        .where(OutboxMessage.status == MessageStatus.QUEUED)
        .values(status=MessageStatus.FAILED, failure="restored")
    )
