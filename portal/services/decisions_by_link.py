"""Deciding by the link of a letter: the same decision as in the portal, for whom the link was made, noted as such."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.refusals import Reason, Refusal
from portal.services import absence_approvals, absences, audit, overtime, overtime_lists
from portal.services.absence_approvals import WaitingRequest
from portal.services.overtime_lists import OvertimeLine


class Decision(StrEnum):
    """What one can answer."""

    APPROVE = "approve"
    REJECT = "reject"


def show(uow: UnitOfWork, absence_id: UUID) -> WaitingRequest:
    """What the holder of the link, who acts, is to decide; refused when it is not their turn any more."""
    found = absence_approvals.find_waiting(uow, absence_id)
    if found is None or found.own or not found.its_turn:
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    return found


def decide(uow: UnitOfWork, absence_id: UUID, decision: Decision, *, version: int, note: str = "") -> None:
    """By the rules of every decision: never one's own, once, and of the version that was seen."""
    act = absences.approve if decision is Decision.APPROVE else absences.reject
    absence = act(uow, absence_id, version=version, note=note)
    audit.record(uow, audit.Action.ABSENCE_DECIDED_BY_LINK, subject=absence)


def show_overtime(uow: UnitOfWork, credit_id: UUID) -> OvertimeLine:
    """The hours that the holder of the link is to decide about; refused when it is not their turn any more."""
    found = overtime_lists.find_waiting(uow, credit_id)
    if found is None:
        raise Refusal(Reason.LINK_NO_LONGER_VALID)
    return found


def decide_overtime(
    uow: UnitOfWork, credit_id: UUID, decision: Decision, *, version: int, note: str = ""
) -> None:
    """The same rules as in the portal, noted as decided by a link."""
    act = overtime.approve if decision is Decision.APPROVE else overtime.decline
    row = act(uow, credit_id, version=version, note=note)
    audit.record(uow, audit.Action.OVERTIME_DECIDED_BY_LINK, subject=row)
