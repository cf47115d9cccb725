"""The numbers of one-time codes, and when the next may be sent."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.one_time_codes import CODE_LIFETIME, expires_at, is_disabled, may_send, tries_left

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def ago(*minutes: float) -> list[datetime]:
    return [NOW - timedelta(minutes=minute) for minute in minutes]


@pytest.mark.parametrize(
    ("sent", "again_in_minutes"),
    [
        ([], None),
        (ago(1), None),
        (ago(0.5), 0.5),
        (ago(0), 1),
        # T55: five within the hour; the sixth waits until the first is an hour old.
        (ago(2, 4, 6, 8, 10), 50),
        (ago(2, 4, 6, 8), None),
        (ago(2, 4, 6, 8, 60), None),
        (ago(2, 4, 6, 8, 59), 1),
        # Ten within a day, well spread.
        (ago(*range(100, 1100, 100)), 1440 - 1000),
        (ago(*range(100, 1000, 100)), None),
        (ago(*range(100, 1000, 100), 1440), None),
    ],
)
def test_sends_are_spaced(sent, again_in_minutes):
    """T55: a sixth code within an hour is refused and told when."""
    again_at = None if again_in_minutes is None else NOW + timedelta(minutes=again_in_minutes)
    assert may_send(sent, NOW) == may_send(sent[::-1], NOW) == again_at


@given(st.lists(st.integers(0, 2000), max_size=200))
def test_however_often_one_asks_the_limits_hold(waits):
    """T55: no stretch of a minute, an hour or a day holds more codes than allowed."""
    sent: list[datetime] = []
    now = NOW
    for seconds in waits:
        now += timedelta(seconds=seconds)
        if may_send(sent, now) is None:
            sent.append(now)
    for most, window in ((1, timedelta(minutes=1)), (5, timedelta(hours=1)), (10, timedelta(days=1))):
        assert all(sum(one <= at < one + window for at in sent) <= most for one in sent)


@given(st.lists(st.integers(0, 90_000), max_size=15))
def test_the_moment_named_is_the_first_at_which_it_works(seconds):
    sent = [NOW - timedelta(seconds=one) for one in seconds]
    again_at = may_send(sent, NOW)
    if again_at is not None:
        assert again_at > NOW
        assert may_send(sent, again_at) is None
        assert may_send(sent, again_at - timedelta(microseconds=1)) == again_at


def test_a_code_lives_five_minutes():
    """T49: after five minutes it is too old."""
    assert expires_at(NOW) - NOW == CODE_LIFETIME
    assert expires_at(NOW) == NOW + timedelta(minutes=5)


@pytest.mark.parametrize(("failed", "left"), [(0, 5), (4, 1), (5, 0), (9, 0)])
def test_a_code_can_be_guessed_five_times(failed, left):
    """T52: after five wrong guesses nothing is compared any more."""
    assert tries_left(failed) == left


@pytest.mark.parametrize(("failures", "disabled"), [(0, False), (19, False), (20, True), (21, True)])
def test_twenty_failures_in_a_row_disable_the_telephone(failures, disabled):
    """Guessing on over many codes ends in a telephone that must be bound anew."""
    assert is_disabled(failures) is disabled
