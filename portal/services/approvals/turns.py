"""Whose turn it is: conditions on requests, asked by lists, by pages and by decisions alike.

`about` says of which kind they are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Generic
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, false, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.approvals import StepStatus
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.approval import ApprovalStep, StepApprover
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.services import access, line_managers
from portal.services.approvals import deputising
from portal.services.approvals.deputising import Principal
from portal.services.approvals.subjects import ABSENCES, R, Subject
from portal.services.permission_holders import holding


@dataclass(frozen=True)
class Turn(Generic[R]):
    """What the actor may do about a request, and in whose name."""

    request: R
    may_decide: bool
    #: In whose place, when it is a deputy's.
    in_place_of: UUID | None = None
    #: By the right to decide whoever's turn it is.
    out_of_turn: bool = False


def find(uow: UnitOfWork, about: Subject[R], request_id: UUID) -> Turn[R]:
    """The request if it is the actor's own or theirs to decide; refused as not found otherwise."""
    own = about.owner_id == uow.actor.employee_id
    acting_for = deputising.principals(uow)
    by_right, overrules = own_turn(uow, about), out_of_turn(uow, about)
    as_deputy = [deputy_turn(uow, one, about) for one in acting_for]
    named = [condition.label(f"for_{place}") for place, condition in enumerate(as_deputy)]
    query = select(about.model, by_right.label("by_right"), overrules.label("overrules"), *named).where(
        about.id == request_id, or_(own, by_right, overrules, *as_deputy)
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    request, right, overruling, *in_place = found
    if right or request.employee_id == uow.actor.employee_id:
        return Turn(request, bool(right))
    if True in in_place:
        return Turn(request, True, in_place_of=acting_for[in_place.index(True)].employee_id)
    return Turn(request, bool(overruling), out_of_turn=bool(overruling))


def own_turn(uow: UnitOfWork, about: Subject[Any] = ABSENCES) -> ColumnElement[bool]:
    """The actor's own: it is their turn or, where no route is laid down, their right reaches the owner."""
    reach = access.employees_within(uow, Permission.ABSENCE_APPROVE, about.owner_id)
    me = uow.actor.employee_id
    return or_(and_(~_routed(about), reach), _turn_of(me, about) if me is not None else false())


def deputy_turn(uow: UnitOfWork, principal: Principal, about: Subject[Any] = ABSENCES) -> ColumnElement[bool]:
    """The same, asked in the place of somebody else."""
    mine = and_(_turn_of(principal.employee_id, about), deputising.open_to(uow, principal, about))
    return or_(and_(~_routed(about), deputising.as_deputy(uow, principal, about=about)), mine)


def decides(
    uow: UnitOfWork, acting_for: Sequence[Principal], about: Subject[Any] = ABSENCES
) -> ColumnElement[bool]:
    """It is theirs now, as themselves or as a deputy."""
    return or_(own_turn(uow, about), *(deputy_turn(uow, one, about) for one in acting_for))


def asked(
    uow: UnitOfWork, acting_for: Sequence[Principal], about: Subject[Any] = ABSENCES
) -> ColumnElement[bool]:
    """They are among the people of the step whose turn it is: so they read what the request says."""
    me = uow.actor.employee_id
    as_deputy = [
        and_(_turn_of(one.employee_id, about), deputising.open_to(uow, one, about)) for one in acting_for
    ]
    return or_(_turn_of(me, about) if me is not None else false(), *as_deputy)


def out_of_turn(uow: UnitOfWork, about: Subject[Any] = ABSENCES) -> ColumnElement[bool]:
    """It is somebody else's turn, and the actor may decide all the same."""
    reach = access.employees_within(uow, Permission.ABSENCE_OVERRULE, about.owner_id)
    return and_(_routed(about), reach)


def _routed(about: Subject[Any]) -> ColumnElement[bool]:
    return exists().where(about.has_step(), ApprovalStep.status == StepStatus.OPEN)


def _turn_of(employee_id: UUID, about: Subject[Any]) -> ColumnElement[bool]:
    return exists().where(
        about.has_step(),
        ApprovalStep.status == StepStatus.OPEN,
        StepApprover.step_id == ApprovalStep.id,
        StepApprover.employee_id == employee_id,
        StepApprover.decided_at.is_(None),
    )


def nobodys_turn(uow: UnitOfWork, about: Subject[Any]) -> ColumnElement[bool]:
    """Nobody who works here is asked: the approvers of its step have left, or there is no step and no line manager who
    may decide.
    """
    person, manager, link = aliased(Employee), aliased(Employee), aliased(LineManagement)
    asked = exists().where(
        about.has_step(),
        ApprovalStep.status == StepStatus.OPEN,
        StepApprover.step_id == ApprovalStep.id,
        StepApprover.decided_at.is_(None),
        person.id == StepApprover.employee_id,
        person.active,
    )
    led = exists().where(
        line_managers.leads(link, about.owner_id, uow.today()),
        manager.id == link.manager_id,
        manager.active,
        manager.id.in_(holding(Permission.ABSENCE_APPROVE)),
    )
    return and_(~asked, or_(_routed(about), ~led))
