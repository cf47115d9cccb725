"""What the next year will begin with before this one is settled: worked examples, and that it is what is posted."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.carried_ahead import carried_ahead, refuse_short_of_carried
from portal.domain.entitlement_plans import CarryOver, Milestone, Plan, SeniorityUnit
from portal.domain.ledger import Bucket, Entry, EntryKind, consumption
from portal.domain.refusals import Refusal
from portal.domain.year_ends import settle

TODAY = date(2026, 11, 2)
IN_FEBRUARY = date(2027, 2, 12)
LAPSING = Bucket(2026, date(2027, 1, 1), date(2027, 3, 31))
STAYING = Bucket(2026, date(2027, 1, 1), date(2027, 12, 31))


def with_rule(**rule) -> Plan:
    return Plan(date(2026, 1, 1), (Milestone(0, SeniorityUnit.DAYS, 25_000),), carry_over=CarryOver(**rule))


FIVE = with_rule(cap=5_000)


def account(plan: Plan, used: int) -> list[Entry]:
    """25 days of 2026 and of 2027, and what was used in August 2026."""
    given_ = [Entry(EntryKind.ACCRUE, plan.bucket(year), 25_000, date(year, 1, 1)) for year in (2026, 2027)]
    return [*given_, Entry(EntryKind.CONSUME, plan.bucket(2026), -used, date(2026, 8, 3))]


def carried(plan: Plan, entries, taken=(), through=IN_FEBRUARY) -> dict[Bucket, int]:
    found = carried_ahead([plan], entries, taken, today=TODAY, through=through)
    return {one.bucket: one.amount for one in found}


@pytest.mark.parametrize(
    ("rule", "used", "taken", "expected"),
    [
        # Eight left, at most five of them carried over, usable through 31 March.
        ({"cap": 5_000}, 17_000, (), {LAPSING: 5_000}),
        ({"cap": 5_000}, 22_000, (), {LAPSING: 3_000}),
        ({"cap": 5_000}, 25_000, (), {}),
        # Four that wait or are asked for in December stay behind.
        ({"cap": 5_000}, 17_000, [(date(2026, 12, 7), 4_000)], {LAPSING: 4_000}),
        ({"cap": 5_000}, 17_000, [(date(2027, 2, 8), 4_000)], {LAPSING: 5_000}),
        ({"cap": None, "through": None}, 17_000, (), {STAYING: 8_000}),
        ({"cap": 5_000, "protected": 2_000}, 17_000, (), {LAPSING: 3_000, STAYING: 2_000}),
        ({"cap": 0}, 17_000, (), {}),
    ],
)
def test_what_the_plan_carries_over_if_nothing_else_is_taken(rule, used, taken, expected):
    plan = with_rule(**rule)
    assert carried(plan, account(plan, used), taken) == expected


def test_a_year_that_runs_has_no_end_yet_and_a_settled_one_carries_nothing_twice():
    entries = account(FIVE, 17_000)
    assert carried(FIVE, entries, through=date(2026, 12, 31)) == {}
    assert carried(FIVE, [*entries, *settle(FIVE, 2026, entries).entries]) == {}


def test_six_days_in_february_take_the_five_carried_ones_first():
    entries = account(FIVE, 17_000)
    ahead = carried_ahead([FIVE], entries, (), today=TODAY, through=IN_FEBRUARY)
    days = [(date(2027, 2, day), 1_000) for day in range(8, 14)]
    taken = consumption([*entries, *ahead], days)
    assert [one.bucket.origin_year for one in taken] == [2026] * 5 + [2027]


def test_what_was_agreed_for_february_is_not_taken_away_in_december():
    """Five of eight days are spoken for in February: three more in December are possible, the fourth is not."""
    entries = account(FIVE, 17_000)
    entries += [Entry(EntryKind.CONSUME, LAPSING, -5_000, date(2027, 2, 8))]

    def ask(amount):
        charges = [(date(2026, 12, 7), amount)]
        ahead = [
            carried_ahead([FIVE], entries, one, today=TODAY, through=IN_FEBRUARY) for one in (charges, ())
        ]
        refuse_short_of_carried([*entries, *ahead[0]], [*entries, *ahead[1]], charges)

    ask(3_000)
    with pytest.raises(Refusal) as refused:
        ask(4_000)
    assert refused.value.details["missing"] == 1_000


@given(
    used=st.integers(0, 30_000),
    cap=st.none() | st.integers(0, 10_000),
    protected=st.integers(0, 10_000),
    through=st.none() | st.sampled_from([(3, 31), (12, 31), (2, 29)]),
    debt=st.booleans(),
)
def test_it_is_what_the_run_will_post(used, cap, protected, through, debt):
    plan = with_rule(cap=cap, protected=protected, through=through, carries_debt=debt)
    entries = account(plan, used)
    posted = [one for one in settle(plan, 2026, entries).entries if one.kind is EntryKind.CARRY_IN]
    ahead = carried_ahead([plan], entries, (), today=TODAY, through=IN_FEBRUARY)
    assert ahead == [one for one in posted if one.amount > 0]
