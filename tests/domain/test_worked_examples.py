"""Worked examples that cross several rules: what others got wrong for years, each with its numbers."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_costs import CountingMethod, charge_of, cost_of
from portal.domain.accruals import PersonFacts, accrue
from portal.domain.entitlement_plans import CarryOver, Frequency, Milestone, Plan, SeniorityUnit, months_later
from portal.domain.entitlements import Rounding, RoundingPolicy, yearly_grant
from portal.domain.holiday_changes import give_back, new_charge
from portal.domain.holidays import HolidayPart, minutes_of
from portal.domain.ledger import Bucket, Entry, EntryKind, available, balance, consumption, release
from portal.domain.periods import DayPart, Part, expand
from portal.domain.staffing import Effect, Headcount, Measure, Metric, StaffingRule, Standing
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern
from portal.domain.year_ends import lapses_of, settle

DAYS, HOURS = CountingMethod
EVERY_YEAR = (Milestone(0, SeniorityUnit.YEARS, 25_000),)
PLAN = Plan(date(2025, 1, 1), EVERY_YEAR, carry_over=CarryOver(cap=5_000, through=(3, 31)))
OLD = Bucket(2025, date(2025, 1, 1), date(2025, 12, 31))
NEW = Bucket(2026, date(2026, 1, 1), date(2026, 12, 31))
FULL = WorkingPattern.spread(2400)


def given_in(bucket: Bucket, amount: int) -> Entry:
    return Entry(EntryKind.GRANT, bucket, amount, bucket.usable_from)


@pytest.mark.parametrize(("method", "monday", "friday"), [(DAYS, 1000, 1000), (HOURS, 540, 240)])
def test_a_long_and_a_short_day_cost_the_same_by_day_and_their_own_by_hour(method, monday, friday):
    """Nine hours on Monday, four on Friday: by the day each is a day, by the hour what would have been worked."""
    pattern = WorkingPattern((540, 540, 540, 540, 240, 0, 0))
    for day, expected in ((date(2026, 3, 2), monday), (date(2026, 3, 6), friday)):
        assert charge_of(DayPart(day), pattern.on(day), frozenset(), method) == expected


def test_nine_in_the_report_is_nine_carried_over():
    """Ten days off, one of which becomes a holiday afterwards: nine are used, and the year end reckons with nine."""
    held = [given_in(OLD, 12_000)]
    fortnight = [(date(2025, 9, day), 1000) for day in (1, 2, 3, 4, 5, 8, 9, 10, 11, 12)]
    taken = consumption(held, fortnight)
    assert sum(one.amount for one in taken) == -10_000
    holiday = [one for one in taken if one.effective_date == date(2025, 9, 10)]
    assert new_charge(1000, expected=1000, now=0) == 0
    posted = [*held, *taken, *give_back(holiday, 1000)]
    assert sum(one.amount for one in posted if one.kind is not EntryKind.GRANT) == -9_000
    done = settle(PLAN, 2025, posted)
    assert (done.left, done.carried, done.lapsed) == (3_000, 3_000, 0)


def test_what_was_carried_and_used_reduces_nothing_else():
    """Three carried and used in January: of this year's 25 all 25 are still there on 1 April, and nothing lapses."""
    posted = [given_in(OLD, 3_000)]
    posted += settle(PLAN, 2025, posted).entries
    posted += [given_in(NEW, 25_000)]
    posted += consumption(posted, [(date(2026, 1, day), 1000) for day in (5, 6, 7)])
    assert lapses_of(posted, PLAN, date(2026, 4, 1)) == []
    assert available(posted, [], date(2026, 4, 1)) == 25_000


def test_leave_of_april_given_back_in_may_lapses_at_once():
    """Taken on 31 March out of what was carried, given back in May: it returns into March's bucket and is gone."""
    posted = [given_in(OLD, 1_000)]
    posted += settle(PLAN, 2025, posted).entries
    taken = consumption(posted, [(date(2026, 3, 31), 1000)])
    back = [*posted, *taken, *release(taken)]
    assert balance(back, date(2026, 5, 4)) == 1_000
    assert available(back, [], date(2026, 5, 4)) == 0
    assert [one.amount for one in lapses_of(back, PLAN, date(2026, 5, 4))] == [-1_000]


def test_a_full_day_on_a_half_holiday_costs_half_and_so_does_the_half_that_is_left():
    """24 December, free from noon: the whole day and its morning cost 0.5 each, its afternoon nothing."""
    eve = date(2026, 12, 24)
    free = {eve: frozenset({minutes_of(HolidayPart.PM)})}
    for part, expected in ((Part.FULL, 500), (Part.AM, 500)):
        cost = cost_of([DayPart(eve, part)], scheduled=lambda _: 480, holidays=free)
        assert cost.total == expected
    assert charge_of(DayPart(eve, Part.PM), 480, free[eve], DAYS) == 0


def test_the_week_of_christmas_2026_costs_three_and_a_half_days():
    """Monday 21 to Friday 25 December: three whole days, half of Christmas Eve, nothing of Christmas Day."""
    free = {
        date(2026, 12, 24): frozenset({minutes_of(HolidayPart.PM)}),
        date(2026, 12, 25): frozenset({minutes_of(HolidayPart.FULL)}),
    }
    cost = cost_of(expand(date(2026, 12, 21), date(2026, 12, 27)), scheduled=FULL.on, holidays=free)
    assert cost.total == 3_500


def test_half_of_a_day_in_the_middle_of_a_request():
    """Any day of a request may be a half, not only its ends: Monday to Wednesday with half a Tuesday is 2.5 days."""
    parts = [DayPart(date(2026, 3, 2)), DayPart(date(2026, 3, 3), Part.PM), DayPart(date(2026, 3, 4))]
    assert cost_of(parts, scheduled=FULL.on, holidays={}).total == 2_500


def test_a_month_that_has_been_missed_is_given_all_the_same():
    """Nothing ran from January to May: on 1 June there are six months of 2,083 and a fraction, none lost."""
    monthly = Plan(
        date(2026, 1, 1),
        EVERY_YEAR,
        frequency=Frequency.MONTHLY,
        rounding=RoundingPolicy(Rounding.NEAREST, 1),
    )
    person = PersonFacts((EmploymentTerms(date(2020, 1, 1), None, FULL),))
    at_once = accrue(person, [monthly], date(2026, 6, 1))
    assert (len(at_once), sum(one.amount for one in at_once)) == (6, 12_500)
    night_by_night = [accrue(person, [monthly], date(2026, month, 1))[-1] for month in range(1, 7)]
    assert at_once == night_by_night


def test_half_a_day_today_and_three_and_a_half_by_june():
    """Twelve a year, one a month, two and a half taken in January: 0.5 on 1 March, and 3.5 by 1 June (2.3.4)."""
    monthly = Plan(
        date(2026, 1, 1),
        (Milestone(0, SeniorityUnit.YEARS, 12_000),),
        frequency=Frequency.MONTHLY,
        rounding=RoundingPolicy(Rounding.NEAREST, 1),
    )
    person = PersonFacts((EmploymentTerms(date(2020, 1, 1), None, FULL),))
    by = {
        day: sum(one.amount for one in accrue(person, [monthly], day))
        for day in (date(2026, 3, 1), date(2026, 6, 1))
    }
    assert [amount - 2_500 for amount in by.values()] == [500, 3_500]


@pytest.mark.parametrize(
    ("grain", "rounding", "granted"),
    [
        (1000, Rounding.UP, 13_000),
        (500, Rounding.UP, 13_000),
        (250, Rounding.UP, 12_750),
        (250, Rounding.NEAREST, 12_500),
        (1000, Rounding.DOWN, 12_000),
    ],
)
def test_half_a_year_by_each_policy_of_rounding(grain, rounding, granted):
    """25 days, here from 1 July 2026: 25 x 184 / 365 = 12.603 days before rounding, once and at the end."""
    policy = RoundingPolicy(rounding, grain)
    grant = yearly_grant(2026, 25_000, [EmploymentTerms(date(2026, 7, 1), None, FULL)], policy=policy)
    assert grant.exact == Fraction(25_000 * 184, 365)
    assert grant.amount == granted


def test_29_february():
    """A leap year is 366 days to a grant; a year of service from 29 February is over on the 28th."""
    leap_day = date(2028, 2, 29)
    worked = [EmploymentTerms(leap_day, None, FULL)]
    assert yearly_grant(2028, 25_000, worked).exact == Fraction(25_000 * 307, 366)
    assert [months_later(leap_day, months) for months in (12, 48)] == [date(2029, 2, 28), date(2032, 2, 29)]
    assert cost_of([DayPart(leap_day)], scheduled=FULL.on, holidays={}).total == 1000
    plan = Plan(date(2027, 1, 1), EVERY_YEAR, carry_over=CarryOver(through=(2, 29), cap=None))
    left = Bucket(2027, date(2027, 1, 1), date(2027, 12, 31))
    done = settle(plan, 2027, [given_in(left, 2_000)])
    [carried] = [one for one in done.entries if one.kind is EntryKind.CARRY_IN]
    assert carried.bucket.usable_through == leap_day


def test_two_approved_and_one_waiting_are_told_apart():
    """At most three of six away: two away and one who waits is well; two who wait make it tight, and never broken."""
    rule = StaffingRule(Metric.MOST_AWAY, Measure.PEOPLE, 3, Effect.BLOCK, date(2026, 1, 1))
    count = Headcount(6000, 2000, waiting=1000)
    assert (count.away, count.waiting, count.present) == (2000, 1000, 4000)
    assert rule.standing(count) is Standing.OK
    assert rule.standing(Headcount(6000, 2000, waiting=2000)) is Standing.TIGHT
    assert not rule.is_broken_by(count, 1000)
    assert rule.is_broken_by(count, 2000)


def test_a_period_in_which_nobody_may_be_away():
    """A block period is a rule of most away: nobody. It holds on its dates alone."""
    rule = StaffingRule(
        Metric.MOST_AWAY, Measure.PEOPLE, 0, Effect.BLOCK, date(2026, 12, 14), date(2026, 12, 23)
    )
    assert [rule.holds_on(date(2026, 12, day)) for day in (13, 14, 23, 24)] == [False, True, True, False]
    assert rule.is_broken_by(Headcount(6000), 500)


@given(
    carried=st.integers(0, 10_000),
    wish=st.lists(st.sampled_from([500, 1000]), min_size=1, max_size=8),
    lapses=st.booleans(),
)
def test_carried_days_are_used_first_whether_or_not_they_lapse(carried, wish, lapses):
    """What was carried is empty before a thousandth of the new year is touched."""
    rule = CarryOver(cap=None, through=(3, 31) if lapses else None)
    plan = Plan(date(2025, 1, 1), EVERY_YEAR, carry_over=rule)
    posted = [given_in(OLD, carried)]
    posted += [*settle(plan, 2025, posted).entries, given_in(NEW, 25_000)]
    days = [(date(2026, 2, 2 + number), amount) for number, amount in enumerate(wish)]
    taken = consumption(posted, days)
    from_new = -sum(one.amount for one in taken if one.bucket == NEW)
    assert from_new == max(0, sum(wish) - carried)
