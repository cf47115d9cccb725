"""Nobody has decided for too long: those who decide for the whole company are asked too. Nothing decides by itself."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.reminders import is_escalated
from portal.models.absence import Absence
from portal.models.approval import ApprovalStep, StepApprover
from portal.services import audit
from portal.services.approvals import finding, waiting
from portal.services.approvals.subjects import ABSENCES, OVERTIME
from portal.services.approvals.waiting import Matter, WaitingRequest


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
        others = everybodys - {one.owner.id} - set(one.asked) - decided.get(one.request.id, set())
        if others:
            _ask(uow, one, others)
            asked += 1
    return asked


def _is_late(uow: UnitOfWork, one: WaitingRequest) -> bool:
    return is_escalated(
        asked_on=one.since.astimezone(ZoneInfo(uow.company.time_zone)).date(),
        start_date=one.due_on,
        anybody_asked=bool(one.asked),
        today=uow.today(),
    )


def _still_waiting(uow: UnitOfWork, late: list[WaitingRequest]) -> list[WaitingRequest]:
    """Locked as decisions lock them, and looked at again; whoever decides right now needs no help."""
    locked: set[UUID] = set()
    for about in (ABSENCES, OVERTIME):
        model = about.model
        ids = [one.request.id for one in late if isinstance(one.request, model)]
        query = select(model.id).where(model.id.in_(ids)).order_by(model.id)
        if ids:
            locked |= set(uow.session.scalars(query.with_for_update(skip_locked=True)))
    now = {one.key: one for one in waiting.find(uow)}
    return [
        now[one.key]
        for one in late
        if one.request.id in locked and one.key in now and now[one.key].step_id == one.step_id
    ]


def _have_decided(uow: UnitOfWork, late: Iterable[WaitingRequest]) -> dict[UUID, set[UUID | None]]:
    """Who has had a say in its route already: two steps stay two people's. Of another matter nobody has."""
    request_id = func.coalesce(*(about.link for about in (ABSENCES, OVERTIME)))
    query = (
        select(request_id, StepApprover.employee_id, StepApprover.decided_by_id)
        .join(StepApprover, StepApprover.step_id == ApprovalStep.id)
        .where(
            request_id.in_([one.request.id for one in late if one.matter is not Matter.CANCELLING]),
            StepApprover.decided_at.is_not(None),
        )
    )
    found: dict[UUID, set[UUID | None]] = {}
    for decided_id, employee_id, decided_by_id in uow.session.execute(query):
        if decided_id is not None:
            found.setdefault(decided_id, set()).update((employee_id, decided_by_id))
    return found


def _ask(uow: UnitOfWork, one: WaitingRequest, others: set[UUID]) -> None:
    now = uow.clock.now()
    if one.step_id is not None:
        uow.session.add_all(
            StepApprover(step_id=one.step_id, employee_id=employee_id, escalated_at=now)
            for employee_id in sorted(others)
        )
    elif one.matter is Matter.CANCELLING and isinstance(one.request, Absence):
        one.request.cancel_escalated_at = now
    else:
        one.request.escalated_at = now
    step = {"step": one.position} if one.position is not None else {}
    audit.record(uow, _ACTIONS[one.matter], subject=one.request, **step, people=len(others))


_ACTIONS = {
    Matter.TIME_OFF: audit.Action.ABSENCE_ESCALATED,
    Matter.CANCELLING: audit.Action.ABSENCE_CANCEL_ESCALATED,
    Matter.OVERTIME: audit.Action.OVERTIME_ESCALATED,
}
