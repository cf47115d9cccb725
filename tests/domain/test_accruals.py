"""Entitlement plans: what they give to one person, worked examples with their numbers, and what never breaks."""

from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.accruals import PersonFacts, accrue
from portal.domain.entitlement_plans import (
    Basis,
    CarryOver,
    Frequency,
    GivenAt,
    Milestone,
    Plan,
    SeniorityUnit,
    clamped,
    plan_on,
)
from portal.domain.entitlements import Rounding, RoundingPolicy, yearly_grant
from portal.domain.ledger import Bucket, Entry, EntryKind
from portal.domain.refusals import Refusal
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern

FULL = WorkingPattern.spread(2400)
THREE_DAYS = WorkingPattern((480, 480, 480, 0, 0, 0, 0))
EXACT = RoundingPolicy(Rounding.DOWN, grain=1)
YEAR_2026 = date(2026, 1, 1)


def milestone(amount: int, after: int = 0, unit: SeniorityUnit = SeniorityUnit.YEARS) -> Milestone:
    return Milestone(after, unit, amount)


def plan(*milestones: Milestone, valid_from: date = YEAR_2026, **rules) -> Plan:
    return Plan(valid_from, milestones or (milestone(25_000),), **rules)


def person(*employments: tuple[date, date | None, WorkingPattern], **facts) -> PersonFacts:
    terms = tuple(EmploymentTerms(*one) for one in employments or [(date(2020, 1, 1), None, FULL)])
    return PersonFacts(terms, **facts)


def amounts(*args, **kwargs) -> list[int]:
    return [one.amount for one in accrue(*args, **kwargs)]


def test_a_yearly_plan_gives_what_the_yearly_grant_gave():
    joined = person((date(2026, 7, 1), None, FULL))
    [given_] = accrue(joined, [plan(rounding=EXACT)], date(2026, 12, 31))
    assert given_.amount == yearly_grant(2026, 25_000, joined.employments, policy=EXACT).amount == 12_602
    assert (given_.effective_date, given_.exact) == (date(2026, 7, 1), Fraction(25_000 * 184, 365))
    assert given_.bucket == Bucket(2026, date(2026, 1, 1), date(2026, 12, 31))


def test_twelve_months_make_the_year_and_no_fraction_is_lost():
    monthly = plan(frequency=Frequency.MONTHLY, rounding=RoundingPolicy(Rounding.NEAREST, 1))
    given_ = amounts(person(), [monthly], date(2026, 12, 31))
    assert given_[:3] == [2083, 2084, 2083]
    assert (len(given_), sum(given_)) == (12, 25_000)


@pytest.mark.parametrize(
    ("frequency", "given_at", "days"),
    [
        (Frequency.QUARTERLY, GivenAt.START, [(1, 1), (4, 1), (7, 1), (10, 1)]),
        (Frequency.QUARTERLY, GivenAt.END, [(3, 31), (6, 30), (9, 30), (12, 31)]),
        (Frequency.HALF_YEARLY, GivenAt.START, [(1, 1), (7, 1)]),
        (Frequency.YEARLY, GivenAt.END, [(12, 31)]),
    ],
)
def test_parts_are_given_at_the_start_or_the_end_of_their_period(frequency, given_at, days):
    given_ = accrue(person(), [plan(frequency=frequency, given_at=given_at)], date(2026, 12, 31))
    assert [(one.effective_date.month, one.effective_date.day) for one in given_] == days


def test_the_31st_is_the_last_day_of_a_shorter_month_and_29_february_the_28th():
    monthly = plan(frequency=Frequency.MONTHLY, year_starts=(1, 31), valid_from=date(2026, 1, 31))
    days = [one.effective_date for one in accrue(person(), [monthly], date(2026, 6, 30))]
    assert days == [clamped(2026, month, 31) for month in range(1, 7)]
    assert (days[1], days[3]) == (date(2026, 2, 28), date(2026, 4, 30))
    leap = milestone(30_000, after=1)
    assert leap.reached_on(date(2024, 2, 29)) == date(2025, 2, 28)
    assert milestone(1, 1, SeniorityUnit.MONTHS).reached_on(date(2026, 1, 31)) == date(2026, 2, 28)


def test_seniority_raises_the_amount_from_its_day_on():
    senior = plan(milestone(20_000), milestone(25_000, 5), rounding=EXACT)  # five years here on 1 July 2026
    [given_] = accrue(person((date(2021, 7, 1), None, FULL)), [senior], date(2026, 12, 31))
    assert [(one.days, one.yearly_amount) for one in given_.stretches] == [(181, 20_000), (184, 25_000)]
    assert given_.amount == (20_000 * 181 + 25_000 * 184) // 365
    waits = plan(milestone(20_000, 90, SeniorityUnit.DAYS), frequency=Frequency.MONTHLY)
    fresh = accrue(person((date(2026, 1, 1), None, FULL)), [waits], date(2026, 4, 30))
    assert [bool(one.amount) for one in fresh] == [False, False, False, True]


def test_each_stretch_of_a_changing_pattern_has_its_own_factor():
    changed = person((date(2025, 1, 1), date(2026, 6, 30), FULL), (date(2026, 7, 1), None, THREE_DAYS))
    [given_] = accrue(changed, [plan(rounding=EXACT)], date(2026, 12, 31))
    assert [one.schedule_factor for one in given_.stretches] == [Fraction(1), Fraction(3, 5)]
    assert given_.amount == int(25_000 * (Fraction(181, 365) + Fraction(184, 365) * Fraction(3, 5)))
    [same] = accrue(changed, [plan(full_week_days=None)], date(2026, 12, 31))
    assert same.amount == 25_000


def test_leaving_ends_it_and_the_part_is_given_on_the_last_day():
    left = person((date(2020, 1, 1), date(2026, 3, 15), FULL))
    monthly = plan(milestone(24_000), frequency=Frequency.MONTHLY, given_at=GivenAt.END, rounding=EXACT)
    given_ = accrue(left, [monthly], date(2026, 12, 31))
    assert [one.amount for one in given_] == [2_000, 2_000, 967]
    assert given_[-1].effective_date == date(2026, 3, 15)


def test_a_new_plan_holds_from_its_day_and_leaves_the_past_alone():
    monthly = plan(milestone(24_000), frequency=Frequency.MONTHLY)
    more = plan(milestone(30_000), valid_from=date(2026, 7, 1), frequency=Frequency.MONTHLY)
    before = accrue(person(), [monthly], date(2026, 6, 30))
    both = accrue(person(), [monthly, more], date(2026, 12, 31))
    assert both[:6] == before
    assert [one.amount for one in both[6:]] == [2_500] * 6
    assert plan_on([monthly, more], date(2026, 6, 30)) is monthly
    assert plan_on([monthly], date(2025, 12, 31)) is None


def test_caps_hold_and_what_they_take_away_is_not_given_later():
    capped = plan(milestone(24_000), frequency=Frequency.MONTHLY, yearly_cap=5_000)
    assert amounts(person(), [capped], date(2026, 4, 30)) == [2_000, 2_000, 1_000, 0]
    assert sum(amounts(person(), [capped], date(2027, 12, 31))) == 10_000
    full = plan(milestone(24_000), frequency=Frequency.MONTHLY, balance_cap=3_000)
    used = Entry(EntryKind.CONSUME, full.bucket(2026), -1_500, date(2026, 3, 10))
    assert amounts(person(movements=(used,)), [full], date(2026, 4, 30)) == [2_000, 1_000, 0, 1_500]


def test_an_agreed_amount_stands_before_the_plan_until_it_ends():
    agreed = person(agreed=((date(2026, 2, 1), 30_000), (date(2026, 3, 1), None)))
    monthly = plan(milestone(24_000), frequency=Frequency.MONTHLY)
    assert amounts(agreed, [monthly], date(2026, 3, 31)) == [2_000, 2_500, 2_000]


def test_by_worked_time_days_that_do_not_count_earn_nothing():
    monthly = plan(milestone(24_000), frequency=Frequency.MONTHLY, basis=Basis.WORKED, rounding=EXACT)
    # January 2026 has 22 scheduled days; Saturday the 3rd is none of them.
    away = {date(2026, 1, day): 1000 for day in (2, 3, 5, 6, 7, 8, 9, 12, 13, 14, 15)} | {
        date(2026, 1, 16): 1000
    }
    assert amounts(person(not_worked=away), [monthly], date(2026, 1, 31)) == [1_000]


@pytest.mark.parametrize(
    "build",
    [
        lambda: plan(milestone(1), milestone(2)),
        lambda: milestone(-1),
        lambda: milestone(366_001),
        lambda: plan(yearly_cap=0),
        lambda: plan(year_starts=(13, 1)),
        lambda: CarryOver(cap=-1),
    ],
)
def test_what_makes_no_sense_is_refused(build):
    with pytest.raises(Refusal):
        build()


DAYS = st.integers(0, 700).map(lambda offset: date(2025, 6, 1) + timedelta(days=offset))
PATTERNS = st.sampled_from([FULL, THREE_DAYS, WorkingPattern((480, 0, 0, 0, 0, 0, 0))])
PLANS = st.builds(
    plan,
    st.integers(0, 40_000).map(milestone),
    st.integers(1, 30).map(lambda months: milestone(30_000, months, SeniorityUnit.MONTHS)),
    frequency=st.sampled_from(Frequency),
    given_at=st.sampled_from(GivenAt),
    year_starts=st.sampled_from([(1, 1), (4, 1), (2, 29), (8, 31)]),
    rounding=st.builds(RoundingPolicy, st.sampled_from(Rounding), st.sampled_from([1, 250, 500, 1000])),
    yearly_cap=st.none() | st.integers(1, 30_000),
    balance_cap=st.none() | st.integers(1, 30_000),
)


@st.composite
def people(draw) -> PersonFacts:
    cuts = sorted(draw(st.sets(DAYS, min_size=1, max_size=4)))
    ends: list[date | None] = [day - timedelta(days=1) for day in cuts[1:]]
    return person(*[(start, end, draw(PATTERNS)) for start, end in zip(cuts, [*ends, None], strict=True)])


@given(people(), PLANS, DAYS, DAYS)
def test_night_after_night_gives_what_one_night_gives(who, rules, one, other):
    earlier, later = sorted((one, other))
    first = accrue(who, [rules], earlier)
    assert accrue(who, [rules], later)[: len(first)] == first
    assert all(found.effective_date <= earlier for found in first)
    keys = [(found.plan.valid_from, found.period.start_date) for found in accrue(who, [rules], later)]
    assert len(set(keys)) == len(keys)


@given(people(), PLANS, DAYS)
def test_what_comes_later_never_moves_what_is_past(who, rules, change):
    """New terms or a new plan from a day on leave every period that was over before as it was."""
    rules = replace(rules, balance_cap=None)
    ended = tuple(
        replace(one, end_date=min(one.end_date or change, change))
        for one in who.employments
        if one.start_date <= change
    )
    new_terms = PersonFacts((*ended, EmploymentTerms(change + timedelta(days=1), None, THREE_DAYS)))
    horizon = date(2027, 12, 31)
    for facts, plans in (
        (new_terms, [rules]),
        (who, [rules, replace(rules, valid_from=max(change, YEAR_2026) + timedelta(days=1))]),
    ):
        over = [one for one in accrue(who, [rules], horizon) if one.period.end_date <= change]
        now = [one for one in accrue(facts, plans, horizon) if one.period.end_date <= change]
        if facts.since == who.since:
            assert now == over


@given(people(), PLANS)
def test_the_parts_of_a_year_add_up_to_the_year_rounded_once(who, rules):
    rules = replace(rules, yearly_cap=None, balance_cap=None)
    given_ = [one for one in accrue(who, [rules], date(2029, 1, 1)) if one.period.year == 2027]
    exact = sum((one.exact for one in given_), Fraction(0))
    assert sum(one.amount for one in given_) == rules.rounding.round(exact)
