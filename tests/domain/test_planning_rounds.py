"""The proposal of a planning round: fair, explained, the same whatever the order, and never past a rule."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.planning_rounds import Bid, Limit, TieBreak, check_round, propose
from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import PERSON, Effect, Headcount, Measure, Metric, StaffingRule

MONDAY = date(2027, 8, 2)
NOON = datetime(2027, 1, 4, 12, tzinfo=UTC)


def at_most(number, effect=Effect.BLOCK, *, expected=5, away=0):
    rule = StaffingRule(Metric.MOST_AWAY, Measure.PEOPLE, number, effect, date(2027, 1, 1))
    return Limit(rule, Headcount(expected * PERSON, away * PERSON))


def bid(number, weight=2, *, days=("mon",), **more):
    return Bid(UUID(int=number), weight, NOON + timedelta(hours=number), dict.fromkeys(days, PERSON), **more)


def granted(bids, limits, tie_break=TieBreak.FIRST_COME):
    return {one.bid.id.int for one in propose(bids, limits, tie_break).values() if one.granted}


def test_what_matters_most_comes_first_then_who_won_less_then_the_tie_break():
    limits = {"mon": at_most(1)}
    assert granted([bid(1, 1), bid(2, 3), bid(3, 2)], limits) == {2}
    assert granted([bid(1, 3, won=2), bid(2, 3, won=1)], limits) == {2}
    assert granted([bid(2), bid(1)], limits) == {1}
    longer = bid(2, employed_since=date(2010, 1, 1))
    assert granted([bid(1, employed_since=date(2020, 1, 1)), longer], limits, TieBreak.SENIORITY) == {2}
    rested = bid(2, last_won=date(2024, 7, 1))
    assert granted([bid(1, last_won=date(2026, 7, 1)), rested], limits, TieBreak.ROTATION) == {2}
    assert granted([bid(1, last_won=date(2026, 7, 1)), bid(2)], limits, TieBreak.ROTATION) == {2}
    assert granted([bid(1, 3, late=True), bid(2, 1)], limits) == {2}


def test_a_hand_goes_first_and_what_speaks_against_it_is_said():
    found = propose([bid(1, 3), bid(2, 1, granted_by_hand=True)], {"mon": at_most(1)}, TieBreak.FIRST_COME)
    one, other = found[UUID(int=1)], found[UUID(int=2)]
    assert (one.granted, one.against, one.contested) == (False, "mon", True)
    assert (other.granted, other.against) == (True, None)
    both = propose([bid(1, granted_by_hand=True), bid(2, granted_by_hand=True)], {"mon": at_most(1)}, TieBreak.ROTATION)  # fmt: skip  # noqa: E501
    assert [one.granted for one in both.values()] == [True, True]
    assert both[UUID(int=2)].against == "mon"


def test_a_rule_that_only_informs_refuses_nobody_and_makes_no_conflict():
    found = propose([bid(1), bid(2)], {"mon": at_most(1, Effect.INFO)}, TieBreak.FIRST_COME)
    assert all(one.granted and not one.contested for one in found.values())


KEYS = ("mon", "tue", "wed")
BIDS = st.lists(
    st.builds(
        lambda weight, hour, takes, won, late: (weight, hour, takes, won, late),
        st.integers(1, 3),
        st.integers(0, 5),
        st.dictionaries(st.sampled_from(KEYS), st.sampled_from([500, 1000]), min_size=1),
        st.integers(0, 2),
        st.booleans(),
    ),
    max_size=9,
)
LIMITS = st.fixed_dictionaries(
    {
        key: st.builds(at_most, st.integers(0, 4), st.sampled_from(Effect), away=st.integers(0, 5))
        for key in KEYS
    }
)


@given(BIDS, LIMITS, st.sampled_from(TieBreak), st.randoms())
def test_no_rule_is_broken_nobody_is_refused_for_nothing_and_order_does_not_matter(
    several, limits, tie_break, random
):
    bids = [
        Bid(UUID(int=number), weight, NOON + timedelta(hours=hour), takes, won, late=late)
        for number, (weight, hour, takes, won, late) in enumerate(several)
    ]
    found = propose(bids, limits, tie_break)
    shuffled = list(bids)
    random.shuffle(shuffled)
    assert propose(shuffled, limits, tie_break) == found
    away = dict.fromkeys(KEYS, 0)
    for one in found.values():
        for key, more in one.bid.takes.items() if one.granted else ():
            away[key] += more
    for key, limit in limits.items():
        if limit.holds and away[key]:
            assert not limit.rule.is_broken_by(limit.count, away[key])
    for one in found.values():
        if not one.granted:
            limit = limits[one.against]
            after = limit.count.with_away(away[one.against])
            assert limit.holds and limit.rule.is_broken_by(after, one.bid.takes[one.against])
            assert one.contested


@pytest.mark.parametrize(
    ("start", "end", "deadline", "field"),
    [
        (MONDAY, MONDAY - timedelta(days=1), MONDAY - timedelta(days=9), "end_date"),
        (MONDAY, MONDAY + timedelta(days=366), MONDAY - timedelta(days=9), "end_date"),
        (date(2026, 6, 1), date(2026, 6, 9), date(2026, 6, 1), "start_date"),
        (MONDAY, MONDAY, MONDAY, "deadline"),
        (MONDAY, MONDAY, date(2026, 1, 1), "deadline"),
    ],
)
def test_a_round_is_about_days_to_come(start, end, deadline, field):
    with pytest.raises(Refusal) as refused:
        check_round(start, end, deadline, today=date(2026, 6, 1))
    assert refused.value.field == field
    assert refused.value.reason in set(Reason)
