"""The plan by which a type of absence gives: milestones by seniority, in which parts, capped how, carried over how.

A plan holds from a day on; a later one never rewrites what an earlier one gave. What it gives to one person,
accruals.py says, and what happens to the rest at the end of a year, year_ends.py.
"""

from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise, zip_longest

from portal.domain.absence_costs import DAY, CountingMethod
from portal.domain.entitlements import RoundingPolicy
from portal.domain.ledger import Bucket
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern

#: A plan gives for a week of five days: whoever works three of them earns and spends three fifths.
FULL_WEEK_DAYS = 5
#: One of a type that counts hours, for a week of forty: twenty hours a week earn half, on however many days.
FULL_WEEK_MINUTES = 40 * 60
#: So many times the weekly hours, worked, earn the whole year.
MULTIPLES_A_YEAR = 52
MOST_A_YEAR = 366_000
MOST_MILESTONES = 12
MOST_SENIORITY = {"days": 36_500, "months": 1_200, "years": 100}
#: To what may be rounded: parts of a day in thousandths, or minutes.
GRAINS = {CountingMethod.DAYS: (1, 250, 500, 1000), CountingMethod.HOURS: (1, 15, 30, 60)}

#: Half days, in the person's favour.
_HALVES_UP = RoundingPolicy()


def in_full_days(minutes: int) -> int:
    """Thousandths of a day that minutes are, by the full week that grants of hours go by."""
    return minutes * DAY * FULL_WEEK_DAYS // FULL_WEEK_MINUTES


class Frequency(StrEnum):
    """In how many parts a year is given."""

    YEARLY = "yearly"
    HALF_YEARLY = "half-yearly"
    QUARTERLY = "quarterly"
    MONTHLY = "monthly"

    @property
    def months(self) -> int:
        return {"yearly": 12, "half-yearly": 6, "quarterly": 3, "monthly": 1}[self.value]


class GivenAt(StrEnum):
    """On which day of its period a part is given."""

    START = "start"
    END = "end"


class Basis(StrEnum):
    """What earns: being employed, or having worked."""

    CALENDAR = "calendar"
    WORKED = "worked"
    #: Each time that the weekly hours were worked in full, one part of 52 of the year.
    MULTIPLES = "multiples"


class SeniorityUnit(StrEnum):
    DAYS = "days"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Milestone:
    """So much for a full year, once somebody has been here for so long."""

    after: int
    unit: SeniorityUnit
    yearly_amount: int

    def __post_init__(self) -> None:
        if not 0 <= self.after <= MOST_SENIORITY[self.unit] or not 0 <= self.yearly_amount <= MOST_A_YEAR:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="milestones")

    def reached_on(self, since: date) -> date:
        """The first day on which it counts; 29 February becomes 28 where there is none."""
        match self.unit:
            case SeniorityUnit.DAYS:
                return since + timedelta(days=self.after)
            case SeniorityUnit.MONTHS:
                return months_later(since, self.after)
            case _:
                return months_later(since, self.after * 12)


@dataclass(frozen=True, slots=True)
class CarryOver:
    """What of a year may be used in the next one."""

    #: At most so much; None: all of it.
    cap: int | None = 0
    #: Usable through this month and day, both included; None: through the whole of the next year.
    through: tuple[int, int] | None = (3, 31)
    #: So much of what is carried does not lapse on that day, but only with the year.
    protected: int = 0
    #: A balance below zero is taken from the next year; else it is written off.
    carries_debt: bool = True

    def __post_init__(self) -> None:
        if self.cap is not None and not 0 <= self.cap <= MOST_A_YEAR:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="carry_cap")
        if not 0 <= self.protected <= MOST_A_YEAR:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="carry_protected")


@dataclass(frozen=True, slots=True)
class Plan:
    """The rules of one version; amounts in the unit of the type: thousandths of a day, or minutes."""

    valid_from: date
    milestones: tuple[Milestone, ...]
    frequency: Frequency = Frequency.YEARLY
    given_at: GivenAt = GivenAt.START
    #: The day on which the year of the entitlement begins.
    year_starts: tuple[int, int] = (1, 1)
    basis: Basis = Basis.CALENDAR
    counting: CountingMethod = CountingMethod.DAYS
    #: Whoever works three of so many weekdays earns three fifths; None: part-time earns the same.
    full_week_days: int | None = FULL_WEEK_DAYS
    #: Of a type that counts hours: whoever works half as long in a week earns half, on however many days.
    full_week_minutes: int | None = None
    rounding: RoundingPolicy = _HALVES_UP
    yearly_cap: int | None = None
    balance_cap: int | None = None
    carry_over: CarryOver = CarryOver()
    #: Absences that count as worked up to a limit do so up to so many times the weekly hours a year; None: all of them.
    limited_most: int | None = None
    #: And only once so many times the weekly hours were worked besides; None: at once.
    limited_from: int | None = None

    def __post_init__(self) -> None:
        reached = [one.reached_on(date(2000, 1, 1)) for one in self.milestones]
        if not 0 < len(reached) <= MOST_MILESTONES or len(set(reached)) < len(reached):
            raise Refusal(Reason.MISSING, field="milestones")
        for field, cap in (("yearly_cap", self.yearly_cap), ("balance_cap", self.balance_cap)):
            if cap is not None and not 0 < cap <= MOST_A_YEAR:
                raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field=field)
        for field, times in (("limited_most", self.limited_most), ("limited_from", self.limited_from)):
            if times is not None and not 0 < times <= MULTIPLES_A_YEAR:
                raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field=field)
        month, day = self.year_starts
        if not (1 <= month <= 12 and 1 <= day <= 31):
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="year_starts")

    @property
    def counts_work(self) -> bool:
        """Whether it matters what was worked."""
        return self.basis is not Basis.CALENDAR

    @property
    def counts_multiples(self) -> bool:
        return self.basis is Basis.MULTIPLES

    @property
    def by_schedule(self) -> bool:
        """Whether part-time earns less."""
        return bool(self.full_week_minutes or self.full_week_days)

    def schedule_factor(self, pattern: WorkingPattern) -> Fraction:
        """The part of a full week that a pattern is; 1 where part-time earns the same."""
        return pattern.part_of_full_week(days=self.full_week_days, minutes=self.full_week_minutes)

    def weight(self, terms: EmploymentTerms, day: date) -> int:
        """How much a scheduled day counts where worked time earns: each the same, or each its minutes."""
        minutes = terms.scheduled(day)
        return minutes if self.counting is CountingMethod.HOURS else int(minutes > 0)

    def yearly_amount(self, since: date, day: date) -> int:
        """What a full year is worth on a day to somebody who is here since another."""
        reached = [(one.reached_on(since), one.yearly_amount) for one in self.milestones]
        return max((one for one in reached if one[0] <= day), default=(since, 0))[1]

    def year_of(self, day: date) -> int:
        """The year of the entitlement that a day lies in, named after the year it begins in."""
        return day.year if self.first_day(day.year) <= day else day.year - 1

    def first_day(self, year: int) -> date:
        return clamped(year, *self.year_starts)

    def last_day(self, year: int) -> date:
        return self.first_day(year + 1) - timedelta(days=1)

    def bucket(self, year: int) -> Bucket:
        return Bucket(year, self.first_day(year), self.last_day(year))

    def periods(self, year: int) -> Iterator["Period"]:
        """The parts of one year, in order."""
        month, day = self.year_starts
        step = self.frequency.months
        firsts = [_month_on(year, month, offset, day) for offset in range(0, 13, step)]
        for start, following in pairwise(firsts):
            yield Period(year, start, following - timedelta(days=1))


@dataclass(frozen=True, slots=True)
class Period:
    """One part of a year of entitlement, both days included."""

    year: int
    start_date: date
    end_date: date

    @property
    def days(self) -> int:
        return (self.end_date - self.start_date).days + 1


@dataclass(frozen=True, slots=True)
class Reign:
    """A plan and the days on which it holds."""

    plan: Plan
    start_date: date
    #: None: until further notice.
    end_date: date | None


def reigns(plans: Iterable[Plan]) -> Sequence[Reign]:
    """Each plan until the day before the next, oldest first."""
    ordered = sorted(plans, key=lambda plan: plan.valid_from)
    ends = (plan.valid_from - timedelta(days=1) for plan in ordered[1:])
    return [Reign(plan, plan.valid_from, end) for plan, end in zip_longest(ordered, ends)]


def plan_on(plans: Iterable[Plan], day: date) -> Plan | None:
    """The plan that holds on a day; before the first there is none."""
    begun = [plan for plan in plans if plan.valid_from <= day]
    return max(begun, key=lambda plan: plan.valid_from, default=None)


def clamped(year: int, month: int, day: int) -> date:
    """That day of the month, or the last one where the month is shorter: 31 April is the 30th."""
    return date(year, month, min(day, monthrange(year, month)[1]))


def months_later(day: date, months: int) -> date:
    return _month_on(day.year, day.month, months, day.day)


def _month_on(year: int, month: int, offset: int, day: int) -> date:
    years, index = divmod(month - 1 + offset, 12)
    return clamped(year + years, index + 1, day)
