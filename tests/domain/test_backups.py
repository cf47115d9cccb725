"""When somebody must be told, and what must go."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.backups import Standing, Trouble, new_id, taken_at, to_prune, troubles

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
FRESH = NOW - timedelta(hours=2)


@pytest.mark.parametrize(
    ("standing", "expected"),
    [
        (Standing(()), [Trouble.NONE_YET]),
        (Standing((FRESH,)), []),
        (Standing((NOW - timedelta(hours=26),)), []),
        (Standing((NOW - timedelta(hours=26, seconds=1),)), [Trouble.NEWEST_TOO_OLD]),
        (Standing((FRESH, NOW - timedelta(days=31))), []),
        (Standing((FRESH, NOW - timedelta(days=31, seconds=1))), [Trouble.OLDEST_TOO_OLD]),
        (Standing((FRESH,), broken=1), [Trouble.BROKEN]),
        (Standing((FRESH,), last_drill=FRESH, last_drill_passed=False), [Trouble.DRILL_FAILED]),
        (Standing((FRESH,), last_drill=NOW - timedelta(days=9)), [Trouble.DRILL_TOO_OLD]),
    ],
)
def test_what_is_an_alarm(standing, expected):
    """T142."""
    assert troubles(standing, NOW) == expected


@pytest.mark.parametrize(
    "name", ["", "manifest.json", "20261399T000000Z-0a1b2c3d", "20260615T080000Z-0A1B2C3D", "../x"]
)
def test_what_is_no_name_of_a_backup(name):
    assert taken_at(name) is None


def test_a_name_says_when():
    assert taken_at(new_id(NOW, "0a1b2c3d")) == NOW


def test_broken_ones_go_with_their_age_and_never_the_newest_good_one():
    old = {name: NOW - timedelta(days=days) for name, days in {"a": 60, "b": 50, "c": 40}.items()}
    assert to_prune(old, {"a", "b"}, NOW) == ["a", "c"]
    assert to_prune(old, set(), NOW) == ["a", "b"]
    assert to_prune({}, set(), NOW) == []
