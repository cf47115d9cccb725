"""How many trips to providers one address may begin, and how long it waits when too many of them ended badly.

Counted by address alone and apart from passwords, so that whoever is made to wait here still comes in by another way.
Only ends of trips that this browser has begun count: pages of other sites cannot fill anybody's account.
"""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain import backoff
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.identity import SignInAttempt
from portal.services import throttles
from portal.services.throttles import Step

#: Of one address within the window: a whole site may come to work at once.
MOST_STARTS = 600
_WINDOW = timedelta(minutes=10)


def check_start(uow: UnitOfWork) -> None:
    """Refuses the next trip of an address that began too many or must wait, else counts it."""
    check_end(uow)
    now = uow.clock.now()
    if throttles.count_of_address(uow, Step.SSO_STARTED, now - _WINDOW) >= MOST_STARTS:
        raise Refusal(Reason.TOO_MANY_ATTEMPTS, again_at=now + _WINDOW)
    throttles.note(uow, Step.SSO_STARTED, _address(uow), None, succeeded=True)


def check_end(uow: UnitOfWork) -> None:
    """Refuses an address whose trips of the last hour ended badly too often: for a while that grows."""
    now = uow.clock.now()
    failures = uow.session.scalars(
        select(SignInAttempt.attempted_at)
        .where(
            SignInAttempt.ip == uow.request.ip,
            SignInAttempt.step == Step.SSO,
            SignInAttempt.succeeded.is_(False),
            SignInAttempt.attempted_at > now - backoff.WINDOW_OF_ADDRESS,
        )
        .order_by(SignInAttempt.attempted_at.desc())
        .limit(backoff.FREE_OF_ONE_ADDRESS + 10)
    ).all()
    wait = backoff.again_at(failures, free=backoff.FREE_OF_ONE_ADDRESS)
    if wait is not None and wait > now:
        raise Refusal(Reason.TOO_MANY_ATTEMPTS, again_at=wait)


def note_failure(uow: UnitOfWork) -> None:
    """A trip has ended badly."""
    throttles.note(uow, Step.SSO, _address(uow), None, succeeded=False)


def note_arrival(uow: UnitOfWork, person: Employee, provider: str) -> None:
    """Somebody came in; their own history shows by which provider, by the name it has today."""
    throttles.note(uow, Step.SSO, person.email, person.id, succeeded=True, provider=provider)


def _address(uow: UnitOfWork) -> str:
    return f"address {uow.request.ip}"
