"""Who holds which role. Nobody gives or takes more than they hold, and somebody always keeps admin and HR.

What a role may do is said in domain/permissions.py; it counts from the holder's next click.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.permissions import BUILT_IN_ROLES, Grants, Permission, covers, may_grant
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.role import Role, RoleGrant, RolePermission
from portal.services import access, audit, sign_in_policy, stored_grants
from portal.services.company_lock import lock_company

#: The role of everybody, given with the employment and never taken.
EVERYONE = "employee"
_BUILT_IN = list(BUILT_IN_ROLES)
_OWN_ROLE = len(_BUILT_IN)
#: Roles that only their holders can hand on, so the last holder keeps them.
KEPT = {"admin": Reason.LAST_ADMIN, "hr": Reason.LAST_HR}


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
        select(
            Role.id,
            Role.key,
            Role.name,
            Role.id.in_(held).label("held"),
            stored_grants.as_array().label("permissions"),
        )
        .join(RolePermission, RolePermission.role_id == Role.id, isouter=True)
        .group_by(Role.company_id, Role.id)
    ).all()
    own = uow.actor.grants
    lines = [
        RoleLine(
            row.id,
            row.key,
            row.name,
            row.held,
            _may_change(own, row.key, stored_grants.read(row.permissions)),
        )
        for row in rows
    ]
    return sorted(lines, key=lambda line: place_in_lists(line.key, line.name))


def place_in_lists(key: str, name: str) -> tuple[int, str]:
    """Built-in roles first and from little to much, then the company's own by name."""
    return (_BUILT_IN.index(key) if key in _BUILT_IN else _OWN_ROLE, name.casefold())


def may_hand_on(own: Grants, key: str, contents: Grants) -> bool:
    """May holders of another role be given this one instead? The role of everybody they have already."""
    return key == EVERYONE or may_grant(own, contents)


def is_built_in(key: str) -> bool:
    """Built-in roles come with the portal: they stay as they are, and grow with it."""
    return key in BUILT_IN_ROLES


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
    sign_in_policy.keep_break_glass(uow, employee_id)
    for key in KEPT:
        if employee_id in holders(uow, key):
            keep_one(uow, employee_id, key)


def refuse_without_holders(uow: UnitOfWork) -> None:
    """Refuses a state in which nobody active holds admin or HR, after several people were changed at once."""
    for key, reason in KEPT.items():
        if not holders(uow, key):
            raise Refusal(reason)


def refuse_above_own(uow: UnitOfWork, employee_id: UUID) -> None:
    """Refuses another address for somebody who may do more than the actor: their mail leads to their password."""
    if not covers(uow.actor.grants, held_by(uow, employee_id)):
        raise Refusal(Reason.EMAIL_ABOVE_OWN, field="email")


def holders(uow: UnitOfWork, key: str) -> set[UUID]:
    """Who holds the role and has not left."""
    return set(
        uow.session.scalars(
            select(RoleGrant.employee_id)
            .join(Role, Role.id == RoleGrant.role_id)
            .join(Employee, Employee.id == RoleGrant.employee_id)
            .where(Role.key == key, Employee.active)
        )
    )


def held_by(uow: UnitOfWork, employee_id: UUID) -> Grants:
    """What all roles of the person allow together."""
    return stored_grants.read(
        uow.session.scalar(
            select(stored_grants.as_array())
            .select_from(RoleGrant)
            .join(RolePermission, RolePermission.role_id == RoleGrant.role_id)
            .where(RoleGrant.employee_id == employee_id)
        )
    )


def own_now(uow: UnitOfWork) -> Grants:
    """What the actor may do now, under the lock: somebody may have taken it since this request began."""
    return held_by(uow, uow.actor.employee_id) if uow.actor.employee_id else uow.actor.grants


def contents_of(uow: UnitOfWork, role_id: UUID) -> Grants:
    """What the role allows."""
    query = select(stored_grants.as_array()).where(RolePermission.role_id == role_id)
    return stored_grants.read(uow.session.scalar(query))


def permissions_by_role(uow: UnitOfWork) -> dict[str, tuple[UUID, Grants]]:
    """Every role by key, with its id and what it grants."""
    rows = uow.session.execute(
        select(Role.id, Role.key, stored_grants.as_array().label("permissions"))
        .join(RolePermission, RolePermission.role_id == Role.id, isouter=True)
        .group_by(Role.company_id, Role.id)
    )
    return {row.key: (row.id, stored_grants.read(row.permissions)) for row in rows}


def _found(uow: UnitOfWork, employee_id: UUID, role_id: UUID) -> tuple[Employee, Role]:
    """Both rows under the lock; refused when the role goes above the actor's own (T90)."""
    lock_company(uow)
    employee = access.employee_for(uow, Permission.ROLE_GRANT, employee_id)
    role = access.one_or_refuse(uow, select(Role).where(Role.id == role_id))
    if role.key == EVERYONE:
        raise Refusal(Reason.NOT_PERMITTED)
    if not _may_change(own_now(uow), role.key, contents_of(uow, role_id)):
        raise Refusal(Reason.GRANT_ABOVE_OWN)
    return employee, role


def _grant_of(uow: UnitOfWork, employee_id: UUID, role_id: UUID) -> RoleGrant | None:
    return uow.session.scalars(
        select(RoleGrant).where(RoleGrant.employee_id == employee_id, RoleGrant.role_id == role_id)
    ).one_or_none()


def keep_one(uow: UnitOfWork, employee_id: UUID, key: str) -> None:
    """Refuses that the last holder, or the emergency admin, loses a role that nobody else could give back."""
    if key not in KEPT:
        return
    if not holders(uow, key) - {employee_id}:
        raise Refusal(KEPT[key])
    sign_in_policy.keep_break_glass(uow, employee_id)


def _may_change(own: Grants, key: str, grants: Grants) -> bool:
    return key != EVERYONE and may_grant(own, grants)
