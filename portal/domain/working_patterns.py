"""What contracts say about working time: the minutes of each day of one or several weeks, and which terms hold when."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from fractions import Fraction
from typing import Self
from uuid import UUID

from portal.domain.absence_costs import DAY, CountingMethod, Shifts, charge_of
from portal.domain.holidays import FreeTime
from portal.domain.periods import DAY_MINUTES, DayPart
from portal.domain.refusals import Reason, Refusal

#: So many weeks may take turns.
MOST_WEEKS = 8
_WORKING_DAYS = 5
_WEEK_DAYS = 7

Week = tuple[int, int, int, int, int, int, int]


@dataclass(frozen=True, slots=True)
class WorkingPattern:
    """Scheduled minutes for Monday to Sunday, without breaks: every week the same, or several weeks that take turns.

    `begins` is a Monday on which the first week begins; the turns reach back before it as well as forward. With
    `agreed_days` the week is flexible: so many days are worked, on some of the days that have minutes here.
    """

    minutes: Week
    #: The second week and those after it.
    further: tuple[Week, ...] = ()
    begins: date | None = None
    agreed_days: int | None = None

    def __post_init__(self) -> None:
        if not all(0 <= one <= DAY_MINUTES for week in self.weeks for one in week):
            raise Refusal(Reason.WORKING_PATTERN_IMPOSSIBLE, field="minutes")
        if len(self.weeks) > MOST_WEEKS:
            raise Refusal(Reason.WORKING_PATTERN_IMPOSSIBLE, field="minutes")
        if bool(self.further) is not (self.begins is not None):
            raise Refusal(Reason.MISSING, field="cycle_begins")
        if self.begins is not None and self.begins.isoweekday() != 1:
            raise Refusal(Reason.CYCLE_BEGINS_ON_MONDAY, field="cycle_begins", date=monday_of(self.begins))
        if self.agreed_days is not None and (
            self.further or not 1 <= self.agreed_days <= len(self._possible)
        ):
            raise Refusal(Reason.AGREED_DAYS_IMPOSSIBLE, field="agreed_days", possible=len(self._possible))

    @classmethod
    def spread(cls, weekly_minutes: int) -> Self:
        """Even over Monday to Friday; the minutes that do not divide go one each to the first days."""
        if not 0 <= weekly_minutes <= _WORKING_DAYS * DAY_MINUTES:
            raise Refusal(Reason.WORKING_PATTERN_IMPOSSIBLE, field="weekly_minutes")
        each, left = divmod(weekly_minutes, _WORKING_DAYS)
        mon, tue, wed, thu, fri = (each + (day < left) for day in range(_WORKING_DAYS))
        return cls((mon, tue, wed, thu, fri, 0, 0))

    @classmethod
    def taking_turns(cls, days: Sequence[int], begins: date | None) -> Self:
        """Of the days of all weeks in a row. Weeks that are all alike are one week, whenever the first one begins."""
        if not days or len(days) % _WEEK_DAYS:
            raise Refusal(Reason.WORKING_PATTERN_IMPOSSIBLE, field="minutes")
        first, *further = (_week(days[at : at + _WEEK_DAYS]) for at in range(0, len(days), _WEEK_DAYS))
        if all(week == first for week in further):
            return cls(first)
        return cls(first, tuple(further), begins)

    def agreeing(self, days: int | None) -> Self:
        """The same hours on so many days a week, even over the days that have hours; on fixed days with None."""
        if days is None or self.further:
            return replace(self, agreed_days=days)
        possible = self._possible
        each, left = divmod(sum(self.minutes), max(1, len(possible)))
        even = [0] * _WEEK_DAYS
        for place, weekday in enumerate(possible):
            even[weekday] = each + (place < left)
        return replace(self, minutes=_week(even), agreed_days=days)

    @property
    def _possible(self) -> list[int]:
        """Weekdays with work, Monday is 0; of a flexible week those on which the agreed days may lie."""
        return [weekday for weekday, one in enumerate(self.minutes) if one]

    @property
    def possible_days(self) -> int:
        return len(self._possible)

    @property
    def weeks(self) -> tuple[Week, ...]:
        return self.minutes, *self.further

    @property
    def days(self) -> tuple[int, ...]:
        """The days of all weeks in a row."""
        return tuple(one for week in self.weeks for one in week)

    @property
    def average_minutes(self) -> Fraction:
        """Of a week, over all weeks."""
        return Fraction(sum(self.days), len(self.weeks))

    @property
    def weekly_minutes(self) -> int:
        """The average to the nearest minute, for people to read."""
        return int(self.average_minutes + Fraction(1, 2))

    @property
    def working_days(self) -> Fraction:
        """Days of a week with any work at all, on average over all weeks; the agreed ones of a flexible week."""
        if self.agreed_days is not None:
            return Fraction(self.agreed_days)
        return Fraction(sum(one > 0 for one in self.days), len(self.weeks))

    def part_of_full_week(self, *, days: int | None, minutes: int | None) -> Fraction:
        """Exactly, over all weeks: by the minutes of a full week, else by its days; 1 where it is no matter."""
        if minutes:
            return self.average_minutes / minutes
        return self.working_days / days if days else Fraction(1)

    @property
    def usual_day(self) -> int:
        """Minutes of a day on which work is scheduled, on average."""
        return int(self.average_minutes / self.working_days) if self.working_days else 0

    def week_on(self, day: date) -> int:
        """Which week a date lies in; 0 is the first one."""
        if self.begins is None:
            return 0
        return (day - self.begins).days // _WEEK_DAYS % len(self.weeks)

    def on(self, day: date) -> int:
        return self.weeks[self.week_on(day)][day.isoweekday() - 1]

    def worth(self, day: date) -> int:
        """Thousandths of a day that a date off is. All possible days of a flexible week are exactly its agreed days.

        What does not divide goes one each to the first days, as with minutes.
        """
        if self.agreed_days is None:
            return DAY
        possible, weekday = self._possible, day.isoweekday() - 1
        each, left = divmod(self.agreed_days * DAY, len(possible))
        return each + (weekday in possible[:left]) if weekday in possible else 0


@dataclass(frozen=True, slots=True)
class EmploymentTerms:
    """The terms of one employment, first and last day included; no end means until further notice."""

    start_date: date
    end_date: date | None
    pattern: WorkingPattern
    site_id: UUID | None = None
    #: The published roster decides; before it is published, an average day on the days of the pattern.
    by_roster: bool = False
    #: The shifts that published rosters plan on a date, none on a free day: for those who work by the roster.
    rostered: Mapping[date, Shifts] = field(default_factory=dict, compare=False)

    def __post_init__(self) -> None:
        if self.end_date is not None and self.end_date < self.start_date:
            raise Refusal(Reason.END_BEFORE_START, field="end_date")

    def scheduled(self, day: date) -> int:
        if not self.by_roster:
            return self.pattern.on(day)
        if day in self.rostered:
            return min(sum(one.worked for one in self.rostered[day]), DAY_MINUTES)
        if self.pattern.agreed_days is not None:
            return self.pattern.on(day)  # which is the average of the possible days
        return self.pattern.usual_day if self.pattern.on(day) else 0

    def worth(self, day: date) -> int:
        """Thousandths of a day that a date off is: one day, but for an average day of a flexible week."""
        return DAY if self.by_roster and day in self.rostered else self.pattern.worth(day)

    def shifts(self, day: date) -> Shifts:
        """Those of the date, where a published roster says which."""
        return self.rostered.get(day, ()) if self.by_roster else ()

    def price(self, part: DayPart, free: FreeTime, method: CountingMethod) -> int:
        """What a part of a day costs by these terms: thousandths of a day, or minutes."""
        day = part.date
        return charge_of(part, self.scheduled(day), free, method, self.worth(day), self.shifts(day))

    def holds_on(self, day: date) -> bool:
        return self.start_date <= day and (self.end_date is None or day <= self.end_date)


def terms_on(employments: Iterable[EmploymentTerms], day: date) -> EmploymentTerms | None:
    """The terms that hold on a date; should two overlap, the ones that began later."""
    holding = [terms for terms in employments if terms.holds_on(day)]
    return max(holding, key=lambda terms: terms.start_date, default=None)


def scheduled_minutes(employments: Iterable[EmploymentTerms], day: date) -> int:
    """Minutes of work that contract or roster schedule on a date; none outside employment."""
    terms = terms_on(employments, day)
    return terms.scheduled(day) if terms else 0


def day_worth(employments: Iterable[EmploymentTerms], day: date) -> int:
    """Thousandths of a day that a date off is by the terms that hold then."""
    terms = terms_on(employments, day)
    return terms.worth(day) if terms else DAY


def day_shifts(employments: Iterable[EmploymentTerms], day: date) -> Shifts:
    """The shifts of a date by the terms that hold then, where a published roster says which."""
    terms = terms_on(employments, day)
    return terms.shifts(day) if terms else ()


def monday_of(day: date) -> date:
    return day - timedelta(days=day.isoweekday() - 1)


def _week(days: Sequence[int]) -> Week:
    mon, tue, wed, thu, fri, sat, sun = days
    return mon, tue, wed, thu, fri, sat, sun
