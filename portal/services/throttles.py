"""Counts the tries to get in, and refuses the next one for a while when too many failed.

A try is counted under a keyed hash of what was typed, so an unknown address is throttled like a known one.
The waits and the numbers are in domain/backoff.py; nobody is locked out for good.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import takewhile
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.db import UnitOfWork
from portal.domain import backoff
from portal.domain.refusals import Reason, Refusal
from portal.models.identity import SignInAttempt

_SUBJECT = "sign-in-subject"
#: Far above what the waits let through in a day.
_MOST_ROWS = 1000


class Step(StrEnum):
    """What was tried."""

    AUDIT_FEED = "audit-feed"
    PASSWORD = "password"  # noqa: S105
    RESET = "reset"
    CODE = "code"
    CODE_SENT = "code-sent"
    AUTHENTICATOR = "authenticator"
    PASSKEY = "passkey"
    RECOVERY_CODE = "recovery-code"
    SCIM = "scim"
    #: A trip to an identity provider, ended; and one that was begun.
    SSO = "sso"
    SSO_STARTED = "sso-started"
    #: What goes on record once in a while, however often it happens: somebody had to wait, or came with a dead link.
    DEAD_LINK = "dead-link"
    WAITED = "waited"


#: What a person's sign-in history shows.
_SHOWN = [Step.PASSWORD, Step.CODE, Step.AUTHENTICATOR, Step.PASSKEY, Step.RECOVERY_CODE, Step.SSO]


@dataclass(frozen=True)
class PastTry:
    """A try as its owner sees it in their history."""

    attempted_at: datetime
    ip: str
    step: str
    succeeded: bool
    #: What the provider was called by which the person came.
    provider: str | None = None


def check_password_tries(uow: UnitOfWork, email: str) -> None:
    """Refuses when this person, or this address, must wait with passwords."""
    check_tries(uow, Step.PASSWORD, email)


def check_tries(uow: UnitOfWork, step: Step, email: str) -> None:
    """Refuses when this person, or this address, must wait. Tries of one person stand in line behind a lock."""
    subject = subject_hash(uow, email)
    hold_line(uow, subject)
    now = uow.clock.now()
    of_address = and_(
        SignInAttempt.ip == uow.request.ip,
        SignInAttempt.attempted_at > now - backoff.WINDOW_OF_ADDRESS,
        SignInAttempt.succeeded.is_(False),
    )
    rows = uow.session.scalars(
        select(SignInAttempt)
        .where(
            or_(SignInAttempt.subject_hash == subject, of_address),
            SignInAttempt.step == step,
            SignInAttempt.attempted_at > now - backoff.WINDOW,
        )
        # Within one moment the success counts as the later one.
        .order_by(SignInAttempt.attempted_at.desc(), SignInAttempt.succeeded.desc())
        .limit(_MOST_ROWS)
    ).all()
    wait = _longest_wait(
        rows, subject=subject, ip=uow.request.ip, address_since=now - backoff.WINDOW_OF_ADDRESS
    )
    if wait is not None and wait > now:
        raise Refusal(Reason.TOO_MANY_ATTEMPTS, again_at=wait)


def note(
    uow: UnitOfWork,
    step: Step,
    email: str,
    employee_id: UUID | None,
    *,
    succeeded: bool,
    provider: str | None = None,
) -> None:
    """Writes the try down. A good password ends the row of failures that is counted."""
    uow.session.add(
        SignInAttempt(
            subject_hash=subject_hash(uow, email),
            employee_id=employee_id,
            ip=uow.request.ip,
            step=step.value,
            succeeded=succeeded,
            provider=provider,
            attempted_at=uow.clock.now(),
        )
    )


def is_news(uow: UnitOfWork, step: Step, about: str, *, of_address: bool) -> bool:
    """Whether this has not happened within the longest wait: about the same, or, `of_address`, from the same place.

    So an event can be recorded for it, and nobody fills the log by trying on and on.
    """
    same = SignInAttempt.subject_hash == subject_hash(uow, about)
    found = uow.session.scalar(
        select(SignInAttempt.id)
        .where(
            or_(same, SignInAttempt.ip == uow.request.ip) if of_address else same,
            SignInAttempt.step == step,
            SignInAttempt.attempted_at > uow.clock.now() - backoff.LONGEST_WAIT,
        )
        .limit(1)
    )
    if found is None:
        note(uow, step, about, None, succeeded=False)
    return found is None


def count_of_address(uow: UnitOfWork, step: Step, since: datetime) -> int:
    """How often this was tried from the visitor's address."""
    found = uow.session.scalar(
        select(func.count())
        .select_from(SignInAttempt)
        .where(
            SignInAttempt.ip == uow.request.ip, SignInAttempt.step == step, SignInAttempt.attempted_at > since
        )
    )
    return found or 0


def list_mine(uow: UnitOfWork, limit: int = 10) -> list[PastTry]:
    """The actor's latest tries, failed ones too: who else tries to get in as me?"""
    rows = uow.session.scalars(
        select(SignInAttempt)
        .where(
            SignInAttempt.employee_id == uow.actor.employee_id,
            SignInAttempt.step.in_(_SHOWN),
        )
        .order_by(SignInAttempt.attempted_at.desc())
        .limit(limit)
    )
    return [PastTry(row.attempted_at, row.ip, row.step, row.succeeded, row.provider) for row in rows]


def subject_hash(uow: UnitOfWork, email: str) -> bytes:
    """The person meant, as an HMAC: nobody can read from the table which strangers' addresses were tried."""
    return uow.outside.master_keys.blind_index(f"{uow.company.id}|{email}", _SUBJECT)  # type: ignore[no-any-return]


def hold_line(uow: UnitOfWork, key: bytes) -> None:
    """Until the transaction ends, nobody else passes with the same key: no counting is overtaken."""
    number = int.from_bytes(key[:8], "big", signed=True)
    uow.session.execute(select(func.pg_advisory_xact_lock(number)))


def _longest_wait(
    rows: Sequence[SignInAttempt], *, subject: bytes, ip: str, address_since: datetime
) -> datetime | None:
    of_subject = list(
        takewhile(lambda row: not row.succeeded, (row for row in rows if row.subject_hash == subject))
    )
    of_address = [
        row for row in rows if row.ip == ip and not row.succeeded and row.attempted_at > address_since
    ]
    counted = (
        ([row for row in of_subject if row.ip == ip], backoff.FREE_AT_ONE_ADDRESS),
        (of_subject, backoff.FREE_ANYWHERE),
        (of_address, backoff.FREE_OF_ONE_ADDRESS),
    )
    waits = [backoff.again_at([row.attempted_at for row in some], free=free) for some, free in counted]
    return max((wait for wait in waits if wait is not None), default=None)
