"""For whom a deputy decides: the chain is bounded, ends in no circle, and keeps to its types."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from portal.domain.delegations import Handover, Matter, check_delegation, deputies_of, stands_in_for
from portal.domain.refusals import Reason, Refusal

A, B, C, D, E = (UUID(int=number) for number in range(1, 6))
SICK, TRIP = UUID(int=90), UUID(int=91)
WARD, NIGHT, OWNER = UUID(int=80), UUID(int=81), UUID(int=70)
TODAY = date(2026, 6, 15)


def for_whom(deputy, *handovers):
    return [one.for_id for one in stands_in_for(deputy, [Handover(*handover) for handover in handovers])]


def test_a_chain_leads_back_to_whoever_handed_over_first():
    chain = ((A, B), (B, C), (C, D), (D, E))
    assert for_whom(B, *chain) == [A]
    assert for_whom(D, *chain) == [C, B, A]
    assert for_whom(E, *chain) == [D, C, B], "three hands, and no further"


def test_a_circle_ends():
    assert for_whom(A, (A, B), (B, A)) == [B]
    assert for_whom(A, (A, B), (B, C), (C, A)) == [C, B]


def test_the_hands_in_between_are_known():
    """Nobody decides over a request of any of them: it would be their own by a detour."""
    nearest, farthest = stands_in_for(C, [Handover(A, B), Handover(B, C)])
    assert nearest.hands == {B, C}
    assert farthest.hands == {A, B, C}


def test_a_chain_is_as_narrow_as_its_narrowest_part():
    (one, two) = stands_in_for(C, [Handover(A, B, SICK), Handover(B, C)])
    assert (one.type_id, two.type_id) == (None, SICK)
    assert for_whom(C, (A, B, SICK), (B, C, TRIP)) == [B]


def test_letters_go_to_all_who_may_decide():
    known = [Handover(A, B, SICK), Handover(B, C), Handover(A, D, TRIP), Handover(E, D)]
    assert deputies_of(A, Matter(SICK, OWNER), known) == {B, C}
    assert deputies_of(A, Matter(TRIP, OWNER), known) == {D}
    assert deputies_of(A, Matter(SICK, C), known) == {B}, "never their own by a detour"


@pytest.mark.parametrize(
    ("teams", "amount", "deputies"),
    [
        ({WARD, NIGHT}, 3_000, {B, C}),
        ({WARD}, 3_000, {B}),
        ({NIGHT}, 3_000, set()),
        ({WARD, NIGHT}, 3_500, {B}),
        ({WARD, NIGHT}, 5_500, set()),
    ],
)
def test_a_delegation_keeps_to_its_team_and_its_size_and_a_chain_to_all_of_them(teams, amount, deputies):
    known = [Handover(A, B, None, WARD, 5), Handover(B, C, None, NIGHT, 3)]
    assert deputies_of(A, Matter(SICK, OWNER, frozenset(teams), amount), known) == deputies


@pytest.mark.parametrize(
    ("deputy", "start", "end", "reason"),
    [
        (A, 0, 1, Reason.NOT_ONESELF),
        (B, 2, 1, Reason.END_BEFORE_START),
        (B, -9, -1, Reason.DAY_NOT_POSSIBLE),
        (B, 0, 366, Reason.DAY_NOT_POSSIBLE),
        (B, 900, 901, Reason.DAY_NOT_POSSIBLE),
    ],
)
def test_what_makes_no_sense_is_refused(deputy, start, end, reason):
    dates = {"start_date": TODAY + timedelta(start), "end_date": TODAY + timedelta(end), "today": TODAY}
    with pytest.raises(Refusal) as refused:
        check_delegation(giver_id=A, deputy_id=deputy, **dates)
    assert refused.value.reason is reason


def test_from_yesterday_until_today_is_possible():
    check_delegation(giver_id=A, deputy_id=B, start_date=TODAY - timedelta(1), end_date=TODAY, today=TODAY)
