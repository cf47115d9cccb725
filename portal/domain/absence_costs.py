"""What an absence costs: its day parts cut with scheduled work, less public holidays.

The life of an absence is in absences.py, the balance it is paid from in ledger.py.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from portal.domain.holidays import HolidayPart
from portal.domain.periods import DAY_MINUTES, NOON_MINUTE, DayPart, bounds, refuse_overlaps
from portal.domain.refusals import Reason, Refusal

# Amounts of day types are thousandths of a day.
DAY = 1000
HALF_DAY = 500


class CountingMethod(StrEnum):
    """How a type of absence counts: a working day is one day whatever its hours, or it is its minutes."""

    DAYS = "days"
    HOURS = "hours"


@dataclass(frozen=True, slots=True)
class Charge:
    """What one part of one date costs: thousandths of a day, or minutes."""

    part: DayPart
    amount: int


@dataclass(frozen=True, slots=True)
class Cost:
    """What a request costs, date by date."""

    charges: tuple[Charge, ...]

    @property
    def total(self) -> int:
        return sum(charge.amount for charge in self.charges)

    def by_date(self) -> list[tuple[date, int]]:
        """Dates that cost something, in order."""
        found: dict[date, int] = {}
        for charge in self.charges:
            found[charge.part.date] = found.get(charge.part.date, 0) + charge.amount
        return [(day, amount) for day, amount in sorted(found.items()) if amount]

    def by_year(self) -> dict[int, int]:
        years: dict[int, int] = {}
        for day, amount in self.by_date():
            years[day.year] = years.get(day.year, 0) + amount
        return years


def cost_of(
    parts: Iterable[DayPart],
    *,
    scheduled: Callable[[date], int],
    holidays: Mapping[date, frozenset[HolidayPart]],
    method: CountingMethod = CountingMethod.DAYS,
) -> Cost:
    """Price every part; refuse a request that asks for the same time twice or costs nothing at all."""
    ordered = sorted(parts, key=lambda part: (part.date, part.minutes))
    refuse_overlaps(ordered)
    cost = Cost(tuple(_charges(ordered, scheduled, holidays, method)))
    if cost.total == 0:
        start_date, end_date = bounds(ordered) if ordered else (None, None)
        raise Refusal(
            Reason.ABSENCE_COSTS_NOTHING, field="start_date", start_date=start_date, end_date=end_date
        )
    return cost


def _charges(
    ordered: Iterable[DayPart],
    scheduled: Callable[[date], int],
    holidays: Mapping[date, frozenset[HolidayPart]],
    method: CountingMethod,
) -> Iterator[Charge]:
    """The parts of one date never cost more together than the whole date would."""
    for day, parts in groupby(ordered, key=lambda part: part.date):
        minutes, free = scheduled(day), holidays.get(day, frozenset())
        left = charge_of(DayPart(day), minutes, free, method)
        for part in parts:
            amount = min(left, charge_of(part, minutes, free, method))
            left -= amount
            yield Charge(part, amount)


def charge_of(
    part: DayPart,
    scheduled_minutes: int,
    free: frozenset[HolidayPart] = frozenset(),
    method: CountingMethod = CountingMethod.DAYS,
) -> int:
    """The part of the day, cut with scheduled work, less what a holiday frees anyway.

    Half of the scheduled minutes lie before noon and half after, each worth half a day. Clock times count minute
    by minute, up to the work of that half; what is no whole thousandth is rounded down, in the person's favour.
    """
    if scheduled_minutes == 0 or HolidayPart.FULL in free:
        return 0
    amount = 0
    for half, starts, ends, work in _halves(scheduled_minutes):
        asked = min(part.minutes[1], ends) - max(part.minutes[0], starts)
        if asked <= 0 or half in free:
            continue
        counted = min(asked, work)
        if method is CountingMethod.HOURS:
            amount += counted
        else:
            amount += HALF_DAY * counted // work if work else HALF_DAY
    return amount


def _halves(scheduled_minutes: int) -> tuple[tuple[HolidayPart, int, int, int], ...]:
    """Morning and afternoon: the span of the clock and the work that lies in it."""
    morning = scheduled_minutes // 2
    return (
        (HolidayPart.AM, 0, NOON_MINUTE, morning),
        (HolidayPart.PM, NOON_MINUTE, DAY_MINUTES, scheduled_minutes - morning),
    )
