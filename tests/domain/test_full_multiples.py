"""Leave by full multiples of the weekly hours worked, as Czech law counts it: worked examples and what never breaks."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_costs import CountingMethod
from portal.domain.accruals import PersonFacts, accrue
from portal.domain.entitlement_plans import Basis, Frequency, GivenAt, Milestone, Plan, SeniorityUnit
from portal.domain.entitlements import Rounding, RoundingPolicy
from portal.domain.law_packs.cz import PACK
from portal.domain.law_packs.worked import earned_minutes
from portal.domain.working_patterns import EmploymentTerms, WorkingPattern

FULL, HALF = WorkingPattern.spread(40 * 60), WorkingPattern.spread(20 * 60)
LAST = date(2026, 12, 31)
WHOLE_HOURS = RoundingPolicy(Rounding.UP, 60)
EXACT = RoundingPolicy(Rounding.DOWN, 1)


def plan(rounding=WHOLE_HOURS, **rules) -> Plan:
    """Four weeks of forty hours; the hours of a part-time week in proportion."""
    return Plan(
        date(2026, 1, 1),
        (Milestone(0, SeniorityUnit.DAYS, 160 * 60),),
        basis=Basis.MULTIPLES,
        counting=CountingMethod.HOURS,
        full_week_days=None,
        full_week_minutes=40 * 60,
        rounding=rounding,
        **rules,
    )


def person(*employments, **facts) -> PersonFacts:
    terms = employments or ((date(2020, 1, 1), None, FULL),)
    return PersonFacts(tuple(EmploymentTerms(*one) for one in terms), **facts)


def missed(first: date, working_days: int) -> dict[date, int]:
    """So many working days in a row that do not count as worked."""
    days = (first + timedelta(days=n) for n in range(366))
    return dict.fromkeys([day for day in days if day.isoweekday() <= 5][:working_days], 1000)


@pytest.mark.parametrize(
    ("who", "times", "full", "hours"),
    [
        # 261 working days are 52.2 weeks: the whole year, and no more than it.
        (person(), Fraction(261, 5), 52, 160),
        (person((date(2020, 1, 1), None, HALF)), Fraction(261, 5), 52, 80),
        # From 1 July 132 working days.
        (person((date(2026, 7, 1), None, FULL)), Fraction(132, 5), 26, 80),
        # Thirteen weeks unpaid: 196 days worked.
        (person(not_worked=missed(date(2026, 3, 2), 65)), Fraction(196, 5), 39, 120),
        # From 15 December: 2 x 160 / 52 = 6.15 hours, up to whole ones. The law may want four weeks at least.
        (person((date(2026, 12, 15), None, FULL)), Fraction(13, 5), 2, 7),
        # Half a year full, half a year half: 129 and 132 days, 160 x 129/261 + 80 x 132/261 = 119.54 hours.
        (
            person((date(2020, 1, 1), date(2026, 6, 30), FULL), (date(2026, 7, 1), None, HALF)),
            Fraction(261, 5),
            52,
            120,
        ),
    ],
)
def test_worked_examples(who, times, full, hours):
    [one] = accrue(who, [plan()], LAST)
    assert (one.multiples.times, one.multiples.full) == (times, full)
    assert one.amount == hours * 60


@given(st.dates(date(2026, 1, 1), LAST), st.integers(0, 120), st.sampled_from(Frequency))
def test_parts_of_the_year_make_the_year_and_the_law_pack_agrees(joined, days, frequency):
    """However the year is cut, nothing of a multiple is lost; and it is what the pack says of so many weeks."""
    who = person((joined, None, FULL), not_worked=missed(date(2026, 2, 2), days))
    yearly = accrue(who, [plan(EXACT)], LAST)
    parts = accrue(who, [plan(EXACT, frequency=frequency, given_at=GivenAt.END)], LAST)
    assert sum(one.amount for one in parts) == sum(one.amount for one in yearly)
    [whole] = yearly
    assert whole.exact == earned_minutes(PACK, LAST, 40 * 60, whole.multiples.full)
    assert whole.multiples.full <= whole.multiples.times
