"""Weekly patterns and the terms that hold on a date."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern, scheduled_minutes, terms_on

FULL = WorkingPattern.spread(2400)
PART = WorkingPattern((0, 480, 480, 240, 0, 0, 0))


@pytest.mark.parametrize(
    ("weekly", "days"),
    [
        (2400, (480, 480, 480, 480, 480, 0, 0)),
        (2325, (465, 465, 465, 465, 465, 0, 0)),
        (2302, (461, 461, 460, 460, 460, 0, 0)),
        (1, (1, 0, 0, 0, 0, 0, 0)),
        (0, (0, 0, 0, 0, 0, 0, 0)),
    ],
)
def test_weekly_minutes_spread_over_monday_to_friday(weekly, days):
    assert WorkingPattern.spread(weekly).minutes == days


@given(st.integers(0, 5 * 1440))
def test_spreading_loses_no_minute_and_keeps_days_even(weekly):
    pattern = WorkingPattern.spread(weekly)
    assert pattern.weekly_minutes == weekly
    assert max(pattern.minutes[:5]) - min(pattern.minutes[:5]) <= 1


@pytest.mark.parametrize("weekly", [-1, 5 * 1440 + 1])
def test_a_week_that_cannot_be_is_refused(weekly):
    with pytest.raises(Refusal) as caught:
        WorkingPattern.spread(weekly)
    assert caught.value.reason is Reason.WORKING_PATTERN_IMPOSSIBLE


def test_a_day_longer_than_a_day_is_refused():
    with pytest.raises(Refusal, match="working-pattern-impossible"):
        WorkingPattern((1441, 0, 0, 0, 0, 0, 0))


def test_the_weekday_decides():
    assert [PART.on(date(2026, 3, day)) for day in range(2, 9)] == [0, 480, 480, 240, 0, 0, 0]
    assert PART.working_days == 3


def test_terms_follow_each_other_without_a_gap_or_a_day_in_both():
    earlier = EmploymentTerms(date(2025, 3, 1), date(2026, 3, 31), FULL)
    later = EmploymentTerms(date(2026, 4, 1), None, PART)
    employments = [later, earlier]
    assert terms_on(employments, date(2025, 2, 28)) is None
    assert terms_on(employments, date(2026, 3, 31)) is earlier
    assert terms_on(employments, date(2026, 4, 1)) is later
    assert scheduled_minutes(employments, date(2026, 3, 30)) == 480
    assert scheduled_minutes(employments, date(2026, 4, 6)) == 0
    assert scheduled_minutes(employments, date(2025, 2, 28)) == 0


def test_where_terms_overlap_the_later_beginning_holds():
    old, new = EmploymentTerms(date(2025, 1, 1), None, FULL), EmploymentTerms(date(2026, 1, 1), None, PART)
    assert terms_on([new, old], date(2026, 6, 1)) is terms_on([old, new], date(2026, 6, 1)) is new


def test_terms_cannot_end_before_they_start():
    with pytest.raises(Refusal, match="end-before-start"):
        EmploymentTerms(date(2026, 1, 2), date(2026, 1, 1), FULL)
