"""A public or company holiday as a value, and which minutes of a day are free.

Which days are holidays is computed in portal/integrations.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.periods import DAY_MINUTES, NOON_MINUTE
from portal.domain.refusals import Reason, Refusal

#: Spans of minutes of one day, half-open, that are free; they may touch and overlap.
FreeTime = frozenset[tuple[int, int]]
NOTHING_FREE: FreeTime = frozenset()
WHOLE_DAY = (0, DAY_MINUTES)


class HolidayPart(StrEnum):
    """How much of the day is free."""

    FULL = "full"
    AM = "am"
    PM = "pm"
    FROM_TO = "from-to"


class HolidaySource(StrEnum):
    """Where a holiday comes from."""

    COMPUTED = "computed"
    MANUAL = "manual"
    IMPORTED = "imported"


@dataclass(frozen=True, order=True, slots=True)
class PublicHoliday:
    """One free day or half of a day, named in the reader's language where that is known."""

    date: date
    name: str
    part: HolidayPart = HolidayPart.FULL
    #: Minutes of the day, only for a part from-to.
    starts_minute: int | None = None
    ends_minute: int | None = None

    @property
    def minutes(self) -> tuple[int, int]:
        return minutes_of(self.part, self.starts_minute, self.ends_minute)


_MINUTES = {
    HolidayPart.FULL: WHOLE_DAY,
    HolidayPart.AM: (0, NOON_MINUTE),
    HolidayPart.PM: (NOON_MINUTE, DAY_MINUTES),
}


def minutes_of(
    part: HolidayPart, starts_minute: int | None = None, ends_minute: int | None = None
) -> tuple[int, int]:
    """The free minutes of the day, half-open."""
    if starts_minute is not None and ends_minute is not None:
        return starts_minute, ends_minute
    return _MINUTES[part]


def check_part(part: HolidayPart, starts_minute: int | None, ends_minute: int | None) -> None:
    """Refused where times are missing, the wrong way round, or stand beside a part that has none."""
    if part is not HolidayPart.FROM_TO:
        if starts_minute is not None or ends_minute is not None:
            raise Refusal(Reason.PART_NOT_POSSIBLE, field="part")
        return
    if starts_minute is None:
        raise Refusal(Reason.MISSING, field="starts_minute")
    if ends_minute is None:
        raise Refusal(Reason.MISSING, field="ends_minute")
    if not (0 <= starts_minute <= DAY_MINUTES and 0 <= ends_minute <= DAY_MINUTES):
        raise Refusal(Reason.TIME_INVALID, field="ends_minute")
    if ends_minute <= starts_minute:
        raise Refusal(Reason.END_BEFORE_START, field="ends_minute")


def free_time(holidays: Iterable[PublicHoliday]) -> dict[date, FreeTime]:
    """What is free on each date; several holidays may share one."""
    found: dict[date, set[tuple[int, int]]] = {}
    for holiday in holidays:
        found.setdefault(holiday.date, set()).add(holiday.minutes)
    return {day: frozenset(spans) for day, spans in found.items()}


def free_minutes(free: FreeTime, starts: int, ends: int) -> int:
    """How many minutes between two are free; what several holidays free counts once."""
    total, reached = 0, starts
    for first, last in sorted(free):
        begins, stops = max(first, reached), min(last, ends)
        if begins < stops:
            total += stops - begins
            reached = stops
    return total


def working_spans(free: FreeTime) -> tuple[tuple[int, int], ...]:
    """What of a day is left between the free spans."""
    found, reached = [], 0
    for first, last in sorted(free):
        if reached < first:
            found.append((reached, first))
        reached = max(reached, last)
    return (*found, *([(reached, DAY_MINUTES)] if reached < DAY_MINUTES else []))
