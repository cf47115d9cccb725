"""The packs of law: their worked examples come out, their dates hold, and nothing claims to be certain that is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from portal.domain.absence_costs import CountingMethod
from portal.domain.law_packs import cz, de, eu, sk
from portal.domain.law_packs.rules import LawRule, RuleKey
from portal.domain.law_packs.shelf import PACKS, changes_after, find_rule, pack_of, rules_on
from portal.domain.law_packs.worked import answer, earned_minutes, least_days

TODAY = date(2026, 7, 24)
EXAMPLES = [(pack, example) for pack in PACKS.values() for example in pack.examples]


@pytest.mark.parametrize(
    ("pack", "example"), EXAMPLES, ids=lambda one: getattr(one, "name", getattr(one, "question", None))
)
def test_every_worked_example_comes_out(pack, example):
    assert answer(pack, example.question, example.given, TODAY) == example.expected


def test_every_pack_says_the_least_and_has_an_example():
    assert set(PACKS) == {"CZ", "SK", "DE", "AT", "PL", "EU"}
    for pack in PACKS.values():
        assert least_days(pack, TODAY, 5) >= least_days(eu.PACK, TODAY, 5) == 20_000, pack.name
        assert pack.examples, pack.name


def test_only_what_a_source_was_read_for_is_certain():
    certain = {(pack.country, rule.key) for pack in PACKS.values() for rule in pack.rules if rule.certain}
    assert certain == {
        ("EU", RuleKey.LAPSE_NOTICE),
        ("CZ", RuleKey.COUNTING),
        ("CZ", RuleKey.EARNED_IN_PARTS),
    }


@pytest.mark.parametrize("pack", PACKS.values(), ids=lambda pack: pack.name)
def test_two_rules_of_one_kind_never_hold_on_the_same_day(pack):
    by_key: dict[RuleKey, list[LawRule]] = {}
    for rule in pack.rules:
        by_key.setdefault(rule.key, []).append(rule)
    for several in by_key.values():
        for rule in several:
            assert [one for one in several if one.holds_on(rule.valid_from)] == [rule]


def test_czechia_counts_hours_since_2021_to_the_day():
    def counted(day):
        return find_rule(cz.PACK, RuleKey.COUNTING, day).value

    assert counted(date(2020, 12, 31)) is CountingMethod.DAYS
    assert counted(date(2021, 1, 1)) is CountingMethod.HOURS
    assert find_rule(cz.PACK, RuleKey.EARNED_IN_PARTS, date(2020, 12, 31)) is None


def test_slovakia_has_the_employer_pay_fourteen_days_of_an_illness_since_2026():
    def paid(day):
        return find_rule(sk.PACK, RuleKey.SICK_PAY, day).value

    assert (paid(date(2025, 12, 31)), paid(date(2026, 1, 1))) == (10, 14)


def test_what_changes_is_told_by_date_and_only_before_it_does():
    changes = changes_after(cz.PACK, date(2020, 12, 31))
    assert {change.day for change in changes} == {date(2021, 1, 1)}
    ends = [change.rule.value for change in changes if not change.begins]
    assert ends == [CountingMethod.DAYS]
    assert changes_after(cz.PACK, date(2021, 1, 1)) == []


def test_a_part_of_the_year_is_earned_in_exact_parts():
    assert earned_minutes(cz.PACK, TODAY, 40 * 60, 40) == Fraction(160 * 60 * 40, 52)
    assert earned_minutes(cz.PACK, TODAY, 40 * 60, 53) > 160 * 60


def test_the_union_fills_in_what_a_country_leaves_open_and_overrules_nothing():
    rules = {rule.key: rule for rule in rules_on(de.PACK, TODAY)}
    assert rules[RuleKey.LAPSE_NOTICE].place == "C-684/16"
    assert rules[RuleKey.LEAST_LEAVE].value == 24
    assert RuleKey.LAPSE_NOTICE not in {rule.key for rule in rules_on(de.PACK, date(2018, 11, 5))}


def test_a_member_without_a_pack_runs_that_of_the_union_and_others_none():
    assert pack_of("FR") is eu.PACK
    assert pack_of("CZ") is cz.PACK
    assert pack_of("CH") is None


def test_a_rule_does_not_end_before_it_begins():
    with pytest.raises(ValueError, match="ends before"):
        replace(cz.PACK.rules[0], valid_to=date(1999, 1, 1))
