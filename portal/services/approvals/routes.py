"""The route of a request: found once when it is sent, and walked step by step. Showing it is in shown_routes.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from portal.db import UnitOfWork
from portal.domain.approvals import (
    RequestFacts,
    StepStatus,
    is_agreed,
    plan_route,
)
from portal.models.approval import ApprovalStep, StepApprover
from portal.models.employee import Employee
from portal.services.approvals import finding, rules, subjects
from portal.services.approvals.subjects import R, Request
from portal.services.approvals.turns import Turn


def start(
    uow: UnitOfWork,
    request: Request,
    facts: RequestFacts,
    *,
    breaks_staffing: Callable[[], bool] = lambda: False,
) -> set[UUID] | None:
    """Finds the steps by the rule and the people of today. Answers whose turn it is; nobody: there is no route.

    None: by the rule nobody has to agree, because nobody is above the owner. `breaks_staffing` is asked only where a
    step depends on it: it reads everybody whom rules of staffing count.
    """
    laid_down = rules.steps_on(uow, request.absence_type_id, uow.today(), kind=subjects.kind_of(request))
    if any(rule.breaks_staffing for rule in laid_down):
        facts = replace(facts, breaks_staffing=breaks_staffing())
    applying = [rule for rule in laid_down if rule.applies(facts)]
    if not applying:
        return set()
    owner_id = request.employee_id
    found = [(rule, finding.people_for(uow, rule, owner_id)) for rule in applying]
    steps = plan_route(found, owner_id=owner_id, fallback=finding.who_decide_for_all(uow))
    if not steps and all(rule.agreed_if_nobody for rule in applying):
        return None
    rows = []
    for position, step in enumerate(steps, start=1):
        row = ApprovalStep(
            id=uuid4(),
            **{subjects.link_name(request): request.id},
            position=position,
            approver=step.approver,
            mode=step.mode,
            at_least=step.at_least,
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
    return _open_next(uow, request)


def agree(uow: UnitOfWork, turn: Turn[R]) -> tuple[int, set[UUID]] | None:
    """Notes that the step was agreed to: its number, and whose turn it is now (nobody new: others of the step).

    None: nobody else has to agree, or there is no route.
    """
    step = _open_step(uow, turn.request)
    if step is None:
        return None
    people = _people(uow, step.id)
    _note(uow, turn, people)
    if not _is_settled(step, people):
        return step.position, set()
    step.status = StepStatus.APPROVED
    uow.session.flush()
    now = _open_next(uow, turn.request)
    return (step.position, now) if now else None


def decline(uow: UnitOfWork, turn: Turn[R]) -> None:
    """One who declines ends the route."""
    step = _open_step(uow, turn.request)
    if step is not None:
        _note(uow, turn, _people(uow, step.id))
        step.status = StepStatus.REJECTED
        close(uow, turn.request)


def close(uow: UnitOfWork, request: Request) -> None:
    """The request is over: it is nobody's turn any more."""
    for step in _steps(uow, request):
        if step.status in (StepStatus.OPEN, StepStatus.WAITING):
            step.status = StepStatus.CLOSED


def forget(uow: UnitOfWork, request: Request) -> None:
    """The request has changed, and is asked for anew; who had agreed to what stands in the log."""
    steps = select(ApprovalStep.id).where(subjects.steps_of(request))
    uow.session.execute(delete(StepApprover).where(StepApprover.step_id.in_(steps)))
    uow.session.execute(delete(ApprovalStep).where(subjects.steps_of(request)))


def whose_turn(uow: UnitOfWork, request: Request) -> set[UUID]:
    """Those of the step whose turn it is who have not decided; nobody: there is no route."""
    step = _open_step(uow, request)
    if step is None:
        return set()
    return {one.employee_id for one in _people(uow, step.id) if one.decided_at is None}


def last_decider(uow: UnitOfWork, request: Request) -> str:
    """Who was faster: by whom it was approved or declined, else who passed a step last; else an empty text."""
    if subjects.waits(request):
        query = (
            select(Employee)
            .join(StepApprover, StepApprover.decided_by_id == Employee.id)
            .join(ApprovalStep, ApprovalStep.id == StepApprover.step_id)
            .where(subjects.steps_of(request))
            .order_by(StepApprover.decided_at.desc())
            .limit(1)
        )
    elif subjects.is_decided(request):
        query = select(Employee).where(Employee.id == request.decided_by_id)
    else:
        return ""  # its owner took it back
    found = uow.session.scalars(query).one_or_none()
    return found.name if found is not None else ""


def _open_next(uow: UnitOfWork, request: Request) -> set[UUID]:
    """Whose turn it is next. A step whose people have agreed before is skipped: nobody is asked twice."""
    steps = _steps(uow, request)
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
        if is_agreed(step.mode, people, agreed, step.at_least):
            step.status = StepStatus.SKIPPED
            continue
        step.status, step.opened_at = StepStatus.OPEN, uow.clock.now()
        for one in _people(uow, step.id):
            if one.employee_id in agreed:
                one.decided_by_id, one.decided_at = one.employee_id, uow.clock.now()
        uow.session.flush()
        return people - agreed
    return set()


def _note(uow: UnitOfWork, turn: Turn[R], people: Sequence[StepApprover]) -> None:
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
    return is_agreed(step.mode, first, _agreed(people), step.at_least)


def _agreed(people: Sequence[StepApprover]) -> list[UUID]:
    return [one.employee_id for one in people if one.decided_at is not None]


def _open_step(uow: UnitOfWork, request: Request) -> ApprovalStep | None:
    return next((one for one in _steps(uow, request) if one.status is StepStatus.OPEN), None)


def _steps(uow: UnitOfWork, request: Request) -> Sequence[ApprovalStep]:
    query = select(ApprovalStep).where(subjects.steps_of(request))
    return uow.session.scalars(query.order_by(ApprovalStep.position)).all()


def _people(uow: UnitOfWork, step_id: UUID) -> Sequence[StepApprover]:
    return uow.session.scalars(select(StepApprover).where(StepApprover.step_id == step_id)).all()
