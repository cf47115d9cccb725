"""What contracts say about working time: the minutes of each weekday, and which terms hold on a date."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Self
from uuid import UUID

from portal.domain.periods import DAY_MINUTES
from portal.domain.refusals import Reason, Refusal

_WORKING_DAYS = 5


@dataclass(frozen=True, slots=True)
class WorkingPattern:
    """Scheduled minutes for Monday to Sunday, without breaks."""

    minutes: tuple[int, int, int, int, int, int, int]

    def __post_init__(self) -> None:
        if not all(0 <= one <= DAY_MINUTES for one in self.minutes):
            raise Refusal(Reason.WORKING_PATTERN_IMPOSSIBLE, field="minutes")

    @classmethod
    def spread(cls, weekly_minutes: int) -> Self:
        """Even over Monday to Friday; the minutes that do not divide go one each to the first days."""
        if not 0 <= weekly_minutes <= _WORKING_DAYS * DAY_MINUTES:
            raise Refusal(Reason.WORKING_PATTERN_IMPOSSIBLE, field="weekly_minutes")
        each, left = divmod(weekly_minutes, _WORKING_DAYS)
        mon, tue, wed, thu, fri = (each + (day < left) for day in range(_WORKING_DAYS))
        return cls((mon, tue, wed, thu, fri, 0, 0))

    @property
    def weekly_minutes(self) -> int:
        return sum(self.minutes)

    @property
    def working_days(self) -> int:
        """Weekdays with any work at all."""
        return sum(one > 0 for one in self.minutes)

    def on(self, day: date) -> int:
        return self.minutes[day.isoweekday() - 1]


@dataclass(frozen=True, slots=True)
class EmploymentTerms:
    """The terms of one employment, first and last day included; no end means until further notice."""

    start_date: date
    end_date: date | None
    pattern: WorkingPattern
    site_id: UUID | None = None

    def __post_init__(self) -> None:
        if self.end_date is not None and self.end_date < self.start_date:
            raise Refusal(Reason.END_BEFORE_START, field="end_date")

    def holds_on(self, day: date) -> bool:
        return self.start_date <= day and (self.end_date is None or day <= self.end_date)


def terms_on(employments: Iterable[EmploymentTerms], day: date) -> EmploymentTerms | None:
    """The terms that hold on a date; should two overlap, the ones that began later."""
    holding = [terms for terms in employments if terms.holds_on(day)]
    return max(holding, key=lambda terms: terms.start_date, default=None)


def scheduled_minutes(employments: Iterable[EmploymentTerms], day: date) -> int:
    """Minutes of work the contract schedules on a date; none outside employment."""
    terms = terms_on(employments, day)
    return terms.pattern.on(day) if terms else 0
