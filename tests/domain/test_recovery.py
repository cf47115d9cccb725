"""Where a restored log goes on, and when a restored portal may take the damaged one's place without being asked."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.recovery import UNSEEN, Decision, goes_on_at, lost_events, may_switch

NOW = datetime(2026, 7, 1, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("kept", "anchored", "seen", "goes_on"),
    [
        (40, 40, 40, 41),
        (40, 52, 57, 58),
        (40, 52, 40, 53),
        (40, 0, 40, 41),
        (40, 52, None, 52 + UNSEEN + 1),
        (40, 0, None, 40 + UNSEEN + 1),
        (0, 0, 0, 1),
    ],
)
def test_no_number_of_the_lost_log_is_used_again(kept, anchored, seen, goes_on):
    assert goes_on_at(kept, anchored=anchored, seen=seen) == goes_on


def test_what_is_lost_is_counted_over_all_companies():
    assert lost_events({"a": 40, "b": 7}, {"a": 45, "b": 7, "new": 3}) == 8
    assert lost_events({"a": 40}, {"a": 40}) == 0
    assert lost_events({"a": 40}, {}) == 0, "a company that is gone lost nothing to the backup"
    assert lost_events({"a": 40}, None) is None


@pytest.mark.parametrize(
    ("facts", "decision"),
    [
        ({"lost": 0}, Decision.SWITCH),
        ({"lost": 3}, Decision.ASK),
        ({"lost": None}, Decision.ASK),
        ({"lost": 3, "accepted": True}, Decision.SWITCH),
        ({"lost": 3, "accepted": True, "vetoed": True}, Decision.SWITCH),
        ({"lost": 3, "automatic": True}, Decision.WAIT),
        ({"lost": 3, "automatic": True, "told_at": NOW - 15 * MINUTE}, Decision.SWITCH),
        ({"lost": None, "automatic": True, "told_at": NOW - 15 * MINUTE}, Decision.SWITCH),
        ({"lost": 3, "automatic": True, "told_at": NOW - 15 * MINUTE, "vetoed": True}, Decision.ASK),
        ({"lost": 0, "vetoed": True}, Decision.ASK),
        ({"lost": 0, "last_switch": NOW - timedelta(hours=2)}, Decision.ASK),
        ({"lost": 0, "last_switch": NOW - timedelta(hours=30)}, Decision.SWITCH),
    ],
)
def test_by_itself_only_what_loses_nothing_or_was_allowed_beforehand(facts, decision):
    asked = {
        "automatic": False,
        "accepted": False,
        "vetoed": False,
        "told_at": NOW,
        "last_switch": None,
        "now": NOW,
    }
    assert may_switch(**{**asked, **facts}) is decision
