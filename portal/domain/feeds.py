"""What a calendar feed shows: whose time, which part of it, and how days and halves become entries.

Reading the rows is in services, writing iCalendar in integrations.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from portal.domain.local_time import instant_of
from portal.domain.months import Month
from portal.domain.periods import NOON_MINUTE, DayPart, Part
from portal.domain.refusals import Reason, Refusal

#: What has ended stays in feeds so long, and what was cancelled is shown as cancelled.
KEPT = timedelta(days=31)
#: Nobody plans further ahead than a year and a bit.
AHEAD = timedelta(days=400)
#: Half a day of whoever has no hours on that date.
_HALF_DAY_MINUTES = 240
_A_DAY = timedelta(days=1)


class FeedScope(StrEnum):
    """Whose time a feed shows."""

    OWN = "own"
    TEAM = "team"
    COMPANY = "company"


@dataclass(frozen=True, slots=True)
class FeedContent:
    """What its owner wants a feed to show; `busy_only` leaves out everything but when and who."""

    scope: FeedScope = FeedScope.OWN
    team_id: UUID | None = None
    absences: bool = True
    shifts: bool = False
    holidays: bool = False
    busy_only: bool = False

    def __post_init__(self) -> None:
        if (self.scope is FeedScope.TEAM) is (self.team_id is None):
            raise Refusal(Reason.MISSING, field="whose")
        if not (self.absences or self.shifts or self.holidays):
            raise Refusal(Reason.FEED_EMPTY, field="absences")
        if self.shifts and self.scope is FeedScope.COMPANY:
            raise Refusal(Reason.FEED_TOO_WIDE, field="shifts")


@dataclass(frozen=True, slots=True)
class Window:
    """The dates that a feed covers, both inclusive."""

    first_day: date
    last_day: date

    @property
    def years(self) -> range:
        return range(self.first_day.year, self.last_day.year + 1)


def window(today: date) -> Window:
    """From the first of a month, so that the feed changes with the calendar once a month and not every night."""
    return Window(Month.of(today - KEPT).first_day, Month.of(today + AHEAD).last_day)


@dataclass(frozen=True, slots=True)
class LocalPart:
    """A part of a day with what its clock times depend on: where, and how long that day is there."""

    part: DayPart
    scheduled_minutes: int = 0
    time_zone: str = "UTC"


@dataclass(frozen=True, slots=True)
class Days:
    """Whole days, both inclusive."""

    first_day: date
    last_day: date


@dataclass(frozen=True, slots=True)
class Hours:
    """Between two instants, half-open, to be written by the clock of a zone."""

    start_at: datetime
    end_at: datetime
    time_zone: str
    #: The local date that it belongs to, also where it ends on the next, and where in that day it was asked for.
    date: date
    starts_minute: int = 0


Stretch = Days | Hours


def stretches(parts: Iterable[LocalPart]) -> list[Stretch]:
    """The parts of one absence as entries: whole days that follow each other together, all else by the clock."""
    found: list[Stretch] = []
    for one in sorted(parts, key=lambda one: (one.part.date, one.part.minutes)):
        if one.part.part is not Part.FULL:
            found.append(_hours(one))
            continue
        last = found[-1] if found else None
        if isinstance(last, Days) and last.last_day + _A_DAY == one.part.date:
            found[-1] = Days(last.first_day, one.part.date)
        else:
            found.append(Days(one.part.date, one.part.date))
    return found


def _hours(one: LocalPart) -> Hours:
    starts, ends = clock_minutes(one.part, one.scheduled_minutes)
    zone = ZoneInfo(one.time_zone)
    day = one.part.date
    start_at, end_at = instant_of(day, starts, zone), instant_of(day, ends, zone)
    return Hours(start_at, end_at, one.time_zone, day, one.part.minutes[0])


def clock_minutes(part: DayPart, scheduled_minutes: int) -> tuple[int, int]:
    """When a part of a day is, in minutes of the day.

    Halves meet at noon, and each is as long as half of the day's work: contracts know no clock times.
    """
    if part.part is Part.FROM_TO:
        return part.minutes
    half = min(scheduled_minutes // 2, NOON_MINUTE) or _HALF_DAY_MINUTES
    return (NOON_MINUTE - half, NOON_MINUTE) if part.part is Part.AM else (NOON_MINUTE, NOON_MINUTE + half)
