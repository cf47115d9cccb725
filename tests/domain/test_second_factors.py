"""Who is asked for a second factor, which may go, and how long a proof is fresh."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from portal.domain.second_factors import FRESH_FOR, Factor, Policy, counted, is_asked, is_fresh, may_remove

NOW = datetime(2026, 6, 15, 8, tzinfo=UTC)


@pytest.mark.parametrize(
    ("policy", "by_role", "asked"),
    [
        (Policy.OFF, False, False),
        (Policy.OFF, True, False),
        (Policy.NAMED_ROLES, False, False),
        (Policy.NAMED_ROLES, True, True),
        (Policy.EVERYONE, False, True),
        (Policy.EVERYONE, True, True),
    ],
)
def test_the_policy_says_who_is_asked(policy, by_role, asked):
    assert is_asked(policy, by_role=by_role) is asked


@pytest.mark.parametrize(
    ("bound", "asked", "counting"),
    [
        ([], True, set()),
        ([Factor.SMS], True, {Factor.SMS}),
        ([Factor.SMS], False, set()),
        ([Factor.SMS, Factor.AUTHENTICATOR], False, {Factor.AUTHENTICATOR}),
        ([Factor.RECOVERY_CODE], True, set()),
        ([Factor.PASSKEY, Factor.RECOVERY_CODE], False, {Factor.PASSKEY}),
    ],
)
def test_what_counts_as_a_second_factor(bound, asked, counting):
    assert counted(bound, asked=asked) == counting


@pytest.mark.parametrize(
    ("left", "asked", "may"),
    [
        ([], True, False),
        ([], False, True),
        ([Factor.RECOVERY_CODE], True, False),
        ([Factor.SMS], True, True),
        ([Factor.PASSKEY], True, True),
    ],
)
def test_the_last_one_stays_where_one_is_asked_for(left, asked, may):
    assert may_remove(left, asked=asked) is may


def test_a_proof_is_fresh_for_five_minutes():
    """ASVS 7.5.1."""
    assert is_fresh(NOW, NOW + FRESH_FOR)
    assert not is_fresh(NOW, NOW + FRESH_FOR + timedelta(seconds=1))
    assert not is_fresh(None, NOW)
