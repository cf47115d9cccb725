"""Working time of several weeks that take turns, anchored to a Monday: the same rules as for one week, on average."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.absence_costs import CountingMethod, cost_of
from portal.domain.accruals import PersonFacts, accrue
from portal.domain.entitlement_plans import Milestone, Plan, SeniorityUnit
from portal.domain.entitlements import yearly_grant
from portal.domain.months import days_between
from portal.domain.people_import import cells
from portal.domain.periods import DayPart
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import MOST_WEEKS, EmploymentTerms, WorkingPattern, monday_of

MONDAY = date(2026, 11, 2)
LONG, SHORT = (480, 480, 480, 480, 480, 0, 0), (480, 480, 240, 0, 0, 0, 0)
TURNS = WorkingPattern(LONG, (SHORT,), MONDAY)

days_of_a_week = st.tuples(*(st.integers(0, 1440) for _ in range(7)))
mondays = st.dates(date(1990, 1, 1), date(2090, 1, 1)).map(monday_of)
dates = st.dates(date(1980, 1, 1), date(2100, 1, 1))


@st.composite
def patterns(draw):
    weeks = draw(st.lists(days_of_a_week, min_size=1, max_size=MOST_WEEKS))
    return WorkingPattern.taking_turns([one for week in weeks for one in week], draw(mondays))


def of(pattern, start=date(1970, 1, 1)):
    return EmploymentTerms(start, None, pattern)


def test_weeks_take_turns_from_their_monday_on_and_before_it():
    assert [TURNS.on(MONDAY + timedelta(days=day)) for day in range(14)] == [*LONG, *SHORT]
    assert TURNS.week_on(MONDAY - timedelta(days=1)) == 1
    assert TURNS.week_on(MONDAY - timedelta(days=14)) == 0


def test_a_year_of_53_weeks_turns_over_without_a_jump():
    """2026 has 53 weeks: by the number of the week, two odd weeks would follow each other."""
    turns = [TURNS.week_on(date(2026, 12, 14) + timedelta(weeks=week)) for week in range(5)]
    assert turns == [0, 1, 0, 1, 0]


@given(patterns(), dates, st.integers(-40, 40))
def test_the_same_again_after_all_weeks_however_far_away(pattern, day, times):
    again = day + timedelta(weeks=len(pattern.weeks) * times)
    assert pattern.on(again) == pattern.on(day)


@given(days_of_a_week, st.integers(1, MOST_WEEKS), mondays)
def test_weeks_that_are_alike_are_one_week(week, count, begins):
    assert WorkingPattern.taking_turns(week * count, begins) == WorkingPattern(week)


@given(patterns(), mondays)
def test_the_average_is_what_all_weeks_schedule(pattern, monday):
    stretch = days_between(monday, monday + timedelta(days=7 * len(pattern.weeks) - 1))
    worked = [pattern.on(day) for day in stretch]
    assert pattern.average_minutes == Fraction(sum(worked), len(pattern.weeks))
    assert pattern.working_days == Fraction(sum(one > 0 for one in worked), len(pattern.weeks))
    assert abs(pattern.weekly_minutes - pattern.average_minutes) <= Fraction(1, 2)


@given(
    patterns(),
    st.dates(date(2025, 1, 1), date(2026, 12, 31)),
    st.integers(0, 60),
    st.sampled_from(CountingMethod),
)
def test_what_a_stretch_costs_is_what_its_days_cost(pattern, first, length, method):
    def price(parts):
        worked = any(pattern.on(part.date) for part in parts)
        return cost_of(parts, scheduled=pattern.on, holidays={}, method=method).total if worked else 0

    stretch = [DayPart(first + timedelta(days=day)) for day in range(length + 1)]
    assert price(stretch) == sum(price([one]) for one in stretch)
    if method is CountingMethod.HOURS:
        assert price(stretch) == sum(pattern.on(part.date) for part in stretch)


@given(patterns())
def test_the_share_of_part_time_work_is_the_average(pattern):
    by_days = yearly_grant(2026, 25_000, [of(pattern)], full_week_days=5)
    by_hours = yearly_grant(2026, 25_000, [of(pattern)], full_week_minutes=2400)
    assert by_days.exact == 25_000 * pattern.working_days / 5
    assert by_hours.exact == 25_000 * pattern.average_minutes / 2400


def test_a_plan_gives_by_the_average():
    """Five days and three take turns: four fifths of 25 days."""
    plan = Plan(date(2020, 1, 1), (Milestone(0, SeniorityUnit.YEARS, 25_000),), full_week_days=5)
    given_days = accrue(PersonFacts((of(TURNS),)), [plan], date(2026, 12, 31))
    assert sum(one.amount for one in given_days if one.period.year == 2026) == 20_000


@pytest.mark.parametrize(
    ("days", "begins", "reason"),
    [
        ([*LONG, *SHORT], MONDAY + timedelta(days=2), Reason.CYCLE_BEGINS_ON_MONDAY),
        ([*LONG, *SHORT], None, Reason.MISSING),
        ([*LONG, *SHORT] * 5, MONDAY, Reason.WORKING_PATTERN_IMPOSSIBLE),
        ([*LONG, 480], MONDAY, Reason.WORKING_PATTERN_IMPOSSIBLE),
        ([], MONDAY, Reason.WORKING_PATTERN_IMPOSSIBLE),
    ],
)
def test_what_cannot_take_turns_is_refused(days, begins, reason):
    with pytest.raises(Refusal) as caught:
        WorkingPattern.taking_turns(days, begins)
    assert caught.value.reason is reason


def test_the_monday_that_would_do_is_named():
    with pytest.raises(Refusal) as caught:
        WorkingPattern(LONG, (SHORT,), MONDAY + timedelta(days=6))
    assert caught.value.details["date"] == MONDAY


@given(patterns())
def test_a_file_says_a_pattern_as_it_is_read(pattern):
    """What no week can hold on average is left aside: a file refuses it."""
    assume(0 < pattern.average_minutes <= 80 * 60)
    assert cells.working_days(cells.working_days_text(pattern)) == pattern


@pytest.mark.parametrize(
    "text", ["8 8 8 8 4 - -", "8:00  8 8,0 8.0 4:00 0 –", "8 8 8 8 4 0 0 / 8 8 8 8 4 0 0 / 31.8.2026"]
)
def test_a_file_may_say_a_plain_week_in_several_ways(text):
    assert cells.working_days(text) == WorkingPattern((480, 480, 480, 480, 240, 0, 0))


@pytest.mark.parametrize(
    "text",
    [
        "8 8 8 8 8",
        "8 8 8 8 8 0 25",
        "0 0 0 0 0 0 0",
        "8 8 8 8 8 0 0 / 8 0 0 0 0 0 0",
        "8 8 8 8 8 0 0 / 8 0 0 0 0 0 0 / 2026-09-01",
        "8 8 8 8 8 0 0 / 8 0 0 0 0 0 0 / soon",
        "2026-08-31",
    ],
)
def test_a_file_that_says_no_days_is_refused(text):
    with pytest.raises(cells.CellError):
        cells.working_days(text)
