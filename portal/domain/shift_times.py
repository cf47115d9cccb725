"""When a shift really is: from wall times of a template to instants, in a site's zone.

Whose shift it is and whether it clashes is in rosters.py.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from portal.domain.local_time import elapsed_minutes, instant_of
from portal.domain.periods import DAY_MINUTES
from portal.domain.refusals import Reason, Refusal


@dataclass(frozen=True, slots=True)
class ShiftTimes:
    """Wall times of a shift in minutes of its date; beyond 1440 it ends the next day."""

    starts_minute: int
    ends_minute: int
    break_minutes: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.starts_minute < DAY_MINUTES:
            raise Refusal(Reason.TIME_INVALID, field="starts_minute")
        length = self.ends_minute - self.starts_minute
        if length <= 0:
            raise Refusal(Reason.SHIFT_HAS_NO_LENGTH, field="ends_minute")
        if length > DAY_MINUTES:
            raise Refusal(Reason.SHIFT_TOO_LONG, field="ends_minute", limit_minutes=DAY_MINUTES)
        _check_break(self.break_minutes, length)

    @classmethod
    def between(cls, starts_minute: int, ends_minute: int, break_minutes: int = 0) -> Self:
        """From two times of a clock: an end before the start is the next day, the same time a slip."""
        if ends_minute < starts_minute:
            ends_minute += DAY_MINUTES
        return cls(starts_minute, ends_minute, break_minutes)

    @property
    def crosses_midnight(self) -> bool:
        return self.ends_minute > DAY_MINUTES

    def on(self, day: date, zone: ZoneInfo) -> "ShiftMoments":
        """The shift on a date, which it belongs to even when it ends the next morning."""
        start_at = instant_of(day, self.starts_minute, zone)
        end_at = instant_of(day, self.ends_minute, zone)
        return ShiftMoments(start_at, end_at, self.break_minutes)


@dataclass(frozen=True, slots=True)
class ShiftMoments:
    """A shift as it really passes, in UTC: an hour shorter or longer in the nights of the clock change."""

    start_at: datetime
    end_at: datetime
    break_minutes: int = 0

    def __post_init__(self) -> None:
        if self.end_at <= self.start_at:
            raise Refusal(Reason.SHIFT_HAS_NO_LENGTH, field="ends_minute")
        _check_break(self.break_minutes, self.duration_minutes)

    @property
    def duration_minutes(self) -> int:
        return elapsed_minutes(self.start_at, self.end_at)

    @property
    def paid_minutes(self) -> int:
        return self.duration_minutes - self.break_minutes


def _check_break(break_minutes: int, duration_minutes: int) -> None:
    if not 0 <= break_minutes < duration_minutes:
        raise Refusal(
            Reason.SHIFT_BREAK_TOO_LONG,
            field="break_minutes",
            break_minutes=break_minutes,
            duration_minutes=duration_minutes,
        )
