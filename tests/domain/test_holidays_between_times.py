"""Holidays from a time to a time: what a shortened day costs, in days and in hours, and that its parts sum to it."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_costs import CountingMethod, charge_of, cost_of
from portal.domain.holidays import (
    HolidayPart,
    PublicHoliday,
    check_part,
    free_minutes,
    free_time,
    working_spans,
)
from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Reason, Refusal

DAYS, HOURS = CountingMethod
EVE = date(2026, 12, 24)


def until(hour: float, *more: tuple[float, float]) -> frozenset[tuple[int, int]]:
    """Free from an hour on, and perhaps between others."""
    return frozenset({(int(hour * 60), 1440), *((int(one * 60), int(other * 60)) for one, other in more)})


def clock(starts: float, ends: float) -> DayPart:
    return DayPart(EVE, Part.FROM_TO, int(starts * 60), int(ends * 60))


@pytest.mark.parametrize(
    ("part", "scheduled", "free", "thousandths", "minutes"),
    [
        # From noon on it is the afternoon: the rest of the day is half a day.
        (DayPart(EVE), 480, until(12), 500, 240),
        (DayPart(EVE, Part.AM), 480, until(12), 500, 240),
        (DayPart(EVE, Part.PM), 480, until(12), 0, 0),
        # Eight hours lie between 8:00 and 16:00: free from 14:00, a day off costs six of them.
        (DayPart(EVE), 480, until(14), 750, 360),
        (DayPart(EVE, Part.AM), 480, until(14), 500, 240),
        (DayPart(EVE, Part.PM), 480, until(14), 250, 120),
        (clock(12, 14), 480, until(14), 250, 120),
        (clock(13, 16), 480, until(14), 125, 60),
        (clock(14, 16), 480, until(14), 0, 0),
        # From 11:00 on an hour of the morning is left out: three of eight hours stay.
        (DayPart(EVE), 480, until(11), 375, 180),
        (DayPart(EVE, Part.PM), 480, until(11), 0, 0),
        # Four hours lie between 10:00 and 14:00: a shortened day from 15:00 shortens nothing, one from 13:00 a quarter.
        (DayPart(EVE), 240, until(15), 1000, 240),
        (DayPart(EVE), 240, until(13), 750, 180),
        # 7:45 hours: 120 of the afternoon's 233 minutes are 257.5 thousandths, rounded down.
        (DayPart(EVE), 465, until(14), 757, 352),
        # Two holidays that share time free it once.
        (DayPart(EVE), 480, until(14, (13, 15)), 625, 300),
        (DayPart(EVE), 0, until(14), 0, 0),
    ],
)
def test_what_is_left_of_a_shortened_day_is_charged(part, scheduled, free, thousandths, minutes):
    assert charge_of(part, scheduled, free, DAYS) == thousandths
    assert charge_of(part, scheduled, free, HOURS) == minutes


def test_a_day_off_on_a_shortened_day_is_never_refused_as_no_working_day():
    """The rest is bookable, however small; only where nothing is left there is nothing to ask for."""
    cost = cost_of([DayPart(EVE)], scheduled=lambda _: 480, holidays={EVE: until(8.25)}, method=HOURS)
    assert cost.total == 15
    with pytest.raises(Refusal) as refused:
        cost_of([DayPart(EVE)], scheduled=lambda _: 480, holidays={EVE: until(8)}, method=HOURS)
    assert refused.value.reason is Reason.ABSENCE_COSTS_NOTHING


spans = st.tuples(st.integers(0, 1440), st.integers(0, 1440)).filter(lambda one: one[0] < one[1])
free_spans = st.frozensets(spans, max_size=4)


@given(
    st.integers(0, 1440),
    st.lists(st.integers(1, 1439), unique=True, max_size=6),
    free_spans,
    st.sampled_from(CountingMethod),
)
def test_the_parts_of_a_day_sum_to_the_day(scheduled, cuts, free, method):
    """Exactly, also where each alone would be rounded: what is asked for in pieces costs what the day costs."""
    whole = charge_of(DayPart(EVE), scheduled, free, method)
    pieces = [DayPart(EVE, Part.FROM_TO, *edges) for edges in pairwise([0, *sorted(cuts), 1440])]
    if whole == 0:
        return
    cost = cost_of(pieces, scheduled=lambda _: scheduled, holidays={EVE: free}, method=method)
    assert cost.total == whole
    assert all(charge.amount >= 0 for charge in cost.charges)


@given(st.integers(0, 1440), free_spans, st.sampled_from(CountingMethod))
def test_morning_and_afternoon_are_the_day_and_a_holiday_never_makes_it_dearer(scheduled, free, method):
    whole = charge_of(DayPart(EVE), scheduled, free, method)
    halves = [charge_of(DayPart(EVE, half), scheduled, free, method) for half in (Part.AM, Part.PM)]
    assert sum(halves) == whole <= charge_of(DayPart(EVE), scheduled, frozenset(), method)


@given(free_spans)
def test_what_is_free_and_what_is_worked_is_the_day(free):
    worked = working_spans(free)
    assert sum(ends - starts for starts, ends in worked) + free_minutes(free, 0, 1440) == 1440
    assert all(one[1] < other[0] for one, other in pairwise(worked))


def test_a_holiday_says_when_it_is():
    shortened = PublicHoliday(EVE, "Christmas Eve", HolidayPart.FROM_TO, 840, 1440)
    assert free_time([shortened, PublicHoliday(EVE, "Half", HolidayPart.PM)]) == {
        EVE: frozenset({(840, 1440), (720, 1440)})
    }


@pytest.mark.parametrize(
    ("part", "starts", "ends", "reason", "field"),
    [
        (HolidayPart.FROM_TO, None, 840, Reason.MISSING, "starts_minute"),
        (HolidayPart.FROM_TO, 840, None, Reason.MISSING, "ends_minute"),
        (HolidayPart.FROM_TO, 840, 840, Reason.END_BEFORE_START, "ends_minute"),
        (HolidayPart.FROM_TO, 840, 1441, Reason.TIME_INVALID, "ends_minute"),
        (HolidayPart.PM, 840, None, Reason.PART_NOT_POSSIBLE, "part"),
    ],
)
def test_times_that_make_no_sense_are_refused(part, starts, ends, reason, field):
    with pytest.raises(Refusal) as refused:
        check_part(part, starts, ends)
    assert (refused.value.reason, refused.value.field) == (reason, field)
