"""How long somebody waits after failures: longer each time, never for good."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain import backoff

NOON = datetime(2026, 6, 15, 12, tzinfo=UTC)


@pytest.mark.parametrize("count", [0, 1, 4])
def test_the_first_failures_cost_nothing(count):
    assert backoff.again_at([NOON] * count, free=5) is None


@pytest.mark.parametrize(
    ("count", "seconds"), [(5, 30), (6, 60), (7, 120), (8, 240), (9, 480), (10, 900), (11, 900), (5000, 900)]
)
def test_each_further_failure_doubles_the_wait_up_to_a_quarter_of_an_hour(count, seconds):
    failures = [NOON - timedelta(minutes=number) for number in range(count)]
    assert backoff.again_at(failures, free=5) == NOON + timedelta(seconds=seconds)


def test_the_wait_runs_from_the_latest_failure_in_any_order():
    failures = [NOON - timedelta(minutes=3), NOON, NOON - timedelta(hours=1)]
    assert backoff.again_at(failures, free=3) == NOON + timedelta(seconds=30)
