"""Buckets below zero: what one owes is set against what the others hold, and nobody takes more than their balance."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.ledger import Entry, EntryKind, available, consumption
from portal.domain.refusals import Reason, Refusal
from tests.domain.test_ledger import Y2025, Y2026, consume, grant

DAY = date(2026, 3, 2)
AMOUNTS = st.integers(-5000, 5000)


def corrected(bucket, amount, day):
    return Entry(EntryKind.ADJUST, bucket, amount, day)


@pytest.mark.parametrize(("owes", "holds"), [(Y2026, Y2025), (Y2025, Y2026)])
def test_what_one_bucket_owes_the_others_do_not_give_away(owes, holds):
    entries = [grant(holds, 480), corrected(owes, -300, date(2026, 2, 2))]
    assert available(entries, (), DAY) == 180
    assert consumption(entries, [(DAY, 180)]) == [consume(holds, 180, DAY)]
    with pytest.raises(Refusal) as refused:
        consumption(entries, [(DAY, 181)])
    assert refused.value.reason is Reason.BALANCE_TOO_LOW
    assert (refused.value.details["available"], refused.value.details["missing"]) == (180, 1)


def test_what_is_owed_from_a_later_day_on_is_set_against_from_then_on():
    entries = [grant(Y2025, 480), corrected(Y2026, -300, date(2026, 3, 16))]
    assert consumption(entries, [(DAY, 480)]) == [consume(Y2025, 480, DAY)]
    with pytest.raises(Refusal):
        consumption(entries, [(date(2026, 3, 16), 181)])


def test_debts_of_what_has_expired_take_nothing_from_what_came_after():
    entries = [corrected(Y2025, -300, date(2026, 2, 2)), grant(Y2026, 480)]
    day = date(2026, 4, 1)
    assert consumption(entries, [(day, 480)]) == [consume(Y2026, 480, day)]


@given(AMOUNTS, AMOUNTS, st.integers(1, 6000), st.integers(0, 2000), st.integers(0, 1000))
def test_nobody_takes_more_than_the_balance_of_the_day(older, newer, amount, overdraft, waiting):
    entries = [corrected(Y2025, older, date(2026, 1, 5)), corrected(Y2026, newer, date(2026, 1, 5))]
    reserved = [(DAY, waiting)] if waiting else []
    try:
        taken = consumption(entries, [(DAY, amount)], reserved=reserved, overdraft=overdraft)
    except Refusal:
        return
    assert -sum(one.amount for one in taken) == amount
    assert available([*entries, *taken], (), DAY) >= -overdraft
