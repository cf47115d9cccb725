"""Who holds a permission, by any of their roles: whom a letter goes to, who could undo what was done."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import Select, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission
from portal.models.employee import Employee
from portal.models.role import RoleGrant, RolePermission


def holding(permission: Permission) -> Select[UUID]:
    """The ids of those whom any role allows it, however far it reaches; of people who left too."""
    return (
        select(RoleGrant.employee_id)
        .join(RolePermission, RolePermission.role_id == RoleGrant.role_id)
        .where(RolePermission.permission == permission.value)
    )


def active_holders(uow: UnitOfWork, permission: Permission) -> Sequence[Employee]:
    """Those of them who work here, by e-mail."""
    holders = select(Employee).where(Employee.active, Employee.id.in_(holding(permission)))
    return uow.session.scalars(holders.order_by(Employee.email)).all()
