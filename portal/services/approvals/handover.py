"""Handing a waiting request over to another approver: by whoever may decide out of turn, never for their own request.

The route stays as it was found; the new approver takes the place of one whose turn it is. Of a request without steps a
step is made, so that from then on it is the turn of that person alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import Select, and_, func, or_, select

from portal.db import UnitOfWork
from portal.domain.absences import refuse_own
from portal.domain.approvals import ApproverKind, StepMode, StepStatus, SubjectKind
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.approval import ApprovalStep, StepApprover
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.services import absence_letters, access, audit, line_managers, overtime_letters
from portal.services.approvals import routes
from portal.services.approvals.subjects import R, Request, Subject, link_name, steps_of, waits
from portal.services.balances import TypeFacts, type_facts

LONGEST_REASON = 500


@dataclass(frozen=True)
class Waiting:
    """A request that can be handed over, and whose turn it is; nobody: whoever's right reaches the owner."""

    request_id: UUID
    about: SubjectKind
    name: str
    kind: TypeFacts
    #: The time off, or the day of the overtime twice.
    start_date: date
    end_date: date
    version: int
    people: list[tuple[UUID, str]]


@dataclass(frozen=True)
class NewApprover:
    """Who decides instead, found by their work e-mail, and of several in whose place."""

    email: str
    reason: str
    in_place_of: UUID | None = None


def show(uow: UnitOfWork, about: Subject[R], request_id: UUID) -> Waiting:
    """Refused as not found when it does not wait, or the right does not reach its owner."""
    _refuse_support(uow)
    query = (
        _reached(uow, about, request_id)
        .add_columns(AbsenceType, Employee)
        .join(AbsenceType, AbsenceType.id == about.type_id)
        .join(Employee, Employee.id == about.owner_id)
    )
    found = uow.session.execute(query).one_or_none()
    if found is None or not waits(found[0]):
        raise Refusal(Reason.NOT_FOUND)
    request, kind, owner = found
    refuse_own(uow.actor.employee_id, request.employee_id)
    step = _open_step(uow, request)
    people = [(person.id, person.name) for _, person in _people(uow, step)] if step is not None else []
    first, last = _days(request)
    return Waiting(request.id, about.kind, owner.name, type_facts(kind), first, last, request.version, people)


def _days(request: Request) -> tuple[date, date]:
    if isinstance(request, Absence):
        return request.start_date, request.end_date
    return request.worked_on, request.worked_on


def hand_over(
    uow: UnitOfWork, about: Subject[R], request_id: UUID, new: NewApprover, *, version: int
) -> None:
    """Both are told. Whoever's turn it was has no say in it any more, and the link of their letter is dead."""
    _refuse_support(uow)
    reason = _checked_reason(new.reason)
    request = _locked(uow, about, request_id, version)
    approver = _approver(uow, request, new.email)
    step = _open_step(uow, request)
    before = _manager(uow, request) if step is None else _replaced(uow, step, new.in_place_of)
    if before is not None and before.id == approver.id:
        raise Refusal(Reason.ALREADY_SO, field="approver")
    step = step or _make_step(uow, request)
    uow.session.add(
        StepApprover(
            step_id=step.id,
            employee_id=approver.id,
            handed_from_id=before.id if before is not None else None,
            handed_by_id=uow.actor.employee_id,
            handed_at=uow.clock.now(),
        )
    )
    request.version += 1
    audit.record(
        uow,
        _ACTIONS[about.kind],
        subject=request,
        reason=reason,
        handed_from=str(before.id) if before is not None else None,
        handed_to=str(approver.id),
    )
    _tell(uow, request, before, approver, reason)


_ACTIONS = {
    SubjectKind.ABSENCE: audit.Action.ABSENCE_HANDED_OVER,
    SubjectKind.OVERTIME: audit.Action.OVERTIME_HANDED_OVER,
}


def _refuse_support(uow: UnitOfWork) -> None:
    if uow.actor.support is not None:  # whose turn it is, is the company's own affair
        raise Refusal(Reason.NOT_FOUND)


def _checked_reason(text: str) -> str:
    reason = text.strip()
    if not reason:
        raise Refusal(Reason.MISSING, field="reason")
    if len(reason) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)
    return reason


def _tell(
    uow: UnitOfWork, request: Request, before: Employee | None, approver: Employee, reason: str
) -> None:
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == request.absence_type_id))
    told = before if before is not None and before.active else None
    if isinstance(request, Absence):
        asked = [approver.id]
        absence_letters.ask_to_decide(uow, request, kind, asked, handed_by=uow.actor.name, note=reason)
        if told is not None:
            absence_letters.tell_of_handover(uow, request, kind, told, approver, reason)
        return
    overtime_letters.ask_to_decide(uow, request, kind, [approver.id], handed_by=uow.actor.name, note=reason)
    if told is not None:
        overtime_letters.tell_of_handover(uow, request, kind, told, approver, reason)


def _reached(uow: UnitOfWork, about: Subject[R], request_id: UUID) -> Select[Any]:
    reach = access.employees_within(uow, Permission.ABSENCE_OVERRULE, about.owner_id)
    return select(about.model).where(about.id == request_id, reach)


def _locked(uow: UnitOfWork, about: Subject[R], request_id: UUID, version: int) -> R:
    """Locked as decisions lock it, so that of a decision and a handover at once one wins (T151)."""
    request: R | None = uow.session.scalars(
        _reached(uow, about, request_id)
        .with_for_update(key_share=True, of=about.model)
        .execution_options(populate_existing=True)
    ).one_or_none()
    if request is None:
        raise Refusal(Reason.NOT_FOUND)
    refuse_own(uow.actor.employee_id, request.employee_id)
    if not waits(request):
        raise Refusal(Reason.ALREADY_DECIDED, decided_by=routes.last_decider(uow, request))
    if request.version != version:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return request


def _approver(uow: UnitOfWork, request: Request, email: str) -> Employee:
    """Somebody who works here, not the owner, and nobody who has had a say: two steps stay two people's."""
    found = uow.session.scalars(
        select(Employee).where(Employee.email == email.strip().lower(), Employee.active)
    ).one_or_none()
    if found is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field="approver")
    if found.id == request.employee_id:
        raise Refusal(Reason.APPROVER_IS_OWNER, field="approver")
    asked = (
        select(StepApprover.id)
        .join(ApprovalStep, ApprovalStep.id == StepApprover.step_id)
        .where(
            steps_of(request),
            or_(
                StepApprover.decided_by_id == found.id,
                and_(
                    StepApprover.employee_id == found.id,
                    or_(StepApprover.decided_at.is_not(None), ApprovalStep.status == StepStatus.OPEN),
                ),
            ),
        )
    )
    if uow.session.scalars(asked.limit(1)).first() is not None:
        raise Refusal(Reason.APPROVER_ASKED_ALREADY, field="approver")
    return found


def _open_step(uow: UnitOfWork, request: Request) -> ApprovalStep | None:
    query = select(ApprovalStep).where(steps_of(request), ApprovalStep.status == StepStatus.OPEN)
    return uow.session.scalars(query).one_or_none()


def _make_step(uow: UnitOfWork, request: Request) -> ApprovalStep:
    last = select(func.max(ApprovalStep.position)).where(steps_of(request))
    step = ApprovalStep(
        id=uuid4(),
        position=(uow.session.scalar(last) or 0) + 1,
        approver=ApproverKind.PERSON,
        mode=StepMode.ANY,
        status=StepStatus.OPEN,
        opened_at=uow.clock.now(),
        **{link_name(request): request.id},
    )
    uow.session.add(step)
    uow.session.flush()  # its person refers to it
    return step


def _replaced(uow: UnitOfWork, step: ApprovalStep, in_place_of: UUID | None) -> Employee:
    """Whose place is taken: of one there is no question, of several it must be said."""
    people = _people(uow, step)
    if in_place_of is None and len(people) == 1:
        in_place_of = people[0][1].id
    for row, person in people:
        if person.id == in_place_of:
            uow.session.delete(row)
            uow.session.flush()
            return person
    raise Refusal(Reason.MISSING if in_place_of is None else Reason.CHANGED_MEANWHILE, field="in_place_of")


def _people(uow: UnitOfWork, step: ApprovalStep) -> list[tuple[StepApprover, Employee]]:
    """Whose turn it is still."""
    query = (
        select(StepApprover, Employee)
        .join(Employee, Employee.id == StepApprover.employee_id)
        .where(StepApprover.step_id == step.id, StepApprover.decided_at.is_(None))
        .order_by(Employee.last_name, Employee.first_name)
    )
    return [(row, person) for row, person in uow.session.execute(query)]


def _manager(uow: UnitOfWork, request: Request) -> Employee | None:
    """Who was asked where there are no steps."""
    query = (
        select(Employee)
        .join(LineManagement, LineManagement.manager_id == Employee.id)
        .where(line_managers.leads(LineManagement, request.employee_id, uow.today()), Employee.active)
    )
    return uow.session.scalars(query).one_or_none()
