"""What a holiday takes off a price, and what the ledger gives back for it."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.holiday_changes import give_back, new_charge
from portal.domain.ledger import Bucket, Entry, EntryKind

DAY = date(2026, 3, 2)
OLD = Bucket(2025, date(2025, 1, 1), date(2026, 3, 31))
NEW = Bucket(2026, date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("charge", "expected", "now", "price"),
    [
        (1000, 1000, 0, 0),
        (1000, 1000, 500, 500),
        (500, 500, 0, 0),
        (480, 1000, 500, 240),  # minutes of a type that counts hours
        (1, 1000, 500, 0),  # rounded down, in the person's favour
        (0, 0, 1000, 0),  # a day that was free stays free
        (500, 500, 1000, 500),
    ],
)
def test_a_price_only_falls(charge, expected, now, price):
    assert new_charge(charge, expected=expected, now=now) == price


def test_what_was_used_last_comes_back_first_and_never_more_than_is_held():
    posted = [Entry(EntryKind.CONSUME, OLD, -600, DAY), Entry(EntryKind.CONSUME, NEW, -400, DAY)]
    half = give_back(posted, 500)
    assert [(entry.bucket, entry.amount) for entry in half] == [(NEW, 400), (OLD, 100)]
    assert sum(entry.amount for entry in give_back([*posted, *half], 1000)) == 500
