"""Which steps a request needs and whom they ask: never the owner, never nobody, nobody twice."""

from __future__ import annotations

from uuid import UUID

import pytest

from portal.domain.approvals import (
    ApproverKind,
    RequestFacts,
    StepMode,
    StepRule,
    is_agreed,
    plan_route,
)
from portal.domain.refusals import Refusal

EVE, MATS, ANA, OTTO = (UUID(int=number) for number in range(1, 5))
MANAGER, HR = StepRule(ApproverKind.LINE_MANAGER), StepRule(ApproverKind.HR)


def rule(**conditions):
    return StepRule(ApproverKind.HR, **conditions)


@pytest.mark.parametrize(
    ("conditions", "facts", "applies"),
    [
        ({}, RequestFacts(500, 90), True),
        ({"longer_than_days": 5}, RequestFacts(5000, 0), False),
        ({"longer_than_days": 5}, RequestFacts(5500, 0), True),
        ({"notice_below_days": 7}, RequestFacts(1000, 7), False),
        ({"notice_below_days": 7}, RequestFacts(1000, 6), True),
        ({"below_zero": True}, RequestFacts(1000, 0), False),
        ({"below_zero": True}, RequestFacts(1000, 0, below_zero=True), True),
        ({"breaks_staffing": True}, RequestFacts(1000, 0), False),
        ({"breaks_staffing": True}, RequestFacts(1000, 0, breaks_staffing=True), True),
        ({"longer_than_days": 5, "notice_below_days": 7}, RequestFacts(1000, 2), True),
        ({"longer_than_days": 5, "notice_below_days": 7}, RequestFacts(1000, 20), False),
    ],
)
def test_a_step_applies_when_any_of_its_conditions_holds(conditions, facts, applies):
    assert rule(**conditions).applies(facts) is applies


@pytest.mark.parametrize(
    "wrong",
    [
        {"longer_than_days": -1},
        {"notice_below_days": 400},
        {"mode": StepMode.SOME},
        {"mode": StepMode.SOME, "at_least": 1},
    ],
)
def test_conditions_have_limits(wrong):
    with pytest.raises(Refusal):
        rule(**wrong)


def people_of(found, fallback=()):
    return [set(step.people) for step in plan_route(found, owner_id=EVE, fallback=fallback)]


def test_the_owner_is_never_asked():
    assert people_of([(MANAGER, {EVE, MATS}), (HR, {ANA})]) == [{MATS}, {ANA}]


def test_who_finds_nobody_else_asks_those_who_decide_for_all():
    assert people_of([(MANAGER, set()), (HR, {EVE})], fallback={ANA, EVE}) == [{ANA}, {ANA}]


def test_where_nobody_is_above_it_counts_as_agreed_if_the_company_says_so():
    alone = StepRule(ApproverKind.LINE_MANAGER, agreed_if_nobody=True)
    assert people_of([(alone, set()), (HR, {ANA})], fallback={OTTO}) == [{ANA}]
    assert people_of([(alone, {MATS})], fallback={OTTO}) == [{MATS}]


@pytest.mark.parametrize(
    ("agreed", "enough"), [([ANA], False), ([ANA, OTTO], True), ([ANA, UUID(int=9)], False), ([], False)]
)
def test_so_many_of_them(agreed, enough):
    assert is_agreed(StepMode.SOME, {MATS, ANA, OTTO}, agreed, 2) is enough
    assert is_agreed(StepMode.SOME, {ANA}, [ANA], 2), "fewer than asked for are all of them"


def test_without_anybody_there_is_no_step():
    assert people_of([(MANAGER, set())], fallback={EVE}) == []


@pytest.mark.parametrize(
    ("mode", "agreed", "enough"),
    [
        (StepMode.ANY, [], False),
        (StepMode.ANY, [OTTO], False),
        (StepMode.ANY, [ANA], True),
        (StepMode.ALL, [ANA], False),
        (StepMode.ALL, [ANA, MATS, OTTO], True),
    ],
)
def test_any_or_all(mode, agreed, enough):
    assert is_agreed(mode, {MATS, ANA}, agreed) is enough
