"""Why somebody may do something, or may not: which of their roles allow it, how far, and who lies within.

Whether a colleague lies within a reach is asked of services/access.py on behalf of the person, so that the
answer and the pages cannot disagree.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from uuid import UUID

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.actors import Actor
from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.domain.role_contents import NEVER_OWN
from portal.models.employee import Employee, Employment
from portal.models.line_management import LineManagement
from portal.models.role import Role, RoleGrant, RolePermission
from portal.models.team import Site, Team, TeamMembership
from portal.services import access, line_managers, roles

#: Their pages show teams, not people: whose roster it is decides, not who leads whom.
_BY_TEAM = {
    Permission.ROSTER_EDIT,
    Permission.ROSTER_PRINT,
    Permission.ROSTER_PUBLISH,
    Permission.ROSTER_VIEW,
}


@dataclass(frozen=True)
class AllowingRole:
    """A role that allows something, and how far."""

    id: UUID
    key: str
    name: str
    reach: Reach


@dataclass(frozen=True)
class Rights:
    """What a person may do: the roles that allow each permission, the widest first."""

    employee_id: UUID
    name: str
    active: bool
    by_permission: dict[Permission, list[AllowingRole]]


@dataclass(frozen=True)
class Colleague:
    """How somebody stands to the person asked about, today."""

    id: UUID
    name: str
    same: bool
    report: bool
    teams: tuple[str, ...]
    sites: tuple[str, ...]
    #: The narrowest reach that covers them.
    needed: Reach


@dataclass(frozen=True)
class Answer:
    """Whether the person may, by which roles, and which others would do."""

    permission: Permission
    allowed: bool
    held: list[AllowingRole]
    others: list[AllowingRole]
    colleague: Colleague | None
    never_own: bool


def rights_of(uow: UnitOfWork, employee_id: UUID) -> Rights:
    """Everything the person's roles allow, in two queries."""
    person = access.employee_for(uow, Permission.ROLE_GRANT, employee_id)
    known = {permission.value: permission for permission in Permission}
    by: dict[Permission, list[AllowingRole]] = defaultdict(list)
    rows = uow.session.execute(
        select(Role.id, Role.key, Role.name, RolePermission.reach, RolePermission.permission)
        .join(RoleGrant, RoleGrant.role_id == Role.id)
        .join(RolePermission, RolePermission.role_id == Role.id)
        .where(RoleGrant.employee_id == employee_id)
    )
    for row in rows:
        if row.permission in known:
            by[known[row.permission]].append(AllowingRole(row.id, row.key, row.name, Reach(row.reach)))
    return Rights(person.id, person.name, person.active, {one: _ordered(by[one]) for one in by})


def explain(uow: UnitOfWork, rights: Rights, permission: Permission, *, colleague_email: str = "") -> Answer:
    """Why, or why not; with a colleague, whether it covers them. Three more queries."""
    colleague = _colleague(uow, rights.employee_id, permission, colleague_email) if colleague_email else None
    held = rights.by_permission.get(permission, [])
    never_own = colleague is not None and colleague.same and permission in NEVER_OWN
    enough = [role for role in held if colleague is None or role.reach >= colleague.needed]
    return Answer(
        permission=permission,
        allowed=bool(enough) and rights.active and not never_own,
        held=held,
        others=[
            role
            for role in _others(uow, permission, {role.id for role in held})
            if colleague is None or role.reach >= colleague.needed
        ],
        colleague=colleague,
        never_own=never_own,
    )


def _others(uow: UnitOfWork, permission: Permission, held: set[UUID]) -> list[AllowingRole]:
    rows = uow.session.execute(
        select(Role.id, Role.key, Role.name, RolePermission.reach)
        .join(RolePermission, RolePermission.role_id == Role.id)
        .where(RolePermission.permission == permission.value, Role.id.not_in(held))
    )
    return _ordered([AllowingRole(row.id, row.key, row.name, Reach(row.reach)) for row in rows])


def _ordered(allowing: list[AllowingRole]) -> list[AllowingRole]:
    by_place = sorted(allowing, key=lambda role: roles.place_in_lists(role.key, role.name))
    return sorted(by_place, key=lambda role: role.reach, reverse=True)


def _colleague(uow: UnitOfWork, person_id: UUID, permission: Permission, email: str) -> Colleague:
    row = uow.session.execute(
        select(
            Employee.id,
            Employee.first_name,
            Employee.last_name,
            exists()
            .where(line_managers.leads(LineManagement, Employee.id, uow.today()))
            .where(LineManagement.manager_id == person_id)
            .label("report"),
            *(
                _within(uow, person_id, permission, reach).label(reach.value)
                for reach in (Reach.OWN, Reach.TEAM, Reach.SITE)
            ),
        ).where(Employee.email == email.lower())
    ).one_or_none()
    if row is None:
        raise Refusal(Reason.PERSON_UNKNOWN, field="colleague")
    covered = [reach for reach in (Reach.OWN, Reach.TEAM, Reach.SITE) if row._mapping[reach.value]]
    teams, sites = _in_common(uow, person_id, row.id)
    return Colleague(
        id=row.id,
        name=f"{row.first_name} {row.last_name}",
        same=row.id == person_id,
        report=bool(row.report),
        teams=teams,
        sites=sites,
        needed=covered[0] if covered else Reach.COMPANY,
    )


def _within(uow: UnitOfWork, person_id: UUID, permission: Permission, reach: Reach) -> ColumnElement[bool]:
    """Would this reach of the person cover Employee?"""
    as_person = replace(uow, actor=Actor(person_id, "", "", grants={permission: reach}))
    if permission not in _BY_TEAM:
        return access.employees_within(as_person, permission, Employee.id)
    return exists().where(
        TeamMembership.employee_id == Employee.id,
        _lasts(uow, TeamMembership),
        access.teams_within(as_person, permission, TeamMembership.team_id),
    )


def _in_common(
    uow: UnitOfWork, person_id: UUID, colleague_id: UUID
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The names of the teams and of the sites that both belong to today."""
    mine, terms = aliased(TeamMembership), aliased(Employment)
    teams = (
        select(func.array_agg(Team.name.distinct()))
        .select_from(TeamMembership)
        .join(mine, mine.team_id == TeamMembership.team_id)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(
            TeamMembership.employee_id == colleague_id,
            mine.employee_id == person_id,
            _lasts(uow, TeamMembership),
            _lasts(uow, mine),
        )
    )
    sites = (
        select(func.array_agg(Site.name.distinct()))
        .select_from(Employment)
        .join(terms, terms.site_id == Employment.site_id)
        .join(Site, Site.id == Employment.site_id)
        .where(
            Employment.employee_id == colleague_id,
            terms.employee_id == person_id,
            _lasts(uow, Employment),
            _lasts(uow, terms),
        )
    )
    row = uow.session.execute(select(teams.scalar_subquery(), sites.scalar_subquery())).one()
    return tuple(row[0] or ()), tuple(row[1] or ())


def _lasts(uow: UnitOfWork, dated: type[TeamMembership] | type[Employment]) -> ColumnElement[bool]:
    today = uow.today()
    return and_(dated.start_date <= today, or_(dated.end_date.is_(None), dated.end_date >= today))
