"""Requests to be forgotten as HR sees them: the list with its clock, one opened with its plan, and the certificate."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.erasures import LIVE, UNDECIDED, ErasureOrigin, ErasureStatus
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.erasure import ErasureRequest, ErasureStep
from portal.services import access
from portal.services.forgetting import holds, plans
from portal.services.forgetting.plans import Plan

_MOST = 500
_SOON_DAYS = 7


@dataclass(frozen=True)
class RequestLine:
    """One request in the list. `days_left` counts to the day of the law; None once it is answered."""

    id: UUID
    name: str
    status: ErasureStatus
    origin: ErasureOrigin
    received_on: date
    due_on: date
    days_left: int | None

    @property
    def late(self) -> bool:
        return self.days_left is not None and self.days_left < 0

    @property
    def soon(self) -> bool:
        return self.days_left is not None and 0 <= self.days_left <= _SOON_DAYS


@dataclass(frozen=True)
class StepLine:
    """One step as it was planned and done."""

    table: str
    waits_for: str
    due_on: date
    done_at: datetime | None
    rows: int | None


@dataclass(frozen=True)
class RequestPage:
    """One request with all that its page shows and may offer. `plan` None: it cannot be made, `why_not` says why."""

    line: RequestLine
    version: int
    employee_id: UUID
    extended_on: date | None
    extension_reason: str
    decision_reason: str
    planned_by: str
    planned_at: datetime | None
    approved_by: str
    approved_at: datetime | None
    finished_at: datetime | None
    plan: Plan | None
    why_not: Refusal | None
    steps: list[StepLine]
    held: bool
    is_own: bool
    can_approve: bool

    @property
    def undecided(self) -> bool:
        return self.line.status in UNDECIDED

    @property
    def certified(self) -> bool:
        return self.line.status in {ErasureStatus.PARTLY, ErasureStatus.ERASED}


@dataclass(frozen=True)
class Certificate:
    """What was erased and when, with what is still to come. The hash covers all of it."""

    request_id: UUID
    person_id: UUID
    company: str
    received_on: date
    approved_at: datetime | None
    finished_at: datetime | None
    done: list[StepLine]
    later: list[StepLine]
    sha256: str

    @property
    def rows(self) -> int:
        return sum(one.rows or 0 for one in self.done)


def list_all(uow: UnitOfWork) -> list[RequestLine]:
    """Every request: those that wait for an answer first, the most urgent on top."""
    _need_right(uow)
    rows = uow.session.execute(
        _requests().order_by(
            ErasureRequest.status.not_in(UNDECIDED), ErasureRequest.due_on, ErasureRequest.created_at.desc()
        )
    )
    return [_line(uow, row[0], row[1]) for row in rows]


def list_own(uow: UnitOfWork) -> list[RequestLine]:
    """The actor's own requests, the newest first."""
    query = _requests().where(ErasureRequest.employee_id == uow.actor.employee_id)
    rows = uow.session.execute(query.order_by(ErasureRequest.created_at.desc()))
    return [_line(uow, row[0], row[1]) for row in rows]


def show(uow: UnitOfWork, request_id: UUID) -> RequestPage:
    """One request for HR."""
    _need_right(uow)
    planner, approver = aliased(Employee), aliased(Employee)
    row = uow.session.execute(
        _requests()
        .add_columns(
            Employee,
            func.concat(planner.first_name, " ", planner.last_name),
            func.concat(approver.first_name, " ", approver.last_name),
        )
        .outerjoin(planner, planner.id == ErasureRequest.planned_by_id)
        .outerjoin(approver, approver.id == ErasureRequest.approved_by_id)
        .where(ErasureRequest.id == request_id)
    ).one_or_none()
    if row is None:
        raise Refusal(Reason.NOT_FOUND)
    request, name, person, planned_by, approved_by = row
    plan, why_not = _plan(uow, request, person)
    return RequestPage(
        line=_line(uow, request, name),
        version=request.version,
        employee_id=request.employee_id,
        extended_on=request.extended_on,
        extension_reason=request.extension_reason or "",
        decision_reason=request.decision_reason or "",
        planned_by=planned_by.strip(),
        planned_at=request.planned_at,
        approved_by=approved_by.strip(),
        approved_at=request.approved_at,
        finished_at=request.finished_at,
        plan=plan,
        why_not=why_not,
        steps=_steps(uow, request_id),
        held=holds.is_held(uow, request.employee_id),
        is_own=request.employee_id == uow.actor.employee_id,
        can_approve=uow.actor.employee_id not in {request.planned_by_id, request.employee_id},
    )


def certificate(uow: UnitOfWork, request_id: UUID) -> Certificate:
    """What can be shown of an erasure without saying who it was."""
    page = show(uow, request_id)
    if not page.certified:
        raise Refusal(Reason.NOT_FOUND)
    done = [one for one in page.steps if one.done_at is not None]
    later = [one for one in page.steps if one.done_at is None]
    return Certificate(
        request_id=request_id,
        person_id=page.employee_id,
        company=uow.company.name,
        received_on=page.line.received_on,
        approved_at=page.approved_at,
        finished_at=page.finished_at,
        done=done,
        later=later,
        sha256=_hash(uow.company.id, page, done, later),
    )


def _hash(company_id: UUID, page: RequestPage, done: list[StepLine], later: list[StepLine]) -> str:
    """SHA-256 over what the certificate says, as JSON with sorted keys; docs/privacy.md shows how to check it."""
    said = {
        "company": str(company_id),
        "request": str(page.line.id),
        "person": str(page.employee_id),
        "done": [
            [one.table, one.waits_for, one.rows or 0, one.done_at.isoformat()] for one in done if one.done_at
        ],
        "later": [[one.table, one.waits_for, one.due_on.isoformat()] for one in later],
    }
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def _requests() -> Select[ErasureRequest, str]:
    return (
        select(ErasureRequest, func.concat(Employee.first_name, " ", Employee.last_name))
        .join(Employee, Employee.id == ErasureRequest.employee_id)
        .limit(_MOST)
    )


def _line(uow: UnitOfWork, request: ErasureRequest, name: str) -> RequestLine:
    waits = request.status in UNDECIDED
    return RequestLine(
        request.id,
        name,
        request.status,
        request.origin,
        request.received_on,
        request.due_on,
        (request.due_on - uow.today()).days if waits else None,
    )


def _plan(uow: UnitOfWork, request: ErasureRequest, person: Employee) -> tuple[Plan | None, Refusal | None]:
    """What would be erased today; nothing for a request that is closed."""
    if request.status not in LIVE - {ErasureStatus.ERASING, ErasureStatus.PARTLY}:
        return None, None
    try:
        return plans.make(uow, person), None
    except Refusal as refusal:
        return None, refusal


def _steps(uow: UnitOfWork, request_id: UUID) -> list[StepLine]:
    order = [card.table for card in plans.in_order()]
    rows = uow.session.scalars(select(ErasureStep).where(ErasureStep.request_id == request_id))
    lines = [StepLine(one.table_name, one.waits_for, one.due_on, one.done_at, one.row_count) for one in rows]
    return sorted(lines, key=lambda one: (one.due_on, order.index(one.table) if one.table in order else 0))


def _need_right(uow: UnitOfWork) -> None:
    if not access.can(uow, Permission.PRIVACY_MANAGE, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
