"""Every request of the company that waits for a decision, and whom it waits for: a few queries, however many."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import StepStatus
from portal.domain.permissions import Permission, Reach
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.approval import ApprovalStep, StepApprover
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.models.role import RoleGrant, RolePermission

#: Asked again behind a lock, the rows are those of that moment.
from portal.services import line_managers

_AS_IT_IS = {"populate_existing": True}


@dataclass(frozen=True)
class Asked:
    """Somebody whose turn it is, and since when. `escalated`: because the others had not decided."""

    since: datetime
    escalated: bool = False


@dataclass
class WaitingAbsence:
    """A request that waits. Without a route it has no step: it waits for whoever's right reaches the owner."""

    absence: Absence
    kind: AbsenceType
    owner: Employee
    #: Who leads the owner today.
    manager_id: UUID | None
    since: datetime
    step_id: UUID | None = None
    position: int | None = None
    escalated: bool = False
    #: Those who work here and have not decided; never the owner.
    asked: dict[UUID, Asked] = field(default_factory=dict)


def find(uow: UnitOfWork) -> list[WaitingAbsence]:
    """All that wait, oldest first."""
    query = (
        select(Absence, AbsenceType, Employee, LineManagement.manager_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .join(Employee, Employee.id == Absence.employee_id)
        .outerjoin(LineManagement, line_managers.leads(LineManagement, Employee.id, uow.today()))
        .where(Absence.status == AbsenceStatus.REQUESTED, Employee.active)
        .order_by(Absence.requested_at, Absence.start_date, Absence.id)
    )
    found = {
        absence.id: WaitingAbsence(absence, kind, owner, manager_id, absence.requested_at)
        for absence, kind, owner, manager_id in uow.session.execute(query.execution_options(**_AS_IT_IS))
    }
    if found:
        _add_routes(uow, found)
        _add_managers(uow, [one for one in found.values() if one.step_id is None])
    return list(found.values())


def who_approve(uow: UnitOfWork) -> dict[UUID, bool]:
    """All who work here and decide on requests of others; true: of the whole company."""
    query = (
        select(Employee.id, RolePermission.reach)
        .join(RoleGrant, RoleGrant.employee_id == Employee.id)
        .join(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(
            Employee.active,
            RolePermission.permission == Permission.ABSENCE_APPROVE.value,
            RolePermission.reach != Reach.OWN.value,
        )
    )
    found: dict[UUID, bool] = {}
    for employee_id, reach in uow.session.execute(query):
        found[employee_id] = found.get(employee_id, False) or reach == Reach.COMPANY.value
    return found


def _add_routes(uow: UnitOfWork, found: dict[UUID, WaitingAbsence]) -> None:
    query = (
        select(ApprovalStep, StepApprover, Employee.active)
        .join(Absence, Absence.id == ApprovalStep.absence_id)
        .join(StepApprover, StepApprover.step_id == ApprovalStep.id)
        .join(Employee, Employee.id == StepApprover.employee_id)
        .where(Absence.status == AbsenceStatus.REQUESTED, ApprovalStep.status == StepStatus.OPEN)
    )
    for step, one, active in uow.session.execute(query.execution_options(**_AS_IT_IS)):
        waiting = found.get(step.absence_id)
        if waiting is None:
            continue
        waiting.step_id, waiting.position = step.id, step.position
        waiting.since = step.opened_at or waiting.since
        waiting.escalated = waiting.escalated or one.escalated_at is not None
        if active and one.decided_at is None and one.employee_id != waiting.owner.id:
            since = one.escalated_at or one.handed_at or waiting.since
            waiting.asked[one.employee_id] = Asked(since, one.escalated_at is not None)


def _add_managers(uow: UnitOfWork, unrouted: list[WaitingAbsence]) -> None:
    """The line manager, if they may decide at all; and, once they were asked, those who decide for everybody."""
    if not unrouted:
        return
    approve = who_approve(uow)
    for one in unrouted:
        at = one.absence.escalated_at
        if at is not None:
            one.escalated = True
            everybodys = (holder for holder, for_all in approve.items() if for_all)
            one.asked |= {holder: Asked(at, escalated=True) for holder in everybodys}
        if one.manager_id is not None and one.manager_id in approve:
            one.asked[one.manager_id] = Asked(one.since)
        one.asked.pop(one.owner.id, None)
