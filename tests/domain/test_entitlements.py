"""Yearly grants: exact shares of a year, rounded once, each factor on show."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.entitlements import Rounding, RoundingPolicy, yearly_grant
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern

FULL = WorkingPattern.spread(2400)
THREE_DAYS = WorkingPattern((480, 480, 480, 0, 0, 0, 0))
EXACT = RoundingPolicy(Rounding.DOWN, grain=1)


def terms(start: date, end: date | None = None, pattern: WorkingPattern = FULL) -> EmploymentTerms:
    return EmploymentTerms(start, end, pattern)


@pytest.mark.parametrize(
    ("rounding", "grain", "exact", "rounded"),
    [
        (Rounding.UP, 500, Fraction(1), 500),
        (Rounding.UP, 500, Fraction(500), 500),
        (Rounding.UP, 500, Fraction(1001, 2), 1000),
        (Rounding.NEAREST, 500, Fraction(249), 0),
        (Rounding.NEAREST, 500, Fraction(250), 500),
        (Rounding.NEAREST, 1000, Fraction(10_500), 11_000),
        (Rounding.DOWN, 500, Fraction(999), 500),
        (Rounding.DOWN, 1, Fraction(2, 3), 0),
        (Rounding.UP, 250, Fraction(0), 0),
    ],
)
def test_rounding_is_a_stated_policy(rounding, grain, exact, rounded):
    assert RoundingPolicy(rounding, grain).round(exact) == rounded


def test_a_grain_is_at_least_one():
    with pytest.raises(ValueError, match="grain"):
        RoundingPolicy(Rounding.UP, 0)


@pytest.mark.parametrize(
    ("employments", "year", "exact"),
    [
        ([terms(date(2020, 1, 1))], 2026, Fraction(25_000)),
        ([terms(date(2026, 7, 1))], 2026, Fraction(25_000 * 184, 365)),
        ([terms(date(2020, 1, 1), date(2028, 2, 29))], 2028, Fraction(25_000 * 60, 366)),
        ([terms(date(2026, 12, 31))], 2026, Fraction(25_000, 365)),
        ([terms(date(2027, 1, 1))], 2026, Fraction(0)),
        ([terms(date(2020, 1, 1), date(2025, 12, 31))], 2026, Fraction(0)),
        ([], 2026, Fraction(0)),
        # A gap between two employments earns nothing.
        (
            [terms(date(2026, 1, 1), date(2026, 1, 31)), terms(date(2026, 12, 1))],
            2026,
            Fraction(25_000 * 62, 365),
        ),
    ],
)
def test_the_grant_follows_the_days_employed(employments, year, exact):
    grant = yearly_grant(year, 25_000, employments, policy=EXACT)
    assert grant.exact == exact
    assert grant.amount == int(exact)


def test_a_change_of_schedule_splits_the_year_and_shows_each_factor():
    employments = [terms(date(2026, 7, 1), None, THREE_DAYS), terms(date(2025, 1, 1), date(2026, 6, 30))]
    grant = yearly_grant(2026, 25_000, employments, full_week_days=5)
    assert [(share.start_date, share.end_date, share.days) for share in grant.shares] == [
        (date(2026, 1, 1), date(2026, 6, 30), 181),
        (date(2026, 7, 1), date(2026, 12, 31), 184),
    ]
    assert [share.schedule_factor for share in grant.shares] == [Fraction(1), Fraction(3, 5)]
    assert grant.exact == Fraction(25_000 * 181, 365) + Fraction(25_000 * 184 * 3, 365 * 5)
    # 19.96 days, up to the next half.
    assert grant.amount == 20_000


def test_overlapping_terms_count_no_day_twice():
    employments = [terms(date(2025, 1, 1)), terms(date(2026, 7, 1), None, THREE_DAYS)]
    grant = yearly_grant(2026, 25_000, employments, policy=EXACT)
    assert sum(share.days for share in grant.shares) == 365
    assert grant.amount == 25_000


@given(
    st.integers(2000, 2098),
    st.integers(0, 60_000),
    st.lists(st.dates(date(1999, 1, 1), date(2099, 1, 1)), max_size=4, unique=True),
)
def test_cutting_a_year_of_employment_into_terms_loses_no_fraction(year, yearly, cuts):
    starts = [date(1998, 1, 1), *sorted(cuts)]
    ends = [start - timedelta(days=1) for start in starts[1:]] + [None]
    employments = [terms(start, end) for start, end in zip(starts, ends, strict=True)]
    assert yearly_grant(year, yearly, employments).exact == yearly
    assert yearly_grant(year, yearly, employments[::-1], policy=EXACT).amount == yearly


@given(st.fractions(0, 100_000), st.integers(1, 2000))
def test_rounding_moves_by_less_than_a_grain_in_the_stated_direction(exact, grain):
    up, nearest, down = (RoundingPolicy(one, grain).round(exact) for one in Rounding)
    assert down <= exact <= up < down + 2 * grain
    assert up - exact < grain
    assert exact - down < grain
    assert abs(nearest - exact) * 2 <= grain
    assert all(rounded % grain == 0 for rounded in (up, nearest, down))
