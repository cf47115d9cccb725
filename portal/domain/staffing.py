"""Rules of staffing: how many have to be there, or how many may be away, on a date; and whether a day keeps them.

Amounts of people are thousandths of a working day, so that half a day counts half. Who belongs to a rule and who
is away is read in services/staffing.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.refusals import Reason, Refusal

#: One person, all day.
PERSON = 1000
MOST_PEOPLE = 10_000
LONGEST_NAME = 80
EVERY_WEEKDAY = frozenset(range(1, 8))


class Metric(StrEnum):
    """What is counted."""

    LEAST_PRESENT = "least-present"
    MOST_AWAY = "most-away"


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


@dataclass(frozen=True, slots=True)
class StaffingRule:
    """What has to hold on which dates. Weekdays are 1 (Monday) to 7; the last day is included, None: no end."""

    metric: Metric
    measure: Measure
    amount: int
    effect: Effect
    valid_from: date
    valid_through: date | None = None
    weekdays: frozenset[int] = EVERY_WEEKDAY

    def __post_init__(self) -> None:
        most = 100 if self.measure is Measure.PERCENT else MOST_PEOPLE
        least = 1 if self.metric is Metric.LEAST_PRESENT else 0
        if not least <= self.amount <= most:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="amount")
        if not self.weekdays or not self.weekdays <= EVERY_WEEKDAY:
            raise Refusal(Reason.MISSING, field="weekdays")
        if self.valid_through is not None and self.valid_through < self.valid_from:
            raise Refusal(Reason.END_BEFORE_START, field="valid_through")

    def holds_on(self, day: date) -> bool:
        begun = self.valid_from <= day and (self.valid_through is None or day <= self.valid_through)
        return begun and day.isoweekday() in self.weekdays

    def is_broken(self, count: Headcount) -> bool:
        """A day on which nobody works anyway keeps every rule."""
        if count.expected == 0:
            return False
        counted = count.present if self.metric is Metric.LEAST_PRESENT else count.away
        limit = self.amount * PERSON
        if self.measure is Measure.PERCENT:
            counted, limit = counted * 100, self.amount * count.expected
        return counted < limit if self.metric is Metric.LEAST_PRESENT else counted > limit

    def is_broken_by(self, before: Headcount, more_away: int) -> bool:
        """Whether the day would break the rule, or break it worse, because somebody goes."""
        after = before.with_away(more_away)
        return after.away > before.away and self.is_broken(after)

    def standing(self, count: Headcount) -> Standing:
        if self.is_broken(count):
            return Standing.BROKEN
        further = max(PERSON, count.waiting)
        return Standing.TIGHT if self.is_broken_by(count, further) else Standing.OK


def worst(standings: Iterable[Standing]) -> Standing:
    """Of a day with several rules the one that counts."""
    return max(standings, key=_BY_WEIGHT.index, default=Standing.OK)
