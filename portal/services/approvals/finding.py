"""Whom a step means, for one owner and today: managers, holders of a role within reach, a person, HR."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.approvals import ApproverKind, StepRule
from portal.domain.permissions import Permission, Reach
from portal.models.employee import Employee, Employment
from portal.models.line_management import LineManagement
from portal.models.role import Role, RoleGrant, RolePermission
from portal.models.team import TeamMembership
from portal.services import line_managers

_HR = "hr"


def people_of(uow: UnitOfWork, step: StepRule, owner_id: UUID) -> set[UUID]:
    """Those who work here; nobody is an answer, which the route makes up for."""
    return set(uow.session.scalars(_FINDING[step.approver](uow, step, owner_id)))


def people_for(uow: UnitOfWork, step: StepRule, owner_id: UUID) -> set[UUID]:
    """Whom the step asks: whom it means, else whom it names for the case that this is nobody. Never the owner."""
    found = people_of(uow, step, owner_id) - {owner_id}
    if found or step.if_nobody is None:
        return found
    instead = StepRule(step.if_nobody, named_id=step.if_nobody_named_id)
    return people_of(uow, instead, owner_id) - {owner_id}


def who_decide_for_all(uow: UnitOfWork) -> set[UUID]:
    """Those who decide for the whole company: asked when a step finds nobody."""
    query = (
        select(Employee.id)
        .join(RoleGrant, RoleGrant.employee_id == Employee.id)
        .join(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(
            Employee.active,
            RolePermission.permission == Permission.ABSENCE_APPROVE.value,
            RolePermission.reach == Reach.COMPANY.value,
        )
    )
    return set(uow.session.scalars(query))


def _line_manager(uow: UnitOfWork, _step: StepRule, owner_id: UUID) -> Select[UUID]:
    return (
        select(Employee.id)
        .join(LineManagement, LineManagement.manager_id == Employee.id)
        .where(line_managers.leads(LineManagement, owner_id, uow.today()), Employee.active)
    )


def _next_manager(uow: UnitOfWork, _step: StepRule, owner_id: UUID) -> Select[UUID]:
    above, link = aliased(LineManagement), aliased(LineManagement)
    return (
        select(Employee.id)
        .join(above, above.manager_id == Employee.id)
        .join(link, line_managers.leads(above, link.manager_id, uow.today()))
        .where(line_managers.leads(link, owner_id, uow.today()), Employee.active)
    )


def _person(_uow: UnitOfWork, step: StepRule, _owner_id: UUID) -> Select[UUID]:
    return select(Employee.id).where(Employee.id == step.named_id, Employee.active)


def _hr(_uow: UnitOfWork, _step: StepRule, _owner_id: UUID) -> Select[UUID]:
    return _holders().join(Role, Role.id == RoleGrant.role_id).where(Role.key == _HR)


def _role(uow: UnitOfWork, step: StepRule, owner_id: UUID) -> Select[UUID]:
    """Holders whose reach by this very role covers the owner; of a role that decides nothing, all holders."""
    decides = and_(
        RolePermission.role_id == RoleGrant.role_id,
        RolePermission.permission == Permission.ABSENCE_APPROVE.value,
    )
    near = _near(uow, owner_id)
    beside = Employee.id.in_(_at_same_site(uow, owner_id))
    reaches = or_(
        RolePermission.reach.is_(None),
        RolePermission.reach == Reach.COMPANY.value,
        and_(RolePermission.reach.in_([Reach.TEAM.value, Reach.SITE.value]), near),
        and_(RolePermission.reach == Reach.SITE.value, beside),
    )
    query = _holders().outerjoin(RolePermission, decides)
    return query.where(RoleGrant.role_id == step.named_id, reaches)


def _team_head(uow: UnitOfWork, _step: StepRule, owner_id: UUID) -> Select[UUID]:
    """Who is in a team of the owner, and may decide for their own teams but not for everybody."""
    mates = Employee.id.in_(_team_mates(uow, owner_id))
    return _deciding(Reach.TEAM).where(mates)


def _site_head(uow: UnitOfWork, _step: StepRule, owner_id: UUID) -> Select[UUID]:
    """Who works at the owner's site, and may decide for all who work there."""
    return _deciding(Reach.SITE).where(Employee.id.in_(_at_same_site(uow, owner_id)))


def _deciding(reach: Reach) -> Select[UUID]:
    decides = and_(
        RolePermission.role_id == RoleGrant.role_id,
        RolePermission.permission == Permission.ABSENCE_APPROVE.value,
        RolePermission.reach == reach.value,
    )
    return _holders().join(RolePermission, decides)


def _holders() -> Select[UUID]:
    return select(Employee.id).join(RoleGrant, RoleGrant.employee_id == Employee.id).where(Employee.active)


def _near(uow: UnitOfWork, owner_id: UUID) -> ColumnElement[bool]:
    """The owner's line manager, and who is in one of their teams."""
    manager = select(LineManagement.manager_id).where(
        line_managers.leads(LineManagement, owner_id, uow.today())
    )
    return or_(Employee.id.in_(manager), Employee.id.in_(_team_mates(uow, owner_id)))


def _team_mates(uow: UnitOfWork, owner_id: UUID) -> Select[UUID]:
    mine, mate = aliased(TeamMembership), aliased(TeamMembership)
    return (
        select(mate.employee_id)
        .join(mine, mine.team_id == mate.team_id)
        .where(mine.employee_id == owner_id, _today(uow, mine), _today(uow, mate))
    )


def _at_same_site(uow: UnitOfWork, owner_id: UUID) -> Select[UUID]:
    mine, theirs = aliased(Employment), aliased(Employment)
    return (
        select(theirs.employee_id)
        .join(mine, mine.site_id == theirs.site_id)
        .where(mine.employee_id == owner_id, _today(uow, mine), _today(uow, theirs))
    )


def _today(uow: UnitOfWork, dated: type[TeamMembership] | type[Employment]) -> ColumnElement[bool]:
    today = uow.today()
    return and_(dated.start_date <= today, or_(dated.end_date.is_(None), dated.end_date >= today))


_FINDING: dict[ApproverKind, Callable[[UnitOfWork, StepRule, UUID], Select[UUID]]] = {
    ApproverKind.LINE_MANAGER: _line_manager,
    ApproverKind.NEXT_MANAGER: _next_manager,
    ApproverKind.ROLE: _role,
    ApproverKind.PERSON: _person,
    ApproverKind.HR: _hr,
    ApproverKind.TEAM_HEAD: _team_head,
    ApproverKind.SITE_HEAD: _site_head,
}
