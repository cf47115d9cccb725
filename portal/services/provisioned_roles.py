"""Roles that follow from groups of a directory service: none until an admin maps one, none above that admin's own,
and none that hands out rights itself (domain/permissions, the same as for groups of identity providers).

Roles given by hand are never taken back with a group: what a group gave is marked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select

from portal.db import UnitOfWork
from portal.domain.permissions import Grants, combine, may_follow_from_group, may_grant
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.provisioning import ScimGroup, ScimGroupMember, ScimRoleGrant
from portal.models.role import Role, RoleGrant
from portal.services import access, audit, roles
from portal.services.company_lock import lock_company


@dataclass(frozen=True)
class GroupLine:
    """A group as the admins' page shows it."""

    id: UUID
    display_name: str
    members: int
    synced_at: datetime
    role_id: UUID | None
    mapped_by: str | None
    #: Whoever mapped the group may no longer grant the role: nobody new gets it.
    paused: bool
    #: The role hands out rights itself: nobody gets it from a group any more, whoever mapped it.
    capped: bool


@dataclass(frozen=True)
class RoleChoice:
    """A role that a group may be mapped to."""

    id: UUID
    key: str
    name: str
    allowed: bool


def overview(uow: UnitOfWork) -> tuple[list[GroupLine], list[RoleChoice]]:
    """Every group by name with what it leads to, and the roles to choose from."""
    contents = _contents(uow)
    groups = _list_groups(uow, contents)
    return groups, _choices(uow, contents) if groups else []


def _list_groups(uow: UnitOfWork, contents: Mapping[UUID, tuple[str, Grants]]) -> list[GroupLine]:
    rows = uow.session.execute(
        select(ScimGroup, Employee, func.count(ScimGroupMember.id).label("members"))
        .join(ScimGroupMember, ScimGroupMember.group_id == ScimGroup.id, isouter=True)
        .join(Employee, Employee.id == ScimGroup.mapped_by_id, isouter=True)
        .group_by(ScimGroup.company_id, ScimGroup.id, Employee.company_id, Employee.id)
        .order_by(ScimGroup.display_name)
    ).all()
    mappers = {row.ScimGroup.mapped_by_id for row in rows if row.ScimGroup.role_id}
    grantable = _grantable(uow, mappers, contents)
    return [
        GroupLine(
            row.ScimGroup.id,
            row.ScimGroup.display_name,
            row.members,
            row.ScimGroup.synced_at,
            row.ScimGroup.role_id,
            row.Employee.name if row.Employee else None,
            row.ScimGroup.role_id is not None
            and row.ScimGroup.role_id not in grantable.get(row.ScimGroup.mapped_by_id, set()),
            row.ScimGroup.role_id is not None
            and not may_follow_from_group(contents[row.ScimGroup.role_id][1]),
        )
        for row in rows
    ]


def list_choices(uow: UnitOfWork) -> list[RoleChoice]:
    """Every role, and whether the actor may let a group lead to it."""
    return _choices(uow, _contents(uow))


def _choices(uow: UnitOfWork, contents: Mapping[UUID, tuple[str, Grants]]) -> list[RoleChoice]:
    rows = uow.session.execute(select(Role.id, Role.key, Role.name).order_by(Role.created_at, Role.name))
    own = uow.actor.grants
    return [
        RoleChoice(*row, _mappable(row.key, contents[row.id][1]) and may_grant(own, contents[row.id][1]))
        for row in rows
    ]


def map_group(uow: UnitOfWork, group_id: UUID, role_id: UUID | None) -> None:
    """Lets the group lead to the role, or to none; its members gain and lose it now."""
    lock_company(uow)
    group = access.one_or_refuse(
        uow, select(ScimGroup).where(ScimGroup.id == group_id).with_for_update(key_share=True)
    )
    if role_id is not None:
        chosen = next((choice for choice in list_choices(uow) if choice.id == role_id), None)
        if chosen is None:
            raise Refusal(Reason.NOT_FOUND, field="role")
        contents = _contents(uow)[role_id][1]
        if chosen.key == roles.EVERYONE or not may_grant(uow.actor.grants, contents):
            raise Refusal(Reason.GRANT_ABOVE_OWN, field="role")
        if not chosen.allowed:
            raise Refusal(Reason.SSO_ROLE_NOT_MAPPABLE, field="role")
    group.role_id = role_id
    group.mapped_by_id = uow.actor.employee_id if role_id is not None else None
    audit.record(uow, audit.Action.PROVISIONING_GROUP_MAPPED, subject=group, group=group.display_name)
    uow.session.flush()
    members = select(ScimGroupMember.employee_id).where(ScimGroupMember.group_id == group_id)
    refresh(uow, set(uow.session.scalars(members)))


def refresh(uow: UnitOfWork, employee_ids: Collection[UUID]) -> None:
    """Gives and takes what the groups of these people lead to now. Inactive people gain nothing."""
    if not employee_ids:
        return
    lock_company(uow)
    contents = _contents(uow)
    wanted = _wanted(uow, employee_ids, contents)
    marks = {
        (mark.employee_id, mark.role_id)
        for mark in uow.session.scalars(
            select(ScimRoleGrant).where(ScimRoleGrant.employee_id.in_(employee_ids))
        )
    }
    rows = uow.session.execute(
        select(RoleGrant.employee_id, RoleGrant.role_id).where(RoleGrant.employee_id.in_(employee_ids))
    )
    held = {(row.employee_id, row.role_id) for row in rows}
    for employee_id, role_id in wanted - held:
        _give(uow, employee_id, role_id, contents[role_id][0])
    for employee_id, role_id in marks - _mapped(uow, employee_ids):
        _take(uow, employee_id, role_id, contents[role_id][0])


def forget_role(uow: UnitOfWork, role_id: UUID) -> None:
    """The role is about to go: no group leads to it any more. The caller takes it from whoever holds it."""
    for group in uow.session.scalars(select(ScimGroup).where(ScimGroup.role_id == role_id)):
        group.role_id = group.mapped_by_id = None
        audit.record(uow, audit.Action.PROVISIONING_GROUP_MAPPED, subject=group, group=group.display_name)
    uow.session.execute(delete(ScimRoleGrant).where(ScimRoleGrant.role_id == role_id))


def _give(uow: UnitOfWork, employee_id: UUID, role_id: UUID, key: str) -> None:
    row = RoleGrant(employee_id=employee_id, role_id=role_id)
    uow.session.add(row)
    mark = select(ScimRoleGrant.id).where(
        ScimRoleGrant.employee_id == employee_id, ScimRoleGrant.role_id == role_id
    )
    if uow.session.scalar(mark) is None:
        uow.session.add(ScimRoleGrant(employee_id=employee_id, role_id=role_id))
    audit.record(uow, audit.Action.ROLE_GRANTED, subject=row, role=key, employee=str(employee_id))


def _take(uow: UnitOfWork, employee_id: UUID, role_id: UUID, key: str) -> None:
    uow.session.execute(
        delete(ScimRoleGrant).where(
            ScimRoleGrant.employee_id == employee_id, ScimRoleGrant.role_id == role_id
        )
    )
    row = uow.session.scalars(
        select(RoleGrant).where(RoleGrant.employee_id == employee_id, RoleGrant.role_id == role_id)
    ).one_or_none()
    if row is None:
        return
    roles.keep_one(uow, employee_id, key)
    uow.session.delete(row)
    uow.session.flush()
    audit.record(uow, audit.Action.ROLE_REVOKED, subject=row, role=key, employee=str(employee_id))


def _mapped(uow: UnitOfWork, employee_ids: Collection[UUID]) -> set[tuple[UUID, UUID]]:
    """What groups lead to, also where whoever mapped them may grant it no more: that costs nobody their role."""
    rows = uow.session.execute(
        select(ScimGroupMember.employee_id, ScimGroup.role_id)
        .join(ScimGroup, ScimGroup.id == ScimGroupMember.group_id)
        .where(ScimGroupMember.employee_id.in_(employee_ids), ScimGroup.role_id.is_not(None))
    )
    return {(employee_id, role_id) for employee_id, role_id in rows if role_id is not None}


def _wanted(
    uow: UnitOfWork, employee_ids: Collection[UUID], contents: Mapping[UUID, tuple[str, Grants]]
) -> set[tuple[UUID, UUID]]:
    """What active people shall gain: mapped by somebody who may grant it now."""
    rows = uow.session.execute(
        select(ScimGroupMember.employee_id, ScimGroup.role_id, ScimGroup.mapped_by_id)
        .join(ScimGroup, ScimGroup.id == ScimGroupMember.group_id)
        .join(Employee, Employee.id == ScimGroupMember.employee_id)
        .where(
            ScimGroupMember.employee_id.in_(employee_ids),
            ScimGroup.role_id.is_not(None),
            Employee.active,
        )
    ).all()
    grantable = _grantable(uow, {row.mapped_by_id for row in rows}, contents)
    return {
        (row.employee_id, row.role_id)
        for row in rows
        if row.role_id in grantable.get(row.mapped_by_id, set())
    }


def _grantable(
    uow: UnitOfWork, admin_ids: Collection[UUID | None], contents: Mapping[UUID, tuple[str, Grants]]
) -> dict[UUID | None, set[UUID]]:
    """Which roles each of these people may hand out today; nobody who has left may."""
    if not admin_ids:
        return {}
    held: dict[UUID, list[Grants]] = {}
    rows = uow.session.execute(
        select(RoleGrant.employee_id, RoleGrant.role_id)
        .join(Employee, Employee.id == RoleGrant.employee_id)
        .where(RoleGrant.employee_id.in_([one for one in admin_ids if one]), Employee.active)
    )
    for employee_id, role_id in rows:
        held.setdefault(employee_id, []).append(contents[role_id][1])
    return {
        admin_id: {
            role_id
            for role_id, (key, grants) in contents.items()
            if _mappable(key, grants) and may_grant(combine(*own), grants)
        }
        for admin_id, own in held.items()
    }


def _mappable(key: str, grants: Grants) -> bool:
    return key != roles.EVERYONE and may_follow_from_group(grants)


def _contents(uow: UnitOfWork) -> dict[UUID, tuple[str, Grants]]:
    """Every role's key and what it allows."""
    return {role_id: (key, grants) for key, (role_id, grants) in roles.permissions_by_role(uow).items()}
