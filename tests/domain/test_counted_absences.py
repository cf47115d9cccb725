"""Absences that count as worked up to a limit: twenty times the weekly hours, from twelve times worked on."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_types import TypeRules
from portal.domain.accruals import accrue
from portal.domain.counted_absences import counted_times
from portal.domain.entitlement_plans import Frequency, GivenAt
from portal.domain.refusals import Reason, Refusal
from tests.domain.test_full_multiples import EXACT, FULL, HALF, LAST, missed, person, plan

CZECH = {"limited_most": 20, "limited_from": 12}
ILL_FROM = date(2026, 1, 5)


@pytest.mark.parametrize(
    ("weeks", "limited", "counted", "full", "hours"),
    [
        # 161 days worked are 32.2 weeks: with all twenty, the whole year.
        (20, 20, 20, 52, 160),
        # 22.2 weeks worked and 20 of 30: 160 x 42 / 52 = 129.23 hours, up to whole ones.
        (30, 30, 20, 42, 130),
        # 12.2 weeks worked: just enough.
        (40, 40, 20, 32, 99),
        # 11.2 weeks worked: nothing of it counts, 160 x 11 / 52 = 33.85.
        (41, 41, 0, 11, 34),
    ],
)
def test_worked_examples(weeks, limited, counted, full, hours):
    [one] = accrue(person(limited=missed(ILL_FROM, weeks * 5)), [plan(**CZECH)], LAST)
    assert (one.multiples.limited, one.multiples.counted) == (limited, counted)
    assert (one.multiples.full, one.amount) == (full, hours * 60)


def test_a_plan_without_limits_counts_them_in_full():
    [one] = accrue(person(limited=missed(ILL_FROM, 250)), [plan()], LAST)
    assert (one.multiples.counted, one.multiples.full, one.amount) == (50, 52, 160 * 60)


def test_what_does_not_count_at_all_is_no_work_and_has_no_limit():
    """Ten weeks unpaid, thirty ill, 12.2 worked; ill on a day that is half unpaid is half a day."""
    unpaid, ill = missed(ILL_FROM, 50), missed(date(2026, 3, 16), 150)
    [one] = accrue(person(not_worked=unpaid, limited=ill), [plan(**CZECH)], LAST)
    assert (one.multiples.times, one.multiples.counted) == (Fraction(61, 5) + 20, 20)
    day = {date(2026, 3, 2): 500}
    [one] = accrue(person(not_worked=day, limited={date(2026, 3, 2): 1000}), [plan(**CZECH)], LAST)
    assert one.multiples.limited == Fraction(1, 10)


def test_times_are_of_the_weekly_hours_of_their_day():
    """Half a year of forty hours, then of twenty: ten weeks of each are twenty times, and weigh as they were."""
    terms = (date(2020, 1, 1), date(2026, 6, 30), FULL), (date(2026, 7, 1), None, HALF)
    ill = missed(date(2026, 2, 2), 50) | missed(date(2026, 8, 3), 50)
    [one] = accrue(person(*terms, limited=ill), [plan(**CZECH)], LAST)
    assert (one.multiples.limited, one.multiples.counted, one.amount) == (20, 20, 120 * 60)


def test_by_month_nothing_counts_before_enough_was_worked_and_all_of_it_then():
    """Ill in January and February, then at work: from the month in which twelve times are worked on, it counts."""
    rule = plan(EXACT, frequency=Frequency.MONTHLY, given_at=GivenAt.END, **CZECH)
    given_ = accrue(person(limited=missed(date(2026, 1, 1), 42)), [rule], LAST)
    counted = [one.multiples.counted for one in given_]
    assert counted[:4] == [0, 0, 0, 0] and set(counted[4:]) == {Fraction(42, 5)}
    [whole] = accrue(person(limited=missed(date(2026, 1, 1), 42)), [plan(EXACT, **CZECH)], LAST)
    assert sum(one.amount for one in given_) == whole.amount


@given(limited=st.integers(0, 260), worked=st.integers(0, 260))
def test_more_work_or_more_absence_never_counts_for_less(limited, worked):
    def counted(absent: int, at_work: int) -> Fraction:
        return counted_times(Fraction(absent, 5), worked=Fraction(at_work, 5), at_most=20, worked_at_least=12)

    here = counted(limited, worked)
    assert 0 <= here <= min(Fraction(limited, 5), 20)
    assert here <= counted(limited + 1, worked) and here <= counted(limited, worked + 1)


@pytest.mark.parametrize("field", ["limited_most", "limited_from"])
@pytest.mark.parametrize("times", [0, -1, 53])
def test_limits_are_of_a_years_weeks(field, times):
    with pytest.raises(Refusal) as refused:
        replace(plan(), **{field: times})
    assert (refused.value.reason, refused.value.field) == (Reason.NUMBER_OUT_OF_RANGE, field)


def test_what_does_not_count_has_no_limit():
    with pytest.raises(Refusal) as refused:
        TypeRules(counts_as_worked=False, counts_up_to_limit=True)
    assert refused.value.field == "counts_up_to_limit"


def test_exactly_as_much_work_as_is_asked_for_is_enough():
    """201 of 261 working days absent leave sixty: twelve weeks."""
    [one] = accrue(person(limited=missed(date(2026, 1, 1), 201)), [plan(**CZECH)], LAST)
    assert (one.multiples.counted, one.multiples.full) == (20, 32)
