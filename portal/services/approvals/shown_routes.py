"""The route of a request as pages show it: a column of the statement that finds the request."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.domain.approvals import ApproverKind, StepMode, StepStatus
from portal.models.approval import ApprovalStep, StepApprover
from portal.models.employee import Employee
from portal.services.approvals.subjects import ABSENCES, Subject


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
    at_least: int | None = None
    people: list[ShownApprover] = field(default_factory=list)


# Made once: building aliases costs more than running many a query.
_APPROVER, _DECIDER, _BEFORE, _HANDING = (aliased(Employee) for _ in range(4))


def column(about: Subject[Any] = ABSENCES) -> ColumnElement[Any]:
    """The steps of the request that the statement is about, with their people; `read` makes a route of it."""
    step = (
        ApprovalStep.position,
        ApprovalStep.approver,
        ApprovalStep.mode,
        ApprovalStep.status,
        ApprovalStep.at_least,
    )
    names = [one.first_name + " " + one.last_name for one in (_APPROVER, _DECIDER)]
    handed = [one.first_name + " " + one.last_name for one in (_BEFORE, _HANDING)]
    moments = StepApprover.decided_at, StepApprover.escalated_at
    order = (
        ApprovalStep.position,
        StepApprover.escalated_at.nulls_first(),
        _APPROVER.last_name,
        _APPROVER.first_name,
    )
    values = func.json_build_array(*step, *names, *moments, *handed, StepApprover.handed_at)
    somebody_else = and_(_DECIDER.id == StepApprover.decided_by_id, _DECIDER.id != _APPROVER.id)
    return (
        select(func.json_agg(aggregate_order_by(values, *order)))
        .select_from(ApprovalStep)
        .join(StepApprover, StepApprover.step_id == ApprovalStep.id)
        .join(_APPROVER, _APPROVER.id == StepApprover.employee_id)
        .outerjoin(_DECIDER, somebody_else)
        .outerjoin(_BEFORE, _BEFORE.id == StepApprover.handed_from_id)
        .outerjoin(_HANDING, _HANDING.id == StepApprover.handed_by_id)
        .where(about.has_step())
        .correlate(about.model)
        .scalar_subquery()
        .label("route")
    )


def read(found: Iterable[list[Any]] | None) -> list[ShownStep]:
    """In the order of the steps; a request without a route has none."""
    steps = []
    for (position, approver, mode, status, at_least), people in groupby(found or (), key=lambda one: one[:5]):
        step = ShownStep(position, ApproverKind(approver), StepMode(mode), StepStatus(status), at_least)
        step.people.extend(_approver(*one[5:]) for one in people)
        steps.append(step)
    return steps


def _approver(
    name: str,
    decided_by: str | None,
    decided_at: str | None,
    escalated_at: str | None,
    handed_from: str | None,
    handed_by: str | None,
    handed_at: str | None,
) -> ShownApprover:
    moments = _moment(decided_at), _moment(escalated_at)
    return ShownApprover(name, decided_by, *moments, handed_from, handed_by, _moment(handed_at))


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
