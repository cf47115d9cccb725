"""What a part of a day costs by the shifts of that day: as much of their work as lies in it, by their site's clock.

Days of which no hours are known are priced in absence_costs.py.
"""

from collections.abc import Collection
from fractions import Fraction
from typing import NamedTuple

from portal.domain.holidays import FreeTime, free_minutes
from portal.domain.periods import DAY_MINUTES, DayPart

#: Longer than a shift may be: what it has beyond midnight belongs to the day on which it begins, and to the edge of it.
_BEYOND = 2 * DAY_MINUTES


class PlannedShift(NamedTuple):
    """Wall times in minutes of the date it begins on, beyond 1440 if it ends the next day; work without breaks."""

    starts: int
    ends: int
    worked: int

    @property
    def length(self) -> int:
        """At least a minute: in the night in which clocks go back it may end at the time at which it begins."""
        return max(1, self.ends - self.starts)


def price_by_shifts(part: DayPart, shifts: Collection[PlannedShift], free: FreeTime, whole: int) -> int:
    """Of what the whole day costs, the share of the work that lies in the part and that no holiday frees.

    Nobody says when a break is, so it is spread evenly over its shift. A part that reaches to midnight has what the
    shift has after it, as the whole day does. Each part costs what the day costs up to its end less what it costs up
    to its beginning: parts that make up the day cost together exactly the day, whoever asks for them and when.
    """
    starts, ends = part.minutes
    return _until(ends, shifts, free, whole) - _until(starts, shifts, free, whole)


def _until(minute: int, shifts: Collection[PlannedShift], free: FreeTime, whole: int) -> int:
    reached = _reach(minute)
    spans = frozenset((_reach(first), _reach(last)) for first, last in free)
    done = Fraction(0)
    for one in shifts:
        ends = min(one.starts + one.length, reached)
        if ends > one.starts:
            at_work = ends - one.starts - free_minutes(spans, one.starts, ends)
            done += Fraction(one.worked * at_work, one.length)
    return int(whole * done / max(1, sum(one.worked for one in shifts)))


def _reach(minute: int) -> int:
    if minute <= 0:
        return -_BEYOND
    return minute if minute < DAY_MINUTES else DAY_MINUTES + _BEYOND
