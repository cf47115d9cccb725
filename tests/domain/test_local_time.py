"""Wall times in both nights of the clock change of Europe/Prague in 2026: 29 March and 25 October."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.local_time import elapsed_minutes, instant_of, local_date

PRAGUE = ZoneInfo("Europe/Prague")
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)
ZONES = st.sampled_from(
    [
        ZoneInfo(key)
        for key in ("Europe/Prague", "Europe/London", "Australia/Lord_Howe", "America/St_Johns", "UTC")
    ]
)


@pytest.mark.parametrize(
    ("day", "wall", "utc"),
    [
        (date(2026, 1, 15), "08:00", "2026-01-15 07:00"),
        (date(2026, 7, 15), "08:00", "2026-07-15 06:00"),
        (SPRING, "01:59", "2026-03-29 00:59"),
        # The clock jumps from 02:00 to 03:00, so these two and 03:00 are one moment.
        (SPRING, "02:00", "2026-03-29 01:00"),
        (SPRING, "02:30", "2026-03-29 01:00"),
        (SPRING, "03:00", "2026-03-29 01:00"),
        (SPRING, "03:01", "2026-03-29 01:01"),
        # 02:00 to 03:00 comes twice: the first counts.
        (AUTUMN, "01:59", "2026-10-24 23:59"),
        (AUTUMN, "02:30", "2026-10-25 00:30"),
        (AUTUMN, "03:00", "2026-10-25 02:00"),
        (SPRING - timedelta(days=1), "30:00", "2026-03-29 04:00"),
        (date(2026, 12, 31), "24:00", "2026-12-31 23:00"),
        (date(2028, 2, 28), "24:00", "2028-02-28 23:00"),
        (date(2028, 2, 28), "47:00", "2028-02-29 22:00"),
    ],
)
def test_the_wall_clock_of_prague(day, wall, utc):
    hours, minutes = wall.split(":")
    moment = instant_of(day, int(hours) * 60 + int(minutes), PRAGUE)
    assert moment == datetime.fromisoformat(utc).replace(tzinfo=UTC)
    assert moment.tzinfo is UTC


@pytest.mark.parametrize(("day", "hours"), [(SPRING, 23), (AUTUMN, 25), (date(2026, 3, 30), 24)])
def test_days_have_the_length_that_really_passes(day, hours):
    assert elapsed_minutes(instant_of(day, 0, PRAGUE), instant_of(day, 1440, PRAGUE)) == hours * 60


def test_the_date_is_the_one_written_in_the_zone():
    assert local_date(datetime(2026, 12, 31, 23, 30, tzinfo=UTC), PRAGUE) == date(2027, 1, 1)


@given(ZONES, st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.lists(st.integers(0, 2880), min_size=2))
def test_later_on_the_wall_is_never_earlier_in_time(zone, day, minutes):
    moments = [instant_of(day, minute, zone) for minute in sorted(minutes)]
    assert all(one <= following for one, following in pairwise(moments))


@given(ZONES, st.dates(date(2026, 1, 1), date(2027, 12, 31)), st.integers(0, 1439))
def test_a_minute_of_a_day_stays_on_its_date(zone, day, minute):
    assert local_date(instant_of(day, minute, zone), zone) == day


@given(ZONES, st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)))  # noqa: DTZ001  # Hypothesis wants naive bounds.
def test_an_instant_that_the_wall_shows_once_comes_back(zone, naive):
    moment = naive.replace(second=0, microsecond=0, tzinfo=UTC)
    wall = moment.astimezone(zone)
    if wall.fold == 0:
        assert instant_of(wall.date(), wall.hour * 60 + wall.minute, zone) == moment
