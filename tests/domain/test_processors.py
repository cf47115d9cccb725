"""The notice: thirty days for whoever was told, counted from when that was."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.processors import is_late, usable_from

ENTERED = date(2026, 5, 1)


@pytest.mark.parametrize(
    ("since", "told_on", "expected"),
    [
        (date(2026, 6, 15), ENTERED, date(2026, 6, 15)),
        (date(2026, 5, 31), ENTERED, date(2026, 5, 31)),
        (date(2026, 5, 31), date(2026, 5, 2), date(2026, 6, 1)),
        (date(2026, 5, 31), date(2026, 7, 1), date(2026, 7, 31)),
        (date(2026, 5, 31), None, None),
        (date(2026, 1, 1), date(2026, 5, 2), date(2026, 1, 1)),
        (date(2026, 1, 1), None, date(2026, 1, 1)),
        (ENTERED, None, ENTERED),
    ],
)
def test_a_planned_one_waits_for_the_notice_and_one_in_use_is_a_record(since, told_on, expected):
    assert usable_from(since, entered_on=ENTERED, told_on=told_on) == expected


@pytest.mark.parametrize(
    ("begins", "told_on", "late"),
    [
        (date(2026, 6, 1), date(2026, 5, 2), False),
        (date(2026, 6, 1), date(2026, 5, 3), True),
        (date(2026, 1, 1), date(2026, 5, 1), True),
        (date(2026, 1, 1), None, True),
        (None, None, False),
    ],
)
def test_less_than_thirty_days_are_late(begins, told_on, late):
    assert is_late(begins, told_on=told_on, today=date(2026, 5, 20)) is late
