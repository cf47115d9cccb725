"""Groups of a directory service and who is in them. What a group leads to is in provisioned_roles.py."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from uuid import UUID, uuid4

from sqlalchemy import ColumnElement, delete, false, func, select

from portal.db import UnitOfWork
from portal.domain.provisioning import DirectoryGroup, KnownGroup, Slice, external_id, group_name
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.provisioning import ScimGroup, ScimGroupMember, ScimPerson
from portal.services import access, audit, provisioned_roles
from portal.services.company_lock import lock_company


def search(uow: UnitOfWork, wanted: Mapping[str, str], *, start: int, count: int) -> Slice[KnownGroup]:
    """The groups for which all of `wanted` holds, with their members."""
    query = select(ScimGroup)
    for attribute, value in wanted.items():
        query = query.where(_condition(attribute, value))
    total = uow.session.scalar(select(func.count()).select_from(query.subquery())) or 0
    rows = list(
        uow.session.scalars(query.order_by(ScimGroup.created_at, ScimGroup.id).offset(start - 1).limit(count))
    )
    members = _members(uow, [row.id for row in rows])
    return Slice([_known(row, members.get(row.id, [])) for row in rows], total, start)


def get(uow: UnitOfWork, group_id: UUID, *, lock: bool = False) -> KnownGroup:
    """One group with its members. `lock`: a change follows from what is read."""
    query = select(ScimGroup).where(ScimGroup.id == group_id)
    if lock:
        lock_company(uow)
    row = access.one_or_refuse(uow, query.with_for_update(key_share=True) if lock else query)
    return _known(row, _members(uow, [row.id]).get(row.id, []))


def create(uow: UnitOfWork, typed: DirectoryGroup) -> KnownGroup:
    """A new group, which leads to nothing yet."""
    row = ScimGroup(id=uuid4(), display_name="", created_at=uow.clock.now())
    _write(uow, row, typed)
    uow.session.add(row)
    uow.session.flush()  # its members refer to it
    joined, _ = _set_members(uow, row.id, typed.members)
    audit.record(uow, audit.Action.PROVISIONING_GROUP_CREATED, subject=row, joined=len(joined))
    return get(uow, row.id)


def replace(uow: UnitOfWork, group_id: UUID, typed: DirectoryGroup) -> KnownGroup:
    """Writes the name and who is in the group; roles follow in the same transaction."""
    lock_company(uow)
    row = access.one_or_refuse(
        uow, select(ScimGroup).where(ScimGroup.id == group_id).with_for_update(key_share=True)
    )
    _write(uow, row, typed)
    joined, left = _set_members(uow, group_id, typed.members)
    provisioned_roles.refresh(uow, joined | left)
    audit.record(
        uow, audit.Action.PROVISIONING_GROUP_CHANGED, subject=row, joined=len(joined), left=len(left)
    )
    uow.session.flush()
    return get(uow, group_id)


def remove(uow: UnitOfWork, group_id: UUID) -> None:
    """The group is gone, and with it the roles that it alone led to."""
    lock_company(uow)
    row = access.one_or_refuse(uow, select(ScimGroup).where(ScimGroup.id == group_id).with_for_update())
    _, left = _set_members(uow, group_id, frozenset())
    provisioned_roles.refresh(uow, left)
    uow.session.delete(row)
    audit.record(uow, audit.Action.PROVISIONING_GROUP_REMOVED, subject=row, left=len(left))


def _write(uow: UnitOfWork, row: ScimGroup, typed: DirectoryGroup) -> None:
    name = group_name(typed.display_name)
    holder = uow.session.scalar(select(ScimGroup.id).where(ScimGroup.display_name == name))
    if holder is not None and holder != row.id:
        raise Refusal(Reason.SCIM_GROUP_TAKEN, field="displayName")
    row.display_name, row.external_id = name, external_id(typed.external_id)
    row.synced_at = uow.clock.now()


def _set_members(uow: UnitOfWork, group_id: UUID, wanted: frozenset[UUID]) -> tuple[set[UUID], set[UUID]]:
    """Exactly these people are in the group; says who joined and who left. Strangers are refused (T99, T100)."""
    query = select(ScimGroupMember.employee_id).where(ScimGroupMember.group_id == group_id)
    held = set(uow.session.scalars(query))
    joined, left = set(wanted - held), held - wanted
    known = set(uow.session.scalars(select(Employee.id).where(Employee.id.in_(joined)))) if joined else set()
    if known != joined:
        raise Refusal(Reason.SCIM_MEMBER_UNKNOWN, field="members", member=str(min(joined - known)))
    if left:
        uow.session.execute(
            delete(ScimGroupMember).where(
                ScimGroupMember.group_id == group_id, ScimGroupMember.employee_id.in_(left)
            )
        )
    uow.session.add_all([ScimGroupMember(group_id=group_id, employee_id=one) for one in joined])
    uow.session.flush()
    return joined, left


def _members(uow: UnitOfWork, group_ids: Iterable[UUID]) -> dict[UUID, list[tuple[UUID, str]]]:
    rows = uow.session.execute(
        select(ScimGroupMember.group_id, Employee.id, Employee.email)
        .join(Employee, Employee.id == ScimGroupMember.employee_id)
        .join(ScimPerson, ScimPerson.employee_id == Employee.id, isouter=True)
        .where(ScimGroupMember.group_id.in_(list(group_ids)), ScimPerson.deleted_at.is_(None))
        .order_by(Employee.email)
    )
    members: dict[UUID, list[tuple[UUID, str]]] = {}
    for group_id, employee_id, email in rows:
        members.setdefault(group_id, []).append((employee_id, email))
    return members


def _condition(attribute: str, value: str) -> ColumnElement[bool]:
    if attribute == "displayName":
        return func.lower(ScimGroup.display_name) == value.lower()
    if attribute == "externalId":
        return ScimGroup.external_id == value
    try:
        given = UUID(value)
    except ValueError:
        return false()
    if attribute == "id":
        return ScimGroup.id == given
    if attribute == "members":
        return ScimGroup.id.in_(select(ScimGroupMember.group_id).where(ScimGroupMember.employee_id == given))
    return false()


def _known(row: ScimGroup, members: list[tuple[UUID, str]]) -> KnownGroup:
    return KnownGroup(
        row.id, row.display_name, row.external_id, tuple(members), row.created_at, row.synced_at
    )
