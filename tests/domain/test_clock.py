"""Clocks: the frozen one moves only forward and knows dates by zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from portal.domain.clock import Clock, FrozenClock, SystemClock

LATE = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)


def test_the_date_depends_on_the_zone():
    clock: Clock = FrozenClock(LATE)
    assert clock.today("UTC") == date(2026, 12, 31)
    assert clock.today(ZoneInfo("Europe/Prague")) == date(2027, 1, 1)


def test_time_passes_when_told_to():
    clock = FrozenClock(LATE)
    assert clock.advance(timedelta(minutes=30)) == clock.now() == datetime(2027, 1, 1, tzinfo=UTC)
    clock.move_to(LATE.astimezone(ZoneInfo("Asia/Tokyo")))
    assert clock.now().tzinfo is UTC


def test_a_clock_refuses_naive_moments_and_the_past():
    with pytest.raises(ValueError, match="aware"):
        FrozenClock(LATE.replace(tzinfo=None))
    with pytest.raises(ValueError, match="past"):
        FrozenClock(LATE).advance(timedelta(seconds=-1))


def test_the_system_clock_is_aware_and_in_utc():
    clock: Clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.today("UTC") >= date(2026, 1, 1)
