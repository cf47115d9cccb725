"""When people are reminded of requests that wait, and when others are asked too."""

from datetime import date, timedelta

import pytest

from portal.domain.reminders import Wait, is_escalated, is_reminded

TODAY = date(2026, 6, 15)
DAY = timedelta(days=1)


def ago(days):
    return None if days is None else TODAY - days * DAY


@pytest.mark.parametrize(
    ("asked", "starts_in", "escalated", "last_letter", "expected"),
    [
        (2, 30, False, None, False),
        (3, 30, False, None, True),
        (3, 30, False, 0, False),  # never twice on a day
        (5, 30, False, 1, False),
        (5, 30, False, 2, True),
        (5, 3, False, 1, True),  # urgent: every day
        (5, 4, False, 1, False),
        (5, -2, False, 1, True),  # it has begun
        (2, 1, False, None, False),  # not pressed before three days, however soon
        (9, 30, False, 6, True),  # a missed night loses nothing
        (0, 30, True, None, True),  # asked too: at once
        (0, 30, True, 1, True),
        (0, 30, True, 0, False),
        (1, 30, True, 1, False),
        (3, 30, True, 3, True),
    ],
)
def test_reminded(asked, starts_in, escalated, last_letter, expected):
    wait = Wait(ago(asked), TODAY + starts_in * DAY, escalated)
    assert is_reminded([wait], last_letter=ago(last_letter), today=TODAY) is expected


def test_one_that_is_due_is_enough():
    waits = [Wait(ago(0), TODAY + 30 * DAY), Wait(ago(4), TODAY + 30 * DAY)]
    assert is_reminded(waits, last_letter=None, today=TODAY)
    assert not is_reminded([], last_letter=None, today=TODAY)


@pytest.mark.parametrize(
    ("asked", "starts_in", "anybody_asked", "expected"),
    [
        (6, 30, True, False),
        (7, 30, True, True),
        (0, 3, True, False),
        (0, 2, True, True),
        (0, -1, True, True),
        (0, 30, False, True),
    ],
)
def test_escalated(asked, starts_in, anybody_asked, expected):
    found = is_escalated(
        asked_on=ago(asked), start_date=TODAY + starts_in * DAY, anybody_asked=anybody_asked, today=TODAY
    )
    assert found is expected
