"""Plans of types that count hours: what they give in minutes, worked examples with their numbers."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_costs import CountingMethod
from portal.domain.accruals import PersonFacts, accrue
from portal.domain.entitlement_plans import (
    Basis,
    CarryOver,
    Frequency,
    GivenAt,
    Milestone,
    Plan,
    SeniorityUnit,
)
from portal.domain.entitlements import Rounding, RoundingPolicy
from portal.domain.ledger import Entry, EntryKind
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern
from portal.domain.year_ends import lapses_of, settle

FULL = WorkingPattern.spread(40 * 60)
#: Thirty hours on three days of ten.
THREE_LONG_DAYS = WorkingPattern((600, 600, 600, 0, 0, 0, 0))
EXACT = RoundingPolicy(Rounding.DOWN, grain=1)


def plan(*yearly: tuple[int, int], **rules) -> Plan:
    """Minutes a year, and after how many years here."""
    milestones = tuple(Milestone(after, SeniorityUnit.YEARS, minutes) for minutes, after in yearly)
    facts = {"rounding": EXACT, "full_week_minutes": 40 * 60} | rules
    return Plan(date(2026, 1, 1), milestones, counting=CountingMethod.HOURS, full_week_days=None, **facts)


def person(*patterns: tuple[date, date | None, WorkingPattern], **facts) -> PersonFacts:
    return PersonFacts(tuple(EmploymentTerms(*one) for one in patterns), **facts)


def total(who: PersonFacts, *plans: Plan, through: date = date(2026, 12, 31)) -> int:
    return sum(one.amount for one in accrue(who, plans, through))


@pytest.mark.parametrize(
    ("weeks", "weekly", "hours"),
    [
        (4, 40 * 60, 160 * 60),
        (4, 37 * 60 + 30, 150 * 60),
        (5, 40 * 60, 200 * 60),
        (5, 37 * 60 + 30, 187 * 60 + 30),
        (5, 20 * 60, 100 * 60),
        (8, 38 * 60 + 45, 310 * 60),
    ],
)
def test_so_many_weeks_are_so_many_times_the_weekly_hours(weeks, weekly, hours):
    """The Czech rule: the weeks of vacation times the person's weekly hours (2.2.3)."""
    who = person((date(2020, 1, 1), None, WorkingPattern.spread(weekly)))
    assert total(who, plan((weeks * 40 * 60, 0))) == hours


def test_half_a_year_of_it_is_half_by_full_weeks_or_by_days():
    """26 of 52 weeks of four weeks at forty hours are 80 hours; by days 1 January to 1 July 2026 are 182 of 365."""
    half = person((date(2026, 1, 1), date(2026, 7, 1), FULL))
    assert total(half, plan((9_600, 0))) == 9_600 * 182 // 365 == 4_786
    in_hours = plan((9_600, 0), rounding=RoundingPolicy(Rounding.UP, 60))
    assert total(half, in_hours) == 80 * 60


def test_the_hours_count_and_not_the_number_of_days():
    who = person((date(2020, 1, 1), None, THREE_LONG_DAYS))
    [one] = accrue(who, [plan((9_600, 0))], date(2026, 12, 31))
    assert (one.amount, one.stretches[0].schedule_factor) == (7_200, Fraction(3, 4))
    assert total(who, plan((9_600, 0), full_week_minutes=None)) == 9_600


def test_weeks_that_take_turns_count_by_their_exact_average():
    """39 hours 59 minutes and 40 hours: 39 hours and 59.5 minutes a week, not the 40 hours that people read."""
    pattern = WorkingPattern(
        (480, 480, 480, 480, 479, 0, 0), ((480, 480, 480, 480, 480, 0, 0),), date(2026, 1, 5)
    )
    plan = Plan(
        date(2026, 1, 1),
        (Milestone(0, SeniorityUnit.DAYS, 4800),),
        counting=CountingMethod.HOURS,
        full_week_minutes=2400,
    )
    assert pattern.weekly_minutes == 2400
    assert plan.schedule_factor(pattern) == Fraction(4799, 4800)


def test_a_change_of_hours_splits_the_period_and_seniority_raises_it():
    changed = person((date(2021, 7, 1), date(2026, 6, 30), FULL), (date(2026, 7, 1), None, THREE_LONG_DAYS))
    [one] = accrue(changed, [plan((9_600, 0), (12_000, 5))], date(2026, 12, 31))
    assert [(s.yearly_amount, s.schedule_factor) for s in one.stretches] == [
        (9_600, Fraction(1)),
        (12_000, Fraction(3, 4)),
    ]
    assert one.amount == int(9_600 * Fraction(181, 365) + 9_000 * Fraction(184, 365)) == 9_297


def test_caps_are_in_hours():
    monthly = plan((9_600, 0), frequency=Frequency.MONTHLY, yearly_cap=2_000)
    assert [
        one.amount for one in accrue(person((date(2020, 1, 1), None, FULL)), [monthly], date(2026, 3, 31))
    ] == [
        800,
        800,
        400,
    ]
    full = plan((9_600, 0), frequency=Frequency.MONTHLY, balance_cap=1_000)
    used = Entry(EntryKind.CONSUME, full.bucket(2026), -450, date(2026, 2, 10))
    who = person((date(2020, 1, 1), None, FULL), movements=(used,))
    assert [one.amount for one in accrue(who, [full], date(2026, 3, 31))] == [800, 200, 450]


def test_by_worked_time_a_long_day_weighs_more_than_a_short_one():
    """Ten hours on Monday, five on Tuesday to Friday: each Monday missed is ten of thirty hours of a week."""
    uneven = WorkingPattern((600, 300, 300, 300, 300, 0, 0))
    mondays = {date(2026, 2, day): 1000 for day in (2, 9, 16, 23)}
    monthly = plan(
        (9_600, 0),
        frequency=Frequency.MONTHLY,
        given_at=GivenAt.END,
        basis=Basis.WORKED,
        full_week_minutes=None,
    )
    who = person((date(2020, 1, 1), None, uneven), not_worked=mondays)
    # February 2026 is four whole weeks: 40 of 120 hours are missed.
    assert [one.amount for one in accrue(who, [monthly], date(2026, 2, 28))][-1] == 800 * 2 // 3
    tuesdays = {date(2026, 2, day): 1000 for day in (3, 10, 17, 24)}
    who = person((date(2020, 1, 1), None, uneven), not_worked=tuesdays)
    assert [one.amount for one in accrue(who, [monthly], date(2026, 2, 28))][-1] == 800 * 5 // 6


def test_the_rest_of_a_year_is_carried_over_and_lapses_in_hours():
    rule = plan((9_600, 0), carry_over=CarryOver(cap=2_400, through=(3, 31), protected=450))
    given_ = Entry(EntryKind.ACCRUE, rule.bucket(2026), 9_600, date(2026, 1, 1))
    used = Entry(EntryKind.CONSUME, rule.bucket(2026), -6_750, date(2026, 8, 3))
    settled = settle(rule, 2026, [given_, used])
    assert (settled.left, settled.carried, settled.protected, settled.lapsed) == (2_850, 1_950, 450, 450)
    [lapse] = lapses_of([given_, used, *settled.entries], rule, date(2027, 4, 1))
    assert (lapse.amount, lapse.effective_date) == (-1_950, date(2027, 4, 1))


@given(
    weekly=st.integers(0, 7200),
    minutes=st.integers(0, 360_000),
    frequency=st.sampled_from(Frequency),
    leaves=st.integers(0, 364),
)
def test_the_parts_of_a_year_add_up_and_no_minute_is_lost(weekly, minutes, frequency, leaves):
    who = person((date(2020, 1, 1), date(2026, 1, 1) + timedelta(days=leaves), WorkingPattern.spread(weekly)))
    given_ = accrue(who, [plan((minutes, 0), frequency=frequency)], date(2026, 12, 31))
    exact = sum((one.exact for one in given_), Fraction(0))
    assert sum(one.amount for one in given_) == int(exact)
