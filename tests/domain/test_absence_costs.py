"""What absences cost, with the Czech and German holidays of 2026 and halves of every kind."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_costs import Charge, Cost, CountingMethod, charge_of, cost_of
from portal.domain.holidays import NOTHING_FREE, FreeTime, HolidayPart, PublicHoliday, free_time, minutes_of
from portal.domain.periods import DayPart, Part, expand
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern, scheduled_minutes

DAYS, HOURS = CountingMethod
WEDNESDAY = date(2026, 3, 4)
NONE = NOTHING_FREE
FREE, FREE_AM, FREE_PM = (
    frozenset({minutes_of(part)}) for part in (HolidayPart.FULL, HolidayPart.AM, HolidayPart.PM)
)
EASTER_CZ = free_time(
    [
        PublicHoliday(date(2026, 4, 3), "Velký pátek"),
        PublicHoliday(date(2026, 4, 6), "Velikonoční pondělí"),
        PublicHoliday(date(2026, 12, 24), "Štědrý den", HolidayPart.PM),
        PublicHoliday(date(2026, 12, 25), "1. svátek vánoční"),
        PublicHoliday(date(2027, 1, 1), "Nový rok"),
    ]
)
FULL_TIME = [EmploymentTerms(date(2025, 1, 1), None, WorkingPattern.spread(2400))]
NEVER_FREE: dict[date, FreeTime] = {}


def full_time(day: date) -> int:
    return scheduled_minutes(FULL_TIME, day)


def clock(starts: float, ends: float) -> DayPart:
    return DayPart(WEDNESDAY, Part.FROM_TO, int(starts * 60), int(ends * 60))


@pytest.mark.parametrize(
    ("part", "scheduled", "free", "thousandths", "minutes"),
    [
        (Part.FULL, 480, NONE, 1000, 480),
        (Part.AM, 480, NONE, 500, 240),
        (Part.PM, 480, NONE, 500, 240),
        # A short working day is a day as well.
        (Part.FULL, 240, NONE, 1000, 240),
        (Part.FULL, 0, NONE, 0, 0),
        (Part.AM, 0, NONE, 0, 0),
        # Full-day requests on half holidays cost half a day by themselves.
        (Part.FULL, 480, FREE_PM, 500, 240),
        (Part.FULL, 480, FREE_AM, 500, 240),
        (Part.AM, 480, FREE_PM, 500, 240),
        (Part.PM, 480, FREE_PM, 0, 0),
        (Part.AM, 480, FREE_AM, 0, 0),
        (Part.FULL, 480, FREE, 0, 0),
        (Part.FULL, 480, FREE_AM | FREE_PM, 0, 0),
        (Part.FULL, 480, FREE | FREE_PM, 0, 0),
        # Minutes that do not halve are lost in neither half.
        (Part.AM, 465, NONE, 500, 232),
        (Part.PM, 465, NONE, 500, 233),
        (Part.FULL, 465, FREE_AM, 500, 233),
    ],
)
def test_the_charge_of_whole_and_half_days(part, scheduled, free, thousandths, minutes):
    asked = DayPart(WEDNESDAY, part)
    assert charge_of(asked, scheduled, free, DAYS) == thousandths
    assert charge_of(asked, scheduled, free, HOURS) == minutes


@pytest.mark.parametrize(
    ("part", "scheduled", "free", "thousandths", "minutes"),
    [
        (clock(9, 11), 480, NONE, 250, 120),
        (clock(10, 14), 480, NONE, 500, 240),
        (clock(10, 14), 480, FREE_PM, 250, 120),
        (clock(13, 15), 480, FREE_PM, 0, 0),
        (clock(0, 24), 480, NONE, 1000, 480),
        # No more than the work of the half: six hours of a morning with four hours of work.
        (clock(6, 12), 480, NONE, 500, 240),
        # 20 of the morning's 232 minutes are 43.1 thousandths of the day: rounded down.
        (clock(9, 9 + 1 / 3), 465, NONE, 43, 20),
        (clock(9, 10), 0, NONE, 0, 0),
    ],
)
def test_the_charge_between_two_times(part, scheduled, free, thousandths, minutes):
    assert charge_of(part, scheduled, free, DAYS) == thousandths
    assert charge_of(part, scheduled, free, HOURS) == minutes


@given(
    # One minute of work a day has no two halves.
    st.integers(0, 1440).filter(lambda minutes: minutes != 1),
    st.lists(st.integers(1, 1439), unique=True, max_size=5),
    st.sampled_from([NONE, FREE_AM, FREE_PM, FREE]),
    st.sampled_from(CountingMethod),
)
def test_a_day_cut_into_pieces_costs_the_whole_day(scheduled, cuts, free, method):
    whole = charge_of(DayPart(WEDNESDAY), scheduled, free, method)
    pieces = [DayPart(WEDNESDAY, Part.FROM_TO, *edges) for edges in pairwise([0, *sorted(cuts), 1440])]
    if whole == 0:
        with pytest.raises(Refusal, match="absence-costs-nothing"):
            cost_of(pieces, scheduled=lambda _: scheduled, holidays={WEDNESDAY: free}, method=method)
        return
    cost = cost_of(pieces, scheduled=lambda _: scheduled, holidays={WEDNESDAY: free}, method=method)
    # Each piece is rounded down by less than a thousandth, the one over noon twice; minutes are exact.
    lost = len(pieces) + 1 if method is DAYS else 1
    assert whole - lost < cost.total <= whole


@given(st.integers(0, 1440), st.sampled_from([NONE, FREE_AM, FREE_PM, FREE]), st.sampled_from(CountingMethod))
def test_two_halves_are_exactly_the_whole(scheduled, free, method):
    halves = (charge_of(DayPart(WEDNESDAY, half), scheduled, free, method) for half in (Part.AM, Part.PM))
    assert sum(halves) == charge_of(DayPart(WEDNESDAY), scheduled, free, method)


def test_a_week_over_easter_costs_its_three_or_four_working_days():
    thursday_to_thursday = expand(date(2026, 4, 2), date(2026, 4, 9))
    cost = cost_of(thursday_to_thursday, scheduled=full_time, holidays=EASTER_CZ)
    assert cost.total == 4000
    assert [day.day for day, _ in cost.by_date()] == [2, 7, 8, 9]
    assert len(cost.charges) == 8


def test_an_absence_over_new_year_is_told_apart_by_year():
    cost = cost_of(expand(date(2026, 12, 23), date(2027, 1, 4)), scheduled=full_time, holidays=EASTER_CZ)
    # 23 whole, 24 half, 25 free, 26 and 27 weekend, 28 to 31 whole; 1 January free, 2 and 3 weekend, 4 whole.
    assert cost.by_year() == {2026: 5500, 2027: 1000}
    assert cost.total == 6500


def test_leap_day_is_a_day_like_any_other():
    cost = cost_of(expand(date(2028, 2, 28), date(2028, 3, 1)), scheduled=full_time, holidays=NEVER_FREE)
    assert cost.by_date() == [(date(2028, 2, 28), 1000), (date(2028, 2, 29), 1000), (date(2028, 3, 1), 1000)]


def test_both_halves_of_one_day_can_be_asked_for_by_different_requests():
    """Two halves of a day may be absences of different types; each costs half, and they do not overlap."""
    morning = cost_of([DayPart(WEDNESDAY, Part.AM)], scheduled=full_time, holidays=NEVER_FREE)
    afternoon = cost_of([DayPart(WEDNESDAY, Part.PM)], scheduled=full_time, holidays=NEVER_FREE)
    assert morning.total == afternoon.total == 500


def test_several_parts_of_one_date_add_up():
    parts = [DayPart(WEDNESDAY, Part.PM), clock(8, 9)]
    cost = cost_of(parts, scheduled=full_time, holidays=NEVER_FREE)
    assert cost.by_date() == [(WEDNESDAY, 625)]
    assert cost == cost_of(parts[::-1], scheduled=full_time, holidays=NEVER_FREE)


def test_the_same_time_twice_in_one_request_is_refused():
    with pytest.raises(Refusal, match="parts-overlap"):
        cost_of([DayPart(WEDNESDAY), clock(8, 9)], scheduled=full_time, holidays=NEVER_FREE)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (date(2026, 3, 7), date(2026, 3, 8)),
        (date(2026, 4, 3), date(2026, 4, 6)),
        (date(2024, 3, 4), date(2024, 3, 8)),
    ],
    ids=["weekend", "holidays", "before-employment"],
)
def test_a_request_that_costs_nothing_is_refused_with_its_dates(start, end):
    with pytest.raises(Refusal) as caught:
        cost_of(expand(start, end), scheduled=full_time, holidays=EASTER_CZ)
    assert caught.value.reason is Reason.ABSENCE_COSTS_NOTHING
    assert caught.value.details == {"start_date": start, "end_date": end}


def test_an_empty_request_is_refused():
    with pytest.raises(Refusal, match="absence-costs-nothing"):
        cost_of([], scheduled=full_time, holidays=NEVER_FREE)


def test_a_change_of_contract_within_an_absence_counts_from_its_day():
    terms = [
        EmploymentTerms(date(2025, 1, 1), date(2026, 3, 3), WorkingPattern.spread(2400)),
        EmploymentTerms(date(2026, 3, 4), None, WorkingPattern((0, 0, 300, 0, 300, 0, 0))),
    ]
    week = expand(date(2026, 3, 2), date(2026, 3, 8))
    by_day = cost_of(week, scheduled=lambda day: scheduled_minutes(terms, day), holidays=NEVER_FREE)
    by_hour = cost_of(
        week, scheduled=lambda day: scheduled_minutes(terms, day), holidays=NEVER_FREE, method=HOURS
    )
    assert by_day.total == 4000
    assert by_hour.total == 480 + 480 + 300 + 300


@given(st.lists(st.tuples(st.integers(0, 800), st.integers(0, 1000)), max_size=20))
def test_years_and_dates_hold_the_whole_cost(days):
    charges = tuple(Charge(DayPart(date(2026, 1, 1) + timedelta(days=day)), amount) for day, amount in days)
    cost = Cost(charges)
    assert sum(cost.by_year().values()) == sum(amount for _, amount in cost.by_date()) == cost.total
