"""In whose place the actor may decide today, and how far that reaches.

A deputy gets no right of their own: each question is asked as the person would ask it in whose place they act.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, or_, select

from portal.actors import Actor
from portal.db import UnitOfWork
from portal.domain.delegations import Handover, Matter, StandIn, deputies_of, stands_in_for
from portal.domain.permissions import Grants, Permission
from portal.models.absence_type import AbsenceType
from portal.models.delegation import Delegation
from portal.models.employee import Employee
from portal.models.role import RoleGrant, RolePermission
from portal.models.team import TeamMembership
from portal.services import access, stored_grants
from portal.services.approvals import amounts
from portal.services.approvals.subjects import ABSENCES, Request, Subject


@dataclass(frozen=True)
class Principal:
    """Somebody in whose place the actor may decide."""

    stand_in: StandIn
    name: str
    grants: Grants

    @property
    def employee_id(self) -> UUID:
        return self.stand_in.for_id


def principals(uow: UnitOfWork) -> tuple[Principal, ...]:
    """Those who have handed their decisions to the actor, by others too. Nobody while one looks as a role."""
    me = uow.actor.employee_id
    if me is None or uow.actor.viewing is not None:
        return ()
    stand_ins = stands_in_for(me, _handovers(uow))
    if not stand_ins:
        return ()
    people = _people(uow, {one.for_id for one in stand_ins})
    return tuple(Principal(one, *people[one.for_id]) for one in stand_ins if one.for_id in people)


def deputies(uow: UnitOfWork, giver_id: UUID, request: Request, kind: AbsenceType) -> Sequence[Employee]:
    """Who gets the letters about a request, of somebody who has handed over their decisions."""
    known = _handovers(uow)
    if not known:
        return ()
    found = deputies_of(giver_id, matters(uow, [(request, kind)])[request.id], known)
    if not found:
        return ()
    return uow.session.scalars(
        select(Employee).where(Employee.active, Employee.id.in_(found)).order_by(Employee.email)
    ).all()


def stand_ins(uow: UnitOfWork) -> dict[UUID, list[StandIn]]:
    """Who may decide today in whose place, by those whose decisions they are: for everybody, in one query."""
    known = _handovers(uow)
    found: dict[UUID, list[StandIn]] = {}
    for deputy_id in {handover.deputy_id for handover in known}:
        for one in stands_in_for(deputy_id, known):
            found.setdefault(one.for_id, []).append(one)
    return found


def matters(uow: UnitOfWork, requests: Iterable[tuple[Request, AbsenceType]]) -> dict[UUID, Matter]:
    """What delegations ask about each of these requests; one query for all."""
    known = list(requests)
    query = select(TeamMembership.employee_id, TeamMembership.team_id).where(
        TeamMembership.employee_id.in_({one.employee_id for one, _ in known}), _in_team_today(uow)
    )
    teams: dict[UUID, set[UUID]] = {}
    for employee_id, team_id in uow.session.execute(query):
        teams.setdefault(employee_id, set()).add(team_id)
    return {
        one.id: Matter(
            one.absence_type_id,
            one.employee_id,
            frozenset(teams.get(one.employee_id, ())),
            amounts.in_days(amounts.of(one), kind.counting),
        )
        for one, kind in known
    }


def as_deputy(
    uow: UnitOfWork,
    principal: Principal,
    permission: Permission = Permission.ABSENCE_APPROVE,
    *,
    about: Subject[Any] = ABSENCES,
) -> ColumnElement[bool]:
    """The condition that the permission of the principal reaches the request, and the actor may use it for them."""
    their = replace(uow, actor=Actor(principal.employee_id, principal.name, "", grants=principal.grants))
    reach = access.employees_within(their, permission, about.owner_id)
    return and_(reach, open_to(uow, principal, about))


def open_to(uow: UnitOfWork, principal: Principal, about: Subject[Any] = ABSENCES) -> ColumnElement[bool]:
    """The condition that the delegation covers the request, and that it is nobody's own through whose hands it goes."""
    stand_in = principal.stand_in
    limits: list[ColumnElement[bool]] = [about.owner_id.not_in(sorted(stand_in.hands))]
    if stand_in.type_id is not None:
        limits.append(about.type_id == stand_in.type_id)
    limits += [_is_in_team(uow, team_id, about) for team_id in sorted(stand_in.team_ids)]
    if stand_in.most_days is not None:
        limits.append(amounts.at_most(about, stand_in.most_days))
    return and_(*limits)


def _is_in_team(uow: UnitOfWork, team_id: UUID, about: Subject[Any]) -> ColumnElement[bool]:
    return about.owner_id.in_(
        select(TeamMembership.employee_id).where(TeamMembership.team_id == team_id, _in_team_today(uow))
    )


def _in_team_today(uow: UnitOfWork) -> ColumnElement[bool]:
    today = uow.today()
    still = or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= today)
    return and_(TeamMembership.start_date <= today, still)


def within(
    uow: UnitOfWork, acting_for: Sequence[Principal], permission: Permission = Permission.ABSENCE_APPROVE
) -> ColumnElement[bool]:
    """The condition that the actor's own right reaches the owner of the absence, or that of somebody they act for."""
    own = access.employees_within(uow, permission, ABSENCES.owner_id)
    return or_(own, *(as_deputy(uow, one, permission) for one in acting_for))


def _handovers(uow: UnitOfWork) -> list[Handover]:
    """All that hold today, of people who are here; a company has few at a time."""
    today = uow.today()
    columns = Delegation.employee_id, Delegation.deputy_id, Delegation.absence_type_id
    query = (
        select(*columns, Delegation.team_id, Delegation.most_days)
        .join(Employee, Employee.id == Delegation.employee_id)
        .where(
            Employee.active,
            Delegation.ended_at.is_(None),
            Delegation.start_date <= today,
            Delegation.end_date >= today,
        )
        .order_by(Delegation.created_at, Delegation.id)
    )
    return [Handover(*row) for row in uow.session.execute(query)]


def _people(uow: UnitOfWork, employee_ids: set[UUID]) -> dict[UUID, tuple[str, Grants]]:
    """Their names and what their roles allow them today."""
    query = (
        select(Employee.id, Employee.first_name, Employee.last_name, stored_grants.as_array())
        .outerjoin(RoleGrant, RoleGrant.employee_id == Employee.id)
        .outerjoin(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(Employee.active, Employee.id.in_(employee_ids))
        .group_by(Employee.id, Employee.first_name, Employee.last_name)
    )
    return {
        employee_id: (f"{first_name} {last_name}", stored_grants.read(pairs))
        for employee_id, first_name, last_name, pairs in uow.session.execute(query)
    }
