"""Everything of the company that waits for a decision, and whom it waits for: a few queries, however much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import StepStatus
from portal.domain.overtime import OvertimeRules, OvertimeStatus
from portal.domain.permissions import Permission, Reach
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.approval import ApprovalStep, StepApprover
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.models.overtime_credit import OvertimeCredit
from portal.models.role import RoleGrant, RolePermission
from portal.services import line_managers
from portal.services.approvals.subjects import Request

#: Asked again behind a lock, the rows are those of that moment.
_AS_IT_IS = {"populate_existing": True}


class Matter(StrEnum):
    """What somebody is to decide."""

    TIME_OFF = "time-off"
    #: Whether approved time off may be given up.
    CANCELLING = "cancelling"
    OVERTIME = "overtime"


@dataclass(frozen=True)
class Asked:
    """Somebody whose turn it is, and since when. `escalated`: because the others had not decided."""

    since: datetime
    escalated: bool = False


@dataclass
class WaitingRequest:
    """A request that waits. Without a route it has no step: it waits for whoever's right reaches the owner."""

    matter: Matter
    request: Request
    kind: AbsenceType
    owner: Employee
    #: Who leads the owner today.
    manager_id: UUID | None
    since: datetime
    #: On which day it is too late: the time off begins, or the hours lapse.
    due_on: date
    step_id: UUID | None = None
    position: int | None = None
    escalated: bool = False
    #: Those who work here and have not decided; never the owner.
    asked: dict[UUID, Asked] = field(default_factory=dict)

    @property
    def key(self) -> tuple[Matter, UUID]:
        return self.matter, self.request.id


def find(uow: UnitOfWork) -> list[WaitingRequest]:
    """All that wait, oldest first."""
    found = {
        one.key: one
        for one in (
            *(_of_time_off(*row) for row in _rows(uow, _TIME_OFF)),
            *(_of_cancelling(*row) for row in _rows(uow, _CANCELLING)),
            *(_of_overtime(*row) for row in _rows(uow, _OVERTIME)),
        )
    }
    if found:
        _add_routes(uow, found)
        _add_managers(uow, [one for one in found.values() if one.step_id is None])
    return sorted(found.values(), key=_oldest_first)


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


_TIME_OFF = select(Absence).where(Absence.status == AbsenceStatus.REQUESTED)
_CANCELLING = select(Absence).where(
    Absence.status == AbsenceStatus.APPROVED, Absence.cancel_asked_at.is_not(None)
)
_OVERTIME = select(OvertimeCredit).where(OvertimeCredit.status == OvertimeStatus.PROPOSED)


def _rows(uow: UnitOfWork, wanted: Select[Any]) -> Iterable[Any]:
    """With their type, their owner, and who leads the owner."""
    model = Absence if wanted is not _OVERTIME else OvertimeCredit
    query = (
        wanted.add_columns(AbsenceType, Employee, LineManagement.manager_id)
        .join(AbsenceType, AbsenceType.id == model.absence_type_id)
        .join(Employee, Employee.id == model.employee_id)
        .outerjoin(LineManagement, line_managers.leads(LineManagement, Employee.id, uow.today()))
        .where(Employee.active)
    )
    return uow.session.execute(query.execution_options(**_AS_IT_IS))


def _of_time_off(row: Absence, kind: AbsenceType, owner: Employee, manager_id: UUID | None) -> WaitingRequest:
    since = row.requested_at
    return WaitingRequest(Matter.TIME_OFF, row, kind, owner, manager_id, since, row.start_date)


def _of_cancelling(
    row: Absence, kind: AbsenceType, owner: Employee, manager_id: UUID | None
) -> WaitingRequest:
    since = row.cancel_asked_at or row.requested_at
    return WaitingRequest(Matter.CANCELLING, row, kind, owner, manager_id, since, row.start_date)


def _of_overtime(
    row: OvertimeCredit, kind: AbsenceType, owner: Employee, manager_id: UUID | None
) -> WaitingRequest:
    """Hours that nobody books lapse one day; of a type that takes none in any more, nothing presses."""
    rules = OvertimeRules.of(kind.overtime_months, kind.overtime_cap)
    lapse = rules.bucket(row.worked_on).usable_through if rules else date.max
    return WaitingRequest(Matter.OVERTIME, row, kind, owner, manager_id, row.proposed_at, lapse)


def _oldest_first(one: WaitingRequest) -> tuple[datetime, date, str]:
    row = one.request
    if isinstance(row, Absence):
        return row.requested_at, row.start_date, str(row.id)
    return row.proposed_at, row.worked_on, str(row.id)


def _add_routes(uow: UnitOfWork, found: dict[tuple[Matter, UUID], WaitingRequest]) -> None:
    query = (
        select(ApprovalStep, StepApprover, Employee.active)
        .join(StepApprover, StepApprover.step_id == ApprovalStep.id)
        .join(Employee, Employee.id == StepApprover.employee_id)
        .where(ApprovalStep.status == StepStatus.OPEN)
    )
    for step, one, active in uow.session.execute(query.execution_options(**_AS_IT_IS)):
        matter = Matter.TIME_OFF if step.absence_id is not None else Matter.OVERTIME
        request_id = step.absence_id or step.overtime_credit_id
        waiting = found.get((matter, request_id)) if request_id is not None else None
        if waiting is None:
            continue
        waiting.step_id, waiting.position = step.id, step.position
        waiting.since = step.opened_at or waiting.since
        waiting.escalated = waiting.escalated or one.escalated_at is not None
        if active and one.decided_at is None and one.employee_id != waiting.owner.id:
            since = one.escalated_at or one.handed_at or waiting.since
            waiting.asked[one.employee_id] = Asked(since, one.escalated_at is not None)


def _add_managers(uow: UnitOfWork, unrouted: list[WaitingRequest]) -> None:
    """The line manager, if they may decide at all; and, once they were asked, those who decide for everybody."""
    if not unrouted:
        return
    approve = who_approve(uow)
    for one in unrouted:
        at = _escalated_at(one)
        if at is not None:
            one.escalated = True
            everybodys = (holder for holder, for_all in approve.items() if for_all)
            one.asked |= {holder: Asked(at, escalated=True) for holder in everybodys}
        if one.manager_id is not None and one.manager_id in approve:
            one.asked[one.manager_id] = Asked(one.since)
        one.asked.pop(one.owner.id, None)


def _escalated_at(one: WaitingRequest) -> datetime | None:
    """When others were asked about this; of a wish to cancel only what came after the wish."""
    row = one.request
    if one.matter is not Matter.CANCELLING:
        return row.escalated_at
    assert isinstance(row, Absence)  # noqa: S101  # hours are never cancelled by wish
    at = row.cancel_escalated_at
    return at if at is not None and at >= one.since else None
