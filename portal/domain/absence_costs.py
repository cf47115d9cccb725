"""What an absence costs: its day parts cut with scheduled work, less public holidays.

The life of an absence is in absences.py, the balance it is paid from in ledger.py.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from itertools import groupby

from portal.domain.holidays import NOTHING_FREE, FreeTime, free_minutes
from portal.domain.periods import DAY_MINUTES, NOON_MINUTE, DayPart, bounds, refuse_overlaps
from portal.domain.refusals import Reason, Refusal
from portal.domain.shift_costs import PlannedShift, price_by_shifts

# Amounts of day types are thousandths of a day.
DAY = 1000


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


Shifts = Collection[PlannedShift]


def _one_day(_day: date) -> int:
    return DAY


def _hours_unknown(_day: date) -> Shifts:
    return ()


def cost_of(
    parts: Iterable[DayPart],
    *,
    scheduled: Callable[[date], int],
    holidays: Mapping[date, FreeTime],
    method: CountingMethod = CountingMethod.DAYS,
    worth: Callable[[date], int] = _one_day,
    shifts: Callable[[date], Shifts] = _hours_unknown,
) -> Cost:
    """Price every part; refuse a request that asks for the same time twice or costs nothing at all.

    `worth` is what a whole date costs by the day: thousandths, less than a day where days are not fixed. `shifts` are
    those of a date, where they are known: then they say when its scheduled minutes are.
    """
    ordered = sorted(parts, key=lambda part: (part.date, part.minutes))
    refuse_overlaps(ordered)
    cost = Cost(tuple(_charges(ordered, scheduled, holidays, method, worth, shifts)))
    if cost.total == 0:
        start_date, end_date = bounds(ordered) if ordered else (None, None)
        raise Refusal(
            Reason.ABSENCE_COSTS_NOTHING, field="start_date", start_date=start_date, end_date=end_date
        )
    return cost


def _charges(
    ordered: Iterable[DayPart],
    scheduled: Callable[[date], int],
    holidays: Mapping[date, FreeTime],
    method: CountingMethod,
    worth: Callable[[date], int],
    shifts: Callable[[date], Shifts],
) -> Iterator[Charge]:
    """The parts of one date never cost more together than the whole date would, and exactly that if they are all of it.

    So each costs what all up to it cost together, less what those before it cost: nothing is lost by rounding each.
    """
    for day, parts in groupby(ordered, key=lambda part: part.date):
        minutes, free, at = scheduled(day), holidays.get(day, NOTHING_FREE), shifts(day)
        if at:
            yield from (
                Charge(part, charge_of(part, minutes, free, method, worth(day), at)) for part in parts
            )
            continue
        halves = _halves(minutes, free, worth(day))
        counted, paid = [0] * len(halves), 0
        for part in parts:
            counted = [
                min(half.left, have + half.asked(part)) for half, have in zip(halves, counted, strict=True)
            ]
            price = sum(half.price(have, method) for half, have in zip(halves, counted, strict=True))
            yield Charge(part, price - paid)
            paid = price


def charge_of(
    part: DayPart,
    scheduled_minutes: int,
    free: FreeTime = NOTHING_FREE,
    method: CountingMethod = CountingMethod.DAYS,
    worth: int = DAY,
    shifts: Shifts = (),
) -> int:
    """The part of the day, cut with scheduled work, less what a holiday frees anyway.

    Shifts say when the work is (shift_costs.py). Without them half of the scheduled minutes lie before noon and half
    after, each worth half the day. Clock times count minute by minute, up to the work of that half that no holiday
    frees; what is no whole thousandth is rounded down, half by half and in the person's favour.
    """
    if shifts:
        whole = scheduled_minutes if method is CountingMethod.HOURS else worth
        return price_by_shifts(part, shifts, free, whole)
    halves = _halves(scheduled_minutes, free, worth)
    return sum(half.price(min(half.left, half.asked(part)), method) for half in halves)


@dataclass(frozen=True, slots=True)
class _Half:
    """Morning or afternoon: the span of the clock, the minutes of work in it, and what holidays leave of both."""

    starts: int
    ends: int
    work: int
    #: Of the work, what no holiday frees.
    left: int
    free: FreeTime
    #: Thousandths of a day that all of this half is.
    worth: int

    def asked(self, part: DayPart) -> int:
        """Minutes of the part that lie in this half and are not free anyway."""
        starts, ends = max(part.minutes[0], self.starts), min(part.minutes[1], self.ends)
        return max(0, ends - starts - free_minutes(self.free, starts, ends))

    def price(self, counted: int, method: CountingMethod) -> int:
        if method is CountingMethod.HOURS:
            return min(counted, self.work)
        return self.worth * counted // max(1, self.work)


def _halves(scheduled_minutes: int, free: FreeTime, worth: int) -> tuple[_Half, ...]:
    """The work lies on both sides of noon: eight hours from 8:00 to 16:00, of which a holiday from 14:00 frees two."""
    if scheduled_minutes == 0:
        return ()
    morning = scheduled_minutes // 2
    found = []
    for starts, ends, work, half in (
        (0, NOON_MINUTE, morning, worth // 2),
        (NOON_MINUTE, DAY_MINUTES, scheduled_minutes - morning, worth - worth // 2),
    ):
        span = max(1, work)  # one minute of work has no two halves, and yet a morning off costs half a day
        at = (ends - span, ends) if ends == NOON_MINUTE else (starts, starts + span)
        found.append(_Half(starts, ends, work, span - free_minutes(free, *at), free, half))
    return tuple(found)
