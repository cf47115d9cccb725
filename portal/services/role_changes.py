"""The company's own roles: made, changed and deleted, never beyond what the actor may do (T90).

Built-in roles are not touched here, so the holder of the built-in admin and HR that services/roles.py keeps
stays whatever becomes of the company's own (T91).
"""

from __future__ import annotations

import re
from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.folded_text import folded
from portal.domain.permissions import Grants, Permission, Reach, may_manage
from portal.domain.refusals import Reason, Refusal
from portal.domain.role_contents import MOST_ROLES, check_contents, check_name
from portal.models.employee import Employee
from portal.models.role import Role, RoleGrant, RolePermission
from portal.services import access, audit, provisioned_roles, roles, viewing
from portal.services.company_lock import lock_company

#: In front of the keys of own roles: a role that comes with a later portal never meets one of them.
_OWN_PREFIX = "own-"


def create(uow: UnitOfWork, name: str, contents: Grants) -> UUID:
    """A new role of the company, held by nobody yet."""
    lock_company(uow)
    check_name(name)
    check_contents(contents)
    _check_within_own(uow, contents)
    own = uow.session.scalar(select(func.count(Role.id)).where(Role.key.startswith(_OWN_PREFIX))) or 0
    if own >= MOST_ROLES:
        raise Refusal(Reason.ROLES_TOO_MANY, limit=MOST_ROLES)
    _check_free(uow, name)
    role = Role(key=_free_key(uow, name), name=name)
    uow.session.add(role)
    uow.session.flush()  # its permissions refer to it
    _write(uow, role.id, {}, contents)
    audit.record(uow, audit.Action.ROLE_CREATED, subject=role, allowed=_in_short(contents))
    return role.id


def change(uow: UnitOfWork, role_id: UUID, name: str, contents: Grants, *, version: int) -> None:
    """Another name or other permissions, for everybody who holds the role, from their next click on."""
    role, before = _taken(uow, role_id)
    if role.version != version:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    check_name(name)
    check_contents(contents)
    _check_within_own(uow, before, contents)
    if name.lower() != role.name.lower():
        _check_free(uow, name)
    role.name = name
    role.version += 1
    _write(uow, role_id, before, contents)
    more = {one: reach for one, reach in contents.items() if before.get(one) != reach}
    less = {one: reach for one, reach in before.items() if contents.get(one) != reach}
    audit.record(
        uow, audit.Action.ROLE_CHANGED, subject=role, allowed=_in_short(more), no_longer=_in_short(less)
    )


def delete(uow: UnitOfWork, role_id: UUID, *, version: int, move_to: UUID | None = None) -> int:
    """Takes the role out of the company and says how many people got the other one instead."""
    role, contents = _taken(uow, role_id)
    if role.version != version:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    _check_within_own(uow, contents)
    held = list(uow.session.scalars(select(RoleGrant).where(RoleGrant.role_id == role_id)))
    if held and move_to is None:
        raise Refusal(Reason.ROLE_HELD, field="move_to", count=len(held))
    if held and move_to is not None:
        _move(uow, role, held, move_to)
    viewing.end_all_of_role(uow, role_id)
    provisioned_roles.forget_role(uow, role_id)
    permissions = uow.session.scalars(select(RolePermission).where(RolePermission.role_id == role_id))
    for row in [*held, *permissions]:
        uow.session.delete(row)
    uow.session.flush()  # nothing refers to it any more
    uow.session.delete(role)
    audit.record(uow, audit.Action.ROLE_DELETED, subject=role, allowed=_in_short(contents), holders=len(held))
    return len(held)


def _taken(uow: UnitOfWork, role_id: UUID) -> tuple[Role, Grants]:
    """The role under the lock, with what it allows; built-in ones are refused."""
    lock_company(uow)
    role = access.one_or_refuse(uow, select(Role).where(Role.id == role_id))
    if roles.is_built_in(role.key):
        raise Refusal(Reason.ROLE_BUILT_IN)
    return role, roles.contents_of(uow, role_id)


def _check_within_own(uow: UnitOfWork, *contents: Grants) -> None:
    if not may_manage(roles.own_now(uow), *contents):
        raise Refusal(Reason.GRANT_ABOVE_OWN)


def _check_free(uow: UnitOfWork, name: str) -> None:
    if uow.session.scalar(select(Role.id).where(func.lower(Role.name) == func.lower(name))) is not None:
        raise Refusal(Reason.ROLE_NAME_TAKEN, field="name")


def _free_key(uow: UnitOfWork, name: str) -> str:
    """`own-night-desk`: what import files call the role. It stays when the name changes."""
    stem = _OWN_PREFIX + (re.sub(r"[^a-z0-9]+", "-", folded(name)).strip("-") or "role")
    taken = set(uow.session.scalars(select(Role.key).where(Role.key.startswith(stem))))
    return next(
        key
        for number in range(1, len(taken) + 2)
        if (key := f"{stem}-{number}" if number > 1 else stem) not in taken
    )


def _write(uow: UnitOfWork, role_id: UUID, before: Grants, after: Grants) -> None:
    rows = {
        row.permission: row
        for row in uow.session.scalars(select(RolePermission).where(RolePermission.role_id == role_id))
    }
    for name, row in rows.items():
        if name not in {one.value for one in after}:
            uow.session.delete(row)
    for permission, reach in after.items():
        if before.get(permission) == reach:
            continue
        if permission.value in rows:
            rows[permission.value].reach = reach.value
        else:
            uow.session.add(RolePermission(role_id=role_id, permission=permission.value, reach=reach.value))


def _move(uow: UnitOfWork, role: Role, held: list[RoleGrant], move_to: UUID) -> None:
    """Everybody who holds the one gets the other; what is everybody's already, they simply keep."""
    target = access.one_or_refuse(uow, select(Role).where(Role.id == move_to, Role.id != role.id))
    if not roles.may_hand_on(roles.own_now(uow), target.key, roles.contents_of(uow, move_to)):
        raise Refusal(Reason.GRANT_ABOVE_OWN, field="move_to")
    holders = {row.employee_id for row in held}
    query = select(Employee.id, Employee.email).where(Employee.id.in_(holders))
    emails = {row.id: row.email for row in uow.session.execute(query)}
    already = set(
        uow.session.scalars(
            select(RoleGrant.employee_id).where(
                RoleGrant.role_id == move_to, RoleGrant.employee_id.in_(holders)
            )
        )
    )
    for row in held:
        person = emails[row.employee_id]
        audit.record(uow, audit.Action.ROLE_REVOKED, subject=row, role=role.key, person=person)
        if row.employee_id not in already:
            new = RoleGrant(employee_id=row.employee_id, role_id=move_to)
            uow.session.add(new)
            audit.record(uow, audit.Action.ROLE_GRANTED, subject=new, role=target.key, person=person)


def _in_short(contents: Grants) -> str:
    """`absence:view=team, roster:edit=site`: as the audit log keeps it."""
    pairs: list[tuple[Permission, Reach]] = sorted(contents.items())
    return ", ".join(f"{permission}={reach}" for permission, reach in pairs)
