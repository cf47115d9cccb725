"""The route of a request: found once when it is sent, walked step by step, and shown to whoever sees the request."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import cast
from uuid import UUID, uuid4

from sqlalchemy import delete, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import (
    ApproverKind,
    RequestFacts,
    StepMode,
    StepStatus,
    is_agreed,
    plan_route,
)
from portal.models.absence import Absence
from portal.models.approval import ApprovalStep, StepApprover
from portal.models.employee import Employee
from portal.services.approvals import finding, rules
from portal.services.approvals.turns import Turn


@dataclass(frozen=True)
class ShownApprover:
    """One of the people of a step; `decided_by` is somebody else when a deputy decided, or out of turn."""

    name: str
    decided_by: str | None
    decided_at: datetime | None
    #: When they were asked too, because the others had not decided.
    escalated_at: datetime | None = None
    #: In whose place they decide, since the request was handed over; nobody's where none was asked by name.
    handed_from: str | None = None
    handed_by: str | None = None
    handed_at: datetime | None = None


@dataclass(frozen=True)
class ShownStep:
    """A step as pages show it."""

    position: int
    approver: ApproverKind
    mode: StepMode
    status: StepStatus
    people: list[ShownApprover] = field(default_factory=list)


def start(uow: UnitOfWork, absence: Absence, facts: RequestFacts) -> set[UUID]:
    """Finds the steps by the rule and the people of today. Answers whose turn it is; nobody: there is no route."""
    applying = [
        rule for rule in rules.steps_on(uow, absence.absence_type_id, uow.today()) if rule.applies(facts)
    ]
    if not applying:
        return set()
    owner_id = absence.employee_id
    found = [(rule, finding.people_of(uow, rule, owner_id)) for rule in applying]
    steps = plan_route(found, owner_id=owner_id, fallback=finding.who_decide_for_all(uow))
    rows = []
    for position, step in enumerate(steps, start=1):
        row = ApprovalStep(
            id=uuid4(),
            absence_id=absence.id,
            position=position,
            approver=step.approver,
            mode=step.mode,
            status=StepStatus.WAITING,
        )
        rows.append(row)
        uow.session.add(row)
    uow.session.flush()  # their people refer to them
    for row, step in zip(rows, steps, strict=True):
        uow.session.add_all(
            StepApprover(step_id=row.id, employee_id=employee_id) for employee_id in sorted(step.people)
        )
    uow.session.flush()
    return _open_next(uow, absence.id)


def agree(uow: UnitOfWork, turn: Turn) -> tuple[int, set[UUID]] | None:
    """Notes that the step was agreed to: its number, and whose turn it is now (nobody new: others of the step).

    None: nobody else has to agree, or there is no route.
    """
    step = _open_step(uow, turn.absence.id)
    if step is None:
        return None
    people = _people(uow, step.id)
    _note(uow, turn, people)
    if not _is_settled(step, people):
        return step.position, set()
    step.status = StepStatus.APPROVED
    uow.session.flush()
    now = _open_next(uow, turn.absence.id)
    return (step.position, now) if now else None


def decline(uow: UnitOfWork, turn: Turn) -> None:
    """One who declines ends the route."""
    step = _open_step(uow, turn.absence.id)
    if step is not None:
        _note(uow, turn, _people(uow, step.id))
        step.status = StepStatus.REJECTED
        close(uow, turn.absence.id)


def close(uow: UnitOfWork, absence_id: UUID) -> None:
    """The request is over: it is nobody's turn any more."""
    for step in _steps(uow, absence_id):
        if step.status in (StepStatus.OPEN, StepStatus.WAITING):
            step.status = StepStatus.CLOSED


def forget(uow: UnitOfWork, absence_id: UUID) -> None:
    """The request has changed, and is asked for anew; who had agreed to what stands in the log."""
    steps = select(ApprovalStep.id).where(ApprovalStep.absence_id == absence_id)
    uow.session.execute(delete(StepApprover).where(StepApprover.step_id.in_(steps)))
    uow.session.execute(delete(ApprovalStep).where(ApprovalStep.absence_id == absence_id))


def last_decider(uow: UnitOfWork, absence: Absence) -> str:
    """Who was faster: by whom it was approved or declined, else who passed a step last; else an empty text."""
    if absence.status is AbsenceStatus.REQUESTED:
        query = (
            select(Employee)
            .join(StepApprover, StepApprover.decided_by_id == Employee.id)
            .join(ApprovalStep, ApprovalStep.id == StepApprover.step_id)
            .where(ApprovalStep.absence_id == absence.id)
            .order_by(StepApprover.decided_at.desc())
            .limit(1)
        )
    elif absence.status in (AbsenceStatus.APPROVED, AbsenceStatus.REJECTED):
        query = select(Employee).where(Employee.id == absence.decided_by_id)
    else:
        return ""  # its owner took it back
    found = uow.session.scalars(query).one_or_none()
    return found.name if found is not None else ""


def shown(uow: UnitOfWork, absence_ids: Iterable[UUID]) -> dict[UUID, list[ShownStep]]:
    """The routes of these requests, in one query; one without a route is left out."""
    approver, decider, before, handing = (aliased(Employee) for _ in range(4))
    query = (
        select(ApprovalStep, StepApprover, approver, decider, before, handing)
        .join(StepApprover, StepApprover.step_id == ApprovalStep.id)
        .join(approver, approver.id == StepApprover.employee_id)
        .outerjoin(decider, decider.id == StepApprover.decided_by_id)
        .outerjoin(before, before.id == StepApprover.handed_from_id)
        .outerjoin(handing, handing.id == StepApprover.handed_by_id)
        .where(ApprovalStep.absence_id.in_(list(absence_ids)))
        .order_by(
            ApprovalStep.absence_id,
            ApprovalStep.position,
            StepApprover.escalated_at.nulls_first(),
            approver.last_name,
            approver.first_name,
        )
    )
    found: dict[UUID, list[ShownStep]] = {}
    for step, one, person, *others in uow.session.execute(query):
        decided_by, handed_from, handed_by = cast("list[Employee | None]", others)
        steps = found.setdefault(step.absence_id, [])
        if not steps or steps[-1].position != step.position:
            steps.append(ShownStep(step.position, step.approver, step.mode, step.status))
        other = decided_by.name if decided_by is not None and decided_by.id != person.id else None
        names = handed_from.name if handed_from else None, handed_by.name if handed_by else None
        shown_one = ShownApprover(person.name, other, one.decided_at, one.escalated_at, *names, one.handed_at)
        steps[-1].people.append(shown_one)
    return found


def _open_next(uow: UnitOfWork, absence_id: UUID) -> set[UUID]:
    """Whose turn it is next. A step whose people have agreed before is skipped: nobody is asked twice."""
    steps = _steps(uow, absence_id)
    agreed = {
        one.decided_by_id
        for step in steps
        if step.status is StepStatus.APPROVED
        for one in _people(uow, step.id)
        if one.decided_by_id is not None
    }
    for step in steps:
        if step.status is not StepStatus.WAITING:
            continue
        people = {one.employee_id for one in _people(uow, step.id)}
        if is_agreed(step.mode, people, agreed):
            step.status = StepStatus.SKIPPED
            continue
        step.status, step.opened_at = StepStatus.OPEN, uow.clock.now()
        for one in _people(uow, step.id):
            if one.employee_id in agreed:
                one.decided_by_id, one.decided_at = one.employee_id, uow.clock.now()
        uow.session.flush()
        return people - agreed
    return set()


def _note(uow: UnitOfWork, turn: Turn, people: Sequence[StepApprover]) -> None:
    """In whose place it was decided: one's own, that of whom one stands in for, or out of turn that of all."""
    whose = turn.in_place_of or uow.actor.employee_id
    for one in people:
        if one.decided_at is None and (turn.out_of_turn or one.employee_id == whose):
            one.decided_by_id, one.decided_at = uow.actor.employee_id, uow.clock.now()


def _is_settled(step: ApprovalStep, people: Sequence[StepApprover]) -> bool:
    """Those who were asked first, as many as the step wants; or any of those who were asked because they had not."""
    if any(one.escalated_at is not None and one.decided_at is not None for one in people):
        return True
    first = [one.employee_id for one in people if one.escalated_at is None]
    return is_agreed(step.mode, first, _agreed(people))


def _agreed(people: Sequence[StepApprover]) -> list[UUID]:
    return [one.employee_id for one in people if one.decided_at is not None]


def _open_step(uow: UnitOfWork, absence_id: UUID) -> ApprovalStep | None:
    return next((one for one in _steps(uow, absence_id) if one.status is StepStatus.OPEN), None)


def _steps(uow: UnitOfWork, absence_id: UUID) -> Sequence[ApprovalStep]:
    query = select(ApprovalStep).where(ApprovalStep.absence_id == absence_id)
    return uow.session.scalars(query.order_by(ApprovalStep.position)).all()


def _people(uow: UnitOfWork, step_id: UUID) -> Sequence[StepApprover]:
    return uow.session.scalars(select(StepApprover).where(StepApprover.step_id == step_id)).all()
