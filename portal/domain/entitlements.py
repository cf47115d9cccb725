"""How large a yearly grant is, and why: pro rata by days employed, in exact fractions, rounded once."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from portal.domain.working_patterns import EmploymentTerms


class Rounding(StrEnum):
    """What happens to a remainder smaller than the grain."""

    UP = "up"
    # To the closer one; exactly half goes up, in the person's favour.
    NEAREST = "nearest"
    DOWN = "down"


@dataclass(frozen=True, slots=True)
class RoundingPolicy:
    """Round to a multiple of the grain: 500 is half a day, 1 the exact thousandth."""

    rounding: Rounding = Rounding.UP
    grain: int = 500

    def __post_init__(self) -> None:
        if self.grain < 1:
            raise ValueError("the grain of a rounding is at least one")

    def round(self, exact: Fraction) -> int:
        whole, rest = divmod(exact, self.grain)
        match self.rounding:
            case Rounding.UP:
                up = rest > 0
            case Rounding.NEAREST:
                up = rest * 2 >= self.grain
            case _:
                up = False
        return (int(whole) + up) * self.grain


@dataclass(frozen=True, slots=True)
class Share:
    """One stretch of unchanged terms within the year and the part of the entitlement that it earns."""

    start_date: date
    end_date: date
    days_in_year: int
    # Weekdays worked of the weekdays of a full week, on average; 1 where the type grants the same to part-time work.
    schedule_factor: Fraction

    @property
    def days(self) -> int:
        return (self.end_date - self.start_date).days + 1

    @property
    def factor(self) -> Fraction:
        return Fraction(self.days, self.days_in_year) * self.schedule_factor


@dataclass(frozen=True, slots=True)
class YearlyGrant:
    """The amount with everything that explains it."""

    year: int
    yearly_amount: int
    shares: tuple[Share, ...]
    policy: RoundingPolicy

    @property
    def exact(self) -> Fraction:
        return sum((self.yearly_amount * share.factor for share in self.shares), Fraction(0))

    @property
    def amount(self) -> int:
        return self.policy.round(self.exact)


def yearly_grant(
    year: int,
    yearly_amount: int,
    employments: Iterable[EmploymentTerms],
    *,
    policy: RoundingPolicy | None = None,
    full_week_days: int | None = None,
    full_week_minutes: int | None = None,
) -> YearlyGrant:
    """The grant of one calendar year; each stretch of terms counts with its own days and its own schedule.

    With `full_week_days` (5 for most), someone who works three weekdays earns three fifths;
    with `full_week_minutes` it is the hours that count, on however many days.
    """

    def schedule(terms: EmploymentTerms) -> Fraction:
        return terms.pattern.part_of_full_week(days=full_week_days, minutes=full_week_minutes)

    shares = tuple(_shares(year, sorted(employments, key=lambda terms: terms.start_date), schedule))
    return YearlyGrant(year, yearly_amount, shares, policy or RoundingPolicy())


def _shares(
    year: int, employments: list[EmploymentTerms], schedule: Callable[[EmploymentTerms], Fraction]
) -> Iterable[Share]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    days_in_year = (last - first).days + 1
    for position, terms in enumerate(employments):
        start_date = max(first, terms.start_date)
        end_date = min(last, terms.end_date or last)
        # Where two overlap, the later terms hold, and no day is counted twice.
        for later in employments[position + 1 :]:
            end_date = min(end_date, later.start_date - timedelta(days=1))
        if start_date <= end_date:
            yield Share(start_date, end_date, days_in_year, schedule(terms))
