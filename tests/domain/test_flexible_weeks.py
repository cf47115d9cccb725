"""Flexible weeks: hours of a week on so many days, without fixed hours a weekday. A week off costs exactly the week."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_costs import CountingMethod, charge_of, cost_of
from portal.domain.entitlements import yearly_grant
from portal.domain.holidays import HolidayPart, PublicHoliday, free_time
from portal.domain.months import days_between
from portal.domain.people_import import cells
from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Reason, Refusal
from portal.domain.shift_costs import PlannedShift
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern, day_worth, scheduled_minutes

DAYS, HOURS = CountingMethod
MONDAY, SUNDAY = date(2026, 8, 3), date(2026, 8, 9)
#: 32 hours on four days, on any of Monday to Friday.
FOUR = WorkingPattern.spread(32 * 60).agreeing(4)
WEEKDAYS = list(days_between(MONDAY, SUNDAY))


def cost(pattern, parts, method=DAYS, holidays=()):
    terms = [EmploymentTerms(date(2020, 1, 1), None, pattern)]
    return cost_of(
        parts,
        scheduled=lambda day: scheduled_minutes(terms, day),
        holidays=free_time(holidays),
        method=method,
        worth=lambda day: day_worth(terms, day),
    )


def week(pattern, method=DAYS, holidays=()):
    return cost(pattern, [DayPart(day) for day in WEEKDAYS], method, holidays).total


def test_a_week_costs_the_agreed_days_and_a_day_its_share():
    assert week(FOUR) == 4_000 and week(FOUR, HOURS) == 1_920
    assert cost(FOUR, [DayPart(MONDAY)]).total == 800
    assert cost(FOUR, [DayPart(MONDAY)], HOURS).total == 384, "6:24 of the 32 hours"


def test_two_requests_of_one_week_add_up_to_what_one_would_cost():
    first = cost(FOUR, [DayPart(day) for day in WEEKDAYS[:2]]).total
    second = cost(FOUR, [DayPart(day) for day in WEEKDAYS[2:]]).total
    assert (first, second) == (1_600, 2_400)


def test_halves_and_hours_of_a_day_cost_their_part_of_the_share():
    assert cost(FOUR, [DayPart(MONDAY, Part.AM)]).total == 400
    assert cost(FOUR, [DayPart(MONDAY, Part.AM)], HOURS).total == 192
    clock = DayPart(MONDAY, Part.FROM_TO, 9 * 60, 9 * 60 + 96)
    assert cost(FOUR, [clock]).total == 200, "half of the morning"
    odd = WorkingPattern((300, 300, 300, 0, 0, 0, 0)).agreeing(2)
    am, pm = (cost(odd, [DayPart(MONDAY, part)]).total for part in (Part.AM, Part.PM))
    assert (am, pm) == (333, 334), "two thirds of a day, 667 on a Monday"


def test_a_holiday_frees_the_share_of_its_day():
    """Nobody knows on which days the person would have worked: a holiday is worth the average of the possible days."""
    whole, half = PublicHoliday(MONDAY, "Holiday"), PublicHoliday(MONDAY, "Half", HolidayPart.PM)
    assert week(FOUR, holidays=[whole]) == 3_200 and week(FOUR, HOURS, [whole]) == 1_536
    assert week(FOUR, holidays=[half]) == 3_600


def test_days_that_do_not_divide_make_the_week_exactly():
    two = WorkingPattern((500, 500, 501, 0, 0, 0, 0)).agreeing(2)
    assert two.minutes == (501, 500, 500, 0, 0, 0, 0), "even over the days that have hours"
    assert [two.worth(day) for day in WEEKDAYS] == [667, 667, 666, 0, 0, 0, 0]
    assert week(two) == 2_000 and week(two, HOURS) == 1_501


@given(st.integers(60, 80 * 60), st.lists(st.booleans(), min_size=7, max_size=7), st.data())
def test_every_week_costs_exactly_its_hours_and_its_agreed_days(minutes, possible, data):
    if not any(possible):
        possible[0] = True
    most = sum(possible)
    minutes = min(minutes, most * 1440)
    agreed = data.draw(st.integers(1, most))
    spread = [minutes // most * one for one in possible]
    spread[possible.index(True)] += minutes - sum(spread)
    pattern = WorkingPattern.taking_turns(spread, None).agreeing(agreed) if max(spread) <= 1440 else FOUR
    if pattern is FOUR:
        agreed, minutes = 4, 1_920
    assert week(pattern) == agreed * 1_000 and week(pattern, HOURS) == minutes
    halves = [DayPart(day, part) for day in WEEKDAYS for part in (Part.AM, Part.PM)]
    assert cost(pattern, halves).total == agreed * 1_000
    assert max(pattern.minutes) - min(one for one in pattern.minutes if one) <= 1


def test_entitlements_go_by_the_agreed_days():
    """Of 25 days for five days a week, four agreed days earn 20: five weeks, as for everybody."""
    terms = [EmploymentTerms(date(2026, 1, 1), None, FOUR)]
    assert yearly_grant(2026, 25_000, terms, full_week_days=5).amount == 20_000
    assert FOUR.part_of_full_week(days=None, minutes=2400) == Fraction(4, 5)
    assert FOUR.usual_day == 480, "a day that is worked has eight hours"


def test_fixed_days_and_published_rosters_cost_whole_days():
    fixed = WorkingPattern.spread(32 * 60)
    assert week(fixed) == 5_000 and fixed.worth(MONDAY) == 1_000
    published = {MONDAY: [PlannedShift(480, 1080, 600)]}
    plain = EmploymentTerms(MONDAY, None, fixed, by_roster=True, rostered=published)
    assert [plain.worth(day) for day in WEEKDAYS] == [1_000] * 7
    flexible = EmploymentTerms(MONDAY, None, FOUR, by_roster=True, rostered=published)
    tuesday = MONDAY + timedelta(days=1)
    assert (flexible.scheduled(MONDAY), flexible.worth(MONDAY)) == (600, 1_000), "the published shift"
    assert (flexible.scheduled(tuesday), flexible.worth(tuesday)) == (384, 800), "before that, the average"
    assert charge_of(DayPart(tuesday), 384, worth=flexible.worth(tuesday)) == 800


@pytest.mark.parametrize("days", [0, 6, 8])
def test_no_more_days_are_agreed_than_are_possible(days):
    with pytest.raises(Refusal) as refused:
        WorkingPattern.spread(2400).agreeing(days)
    assert refused.value.reason is Reason.AGREED_DAYS_IMPOSSIBLE and refused.value.details["possible"] == 5


def test_weeks_that_take_turns_have_fixed_days():
    turns = WorkingPattern(FOUR.minutes, ((480, 0, 0, 0, 0, 0, 0),), MONDAY)
    with pytest.raises(Refusal):
        turns.agreeing(1)


@pytest.mark.parametrize("text", ["4: 8 8 8 8 0 0 0", "4 :  8 8 8 8 0 0 0"])
def test_a_file_has_the_agreed_days_in_front(text):
    pattern = cells.working_days(text)
    assert pattern == WorkingPattern((480, 480, 480, 480, 0, 0, 0), agreed_days=4)
    assert cells.working_days(cells.working_days_text(pattern)) == pattern
    assert cells.working_days_text(FOUR) == "4: 6:24 6:24 6:24 6:24 6:24 0 0"


@pytest.mark.parametrize("text", ["5: 8 8 8 8 0 0 0", "8: 8 8 8 8 8 8 8", "0: 8 0 0 0 0 0 0", "4: ",
                                  "2: 8 8 8 8 8 0 0 / 8 8 4 0 0 0 0 / 2026-08-31"])  # fmt: skip
def test_agreed_days_that_cannot_be_are_refused(text):
    with pytest.raises(cells.CellError):
        cells.working_days(text)
