"""Nobody has decided for too long: those who decide for the whole company are asked too. Nothing decides by itself."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.reminders import is_escalated
from portal.models.absence import Absence
from portal.models.approval import ApprovalStep, StepApprover
from portal.services import audit
from portal.services.approvals import finding, waiting
from portal.services.approvals.waiting import WaitingAbsence


def escalate(uow: UnitOfWork) -> int:
    """Asks them for every request that has waited too long; once for each step. Says for how many."""
    late = [one for one in waiting.find(uow) if not one.escalated and _is_late(uow, one)]
    everybodys = finding.who_decide_for_all(uow) if late else set()
    if not everybodys:
        return 0
    late = _still_waiting(uow, late)
    decided = _have_decided(uow, late)
    asked = 0
    for one in late:
        others = everybodys - {one.owner.id} - set(one.asked) - decided.get(one.absence.id, set())
        if others:
            _ask(uow, one, others)
            asked += 1
    return asked


def _is_late(uow: UnitOfWork, one: WaitingAbsence) -> bool:
    return is_escalated(
        asked_on=one.since.astimezone(ZoneInfo(uow.company.time_zone)).date(),
        start_date=one.absence.start_date,
        anybody_asked=bool(one.asked),
        today=uow.today(),
    )


def _still_waiting(uow: UnitOfWork, late: list[WaitingAbsence]) -> list[WaitingAbsence]:
    """Locked as decisions lock them, and looked at again; whoever decides right now needs no help."""
    query = (
        select(Absence.id)
        .where(
            Absence.id.in_([one.absence.id for one in late]),
            Absence.status == AbsenceStatus.REQUESTED,
        )
        .order_by(Absence.id)
        .with_for_update(skip_locked=True)
    )
    locked = set(uow.session.scalars(query))
    now = {one.absence.id: one for one in waiting.find(uow)}
    return [
        now[one.absence.id]
        for one in late
        if one.absence.id in locked and one.absence.id in now and now[one.absence.id].step_id == one.step_id
    ]


def _have_decided(uow: UnitOfWork, late: Iterable[WaitingAbsence]) -> dict[UUID, set[UUID | None]]:
    """Who has had a say already: two steps stay two people's."""
    query = (
        select(ApprovalStep.absence_id, StepApprover.employee_id, StepApprover.decided_by_id)
        .join(StepApprover, StepApprover.step_id == ApprovalStep.id)
        .where(
            ApprovalStep.absence_id.in_([one.absence.id for one in late]),
            StepApprover.decided_at.is_not(None),
        )
    )
    found: dict[UUID, set[UUID | None]] = {}
    for absence_id, employee_id, decided_by_id in uow.session.execute(query):
        found.setdefault(absence_id, set()).update((employee_id, decided_by_id))
    return found


def _ask(uow: UnitOfWork, one: WaitingAbsence, others: set[UUID]) -> None:
    if one.step_id is None:
        one.absence.escalated_at = uow.clock.now()
        audit.record(uow, audit.Action.ABSENCE_ESCALATED, subject=one.absence, people=len(others))
        return
    uow.session.add_all(
        StepApprover(step_id=one.step_id, employee_id=employee_id, escalated_at=uow.clock.now())
        for employee_id in sorted(others)
    )
    audit.record(
        uow, audit.Action.ABSENCE_ESCALATED, subject=one.absence, step=one.position, people=len(others)
    )
