"""The roles of the company, what one of them allows, who holds it, and who may do one thing.

A handful of queries each, however many people there are.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from portal.db import UnitOfWork
from portal.domain.permissions import Grants, Permission, Reach, may_manage
from portal.models.employee import Employee
from portal.models.role import Role, RoleGrant, RolePermission
from portal.services import access, roles, stored_grants
from portal.services.name_order import by_name
from portal.services.permission_holders import holding

PAGE_LENGTH = 50


@dataclass(frozen=True)
class RoleLine:
    """A role in the list: how much it allows and how many people hold it."""

    id: UUID
    key: str
    name: str
    permissions: int
    holders: int

    @property
    def built_in(self) -> bool:
        return roles.is_built_in(self.key)


@dataclass(frozen=True)
class ShownRole:
    """A role opened. `manageable`: it is the company's own, and the reader may change it."""

    id: UUID
    key: str
    name: str
    version: int
    contents: Grants
    manageable: bool

    @property
    def built_in(self) -> bool:
        return roles.is_built_in(self.key)


@dataclass(frozen=True)
class Holder:
    """A person who holds a role or a permission; by which roles and how far only where that was asked."""

    id: UUID
    name: str
    job_title: str | None
    reach: Reach | None = None
    by: tuple[tuple[UUID, str, str], ...] = ()


@dataclass(frozen=True)
class HolderPage:
    """One page of them, and how many people it is a part of."""

    lines: list[Holder]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_LENGTH))


def list_roles(uow: UnitOfWork) -> list[RoleLine]:
    """Every role with its counts, in one query."""
    permissions = (
        select(func.count(RolePermission.id)).where(RolePermission.role_id == Role.id).correlate(Role)
    )
    holders = (
        select(func.count(RoleGrant.id))
        .join(Employee, Employee.id == RoleGrant.employee_id)
        .where(RoleGrant.role_id == Role.id, Employee.active)
        .correlate(Role)
    )
    rows = uow.session.execute(
        select(Role.id, Role.key, Role.name, permissions.scalar_subquery(), holders.scalar_subquery())
    )
    return sorted((RoleLine(*row) for row in rows), key=lambda one: roles.place_in_lists(one.key, one.name))


def show(uow: UnitOfWork, role_id: UUID) -> ShownRole:
    """The role with what it allows, in two queries."""
    role = access.one_or_refuse(uow, select(Role).where(Role.id == role_id))
    contents = roles.contents_of(uow, role_id)
    manageable = not roles.is_built_in(role.key) and may_manage(uow.actor.grants, contents)
    return ShownRole(role.id, role.key, role.name, role.version, contents, manageable)


def holders_of(uow: UnitOfWork, role_id: UUID, page: int) -> HolderPage:
    """The people who hold the role, by name."""
    held = select(RoleGrant.employee_id).where(RoleGrant.role_id == role_id)
    return _page(uow, Employee.id.in_(held), page)


def who_may(uow: UnitOfWork, permission: Permission, page: int) -> HolderPage:
    """The people whom any role allows this, each with how far and by which roles."""
    found = _page(uow, Employee.id.in_(holding(permission)), page)
    by: dict[UUID, list[tuple[UUID, str, str]]] = defaultdict(list)
    reaches: dict[UUID, list[Reach]] = defaultdict(list)
    rows = uow.session.execute(
        select(RoleGrant.employee_id, Role.id, Role.key, Role.name, RolePermission.reach)
        .join(Role, Role.id == RoleGrant.role_id)
        .join(RolePermission, RolePermission.role_id == Role.id)
        .where(
            RolePermission.permission == permission.value,
            RoleGrant.employee_id.in_([line.id for line in found.lines]),
        )
    )
    for row in sorted(rows, key=lambda one: roles.place_in_lists(one.key, one.name)):
        by[row.employee_id].append((row.id, row.key, row.name))
        reaches[row.employee_id].append(Reach(row.reach))
    lines = [
        Holder(one.id, one.name, one.job_title, max(reaches[one.id]), tuple(by[one.id]))
        for one in found.lines
    ]
    return HolderPage(lines, found.total, found.number)


def targets(uow: UnitOfWork, role_id: UUID) -> list[tuple[UUID, str, str]]:
    """The roles that holders of this one may be given instead, by the actor: (id, key, name)."""
    rows = uow.session.execute(
        select(Role.id, Role.key, Role.name, stored_grants.as_array().label("contents"))
        .join(RolePermission, RolePermission.role_id == Role.id, isouter=True)
        .where(Role.id != role_id)
        .group_by(Role.company_id, Role.id)
    )
    may = [
        row for row in rows if roles.may_hand_on(uow.actor.grants, row.key, stored_grants.read(row.contents))
    ]
    return [
        (row.id, row.key, row.name)
        for row in sorted(may, key=lambda one: roles.place_in_lists(one.key, one.name))
    ]


def _page(uow: UnitOfWork, condition: ColumnElement[bool], page: int) -> HolderPage:
    rows = uow.session.execute(
        select(
            Employee.id,
            Employee.first_name,
            Employee.last_name,
            Employee.job_title,
            func.count().over().label("total"),
        )
        .where(condition, Employee.active)
        .order_by(*by_name(uow))
        .limit(PAGE_LENGTH)
        .offset((page - 1) * PAGE_LENGTH)
    ).all()
    if not rows and page > 1:
        return _page(uow, condition, 1)
    lines = [Holder(row.id, f"{row.first_name} {row.last_name}", row.job_title) for row in rows]
    return HolderPage(lines, rows[0].total if rows else 0, page)
