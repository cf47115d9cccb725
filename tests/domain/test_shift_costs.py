"""What a part of a day costs by the shifts of that day, and that any parts of it make up exactly the day."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_costs import CountingMethod, charge_of, cost_of
from portal.domain.holidays import NOTHING_FREE, HolidayPart, minutes_of
from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Refusal
from portal.domain.shift_costs import PlannedShift
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern, day_shifts, scheduled_minutes

DAYS, HOURS = CountingMethod
MONDAY = date(2026, 6, 22)
NONE = NOTHING_FREE
FREE, FREE_AM, FREE_PM = (
    frozenset({minutes_of(part)}) for part in (HolidayPart.FULL, HolidayPart.AM, HolidayPart.PM)
)


def shift(starts: float, ends: float, unpaid: int = 0) -> PlannedShift:
    length = int((ends - starts) * 60)
    return PlannedShift(int(starts * 60), int(ends * 60), length - unpaid)


def clock(starts: float, ends: float) -> DayPart:
    return DayPart(MONDAY, Part.FROM_TO, int(starts * 60), int(ends * 60))


def priced(part, shifts, free=NONE, method=HOURS):
    minutes = min(1440, sum(one.worked for one in shifts))
    return charge_of(part, minutes, free, method, shifts=shifts)


FULL, AM, PM = (DayPart(MONDAY, part) for part in (Part.FULL, Part.AM, Part.PM))
SHORT, EARLY, LATE, NIGHT = shift(8, 12), shift(6, 14), shift(14, 22), shift(22, 30)
#: 8:30 at work with half an hour of break.
BREAK = shift(6, 14.5, 30)


@pytest.mark.parametrize(
    ("part", "shifts", "free", "thousandths", "minutes"),
    [
        # Four hours off that free all of a short shift cost all of it.
        (clock(8, 12), [SHORT], NONE, 1000, 240),
        (AM, [SHORT], NONE, 1000, 240),
        (PM, [SHORT], NONE, 0, 0),
        (clock(7, 10), [SHORT], NONE, 500, 120),
        # Halves meet at noon, whenever the shift is.
        (FULL, [EARLY], NONE, 1000, 480),
        (AM, [EARLY], NONE, 750, 360),
        (PM, [EARLY], NONE, 250, 120),
        (AM, [LATE], NONE, 0, 0),
        (PM, [LATE], NONE, 1000, 480),
        # What a night has after midnight belongs to the day on which it begins, and to who is off until midnight.
        (FULL, [NIGHT], NONE, 1000, 480),
        (AM, [NIGHT], NONE, 0, 0),
        (PM, [NIGHT], NONE, 1000, 480),
        (clock(22, 23), [NIGHT], NONE, 125, 60),
        (clock(23, 24), [NIGHT], NONE, 875, 420),
        (clock(0, 6), [NIGHT], NONE, 0, 0),
        # A break is spread evenly: 360 of 510 minutes.
        (AM, [BREAK], NONE, 705, 338),
        (PM, [BREAK], NONE, 295, 142),
        (FULL, [BREAK], NONE, 1000, 480),
        # Two shifts of one day.
        (clock(8, 12), [SHORT, shift(14, 18)], NONE, 500, 240),
        (clock(11, 15), [SHORT, shift(14, 18)], NONE, 250, 120),
        (FULL, [SHORT, shift(14, 18)], NONE, 1000, 480),
        # Holidays free what of the shift lies in them.
        (FULL, [EARLY], FREE, 0, 0),
        (FULL, [NIGHT], FREE, 0, 0),
        (FULL, [EARLY], FREE_PM, 750, 360),
        (FULL, [LATE], FREE_PM, 0, 0),
        (FULL, [LATE], FREE_AM, 1000, 480),
        (FULL, [NIGHT], FREE_PM, 0, 0),
        (clock(10, 16), [EARLY], FREE_PM, 250, 120),
        (FULL, [EARLY], FREE_PM | {(780, 1440)}, 750, 360),
        # More than a day is scheduled by mistake: it costs a day.
        (FULL, [shift(0, 16), shift(6, 18)], NONE, 1000, 1440),
        # An hour of which clocks know nothing is still an hour of work.
        (FULL, [PlannedShift(120, 120, 60)], NONE, 1000, 60),
        (FULL, [PlannedShift(-60, 420, 480)], NONE, 1000, 480),
        (FULL, [PlannedShift(480, 960, 0)], NONE, 0, 0),
    ],
)
def test_a_part_of_a_day_costs_the_work_of_the_shift_that_lies_in_it(
    part, shifts, free, thousandths, minutes
):
    assert priced(part, shifts, free, DAYS) == thousandths
    assert priced(part, shifts, free, HOURS) == minutes


some_shifts = st.lists(
    st.builds(
        lambda starts, length, unpaid: PlannedShift(starts, starts + length, length - unpaid % length),
        st.integers(0, 1439),
        st.integers(1, 1440),
        st.integers(0, 60),
    ),
    min_size=1,
    max_size=3,
)
spans = st.lists(st.integers(0, 1440), min_size=2, max_size=4, unique=True).map(
    lambda edges: frozenset(pairwise(sorted(edges)))
)
holidays = st.sampled_from([NONE, FREE_AM, FREE_PM, FREE]) | spans
methods = st.sampled_from(CountingMethod)


@given(some_shifts, st.lists(st.integers(1, 1439), unique=True, max_size=5), holidays, methods)
def test_a_day_cut_into_pieces_costs_exactly_the_whole_day(shifts, cuts, free, method):
    """Each by itself, so also when they are asked for one after the other, or priced anew one by one."""
    whole = priced(FULL, shifts, free, method)
    pieces = [DayPart(MONDAY, Part.FROM_TO, *edges) for edges in pairwise([0, *sorted(cuts), 1440])]
    alone = [priced(piece, shifts, free, method) for piece in pieces]
    assert min(alone) >= 0 and sum(alone) == whole
    assert priced(AM, shifts, free, method) + priced(PM, shifts, free, method) == whole
    minutes = min(1440, sum(one.worked for one in shifts))
    asked = {"scheduled": lambda _: minutes, "shifts": lambda _: shifts, "holidays": {MONDAY: free}}
    if whole == 0:
        with pytest.raises(Refusal, match="absence-costs-nothing"):
            cost_of(pieces, method=method, **asked)
    else:
        assert [one.amount for one in cost_of(pieces, method=method, **asked).charges] == alone


@given(some_shifts, holidays, methods)
def test_a_whole_day_costs_what_it_cost_without_the_times_of_its_shifts(shifts, free, method):
    minutes = min(1440, sum(one.worked for one in shifts))
    whole = charge_of(FULL, minutes, NONE, method)
    assert priced(FULL, shifts, NONE, method) == whole >= priced(FULL, shifts, free, method)
    assert priced(FULL, shifts, FREE, method) == 0


@given(st.integers(1, 720), st.data(), st.sampled_from([NONE, FREE_AM, FREE_PM]))
def test_hours_of_a_shift_around_noon_cost_what_they_cost_by_a_contract(half, data, free):
    """To the minute; a contract's thousandths are rounded down once for each half."""
    within = st.integers(720 - half, 720 + half)
    part = DayPart(
        MONDAY, Part.FROM_TO, *sorted(data.draw(st.lists(within, min_size=2, max_size=2, unique=True)))
    )
    shifts = [PlannedShift(720 - half, 720 + half, 2 * half)]
    for method, rounded in ((HOURS, 0), (DAYS, 2)):
        by_contract = charge_of(part, 2 * half, free, method)
        assert abs(priced(part, shifts, free, method) - by_contract) <= rounded


def test_terms_price_by_shifts_only_where_a_published_roster_says_which():
    tuesday, sunday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=6)
    roster = {MONDAY: [EARLY], sunday: []}
    terms = EmploymentTerms(MONDAY, None, WorkingPattern.spread(2400), by_roster=True, rostered=roster)
    fixed = EmploymentTerms(MONDAY, None, WorkingPattern.spread(2400), rostered=roster)
    mornings = [DayPart(day, Part.AM) for day in (MONDAY, tuesday, sunday)]
    assert [terms.price(one, NONE, HOURS) for one in mornings] == [360, 240, 0]
    assert [fixed.price(one, NONE, HOURS) for one in mornings] == [240, 240, 0]
    cost = cost_of(
        mornings,
        scheduled=lambda day: scheduled_minutes([terms], day),
        shifts=lambda day: day_shifts([terms], day),
        holidays={},
        method=HOURS,
    )
    assert cost.by_date() == [(MONDAY, 360), (tuesday, 240)]
    assert day_shifts([], MONDAY) == ()
