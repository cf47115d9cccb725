"""When those who have to decide are reminded, and when more people are asked. Days are the company's own dates.

The numbers are the same for all companies; docs/approvals.md gives the reasons.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

#: Nobody is pressed over something that came before the weekend.
FIRST_AFTER: Final = timedelta(days=3)
AGAIN_AFTER: Final = timedelta(days=2)
#: When the time off begins this soon, or has begun, every day counts.
URGENT_WITHIN: Final = timedelta(days=3)
AGAIN_AFTER_WHEN_URGENT: Final = timedelta(days=1)
#: A week covers a week off whose owner chose no deputy.
ESCALATED_AFTER: Final = timedelta(days=7)
#: Time for the others to answer before the time off begins.
ESCALATED_WITHIN: Final = timedelta(days=2)

#: Within which hours a company may have approvers reminded by SMS; nobody's evening or night.
TEXT_HOURS: Final = (7, 21)
MOST_TEXTS_A_DAY: Final = 500
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class Wait:
    """How long one person has been asked about one request. `escalated`: because others had not decided."""

    asked_on: date
    start_date: date
    escalated: bool = False


def is_escalated(*, asked_on: date, start_date: date, anybody_asked: bool, today: date) -> bool:
    """Whether those who decide for the whole company are asked too. At once, where nobody is left to ask."""
    if not anybody_asked:
        return True
    return today >= asked_on + ESCALATED_AFTER or start_date <= today + ESCALATED_WITHIN


def is_reminded(waits: list[Wait], *, last_letter: date | None, today: date) -> bool:
    """Whether a person gets the letter about all that waits for them. Each gap is a day at least: never two a day."""
    return any(_asks_for_letter(wait, last_letter, today) for wait in waits)


def _asks_for_letter(wait: Wait, last_letter: date | None, today: date) -> bool:
    if wait.escalated and (last_letter is None or last_letter < wait.asked_on):
        return True  # they hear of it for the first time
    if today < wait.asked_on + FIRST_AFTER:
        return False
    urgent = wait.start_date <= today + URGENT_WITHIN
    gap = AGAIN_AFTER_WHEN_URGENT if urgent else AGAIN_AFTER
    return last_letter is None or today >= last_letter + gap


def is_texted(waits: list[Wait], *, letters: Collection[date], last_text: date | None, today: date) -> bool:
    """Whether a person gets an SMS: a letter of an earlier day did not help, and more people are not asked yet.

    One for all that waits, so at most one a day; none about what an SMS has told of already.
    """
    return any(_asks_for_text(wait, letters, last_text, today) for wait in waits)


def _asks_for_text(wait: Wait, letters: Collection[date], last_text: date | None, today: date) -> bool:
    reminded_from = wait.asked_on + FIRST_AFTER
    if wait.escalated or not any(reminded_from <= letter < today for letter in letters):
        return False
    return last_text is None or last_text < reminded_from


def may_text_at(local: datetime, *, first_hour: int, end_hour: int) -> bool:
    """Whether an SMS may go out at this moment of its reader's clock: on a working day, in the hours chosen."""
    return local.weekday() < _SATURDAY and first_hour <= local.hour < end_hour
