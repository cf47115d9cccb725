"""What the published roster of a month asks of somebody, against what their contract does.

Only days on which they work by the roster, and of which a published roster speaks, count on either side. Shifts that
fell open because the person is away are in the plan, so time off moves nothing. What becomes of it is in
services/roster_overtime.py.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date

from portal.domain.absence_costs import CountingMethod, charge_of
from portal.domain.holidays import FreeTime
from portal.domain.months import Month
from portal.domain.periods import DayPart
from portal.domain.working_patterns import EmploymentTerms, terms_on


@dataclass(frozen=True, slots=True)
class RosterHours:
    """Minutes of one person in one month."""

    #: Of their shifts, without breaks.
    planned: int
    #: Of their working pattern, less what public holidays free.
    contract: int
    #: Of what is planned, on public holidays.
    holiday: int
    #: The last day that counts.
    through: date

    @property
    def difference(self) -> int:
        """Beyond the contract; below zero what the plan is short of it."""
        return self.planned - self.contract

    def to_propose(self, settled: int) -> int:
        """What is beyond the contract and was not yet booked or declined. Nobody owes hours that were not planned."""
        return max(0, self.difference - settled)


def hours_of(
    employments: Collection[EmploymentTerms],
    month: Month,
    free: Callable[[date, EmploymentTerms], FreeTime],
) -> RosterHours | None:
    """Day by day by the terms that hold then; `free` says what of a day holidays free. None: no day of it counts.

    A shift belongs to the day on which it begins. Holidays take from either side what they take from the price of
    time off.
    """
    planned = contract = holiday = 0
    through = None
    for day in month.days():
        terms = terms_on(employments, day)
        if terms is None or not terms.by_roster or day not in terms.rostered:
            continue
        through, shifts, off = day, terms.scheduled(day), free(day, terms)
        planned += shifts
        contract += charge_of(DayPart(day), terms.pattern.on(day), off, CountingMethod.HOURS)
        holiday += shifts - terms.price(DayPart(day), off, CountingMethod.HOURS)
    return None if through is None else RosterHours(planned, contract, holiday, through)


def finished(today: date, count: int = 2) -> list[Month]:
    """The last months that are over, the earliest first."""
    found, month = [], Month.of(today)
    for _ in range(count):
        month = month.previous()
        found.append(month)
    return found[::-1]
