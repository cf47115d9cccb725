"""The life of a company's licence: which dates lead to which state, what a state allows, when people are told.

Dates in, answers out. Nobody is ever shut out of their own data: what ends is changing it, then the company itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

#: Days before the last day on which the admins get a letter.
NOTICE_DAYS = (30, 14, 7, 1)
#: Days before the erasure on which they get one more.
LAST_CALLS = (7, 1)
#: A payment that is missing so long takes no new people in, and after the second number the licence ends.
NO_NEWCOMERS_AFTER, OVERDUE_DAYS = 7, 14
#: Counted from the first day after the end: read only so long, then the company closes.
READ_ONLY_DAYS = 14
#: From that day the erasure is due: nine days remain for whatever stands in its way, until the thirty are over.
ERASED_AFTER_DAYS = 21
LONGEST_DAYS = 30


class LicenceKind(StrEnum):
    """What the company has: a licence without terms, time to look around, a paid plan, or a file that it installed."""

    UNLIMITED = "unlimited"
    TRIAL = "trial"
    PAID = "paid"
    FILE = "file"


class LicenceState(StrEnum):
    """In the order of a life. From expired on nothing is changed; from erasing on there is no way back."""

    TRIAL = "trial"
    ACTIVE = "active"
    EXPIRED = "expired"
    CLOSING = "closing"
    ERASING = "erasing"


class NoticeKind(StrEnum):
    """What a letter to the admins says."""

    ENDS = "ends"
    EXPIRED = "expired"
    CLOSING = "closing"
    ERASURE = "erasure"
    ACTIVE = "active"


@dataclass(frozen=True)
class Licence:
    """The dates of a company. `ends_on` is the last day that is paid for; without one there is no end."""

    kind: LicenceKind = LicenceKind.UNLIMITED
    ends_on: date | None = None
    #: The day on which a payment failed that is still missing.
    overdue_since: date | None = None
    #: The day on which a second person confirmed that the company is to be closed.
    closed_on: date | None = None
    erasing: bool = False


#: A company without terms, as every company is where no licences are sold.
NO_END = Licence()


@dataclass(frozen=True)
class Notice:
    """One letter: what it says, for which threshold of days, about which day. No two are alike."""

    kind: NoticeKind
    days: int
    on: date


def missing_since(licence: Licence) -> date | None:
    """Since when something is owed: a payment, or the file that should follow on the one that ended."""
    if licence.kind is LicenceKind.FILE:
        return licence.ends_on + timedelta(days=1) if licence.ends_on is not None else None
    return licence.overdue_since


def last_day(licence: Licence) -> date | None:
    """The last day of full work; a payment that stays away ends it sooner than its term would."""
    since = missing_since(licence)
    ends = [licence.ends_on if licence.kind is not LicenceKind.FILE else None]
    if since is not None:
        ends.append(since + timedelta(days=OVERDUE_DAYS - 1))
    return min((one for one in ends if one is not None), default=None)


def closing_from(licence: Licence) -> date | None:
    """The first day in state closing: the day of the confirmation, or two weeks after the licence ended."""
    last = _lapses_after(licence)
    lapsed = last + timedelta(days=1 + READ_ONLY_DAYS) if last is not None else None
    return min((one for one in (lapsed, licence.closed_on) if one is not None), default=None)


def erase_on(licence: Licence) -> date | None:
    """The day from which the erasure is due, three weeks after the end."""
    last = _lapses_after(licence)
    lapsed = last + timedelta(days=1 + ERASED_AFTER_DAYS) if last is not None else None
    closed = licence.closed_on + timedelta(days=ERASED_AFTER_DAYS) if licence.closed_on is not None else None
    return min((one for one in (lapsed, closed) if one is not None), default=None)


def _lapses_after(licence: Licence) -> date | None:
    """The day after which a company closes by itself. Where it runs the portal itself, only people close it."""
    return last_day(licence) if licence.kind is not LicenceKind.FILE else None


def state_of(licence: Licence, today: date) -> LicenceState:
    """Where the company stands on that day."""
    last, closing = last_day(licence), closing_from(licence)
    if licence.erasing:
        return LicenceState.ERASING
    if closing is not None and today >= closing:
        return LicenceState.CLOSING
    if last is not None and today > last:
        return LicenceState.EXPIRED
    return LicenceState.TRIAL if licence.kind is LicenceKind.TRIAL else LicenceState.ACTIVE


def may_change(licence: Licence, today: date) -> bool:
    """May anything be written? Signing in, taking the data along and paying are open all the same."""
    return state_of(licence, today) in {LicenceState.TRIAL, LicenceState.ACTIVE}


def takes_newcomers(licence: Licence, today: date) -> bool:
    """May people be added? The first thing that a missing payment, or a missing file, costs."""
    since = missing_since(licence)
    late = since is not None and today >= since + timedelta(days=NO_NEWCOMERS_AFTER)
    return may_change(licence, today) and not late


def erasure_is_due(licence: Licence, today: date) -> bool:
    due = erase_on(licence)
    return not licence.erasing and due is not None and today >= due


def notice_due(licence: Licence, today: date) -> Notice | None:
    """The letter that this day asks for; whoever sends it remembers which ones went out."""
    state, last, erased = state_of(licence, today), last_day(licence), erase_on(licence)
    if state in {LicenceState.TRIAL, LicenceState.ACTIVE}:
        days = _threshold(NOTICE_DAYS, last, today)
        return Notice(NoticeKind.ENDS, days, last) if last is not None and days is not None else None
    if state is LicenceState.EXPIRED and last is not None:
        return Notice(NoticeKind.EXPIRED, 0, last)
    if state is LicenceState.CLOSING and erased is not None:
        days = _threshold(LAST_CALLS, erased, today)
        if days is not None:
            return Notice(NoticeKind.ERASURE, days, erased)
        return Notice(NoticeKind.CLOSING, 0, erased)
    return None


def _threshold(thresholds: tuple[int, ...], day: date | None, today: date) -> int | None:
    """The smallest number of days within which the day comes; None while there is time."""
    if day is None:
        return None
    return next((days for days in sorted(thresholds) if (day - today).days <= days), None)
