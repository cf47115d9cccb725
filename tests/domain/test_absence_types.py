"""Which rules of a type hold on a day, and what they have against a request."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_types import TypeRules, Unit, check_wish, rules_on
from portal.domain.periods import DayPart, Part, expand
from portal.domain.refusals import Reason, Refusal

TODAY = date(2026, 6, 15)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))


def refused(rules, first, last=None, **parts):
    last = last or first
    found = check_wish(rules, expand(first, last, **parts), start_date=first, end_date=last, today=TODAY)
    return found and found.reason


@given(st.dictionaries(DAYS, st.integers(0, 100)), DAYS, DAYS)
def test_a_change_leaves_every_day_before_it_as_it_was(changes, valid_from, day):
    first = TypeRules(notice_days=200)
    later = [
        (begins, TypeRules(notice_days=number)) for begins, number in changes.items() if begins != valid_from
    ]
    before = rules_on(first, later, day)
    after = rules_on(first, [*later, (valid_from, TypeRules(notice_days=300))], day)
    if day < valid_from:
        assert after == before
    elif not any(valid_from < begins <= day for begins in changes):
        assert after.notice_days == 300


def test_the_order_in_which_changes_are_read_does_not_matter():
    later = [(date(2026, 3, 1), TypeRules(notice_days=3)), (date(2026, 2, 1), TypeRules(notice_days=2))]
    days = [date(2026, 1, 31), date(2026, 2, 1), date(2026, 2, 28), date(2026, 3, 1)]
    said = [rules_on(TypeRules(notice_days=1), later, day).notice_days for day in days]
    assert said == [1, 2, 2, 3]
    assert said == [rules_on(TypeRules(notice_days=1), later[::-1], day).notice_days for day in days]


def test_no_rules_no_objection():
    assert refused(TypeRules(), TODAY - timedelta(days=30), first_part=Part.AM) is None


@pytest.mark.parametrize("part", [Part.AM, Part.PM])
def test_whole_days_only(part):
    assert refused(TypeRules(unit=Unit.DAY), TODAY, first_part=part) is Reason.HALF_DAYS_NOT_POSSIBLE
    assert refused(TypeRules(unit=Unit.DAY), TODAY) is None


def test_notice_counts_from_today_to_the_first_day():
    rules = TypeRules(notice_days=14)
    assert refused(rules, TODAY + timedelta(days=13)) is Reason.NOTICE_TOO_SHORT
    assert refused(rules, TODAY + timedelta(days=14)) is None


def test_the_longest_stretch_counts_both_ends():
    rules = TypeRules(longest_days=5)
    assert refused(rules, TODAY, TODAY + timedelta(days=4)) is None
    assert refused(rules, TODAY, TODAY + timedelta(days=5)) is Reason.PERIOD_TOO_LONG


@pytest.mark.parametrize(
    "wrong",
    [
        {"yearly_entitlement": 0},
        {"yearly_entitlement": 366_001},
        {"notice_days": -1},
        {"longest_days": 0},
        {"overdraft": -1},
        {"proof_from_days": 0},
    ],
)
def test_numbers_without_sense_are_refused(wrong):
    with pytest.raises(Refusal) as found:
        TypeRules(**wrong)
    assert found.value.reason is Reason.NUMBER_OUT_OF_RANGE


def test_hours_need_a_type_that_takes_hours():
    hours = [DayPart(TODAY, Part.FROM_TO, 8 * 60, 10 * 60)]
    said = {
        unit: check_wish(TypeRules(unit=unit), hours, start_date=TODAY, end_date=TODAY, today=TODAY)
        for unit in Unit
    }
    assert said[Unit.HOUR] is None
    assert said[Unit.HALF].reason is Reason.HOURS_NOT_POSSIBLE
    assert said[Unit.DAY].reason is Reason.HALF_DAYS_NOT_POSSIBLE


@pytest.mark.parametrize(
    ("from_days", "last", "needed"), [(None, 30, False), (1, 0, True), (4, 2, False), (4, 3, True)]
)
def test_a_proof_is_needed_once_it_lasts_so_long(from_days, last, needed):
    rules = TypeRules(proof_from_days=from_days)
    assert rules.needs_proof(TODAY, TODAY + timedelta(days=last)) is needed
