"""The life of an absence: its statuses, the steps between them, and who may take them.

What an absence costs is in absence_costs.py.
"""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from uuid import UUID

from portal.domain.refusals import Reason, Refusal


class AbsenceStatus(StrEnum):
    """Where a request stands."""

    # Sent and waiting; it holds its time and reserves its cost.
    REQUESTED = "requested"
    # Agreed; its cost is in the ledger.
    APPROVED = "approved"
    # Declined by an approver.
    REJECTED = "rejected"
    # Taken back by its owner before anyone decided.
    WITHDRAWN = "withdrawn"
    # Given up after approval; its cost was released.
    CANCELLED = "cancelled"


class AbsenceStep(StrEnum):
    """What can be done to an absence."""

    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"
    # Some days of it, and the rest stays.
    GIVE_BACK = "give-back"
    # Something else is asked for instead.
    CHANGE = "change"
    # Another one that was asked for instead takes its place.
    REPLACE = "replace"
    # The owner asks to give up what is approved, where somebody has to agree to that.
    ASK_TO_CANCEL = "ask-to-cancel"
    # It stays approved, though its owner has asked to give it up.
    KEEP = "keep"


TRANSITIONS: Mapping[tuple[AbsenceStatus, AbsenceStep], AbsenceStatus] = {
    (AbsenceStatus.REQUESTED, AbsenceStep.APPROVE): AbsenceStatus.APPROVED,
    (AbsenceStatus.REQUESTED, AbsenceStep.REJECT): AbsenceStatus.REJECTED,
    (AbsenceStatus.REQUESTED, AbsenceStep.WITHDRAW): AbsenceStatus.WITHDRAWN,
    (AbsenceStatus.REQUESTED, AbsenceStep.CHANGE): AbsenceStatus.REQUESTED,
    (AbsenceStatus.APPROVED, AbsenceStep.CANCEL): AbsenceStatus.CANCELLED,
    (AbsenceStatus.APPROVED, AbsenceStep.GIVE_BACK): AbsenceStatus.APPROVED,
    (AbsenceStatus.APPROVED, AbsenceStep.REPLACE): AbsenceStatus.CANCELLED,
    (AbsenceStatus.APPROVED, AbsenceStep.ASK_TO_CANCEL): AbsenceStatus.APPROVED,
    (AbsenceStatus.APPROVED, AbsenceStep.KEEP): AbsenceStatus.APPROVED,
}

# Live absences: they hold their time against every other of the same person.
ACTIVE = frozenset({AbsenceStatus.REQUESTED, AbsenceStatus.APPROVED})
CLOSED = frozenset(AbsenceStatus) - ACTIVE


def next_status(status: AbsenceStatus, step: AbsenceStep) -> AbsenceStatus:
    """Where a step leads; a step that is not open any more was decided meanwhile."""
    try:
        return TRANSITIONS[status, step]
    except KeyError:
        raise Refusal(Reason.ALREADY_DECIDED, status=status) from None


def refuse_own(actor_id: UUID | None, owner_id: UUID) -> None:
    """Nobody decides over their own request, whatever their role."""
    if actor_id == owner_id:
        raise Refusal(Reason.OWN_REQUEST)


def may_take(
    step: AbsenceStep,
    *,
    actor_id: UUID | None,
    owner_id: UUID,
    may_approve: bool,
    start_date: date,
    today: date,
    cancel_by_approval: bool = False,
) -> bool:
    """May this person take the step? `may_approve` says that an approver's right reaches the owner.

    Owners withdraw, change and ask for another one instead, and cancel or give back what has not begun, or ask for
    it where the type says that somebody has to agree; all else needs an approver who is someone else.
    """
    own = actor_id == owner_id
    begun = start_date <= today
    if step is AbsenceStep.ASK_TO_CANCEL:
        return own and cancel_by_approval and not begun
    if step in (AbsenceStep.WITHDRAW, AbsenceStep.CHANGE, AbsenceStep.REPLACE):
        return own
    if step in (AbsenceStep.CANCEL, AbsenceStep.GIVE_BACK) and own:
        return not begun and not cancel_by_approval
    return may_approve and not own
