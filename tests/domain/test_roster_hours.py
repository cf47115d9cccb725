"""The hours of a roster against those of a contract, month by month."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.holidays import NOTHING_FREE, WHOLE_DAY
from portal.domain.months import Month
from portal.domain.roster_hours import RosterHours, finished, hours_of
from portal.domain.shift_costs import PlannedShift
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern

MAY = Month(2026, 5)
LONG_AGO = date(2020, 1, 1)
FULL = WorkingPattern.spread(2400)
FULL_DAY = frozenset({WHOLE_DAY})
LABOUR_DAY = date(2026, 5, 1)


def nothing(_day, _terms):
    return NOTHING_FREE


def labour_day(day, _terms):
    return FULL_DAY if day == LABOUR_DAY else NOTHING_FREE


def by_roster(rostered, pattern=FULL, start=LONG_AGO, end=None):
    """A shift from eight o'clock on each day that is given minutes."""
    shifts = {day: (PlannedShift(480, 480 + one, one),) if one else () for day, one in rostered.items()}
    return EmploymentTerms(start, end, pattern, by_roster=True, rostered=shifts)


def on_weekdays(minutes, but=()):
    """A roster of the whole month: so long each weekday, nothing at weekends and on the days `but`."""
    return {day: minutes if day.isoweekday() <= 5 and day not in but else 0 for day in MAY.days()}


def test_a_roster_of_the_pattern_asks_for_exactly_the_contract():
    found = hours_of([by_roster(on_weekdays(480))], MAY, nothing)
    assert found == RosterHours(21 * 480, 21 * 480, 0, date(2026, 5, 31))
    assert found.difference == 0


def test_what_is_planned_beyond_it_is_the_difference_and_less_is_below_zero():
    more = hours_of([by_roster(on_weekdays(500))], MAY, nothing)
    assert (more.difference, more.to_propose(0), more.to_propose(400)) == (420, 420, 20)
    less = hours_of([by_roster(on_weekdays(460))], MAY, nothing)
    assert (less.difference, less.to_propose(0)) == (-420, 0)


def test_a_holiday_is_asked_of_nobody_so_whoever_works_it_has_as_much_more():
    worked = hours_of([by_roster(on_weekdays(480))], MAY, labour_day)
    assert (worked.contract, worked.holiday, worked.difference) == (20 * 480, 480, 480)
    off = hours_of([by_roster(on_weekdays(480, but=[LABOUR_DAY]))], MAY, labour_day)
    assert (off.holiday, off.difference) == (0, 0)
    moved = {**on_weekdays(480), date(2026, 5, 4): 0}
    assert hours_of([by_roster(moved)], MAY, labour_day).difference == 0, "another day was free instead"


def test_half_a_holiday_meets_a_shift_by_the_clock():
    """Free from noon: a shift until four lies half in it, one from four o'clock wholly."""
    for starts, met in ((480, 240), (960, 480)):
        shifts = {LABOUR_DAY: (PlannedShift(starts, starts + 480, 480),)}
        terms = EmploymentTerms(LONG_AGO, None, FULL, by_roster=True, rostered=shifts)
        found = hours_of([terms], MAY, lambda _day, _terms: frozenset({(720, 1440)}))
        assert (found.planned, found.contract, found.holiday) == (480, 240, met)


def test_days_of_which_no_published_roster_speaks_count_on_neither_side():
    half = {day: minutes for day, minutes in on_weekdays(600).items() if day.day > 15}
    found = hours_of([by_roster(half)], MAY, nothing)
    assert (found.planned, found.contract) == (10 * 600, 10 * 480)
    assert hours_of([by_roster({})], MAY, nothing) is None


def test_terms_that_change_within_the_month_count_each_for_its_days():
    middle = date(2026, 5, 18)
    rostered = on_weekdays(480)
    part_time = by_roster(rostered, WorkingPattern.spread(1200), start=middle)
    first = by_roster(rostered, end=middle - timedelta(days=1))
    assert hours_of([first, part_time], MAY, nothing).contract == 11 * 480 + 10 * 240
    own_days = replace(part_time, by_roster=False)
    found = hours_of([first, own_days], MAY, nothing)
    assert (found.planned, found.contract, found.through) == (11 * 480, 11 * 480, date(2026, 5, 17))
    assert hours_of([own_days], MAY, nothing) is None


def test_who_joins_or_leaves_owes_the_days_of_the_employment():
    rostered = on_weekdays(480)
    stayed = by_roster(rostered, start=date(2026, 5, 11), end=date(2026, 5, 22))
    found = hours_of([stayed], MAY, nothing)
    assert found == RosterHours(10 * 480, 10 * 480, 0, date(2026, 5, 22))


@given(
    shifts=st.dictionaries(st.sampled_from(MAY.days()), st.integers(0, 1440)),
    week=st.lists(st.integers(0, 1440), min_size=7, max_size=7),
    holidays=st.sets(st.sampled_from(MAY.days())),
)
def test_the_sums_hold_whatever_is_planned(shifts, week, holidays):
    def free(day, _terms):
        return FULL_DAY if day in holidays else NOTHING_FREE

    found = hours_of([by_roster(shifts, WorkingPattern(tuple(week)))], MAY, free)
    if not shifts:
        assert found is None
        return
    assert found.planned == sum(shifts.values())
    assert found.holiday == sum(minutes for day, minutes in shifts.items() if day in holidays)
    assert found.contract == sum(week[day.isoweekday() - 1] for day in shifts if day not in holidays)
    assert found.through == max(shifts)


@given(
    planned=st.integers(0, 40_000), contract=st.integers(0, 40_000), settled=st.lists(st.integers(1, 5_000))
)
def test_settling_what_is_proposed_leaves_nothing_to_propose(planned, contract, settled):
    found = RosterHours(planned, contract, 0, date(2026, 5, 31))
    before = sum(settled)
    asked = found.to_propose(before)
    assert asked >= 0
    assert found.to_propose(before + asked) == 0
    assert asked == 0 or before + asked == found.difference


@pytest.mark.parametrize(
    ("today", "months"),
    [
        (date(2026, 6, 1), [Month(2026, 4), Month(2026, 5)]),
        (date(2026, 6, 30), [Month(2026, 4), Month(2026, 5)]),
        (date(2026, 1, 31), [Month(2025, 11), Month(2025, 12)]),
    ],
)
def test_the_last_two_months_that_are_over(today, months):
    assert finished(today) == months
