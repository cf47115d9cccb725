"""What plans give to one person up to a day: a pure function of dated facts, so a missed night loses nothing.

Each stretch of unchanged facts earns by its own factors. What was earned so far is summed exactly and rounded
as a sum, so that the parts of a year add up to the year and never a fraction is lost.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import Self

from portal.domain.counted_absences import counted_times
from portal.domain.entitlement_plans import MULTIPLES_A_YEAR, Basis, GivenAt, Period, Plan, Reign, reigns
from portal.domain.ledger import Bucket, Entry, EntryKind
from portal.domain.months import days_between
from portal.domain.working_patterns import EmploymentTerms, terms_on

_WHOLE_DAY = 1000


@dataclass(frozen=True)
class PersonFacts:
    """All that decides what somebody earns."""

    employments: tuple[EmploymentTerms, ...]
    #: Yearly amounts agreed with this person from a day on (None: by the plan again).
    agreed: tuple[tuple[date, int | None], ...] = ()
    #: Thousandths of a scheduled day that were not worked and do not count as worked: for plans by worked time.
    not_worked: Mapping[date, int] = field(default_factory=dict)
    #: Thousandths that count as worked up to the limits of the plan: for plans by full multiples.
    limited: Mapping[date, int] = field(default_factory=dict)
    #: What else moved the balance: a cap on the balance counts it.
    movements: tuple[Entry, ...] = ()

    @property
    def since(self) -> date | None:
        """The first day here, from which seniority counts."""
        return min((one.start_date for one in self.employments), default=None)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of a period on which nothing changed, and what makes their share."""

    start_date: date
    end_date: date
    days_in_period: int
    yearly_amount: int
    #: The part of a year that the whole period is.
    period_factor: Fraction
    #: Weekdays (or minutes) worked of those of a full week; 1 where the plan gives the same to part-time work.
    schedule_factor: Fraction
    #: The part of the scheduled days that was worked; 1 where the plan goes by the calendar.
    worked_factor: Fraction = Fraction(1)
    #: Of somebody who works by the roster and earns by worked time: days with a published shift, and average days where
    #: no roster is published yet.
    by_roster: tuple[int, int] | None = None
    #: How many times the weekly hours were worked: for plans by full multiples of them.
    times_worked: Fraction = Fraction(0)
    #: And how many times they were absences that count as worked up to a limit.
    times_limited: Fraction = Fraction(0)

    @property
    def days(self) -> int:
        return (self.end_date - self.start_date).days + 1

    @property
    def exact(self) -> Fraction:
        share = self.period_factor * Fraction(self.days, self.days_in_period)
        return self.yearly_amount * share * self.schedule_factor * self.worked_factor


@dataclass(frozen=True, slots=True)
class Multiples:
    """How many full times the weekly hours were worked in the year, and what all of it earns."""

    #: Worked, and absent as far as that counts.
    times: Fraction
    full: int
    exact: Fraction
    #: Absences that count up to a limit, and how much of them does.
    limited: Fraction = Fraction(0)
    counted: Fraction = Fraction(0)

    @classmethod
    def of(cls, stretches: Sequence[Stretch], plan: Plan) -> Self:
        """Counted over all stretches together; each has its share in what a multiple is worth."""
        worked = sum((one.times_worked for one in stretches), Fraction(0))
        limited = sum((one.times_limited for one in stretches), Fraction(0))
        counted = counted_times(
            limited, worked=worked, at_most=plan.limited_most, worked_at_least=plan.limited_from
        )
        times = worked + counted
        if not times:
            return cls(times, 0, Fraction(0), limited, counted)
        full = min(int(times), MULTIPLES_A_YEAR)
        share = counted / limited if limited else Fraction(0)
        worth = sum(
            (
                one.yearly_amount * one.schedule_factor * (one.times_worked + one.times_limited * share)
                for one in stretches
            ),
            Fraction(0),
        )
        return cls(times, full, worth / times * full / MULTIPLES_A_YEAR, limited, counted)


@dataclass(frozen=True, slots=True)
class Accrual:
    """What one period gives, with everything that explains it."""

    plan: Plan
    period: Period
    effective_date: date
    stretches: tuple[Stretch, ...]
    #: Earned and given in this year of the entitlement before this period.
    exact_before: Fraction
    rounded_before: int
    #: After rounding and before the caps.
    earned: int
    amount: int
    #: Of the year up to the end of this period, where full multiples are counted.
    multiples: Multiples | None = None

    @property
    def exact(self) -> Fraction:
        if self.multiples is not None:
            return self.multiples.exact - self.exact_before
        return sum((one.exact for one in self.stretches), Fraction(0))

    @property
    def bucket(self) -> Bucket:
        return self.plan.bucket(self.period.year)

    @property
    def entry(self) -> Entry:
        return Entry(EntryKind.ACCRUE, self.bucket, self.amount, self.effective_date)


def accrue(person: PersonFacts, plans: Iterable[Plan], through: date) -> list[Accrual]:
    """Everything that is given up to and including a day, in order; a period that earns nothing is left out."""
    if person.since is None:
        return []
    given: list[Accrual] = []
    # What is planned for later ends nothing yet.
    for reign in reigns(plan for plan in plans if plan.valid_from <= through):
        _accrue_under(person, reign, through, given)
    return given


def _accrue_under(person: PersonFacts, reign: Reign, through: date, given: list[Accrual]) -> None:
    plan = reign.plan
    last = min(reign.end_date or through, through)
    for year in range(plan.year_of(max(reign.start_date, person.since or last)), plan.year_of(last) + 1):
        exact, rounded = Fraction(0), 0
        this_year: list[Stretch] = []
        for period in plan.periods(year):
            stretches = tuple(_stretches(person, reign, period))
            if not stretches:
                continue
            at_start = plan.given_at is GivenAt.START
            effective = stretches[0].start_date if at_start else stretches[-1].end_date
            if effective > through:
                return
            this_year += stretches
            multiples = Multiples.of(this_year, plan) if plan.basis is Basis.MULTIPLES else None
            earned_exact = sum((one.exact for one in stretches), Fraction(0))
            if multiples is not None:
                earned_exact = multiples.exact - exact
            earned = plan.rounding.round(exact + earned_exact) - rounded
            amount = _capped(person, plan, year, effective, earned, given)
            given.append(
                Accrual(plan, period, effective, stretches, exact, rounded, earned, amount, multiples)
            )
            exact, rounded = exact + earned_exact, rounded + earned


def _stretches(person: PersonFacts, reign: Reign, period: Period) -> Iterator[Stretch]:
    """The period cut wherever terms, milestone or agreement change, without the days that are not employed."""
    plan, since = reign.plan, person.since
    assert since is not None  # noqa: S101 - accrue() has looked
    first = max(period.start_date, reign.start_date)
    last = min(period.end_date, reign.end_date or period.end_date)
    if last < first:
        return
    cuts = {first, *_changes(person, plan, since)}
    starts = sorted(day for day in cuts if first <= day <= last)
    for start, following in zip(starts, [*starts[1:], last + timedelta(days=1)], strict=True):
        terms = terms_on(person.employments, start)
        amount = _agreed_on(person, start)
        amount = plan.yearly_amount(since, start) if amount is None else amount
        if terms is None:
            continue
        end = following - timedelta(days=1)
        schedule = plan.schedule_factor(terms.pattern)
        by_work = plan.basis is Basis.WORKED
        worked = _worked(plan, terms, person.not_worked, start, end) if by_work else Fraction(1)
        times, limited = _times(person, terms, start, end) if plan.counts_multiples else (Fraction(0),) * 2
        counted = _counted(terms, start, end) if plan.counts_work and terms.by_roster else None
        part = Fraction(plan.frequency.months, 12)
        yield Stretch(start, end, period.days, amount, part, schedule, worked, counted, times, limited)


def _changes(person: PersonFacts, plan: Plan, since: date) -> Iterator[date]:
    for terms in person.employments:
        yield terms.start_date
        if terms.end_date is not None:
            yield terms.end_date + timedelta(days=1)
    for milestone in plan.milestones:
        yield milestone.reached_on(since)
    for day, _amount in person.agreed:
        yield day


def _agreed_on(person: PersonFacts, day: date) -> int | None:
    begun = [one for one in person.agreed if one[0] <= day]
    return max(begun, key=lambda one: one[0])[1] if begun else None


def _worked(
    plan: Plan, terms: EmploymentTerms, not_worked: Mapping[date, int], start: date, end: date
) -> Fraction:
    scheduled = {day: plan.weight(terms, day) for day in days_between(start, end)}
    total = sum(scheduled.values())
    if not total:
        return Fraction(1)
    missed = sum(min(not_worked.get(day, 0), _WHOLE_DAY) * weight for day, weight in scheduled.items())
    return 1 - Fraction(missed, total * _WHOLE_DAY)


def _times(person: PersonFacts, terms: EmploymentTerms, start: date, end: date) -> tuple[Fraction, Fraction]:
    """The minutes that were worked, and those that count up to a limit, of the minutes of an average week."""
    week = terms.pattern.average_minutes
    if not week:
        return Fraction(0), Fraction(0)
    worked = limited = 0
    for day in days_between(start, end):
        rest = _WHOLE_DAY - min(person.not_worked.get(day, 0), _WHOLE_DAY)
        up_to_limit = min(person.limited.get(day, 0), rest)
        worked += terms.scheduled(day) * (rest - up_to_limit)
        limited += terms.scheduled(day) * up_to_limit
    return Fraction(worked, _WHOLE_DAY) / week, Fraction(limited, _WHOLE_DAY) / week


def _counted(terms: EmploymentTerms, start: date, end: date) -> tuple[int, int]:
    """How many days count by a published roster, and how many as an average day."""
    scheduled = [day for day in days_between(start, end) if terms.scheduled(day)]
    planned = sum(day in terms.rostered for day in scheduled)
    return planned, len(scheduled) - planned


def _capped(
    person: PersonFacts, plan: Plan, year: int, effective: date, earned: int, given: Sequence[Accrual]
) -> int:
    """What is left of it under the caps; what a cap takes away is not given later."""
    amount = earned
    if plan.yearly_cap is not None:
        before = sum(one.amount for one in given if one.period.year == year)
        amount = min(amount, plan.yearly_cap - before)
    if plan.balance_cap is not None:
        moved = [*person.movements, *(one.entry for one in given)]
        usable = (one for one in moved if one.bucket.usable_on(effective))
        held = sum(one.amount for one in usable if one.effective_date <= effective)
        amount = min(amount, plan.balance_cap - held)
    return max(amount, 0)
