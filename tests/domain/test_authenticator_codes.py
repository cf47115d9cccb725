"""Which step of time a code of an authenticator app belongs to, and that none counts twice."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from portal.domain.authenticator_codes import FAILURES_UNTIL_DISABLED, is_disabled, matching_step

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)
STEP = int(NOW.timestamp()) // 30


@pytest.mark.parametrize(("off", "counts"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_one_step_of_drift_either_way(off, counts):
    """RFC 6238 5.2."""
    found = matching_step(NOW, fits=lambda step: step == STEP + off)
    assert found == (STEP + off if counts else None)


@pytest.mark.parametrize(
    ("used", "found"), [(STEP - 2, STEP), (STEP - 1, STEP), (STEP, None), (STEP + 1, None)]
)
def test_a_step_that_was_used_and_all_before_it_count_no_more(used, found):
    """T65, ASVS 6.5.1."""
    assert matching_step(NOW, fits=lambda step: step == STEP, after=used) == found


def test_every_candidate_is_compared():
    """The time taken does not tell which of the steps fitted."""
    seen = []
    matching_step(NOW, fits=lambda step: bool(seen.append(step)) or True)
    assert seen == [STEP - 1, STEP, STEP + 1]


def test_it_stops_after_twenty_failures():
    """NIST SP 800-63B-4 3.2.2."""
    assert not is_disabled(FAILURES_UNTIL_DISABLED - 1)
    assert is_disabled(FAILURES_UNTIL_DISABLED)
    assert FAILURES_UNTIL_DISABLED <= 100
