"""Parts of days and ranges of dates: local dates and minutes of the day, half-open, never UTC instants.

What a part costs is said in absences.py; turning a local time into an instant in local_time.py.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from portal.domain.months import days_between
from portal.domain.refusals import Reason, Refusal

DAY_MINUTES = 24 * 60
NOON_MINUTE = DAY_MINUTES // 2
LONGEST_PERIOD_DAYS = 366
EARLIEST_DATE = date(2000, 1, 1)
LATEST_DATE = date(2099, 12, 31)


class Part(StrEnum):
    """Which part of a local day: all of it, one half, or between two times."""

    FULL = "full"
    AM = "am"
    PM = "pm"
    FROM_TO = "from-to"


_MINUTES = {Part.FULL: (0, DAY_MINUTES), Part.AM: (0, NOON_MINUTE), Part.PM: (NOON_MINUTE, DAY_MINUTES)}


@dataclass(frozen=True, slots=True)
class DayPart:
    """A part of one date. Only from-to carries minutes of the day, at most up to midnight."""

    date: date
    part: Part = Part.FULL
    starts_minute: int | None = None
    ends_minute: int | None = None

    def __post_init__(self) -> None:
        _check_date(self.date, field="date")
        if self.part is Part.FROM_TO:
            self._check_times()
        elif self.starts_minute is not None or self.ends_minute is not None:
            raise Refusal(Reason.PART_NOT_POSSIBLE, field="part")

    def _check_times(self) -> None:
        if self.starts_minute is None:
            raise Refusal(Reason.MISSING, field="starts_minute")
        if self.ends_minute is None:
            raise Refusal(Reason.MISSING, field="ends_minute")
        if not (0 <= self.starts_minute <= DAY_MINUTES and 0 <= self.ends_minute <= DAY_MINUTES):
            raise Refusal(Reason.TIME_INVALID, field="ends_minute")
        if self.ends_minute <= self.starts_minute:
            raise Refusal(Reason.END_BEFORE_START, field="ends_minute")

    @property
    def minutes(self) -> tuple[int, int]:
        """Half-open interval in minutes of the day."""
        if self.starts_minute is not None and self.ends_minute is not None:
            return self.starts_minute, self.ends_minute
        return _MINUTES[self.part]

    @property
    def local_interval(self) -> tuple[datetime, datetime]:
        """Half-open interval in local wall time without a zone, as the database guards it."""
        midnight = datetime.combine(self.date, time())
        starts, ends = self.minutes
        return midnight + timedelta(minutes=starts), midnight + timedelta(minutes=ends)


def overlap(one: DayPart, other: DayPart) -> bool:
    """Do the two share time? Touching parts, such as morning and afternoon, do not."""
    return one.date == other.date and one.minutes[0] < other.minutes[1] and other.minutes[0] < one.minutes[1]


def refuse_overlaps(parts: Iterable[DayPart]) -> None:
    """No time may be asked for twice within one request."""
    ordered = sorted(parts, key=lambda part: (part.date, part.minutes))
    for one, following in pairwise(ordered):
        if overlap(one, following):
            raise Refusal(Reason.PARTS_OVERLAP, date=following.date)


def expand(
    start_date: date, end_date: date, *, first_part: Part = Part.FULL, last_part: Part = Part.FULL
) -> list[DayPart]:
    """Every day of an inclusive range; it may begin with an afternoon and end with a morning."""
    check_range(start_date, end_date)
    if start_date == end_date:
        return [DayPart(start_date, _only_part(first_part, last_part))]
    if first_part not in (Part.FULL, Part.PM):
        raise Refusal(Reason.PART_NOT_POSSIBLE, field="first_part")
    if last_part not in (Part.FULL, Part.AM):
        raise Refusal(Reason.PART_NOT_POSSIBLE, field="last_part")
    inner = days_between(start_date + timedelta(days=1), end_date - timedelta(days=1))
    return [DayPart(start_date, first_part), *map(DayPart, inner), DayPart(end_date, last_part)]


def each_once(parts: Sequence[DayPart]) -> list[DayPart]:
    """Single days in order, each with one part; together they span no more than a range may."""
    if not parts:
        raise Refusal(Reason.MISSING, field="start_date")
    ordered = sorted(parts, key=lambda part: part.date)
    check_range(ordered[0].date, ordered[-1].date)
    for one, following in pairwise(ordered):
        if one.date == following.date:
            raise Refusal(Reason.PARTS_OVERLAP, date=following.date)
    return ordered


def has_gaps(parts: Sequence[DayPart]) -> bool:
    """Whether days between the first and the last are not asked for."""
    start_date, end_date = bounds(parts)
    return len({part.date for part in parts}) <= (end_date - start_date).days


def check_range(start_date: date, end_date: date, *, longest_days: int = LONGEST_PERIOD_DAYS) -> None:
    """A range runs forward, is not longer than a year and lies in the years people plan for."""
    _check_date(start_date, field="start_date")
    _check_date(end_date, field="end_date")
    if end_date < start_date:
        raise Refusal(Reason.END_BEFORE_START, field="end_date")
    if (end_date - start_date).days >= longest_days:
        raise Refusal(Reason.PERIOD_TOO_LONG, field="end_date", limit_days=longest_days)


def bounds(parts: Sequence[DayPart]) -> tuple[date, date]:
    """First and last date of a request."""
    dates = [part.date for part in parts]
    return min(dates), max(dates)


def _only_part(first: Part, last: Part) -> Part:
    """A single day asked for with both ends given: the part that both agree on."""
    if Part.FROM_TO in (first, last) or {first, last} == {Part.AM, Part.PM}:
        raise Refusal(Reason.PART_NOT_POSSIBLE, field="last_part")
    return last if first is Part.FULL else first


def _check_date(day: date, *, field: str) -> None:
    if not EARLIEST_DATE <= day <= LATEST_DATE:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field=field, earliest=EARLIEST_DATE, latest=LATEST_DATE)
