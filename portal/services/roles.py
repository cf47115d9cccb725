"""Who holds which role. Nobody gives or takes more than they hold, and somebody always keeps admin and HR.

What a role may do is said in domain/permissions.py; it counts from the holder's next click.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, func, select

from portal.db import UnitOfWork
from portal.domain.permissions import BUILT_IN_ROLES, Grants, Permission, Reach, combine, covers, may_grant
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.role import Role, RoleGrant, RolePermission
from portal.services import access, audit
from portal.services.company_lock import lock_company

#: The role of everybody, given with the employment and never taken.
EVERYONE = "employee"
_BUILT_IN = list(BUILT_IN_ROLES)
#: Roles that only their holders can hand on, so the last holder keeps them.
_KEPT = {"admin": Reason.LAST_ADMIN, "hr": Reason.LAST_HR}


@dataclass(frozen=True)
class RoleLine:
    """A role beside a person: whether they hold it, and whether the actor may change that."""

    id: UUID
    key: str
    name: str
    held: bool
    changeable: bool


def list_for(uow: UnitOfWork, employee_id: UUID) -> list[RoleLine]:
    """Every role of the company, as it stands for this person, in one query."""
    held = select(RoleGrant.role_id).where(RoleGrant.employee_id == employee_id)
    rows = uow.session.execute(
        select(Role.id, Role.key, Role.name, Role.id.in_(held).label("held"), _permissions())
        .join(RolePermission, RolePermission.role_id == Role.id, isouter=True)
        .group_by(Role.company_id, Role.id)
    ).all()
    lines = [
        RoleLine(row.id, row.key, row.name, row.held, _may_change(uow, row.key, _grants(row.permissions)))
        for row in rows
    ]
    return sorted(
        lines, key=lambda line: (_BUILT_IN.index(line.key) if line.key in _BUILT_IN else 99, line.name)
    )


def grant(uow: UnitOfWork, employee_id: UUID, role_id: UUID) -> None:
    """Gives the person the role. Giving it twice is once."""
    employee, role = _found(uow, employee_id, role_id)
    if not employee.active:
        raise Refusal(Reason.NOT_PERMITTED)
    if _grant_of(uow, employee_id, role_id) is not None:
        return
    row = RoleGrant(employee_id=employee_id, role_id=role_id)
    uow.session.add(row)
    audit.record(uow, audit.Action.ROLE_GRANTED, subject=row, role=role.key, person=employee.email)


def revoke(uow: UnitOfWork, employee_id: UUID, role_id: UUID) -> None:
    """Takes the role away. Refused for the last holder of a role that nobody else could give back."""
    employee, role = _found(uow, employee_id, role_id)
    row = _grant_of(uow, employee_id, role_id)
    if row is None:
        return
    keep_one(uow, employee_id, role.key)
    uow.session.delete(row)
    audit.record(uow, audit.Action.ROLE_REVOKED, subject=row, role=role.key, person=employee.email)


def keep_somebody(uow: UnitOfWork, employee_id: UUID) -> None:
    """Refuses that this person goes when they are the last to hold admin or HR."""
    lock_company(uow)
    for key in _KEPT:
        if employee_id in _active_holders(uow, key):
            keep_one(uow, employee_id, key)


def refuse_above_own(uow: UnitOfWork, employee_id: UUID) -> None:
    """Refuses another address for somebody who may do more than the actor: their mail leads to their password."""
    pairs = uow.session.execute(
        select(RolePermission.permission, RolePermission.reach)
        .join(RoleGrant, RoleGrant.role_id == RolePermission.role_id)
        .where(RoleGrant.employee_id == employee_id)
    )
    held = combine(*(_grants([f"{name}={reach}"]) for name, reach in pairs))
    if not covers(uow.actor.grants, held):
        raise Refusal(Reason.EMAIL_ABOVE_OWN, field="email")


def permissions_by_role(uow: UnitOfWork) -> dict[str, tuple[UUID, Grants]]:
    """Every role by key, with its id and what it grants."""
    rows = uow.session.execute(
        select(Role.id, Role.key, _permissions())
        .join(RolePermission, RolePermission.role_id == Role.id, isouter=True)
        .group_by(Role.company_id, Role.id)
    )
    return {row.key: (row.id, _grants(row.permissions)) for row in rows}


def _found(uow: UnitOfWork, employee_id: UUID, role_id: UUID) -> tuple[Employee, Role]:
    """Both rows under the lock; refused when the role goes above the actor's own (T90)."""
    lock_company(uow)
    employee = access.employee_for(uow, Permission.ROLE_GRANT, employee_id)
    role = access.one_or_refuse(uow, select(Role).where(Role.id == role_id))
    pairs = uow.session.execute(
        select(RolePermission.permission, RolePermission.reach).where(RolePermission.role_id == role_id)
    )
    if role.key == EVERYONE:
        raise Refusal(Reason.NOT_PERMITTED)
    if not _may_change(uow, role.key, _grants([f"{name}={reach}" for name, reach in pairs])):
        raise Refusal(Reason.GRANT_ABOVE_OWN)
    return employee, role


def _grant_of(uow: UnitOfWork, employee_id: UUID, role_id: UUID) -> RoleGrant | None:
    return uow.session.scalars(
        select(RoleGrant).where(RoleGrant.employee_id == employee_id, RoleGrant.role_id == role_id)
    ).one_or_none()


def keep_one(uow: UnitOfWork, employee_id: UUID, key: str) -> None:
    """Refuses that the last holder of a role that nobody else could give back loses it."""
    if key in _KEPT and not _active_holders(uow, key) - {employee_id}:
        raise Refusal(_KEPT[key])


def _active_holders(uow: UnitOfWork, key: str) -> set[UUID]:
    return set(
        uow.session.scalars(
            select(RoleGrant.employee_id)
            .join(Role, Role.id == RoleGrant.role_id)
            .join(Employee, Employee.id == RoleGrant.employee_id)
            .where(Role.key == key, Employee.active)
        )
    )


def _may_change(uow: UnitOfWork, key: str, grants: Grants) -> bool:
    return key != EVERYONE and may_grant(uow.actor.grants, grants)


def _permissions() -> ColumnElement[Sequence[str]]:
    """`permission=reach` of a role, as one array."""
    pairs = func.array_agg(RolePermission.permission + "=" + RolePermission.reach)
    return pairs.filter(RolePermission.permission.is_not(None)).label("permissions")


def _grants(pairs: Sequence[str] | None) -> Grants:
    """An unknown permission grants nothing."""
    known = {permission.value for permission in Permission}
    split = (pair.split("=", 1) for pair in pairs or [])
    return {Permission(name): Reach(reach) for name, reach in split if name in known}
