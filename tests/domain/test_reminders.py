"""When people are reminded of requests that wait, and when others are asked too."""

from datetime import UTC, date, datetime, timedelta

import pytest

from portal.domain.reminders import Wait, is_escalated, is_reminded, is_texted, may_text_at

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


@pytest.mark.parametrize(
    ("asked", "escalated", "letters", "last_text", "expected"),
    [
        (4, False, [1], None, True),
        (4, False, [], None, False),  # no letter yet
        (3, False, [0], None, False),  # the letter of this morning has its day
        (6, False, [3, 1, 0], None, True),
        (4, False, [3], None, False),  # that letter was about something else
        (7, True, [4], None, False),  # more people are asked already
        (5, False, [2, 0], 1, False),  # told of it already
        (4, False, [1], 3, True),  # that one was about something else
    ],
)
def test_texted(asked, escalated, letters, last_text, expected):
    wait = Wait(ago(asked), TODAY + 30 * DAY, escalated)
    days = {ago(one) for one in letters}
    assert is_texted([wait], letters=days, last_text=ago(last_text), today=TODAY) is expected


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (datetime(2026, 6, 15, 7, 59, tzinfo=UTC), False),
        (datetime(2026, 6, 15, 8, 0, tzinfo=UTC), True),
        (datetime(2026, 6, 19, 17, 59, tzinfo=UTC), True),
        (datetime(2026, 6, 15, 18, 0, tzinfo=UTC), False),
        (datetime(2026, 6, 20, 12, 0, tzinfo=UTC), False),
        (datetime(2026, 6, 21, 12, 0, tzinfo=UTC), False),
    ],
)
def test_the_hours_of_a_working_day(moment, expected):
    assert may_text_at(moment, first_hour=8, end_hour=18) is expected
