"""Rules of staffing: how many have to be there, or how many may be away, on a date; and whether a day keeps them.

Amounts of people are thousandths of a person. Who is there at which time of a day is in staffing_slots.py; who belongs
to a rule and who is away is read in services/staffing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.periods import DAY_MINUTES
from portal.domain.refusals import Reason, Refusal

#: One person, all day.
PERSON = 1000
MOST_PEOPLE = 10_000
LONGEST_NAME = 80
EVERY_WEEKDAY = frozenset(range(1, 8))
#: Half-open, in minutes of the day.
Span = tuple[int, int]
WHOLE_DAY: Span = (0, DAY_MINUTES)
#: Of so many people at least one can be asked not to go with the others.
FEWEST_NAMED = 2


class Metric(StrEnum):
    """What is counted."""

    LEAST_PRESENT = "least-present"
    MOST_AWAY = "most-away"
    # Not both of two, not all of several: one of them stays.
    NOT_ALL_AWAY = "not-all-away"


class Measure(StrEnum):
    """Of what the amount is: people, or percent of those who would work that day."""

    PEOPLE = "people"
    PERCENT = "percent"


class Effect(StrEnum):
    """What a rule does when a request would break it; sorted by how much."""

    # Says so, and nothing else.
    INFO = "info"
    # Whoever asks and whoever approves has to say why.
    REASON = "reason"
    # Nobody approves it, but for those who hold the right to and say why.
    BLOCK = "block"


class Override(StrEnum):
    """Who may approve past a rule that blocks."""

    # Whoever holds the right to for that person.
    RIGHT = "right"
    # People whom the rule names.
    NAMED = "named"
    NOBODY = "nobody"


class RulePart(StrEnum):
    """As what a rule names a person or a type of absence. With none named it counts whoever else it is about."""

    # It counts these people alone.
    COUNTED = "counted"
    # It does not ask about these people.
    EXCEPTED = "excepted"
    # They may approve past it.
    OVERRIDES = "overrides"
    # Only absences of these types count.
    TYPE = "type"


class Standing(StrEnum):
    """How a day stands against a rule."""

    OK = "ok"
    # One more who goes, or what waits already, would break it.
    TIGHT = "tight"
    BROKEN = "broken"


_BY_WEIGHT = (Standing.OK, Standing.TIGHT, Standing.BROKEN)


@dataclass(frozen=True, slots=True)
class Headcount:
    """Of one date: who would work, who of them is away for certain, and who has only asked."""

    expected: int = 0
    away: int = 0
    waiting: int = 0

    @property
    def present(self) -> int:
        return self.expected - self.away

    def plus(self, other: "Headcount") -> "Headcount":
        return Headcount(self.expected + other.expected, self.away + other.away, self.waiting + other.waiting)

    def with_away(self, more: int) -> "Headcount":
        """As it would be if somebody who works then were away too."""
        return Headcount(self.expected, min(self.expected, self.away + more), self.waiting)


@dataclass(frozen=True, slots=True, order=True)
class YearDay:
    """A day of every year; the 29th of February is the last of February in years without one."""

    month: int
    day: int

    def __post_init__(self) -> None:
        try:
            date(2000, self.month, self.day)
        except ValueError:
            raise Refusal(Reason.DATE_OUT_OF_RANGE, field="season_from") from None


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year, both days included. It may go over the end of the year: 20 December to 6 January."""

    first: YearDay
    last: YearDay

    def holds_on(self, day: date) -> bool:
        on = YearDay(day.month, day.day)
        if self.first <= self.last:
            return self.first <= on <= self.last
        return on >= self.first or on <= self.last


@dataclass(frozen=True, slots=True)
class StaffingRule:
    """What has to hold on which dates, and at which hours of them. Weekdays are 1 (Monday) to 7; the last day is
    included, None: no end. Without hours it holds all day.
    """

    metric: Metric
    measure: Measure
    amount: int
    effect: Effect
    valid_from: date
    valid_through: date | None = None
    weekdays: frozenset[int] = EVERY_WEEKDAY
    season: Season | None = None
    hours: Span | None = None
    override: Override = Override.RIGHT

    def __post_init__(self) -> None:
        most = 100 if self.measure is Measure.PERCENT else MOST_PEOPLE
        least = 1 if self.metric is Metric.LEAST_PRESENT else 0
        if self.metric is not Metric.NOT_ALL_AWAY and not least <= self.amount <= most:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="amount")
        if not self.weekdays or not self.weekdays <= EVERY_WEEKDAY:
            raise Refusal(Reason.MISSING, field="weekdays")
        if self.valid_through is not None and self.valid_through < self.valid_from:
            raise Refusal(Reason.END_BEFORE_START, field="valid_through")
        if self.hours is not None and not 0 <= self.hours[0] < self.hours[1] <= DAY_MINUTES:
            raise Refusal(Reason.END_BEFORE_START, field="ends_at")

    @property
    def window(self) -> Span:
        return self.hours or WHOLE_DAY

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from <= day and (self.valid_through is None or day <= self.valid_through)
        in_season = self.season is None or self.season.holds_on(day)
        return begun and in_season and day.isoweekday() in self.weekdays

    def excess(self, count: Headcount) -> int:
        """By how much the count is beyond the limit; at most nothing where the rule is kept."""
        if self.metric is Metric.NOT_ALL_AWAY:
            return PERSON if count.present <= 0 else -count.present
        limit = self.amount * PERSON
        counted = count.present if self.metric is Metric.LEAST_PRESENT else count.away
        if self.measure is Measure.PERCENT:
            counted, limit = counted * 100, self.amount * count.expected
        return limit - counted if self.metric is Metric.LEAST_PRESENT else counted - limit

    def is_broken(self, count: Headcount) -> bool:
        """A day on which nobody works anyway keeps every rule."""
        return count.expected > 0 and self.excess(count) > 0

    def is_broken_by(self, before: Headcount, more_away: int) -> bool:
        """Whether the day would break the rule, or break it worse, because somebody goes."""
        after = before.with_away(more_away)
        return after.away > before.away and self.is_broken(after)

    def standing(self, count: Headcount) -> Standing:
        if self.is_broken(count):
            return Standing.BROKEN
        further = max(PERSON, count.waiting)
        return Standing.TIGHT if self.is_broken_by(count, further) else Standing.OK

    def weight(self, count: Headcount) -> tuple[int, int]:
        """Of several times of a day the one with the greatest weight tells how the day stands."""
        if not count.expected:
            return -1, 0
        return _BY_WEIGHT.index(self.standing(count)), self.excess(count)


def worst(standings: Iterable[Standing]) -> Standing:
    """Of a day with several rules the one that counts."""
    return max(standings, key=_BY_WEIGHT.index, default=Standing.OK)
