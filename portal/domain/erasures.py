"""Requests to be forgotten: the clock of the law, the steps a request goes through, and what may follow what."""

from __future__ import annotations

import calendar
from datetime import date
from enum import StrEnum

from portal.domain.refusals import Reason, Refusal

#: GDPR Art. 12(3): one month, and two more where a request is complex.
MONTHS_TO_ANSWER = 1
MONTHS_MORE = 2
#: What a step of a plan waits for, when it waits for nothing.
AT_ONCE = "at-once"


class ErasureStatus(StrEnum):
    """How far a request has come."""

    OPEN = "open"
    PLANNED = "planned"
    ERASING = "erasing"
    #: What may go is gone; the rest waits for its date.
    PARTLY = "partly"
    ERASED = "erased"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"


class ErasureOrigin(StrEnum):
    """How the portal heard of it."""

    PERSON = "person"
    #: By letter, by word of mouth, or from somebody who has left.
    HR = "hr"
    #: Nobody asked: the time for which the data may be kept is over.
    RETENTION = "retention"
    #: The person was erased before a backup was put back.
    RESTORE = "restore"


#: Somebody has to do something about these.
LIVE = frozenset({ErasureStatus.OPEN, ErasureStatus.PLANNED, ErasureStatus.ERASING, ErasureStatus.PARTLY})
#: Nothing is erased yet: these can still be taken back.
UNDECIDED = frozenset({ErasureStatus.OPEN, ErasureStatus.PLANNED})


def months_after(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month where it has none (Regulation 1182/71)."""
    years, month = divmod(day.month - 1 + months, 12)
    year, month = day.year + years, month + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def due(received_on: date, *, extended: bool = False) -> date:
    """By when the person must have an answer."""
    return months_after(received_on, MONTHS_TO_ANSWER + (MONTHS_MORE if extended else 0))


def check_undecided(status: ErasureStatus) -> None:
    """Refuses what comes too late: a decision was made."""
    if status not in UNDECIDED:
        raise Refusal(Reason.ERASURE_DECIDED)


def check_extension(*, status: ErasureStatus, extended: bool, due_on: date, today: date) -> None:
    """Once, and told within the first month."""
    check_undecided(status)
    if extended or today > due_on:
        raise Refusal(Reason.ERASURE_NOT_EXTENDABLE)
