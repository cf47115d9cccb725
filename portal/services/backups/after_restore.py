"""What must happen in a restored portal before people come back: yesterday's ways in are dead, the erased stay so."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, update

from portal.db import UnitOfWork
from portal.models.factor import PasskeyChallenge
from portal.models.feed import Feed
from portal.models.identity import OneTimeCode, SignInLink, SignInSession
from portal.models.identity_provider import SsoTransaction
from portal.models.outbox_message import MessageStatus, OutboxMessage
from portal.services import audit
from portal.services.backups.restored import RestoredPortal


def settle(portal: RestoredPortal, *, backup_id: str, taken_at: datetime) -> int:
    """In each company, in a transaction of its own; says how many erasures were carried out again."""
    with portal.administrator() as connection:
        connection.execute("DELETE FROM operator_session")  # no right of the portal's own role
    erased = 0
    for company in portal.companies():
        with portal.work(company, reason="restore") as uow:
            _end_ways_in(uow)
            _keep_old_letters(uow)
            erased += replay_erasures(uow)
            audit.record(
                uow,
                audit.Action.COMPANY_RESTORED,
                backup=backup_id,
                taken_at=taken_at.isoformat(timespec="seconds"),
            )
    return erased


def replay_erasures(uow: UnitOfWork) -> int:  # noqa: ARG001
    """Carries out again what the erasure ledger outside of the database says of this company (P16).

    The ledger is the business of the erasures service; until it can replay, a restore replays nothing.
    """
    return 0


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
