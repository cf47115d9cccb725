"""What overtime gives: how long it can be used, how much fits on the account, and what can be taken out again."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.ledger import Bucket, Entry, EntryKind, consumption, expiry
from portal.domain.overtime import (
    OvertimeRules,
    OvertimeStatus,
    OvertimeStep,
    check_minutes,
    credit,
    next_status,
    reversed_credit,
)
from portal.domain.refusals import Reason, Refusal

TODAY = date(2026, 5, 2)
HALF_A_YEAR = OvertimeRules(6)


def reason_of(call, *arguments, **named) -> Reason:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value.reason


@pytest.mark.parametrize(
    ("worked_on", "months", "through"),
    [
        (date(2026, 5, 1), 6, date(2026, 11, 30)),
        (date(2026, 5, 31), 6, date(2026, 11, 30)),
        (date(2025, 8, 31), 6, date(2026, 2, 28)),
        (date(2027, 8, 15), 6, date(2028, 2, 29)),
        (date(2026, 12, 31), 1, date(2027, 1, 31)),
        (date(2026, 12, 31), 12, date(2027, 12, 31)),
    ],
)
def test_hours_can_be_used_through_the_end_of_a_month(worked_on, months, through):
    bucket = OvertimeRules(months).bucket(worked_on)
    assert (bucket.usable_from, bucket.usable_through) == (worked_on.replace(day=1), through)
    assert bucket.origin_year == worked_on.year


def test_hours_cannot_be_used_before_they_were_worked():
    given_ = credit(date(2026, 4, 20), 120, HALF_A_YEAR, [], TODAY)
    assert given_.kind is EntryKind.TRANSFER
    taken = consumption([given_], [(date(2026, 4, 20), 120)])
    assert [one.amount for one in taken] == [-120]
    assert reason_of(consumption, [given_], [(date(2026, 4, 19), 1)]) is Reason.BALANCE_TOO_LOW


def test_the_cap_counts_what_is_on_the_account_and_not_what_has_lapsed():
    capped = OvertimeRules(6, cap=600)
    old = Entry(EntryKind.TRANSFER, OvertimeRules(1).bucket(date(2025, 1, 5)), 900, date(2025, 1, 5))
    there = credit(date(2026, 4, 2), 400, capped, [old], TODAY)
    assert credit(date(2026, 4, 3), 200, capped, [old, there], TODAY).amount == 200
    with pytest.raises(Refusal) as refused:
        credit(date(2026, 4, 3), 201, capped, [old, there], TODAY)
    assert refused.value.reason is Reason.OVERTIME_OVER_CAP
    assert refused.value.details == {"cap": 600, "room": 200}


def test_neither_what_is_to_come_nor_what_has_lapsed_is_booked():
    assert reason_of(credit, date(2026, 5, 3), 60, HALF_A_YEAR, [], TODAY) is Reason.OVERTIME_TO_COME
    assert reason_of(credit, date(2025, 10, 31), 60, HALF_A_YEAR, [], TODAY) is Reason.OVERTIME_LAPSED
    assert credit(date(2025, 11, 1), 60, HALF_A_YEAR, [], TODAY).amount == 60


@pytest.mark.parametrize(("minutes", "others"), [(0, 0), (-5, 0), (1441, 0), (60, 1381)])
def test_a_day_has_24_hours(minutes, others):
    assert reason_of(check_minutes, minutes, others=others) is Reason.NUMBER_OUT_OF_RANGE


@given(st.lists(st.integers(1, 600), min_size=1, max_size=6), st.integers(0, 3000), st.data())
def test_what_is_taken_out_again_was_neither_taken_nor_asked_for(booked, used, data):
    """Whatever is used, no bucket falls below zero by a reversal, and a reversal undoes its credit exactly."""
    entries = [Entry(EntryKind.TRANSFER, Bucket(2026, date(2026, 4, 1), date(2026, 10, 31)), one, date(2026, 4, 1))
               for one in booked]  # fmt: skip
    held = sum(booked)
    used = min(used, held)
    waiting = data.draw(st.integers(0, held - used))
    entries.append(Entry(EntryKind.CONSUME, entries[0].bucket, -used, date(2026, 5, 1)))
    victim = entries[0]
    if held - used - waiting < victim.amount:
        assert reason_of(reversed_credit, victim, entries, waiting) is Reason.OVERTIME_USED
    else:
        back = reversed_credit(victim, entries, waiting)
        assert back.amount == -victim.amount and back.bucket == victim.bucket
        assert sum(one.amount for one in (*entries, back)) >= waiting


def test_what_is_left_lapses_on_the_day_after():
    given_ = credit(date(2026, 4, 20), 120, OvertimeRules(1), [], TODAY)
    assert expiry([given_], date(2026, 5, 31)) == []
    (lapse,) = expiry([given_], date(2026, 6, 1))
    assert (lapse.amount, lapse.effective_date) == (-120, date(2026, 6, 1))


def test_only_listed_steps_are_open():
    legal = {
        (OvertimeStatus.PROPOSED, OvertimeStep.BOOK),
        (OvertimeStatus.PROPOSED, OvertimeStep.DECLINE),
        (OvertimeStatus.PROPOSED, OvertimeStep.DROP),
        (OvertimeStatus.BOOKED, OvertimeStep.REVERSE),
    }
    for status in OvertimeStatus:
        for step in OvertimeStep:
            if (status, step) not in legal:
                assert reason_of(next_status, status, step) is Reason.ALREADY_DECIDED
