"""The same stretch of time off some days earlier or later, where that costs less, or leaves more people there."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta

#: So many days earlier or later are tried, and so many of the best shown.
FURTHEST_DAYS = 14
MOST_SHOWN = 3
_LONGEST_RUN = 14


@dataclass(frozen=True, slots=True)
class Dates:
    """A stretch as it would be. `free_days` are all days off in a row, weekends and holidays beside it included."""

    shift: int
    start_date: date
    end_date: date
    #: Days that would break a rule of staffing.
    broken: int
    #: In the unit of the type.
    cost: int
    free_days: int

    @property
    def _key(self) -> tuple[int, int, int]:
        return self.broken, self.cost, -self.free_days

    def is_better_than(self, other: "Dates") -> bool:
        """Fewer days broken; else cheaper; else more days off in a row for the same."""
        return self._key < other._key


def free_run(start_date: date, end_date: date, works: Callable[[date], bool]) -> int:
    """How many days off in a row, with the days before and after on which nobody would work anyway."""
    one = timedelta(days=1)
    first, last = start_date, end_date
    while (start_date - first).days < _LONGEST_RUN and not works(first - one):
        first -= one
    while (last - end_date).days < _LONGEST_RUN and not works(last + one):
        last += one
    return (last - first).days + 1


def best(asked: Dates, others: Iterable[Dates]) -> list[Dates]:
    """The best of those that are better than what is asked for, the nearest first where they are alike."""
    better = [one for one in others if one.is_better_than(asked)]
    return sorted(better, key=lambda one: (one._key, abs(one.shift), one.shift))[:MOST_SHOWN]
