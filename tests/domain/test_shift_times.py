"""Shifts in real time: over midnight, over the year's end, and in both nights of the clock change."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from portal.domain.local_time import local_date
from portal.domain.refusals import Reason, Refusal
from portal.domain.shift_times import ShiftMoments, ShiftTimes

PRAGUE = ZoneInfo("Europe/Prague")
NIGHT = ShiftTimes.between(22 * 60, 6 * 60, 30)


@pytest.mark.parametrize(
    ("times", "day", "duration", "paid"),
    [
        (ShiftTimes.between(8 * 60, 16 * 60 + 30, 30), date(2026, 3, 2), 510, 480),
        (NIGHT, date(2026, 3, 2), 480, 450),
        (NIGHT, date(2026, 3, 28), 420, 390),
        (NIGHT, date(2026, 10, 24), 540, 510),
        (NIGHT, date(2026, 3, 29), 480, 450),
        (NIGHT, date(2026, 12, 31), 480, 450),
        (NIGHT, date(2028, 2, 28), 480, 450),
        (ShiftTimes(7 * 60, 31 * 60), date(2026, 3, 28), 23 * 60, 23 * 60),
        (ShiftTimes.between(0, 24 * 60), date(2026, 10, 25), 25 * 60, 25 * 60),
        (ShiftTimes.between(22 * 60, 0), date(2026, 3, 2), 120, 120),
    ],
)
def test_the_minutes_that_really_pass(times, day, duration, paid):
    moments = times.on(day, PRAGUE)
    assert (moments.duration_minutes, moments.paid_minutes) == (duration, paid)


def test_a_night_shift_belongs_to_the_date_it_starts_on():
    moments = NIGHT.on(date(2026, 12, 31), PRAGUE)
    assert moments.start_at == datetime(2026, 12, 31, 21, tzinfo=UTC)
    assert moments.end_at == datetime(2027, 1, 1, 5, tzinfo=UTC)
    assert local_date(moments.start_at, PRAGUE) == date(2026, 12, 31)
    assert NIGHT.crosses_midnight
    assert not ShiftTimes.between(16 * 60, 24 * 60).crosses_midnight


@pytest.mark.parametrize(
    ("arguments", "reason", "field"),
    [
        ((480, 480), Reason.SHIFT_HAS_NO_LENGTH, "ends_minute"),
        ((480, 470), Reason.SHIFT_HAS_NO_LENGTH, "ends_minute"),
        ((480, 480 + 1441), Reason.SHIFT_TOO_LONG, "ends_minute"),
        ((1440, 1500), Reason.TIME_INVALID, "starts_minute"),
        ((-1, 60), Reason.TIME_INVALID, "starts_minute"),
        ((480, 540, 60), Reason.SHIFT_BREAK_TOO_LONG, "break_minutes"),
        ((480, 540, -1), Reason.SHIFT_BREAK_TOO_LONG, "break_minutes"),
    ],
)
def test_impossible_shifts_are_refused(arguments, reason, field):
    with pytest.raises(Refusal) as caught:
        ShiftTimes(*arguments)
    assert (caught.value.reason, caught.value.field) == (reason, field)


def test_the_same_time_twice_is_a_slip_and_not_a_day():
    with pytest.raises(Refusal, match="shift-has-no-length"):
        ShiftTimes.between(480, 480)


def test_a_shift_inside_the_skipped_hour_has_no_length():
    """A shift from 02:15 to 02:45 on 29 March never takes place."""
    with pytest.raises(Refusal, match="shift-has-no-length"):
        ShiftTimes(135, 165).on(date(2026, 3, 29), PRAGUE)


def test_a_break_must_fit_the_shift_as_it_really_passes():
    with pytest.raises(Refusal, match="shift-break-too-long"):
        ShiftTimes(90, 190, 45).on(date(2026, 3, 29), PRAGUE)


def test_moments_run_forward():
    moment = datetime(2026, 3, 2, tzinfo=UTC)
    with pytest.raises(Refusal, match="shift-has-no-length"):
        ShiftMoments(moment, moment)


@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.sampled_from([PRAGUE, ZoneInfo("UTC"), ZoneInfo("America/New_York")]),
)
def test_a_shift_is_as_long_as_its_wall_times_but_for_the_change_of_the_clock(day, starts, length, zone):
    try:
        moments = ShiftTimes(starts, starts + length).on(day, zone)
    except Refusal:
        assume(False)
    assert local_date(moments.start_at, zone) == day
    assert abs(moments.duration_minutes - length) <= 60
    offsets = {(moments.start_at + timedelta(hours=h)).astimezone(zone).utcoffset() for h in range(-2, 27)}
    if len(offsets) == 1:
        assert moments.duration_minutes == length
