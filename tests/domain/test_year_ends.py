"""The end of a year: carried over under a cap, lapsed on the day after, debts, and nothing lost on the way."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.entitlement_plans import CarryOver, Milestone, Plan, SeniorityUnit
from portal.domain.ledger import Bucket, Entry, EntryKind, available, balance, consumption, release
from portal.domain.year_ends import carried_through, lapses_of, settle

PLAN = Plan(
    date(2025, 1, 1),
    (Milestone(0, SeniorityUnit.YEARS, 25_000),),
    carry_over=CarryOver(cap=5_000, through=(3, 31)),
)
OLD = Bucket(2025, date(2025, 1, 1), date(2025, 12, 31))
NEW = Bucket(2026, date(2026, 1, 1), date(2026, 12, 31))
CARRIED = Bucket(2025, date(2026, 1, 1), date(2026, 3, 31))
STAYING = Bucket(2025, date(2026, 1, 1), date(2026, 12, 31))


def grant(amount: int, bucket: Bucket = OLD) -> Entry:
    return Entry(EntryKind.GRANT, bucket, amount, bucket.usable_from)


def with_rule(**rule) -> Plan:
    return replace(PLAN, carry_over=replace(PLAN.carry_over, **rule))


def test_seven_left_carry_five_and_two_lapse_on_1_january():
    done = settle(PLAN, 2025, [grant(7_000)])
    assert (done.left, done.carried, done.protected, done.lapsed) == (7_000, 5_000, 0, 2_000)
    assert set(done.entries) == {
        Entry(EntryKind.EXPIRE, OLD, -2_000, date(2026, 1, 1)),
        Entry(EntryKind.TRANSFER, OLD, -5_000, date(2026, 1, 1)),
        Entry(EntryKind.CARRY_IN, CARRIED, 5_000, date(2026, 1, 1)),
    }


def test_carried_days_are_usable_through_31_march_and_lapse_on_1_april():
    posted = [grant(7_000), *settle(PLAN, 2025, [grant(7_000)]).entries]
    assert available(posted, [], date(2026, 3, 31)) == 5_000
    assert lapses_of(posted, PLAN, date(2026, 3, 31)) == []
    [lapse] = lapses_of(posted, PLAN, date(2026, 4, 1))
    assert lapse == Entry(EntryKind.EXPIRE, CARRIED, -5_000, date(2026, 4, 1))
    assert lapses_of([*posted, lapse], PLAN, date(2026, 12, 31)) == []


def test_what_ends_with_a_year_waits_for_the_settlement():
    assert lapses_of([grant(7_000)], PLAN, date(2026, 6, 1)) == []


def test_a_protected_part_does_not_lapse_in_march():
    done = settle(with_rule(protected=2_000), 2025, [grant(7_000)])
    assert (done.carried, done.protected, done.lapsed) == (3_000, 2_000, 2_000)
    posted = [grant(7_000), *done.entries]
    assert [one.amount for one in lapses_of(posted, PLAN, date(2026, 4, 1))] == [-3_000]
    assert available(posted, [], date(2026, 12, 31)) == 2_000


def test_carried_days_are_used_first_even_where_they_do_not_lapse():
    kept = settle(with_rule(through=None), 2025, [grant(7_000)])
    assert (kept.carried, kept.protected) == (0, 5_000)
    posted = [grant(7_000), *kept.entries, grant(25_000, NEW)]
    taken = consumption(posted, [(date(2026, 2, 2), 6_000)])
    assert [(one.bucket, one.amount) for one in taken] == [(STAYING, -5_000), (NEW, -1_000)]


def test_a_request_across_the_lapse_is_split_at_that_day():
    """30 March to 2 April: two days from what is carried, the rest of it lapses, two from the new year."""
    posted = [grant(7_000), *settle(PLAN, 2025, [grant(7_000)]).entries, grant(25_000, NEW)]
    days = [(date(2026, 3, 30), 1_000), (date(2026, 3, 31), 1_000), (date(2026, 4, 1), 1_000)]
    taken = consumption(posted, days)
    assert [one.bucket for one in taken] == [CARRIED, CARRIED, NEW]
    assert [one.amount for one in lapses_of([*posted, *taken], PLAN, date(2026, 4, 1))] == [-3_000]


def test_a_request_across_the_new_year_is_split_at_that_day():
    taken = consumption(
        [grant(1_000), grant(25_000, NEW)], [(date(2025, 12, 31), 1_000), (date(2026, 1, 2), 1_000)]
    )
    assert [one.bucket for one in taken] == [OLD, NEW]


def test_taking_back_time_off_after_the_lapse_lets_it_lapse_again():
    posted = [grant(7_000), *settle(PLAN, 2025, [grant(7_000)]).entries]
    taken = consumption(posted, [(date(2026, 3, 30), 5_000)])
    assert lapses_of([*posted, *taken], PLAN, date(2026, 4, 2)) == []
    back = [*posted, *taken, *release(taken)]
    assert [one.amount for one in lapses_of(back, PLAN, date(2026, 4, 2))] == [-5_000]


@pytest.mark.parametrize(("carries", "next_year"), [(True, 23_000), (False, 25_000)])
def test_debts_are_carried_or_written_off_and_never_lapse(carries, next_year):
    rule = with_rule(carries_debt=carries)
    posted = [grant(-2_000), grant(25_000, NEW)]
    done = settle(rule, 2025, posted)
    assert (done.owed, done.written_off) == ((2_000, 0) if carries else (0, 2_000))
    after = [*posted, *done.entries]
    assert available(after, [], date(2026, 6, 1)) == next_year
    assert balance((one for one in after if one.bucket == OLD), date(2026, 1, 1)) == 0
    assert sum(one.amount for one in consumption(after, [(date(2026, 6, 1), next_year)])) == -next_year


def test_waiting_requests_of_the_old_year_keep_their_days_until_they_are_decided():
    done = settle(PLAN, 2025, [grant(7_000)], waiting=3_000)
    assert (done.held_back, done.carried, done.lapsed) == (3_000, 4_000, 0)
    again = settle(PLAN, 2025, [grant(7_000), *done.entries])
    assert (again.carried, again.lapsed) == (1_000, 2_000)


@pytest.mark.parametrize(
    ("starts", "through", "last"),
    [
        ((1, 1), (3, 31), date(2026, 3, 31)),
        ((1, 1), (2, 29), date(2026, 2, 28)),
        ((1, 1), None, date(2026, 12, 31)),
        ((4, 1), (3, 31), date(2027, 3, 31)),
        ((4, 1), (6, 30), date(2026, 6, 30)),
    ],
)
def test_the_last_day_of_what_is_carried(starts, through, last):
    rule = replace(with_rule(through=through), year_starts=starts)
    assert carried_through(rule, 2025) == last


AMOUNTS = st.integers(-20_000, 20_000)
RULES = st.builds(
    CarryOver,
    cap=st.none() | st.integers(0, 10_000),
    through=st.none() | st.just((3, 31)),
    protected=st.integers(0, 6_000),
    carries_debt=st.booleans(),
)


@given(AMOUNTS, AMOUNTS, RULES, st.integers(0, 5_000))
def test_every_thousandth_is_carried_lapsed_or_still_there(this_year, older, rule, waiting):
    plan = replace(PLAN, carry_over=rule)
    kept = Bucket(2024, date(2025, 1, 1), date(2025, 12, 31))
    before = [grant(this_year), grant(older, kept)]
    done = settle(plan, 2025, before, waiting=waiting)
    assert sum(one.amount for one in done.entries) == done.written_off - done.lapsed
    assert (
        done.left
        == done.held_back + done.carried + done.protected + done.lapsed - done.owed - done.written_off
    )
    assert rule.cap is None or done.carried + done.protected <= rule.cap
    after = [*before, *done.entries]
    assert sum(one.amount for one in after if one.bucket in (OLD, kept)) == done.held_back
    assert settle(plan, 2025, after, waiting=waiting).entries == ()
