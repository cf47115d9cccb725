"""Periods of employment: terms that follow on each other are one, whoever comes back begins another."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.employment_periods import Period, Stretch, free_from, opening, periods

FIRST, NEW_TERMS = Stretch(date(2020, 1, 1), date(2024, 6, 30)), Stretch(date(2024, 7, 1), date(2025, 3, 31))
TABLE = {
    "one": ([FIRST], [True], [Period(date(2020, 1, 1), date(2024, 6, 30))]),
    "other terms the day after": (
        [FIRST, NEW_TERMS],
        [True, False],
        [Period(date(2020, 1, 1), date(2025, 3, 31))],
    ),
    "a gap": (
        [FIRST, Stretch(date(2024, 7, 2), None)],
        [True, True],
        [Period(date(2020, 1, 1), date(2024, 6, 30)), Period(date(2024, 7, 2), None)],
    ),
    "rehired on the next day": (
        [FIRST, Stretch(date(2024, 7, 1), None, opens_period=True)],
        [True, True],
        [Period(date(2020, 1, 1), date(2024, 6, 30)), Period(date(2024, 7, 1), None)],
    ),
    "nobody yet": ([], [], []),
}


@pytest.mark.parametrize("case", TABLE)
def test_periods_are_what_lies_between_coming_and_leaving(case):
    stretches, opens, found = TABLE[case]
    assert opening(stretches) == opens
    assert periods(stretches) == found


def test_a_new_period_is_possible_from_the_day_after_the_last_one():
    assert free_from([FIRST, NEW_TERMS]) == date(2025, 4, 1)
    assert free_from([FIRST, Stretch(date(2024, 7, 1), None)]) is None
    assert free_from([]) == date.min
