"""Days and halves as entries of a calendar."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.feeds import (
    Days,
    FeedContent,
    FeedScope,
    Hours,
    LocalPart,
    clock_minutes,
    stretches,
    window,
)
from portal.domain.periods import DayPart, Part, expand
from portal.domain.refusals import Reason, Refusal

PRAGUE = "Europe/Prague"
MONDAY = date(2026, 7, 6)


def local(*parts, minutes=480, zone=PRAGUE):
    return [LocalPart(part, minutes, zone) for part in parts]


def test_days_that_follow_each_other_are_one_entry():
    assert stretches(local(*expand(MONDAY, MONDAY + timedelta(days=3)))) == [
        Days(MONDAY, MONDAY + timedelta(days=3))
    ]


def test_a_day_left_out_makes_two():
    days = [DayPart(MONDAY), DayPart(MONDAY + timedelta(days=2))]
    assert [type(one) for one in stretches(local(*days))] == [Days, Days]


@pytest.mark.parametrize(
    ("part", "scheduled", "minutes"),
    [
        (DayPart(MONDAY, Part.AM), 480, (480, 720)),
        (DayPart(MONDAY, Part.PM), 480, (720, 960)),
        (DayPart(MONDAY, Part.AM), 360, (540, 720)),
        (DayPart(MONDAY, Part.PM), 0, (720, 960)),
        (DayPart(MONDAY, Part.PM), 1440, (720, 1440)),
        (DayPart(MONDAY, Part.FROM_TO, 555, 615), 480, (555, 615)),
    ],
)
def test_halves_meet_at_noon(part, scheduled, minutes):
    assert clock_minutes(part, scheduled) == minutes


def test_both_nights_of_the_clock_change():
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    [before] = stretches(local(DayPart(spring, Part.FROM_TO, 60, 240)))
    [after] = stretches(local(DayPart(autumn, Part.FROM_TO, 60, 240)))
    assert isinstance(before, Hours) and isinstance(after, Hours)
    assert (before.start_at, before.end_at) == (_utc(3, 29, 0), _utc(3, 29, 2))
    assert (after.start_at, after.end_at) == (_utc(10, 24, 23), _utc(10, 25, 3))


def _utc(month, day, hour):
    return datetime(2026, month, day, hour, tzinfo=UTC)


@given(
    st.sets(st.integers(0, 40), min_size=1),
    st.sampled_from([Part.FULL, Part.AM, Part.PM]),
)
def test_every_date_stands_in_exactly_one_entry(numbers, part):
    dates = {MONDAY + timedelta(days=number) for number in numbers}
    shown = []
    for one in stretches(local(*(DayPart(day, part) for day in dates))):
        first, last = (one.first_day, one.last_day) if isinstance(one, Days) else (one.date, one.date)
        shown += [first + timedelta(days=number) for number in range((last - first).days + 1)]
    assert sorted(dates) == shown


@pytest.mark.parametrize("today", [date(2026, 6, 15), date(2028, 2, 29), date(2026, 12, 31)])
def test_the_window_moves_with_the_month(today):
    found = window(today)
    assert found.first_day.day == 1 and (found.last_day + timedelta(days=1)).day == 1
    assert found.first_day < today - timedelta(days=30) and found.last_day > today + timedelta(days=399)


@pytest.mark.parametrize(
    ("chosen", "reason"),
    [
        ({"absences": False}, Reason.FEED_EMPTY),
        ({"scope": FeedScope.COMPANY, "shifts": True}, Reason.FEED_TOO_WIDE),
        ({"scope": FeedScope.TEAM}, Reason.MISSING),
        ({"team_id": uuid4()}, Reason.MISSING),
    ],
)
def test_a_feed_that_shows_nothing_or_everything_is_refused(chosen, reason):
    with pytest.raises(Refusal) as refused:
        FeedContent(**chosen)
    assert refused.value.reason is reason
