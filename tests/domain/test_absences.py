"""The life of an absence: which steps are open, and to whom."""

from datetime import date
from itertools import product
from uuid import UUID

import pytest

from portal.domain.absences import (
    ACTIVE,
    CLOSED,
    TRANSITIONS,
    AbsenceStatus,
    AbsenceStep,
    may_take,
    next_status,
    refuse_own,
)
from portal.domain.refusals import Reason, Refusal

EVE, MATS = UUID(int=1), UUID(int=2)
START = date(2026, 7, 6)


@pytest.mark.parametrize(
    ("status", "step", "after"),
    [
        ("requested", "approve", "approved"),
        ("requested", "reject", "rejected"),
        ("requested", "withdraw", "withdrawn"),
        ("requested", "change", "requested"),
        ("approved", "cancel", "cancelled"),
        ("approved", "give-back", "approved"),
        ("approved", "replace", "cancelled"),
        ("approved", "ask-to-cancel", "approved"),
        ("approved", "keep", "approved"),
    ],
)
def test_the_steps_of_a_life(status, step, after):
    assert next_status(AbsenceStatus(status), AbsenceStep(step)) == after


def test_every_other_step_was_decided_meanwhile():
    closed = set(product(AbsenceStatus, AbsenceStep)) - set(TRANSITIONS)
    assert len(closed) == 5 * 9 - 9
    for status, step in closed:
        with pytest.raises(Refusal) as caught:
            next_status(status, step)
        assert caught.value.reason is Reason.ALREADY_DECIDED
        assert caught.value.details == {"status": status}


def test_only_live_absences_have_a_way_on():
    assert {status for status, _ in TRANSITIONS} == ACTIVE
    assert set(AbsenceStatus) == ACTIVE | CLOSED
    assert not ACTIVE & CLOSED


def take(step: AbsenceStep, actor: UUID | None, *, may_approve: bool, today: date) -> bool:
    return may_take(
        step, actor_id=actor, owner_id=EVE, may_approve=may_approve, start_date=START, today=today
    )


BEFORE, ON_THE_DAY = date(2026, 7, 5), START
APPROVE, REJECT, WITHDRAW, CANCEL, GIVE_BACK, CHANGE, REPLACE, ASK, KEEP = AbsenceStep


@pytest.mark.parametrize(
    ("step", "actor", "may_approve", "today", "allowed"),
    [
        (CHANGE, EVE, False, ON_THE_DAY, True),
        (CHANGE, MATS, True, BEFORE, False),
        (REPLACE, EVE, False, ON_THE_DAY, True),
        (REPLACE, MATS, True, BEFORE, False),
        (APPROVE, MATS, True, BEFORE, True),
        (APPROVE, MATS, True, ON_THE_DAY, True),
        (APPROVE, MATS, False, BEFORE, False),
        (APPROVE, EVE, True, BEFORE, False),
        (APPROVE, None, False, BEFORE, False),
        (REJECT, MATS, True, BEFORE, True),
        (REJECT, EVE, True, BEFORE, False),
        (REJECT, MATS, False, BEFORE, False),
        (WITHDRAW, EVE, False, ON_THE_DAY, True),
        (WITHDRAW, MATS, True, BEFORE, False),
        (CANCEL, EVE, False, BEFORE, True),
        (CANCEL, EVE, False, ON_THE_DAY, False),
        (CANCEL, EVE, True, ON_THE_DAY, False),
        (CANCEL, MATS, True, ON_THE_DAY, True),
        (CANCEL, MATS, False, BEFORE, False),
        (GIVE_BACK, EVE, False, BEFORE, True),
        (GIVE_BACK, EVE, True, ON_THE_DAY, False),
        (GIVE_BACK, MATS, True, ON_THE_DAY, True),
        (GIVE_BACK, MATS, False, BEFORE, False),
    ],
)
def test_who_may_take_which_step(step, actor, may_approve, today, allowed):
    """T88: an approver's right never reaches their own request."""
    assert take(step, actor, may_approve=may_approve, today=today) is allowed


@pytest.mark.parametrize(
    ("step", "actor", "may_approve", "today", "allowed"),
    [
        (ASK, EVE, False, BEFORE, True),
        (ASK, EVE, False, ON_THE_DAY, False),
        (ASK, MATS, True, BEFORE, False),
        (CANCEL, EVE, True, BEFORE, False),
        (GIVE_BACK, EVE, True, BEFORE, False),
        (CANCEL, MATS, True, BEFORE, True),
        (KEEP, MATS, True, ON_THE_DAY, True),
        (KEEP, MATS, False, BEFORE, False),
        (KEEP, EVE, True, BEFORE, False),
    ],
)
def test_where_cancelling_needs_approval_the_owner_asks_and_another_decides(
    step, actor, may_approve, today, allowed
):
    found = may_take(
        step,
        actor_id=actor,
        owner_id=EVE,
        may_approve=may_approve,
        start_date=START,
        today=today,
        cancel_by_approval=True,
    )
    assert found is allowed


def test_own_requests_are_refused_whatever_the_role():
    """T88: deciding over one's own request is refused in the rule, not by a hidden button."""
    with pytest.raises(Refusal) as caught:
        refuse_own(EVE, EVE)
    assert caught.value.reason is Reason.OWN_REQUEST
    refuse_own(MATS, EVE)
    refuse_own(None, EVE)
