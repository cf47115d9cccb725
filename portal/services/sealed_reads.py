"""Who reads what is sealed of somebody else leaves an event, and everybody can see who read theirs, and as what."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ScalarSelect, Select, func, select

from portal.db import UnitOfWork
from portal.domain.permissions import BUILT_IN_ROLES, Permission
from portal.models.audit_event import AuditEvent
from portal.models.employee import Employee
from portal.models.role import Role, RoleGrant, RolePermission
from portal.services import audit


@dataclass(frozen=True)
class Look:
    """One reading of a sealed value. Name and e-mail are empty when the reader's data was erased since."""

    seq: int
    at: datetime
    name: str
    email: str
    #: Which value, the roles that allowed it, and where it was read when not on a page; as the log holds them.
    column: str
    roles: tuple[str, ...]
    source: str


@dataclass(frozen=True)
class Looks:
    """The newest first, and the number before which the next page begins."""

    looks: list[Look]
    older_than: int | None


def note(
    uow: UnitOfWork,
    employee: Employee,
    column: str,
    *,
    permission: Permission = Permission.EMPLOYEE_VIEW,
    source: str = "",
) -> None:
    """The actor is shown a sealed value of `employee`, because of `permission`. One's own leaves no event."""
    if employee.id == uow.actor.employee_id:
        return
    facts = {"source": source} if source else {}
    audit.record(
        uow,
        audit.Action.EMPLOYEE_VIEWED_SEALED,
        subject=employee,
        column=column,
        roles=_roles(uow, permission),
        **facts,
    )


def list_mine(uow: UnitOfWork, *, before: int | None = None, limit: int) -> Looks:
    """Who read the actor's own sealed values."""
    query = _mine(uow, limit)
    if before is not None:
        query = query.where(AuditEvent.seq < before)
    return _page([_look(row.seq, row.at, row.payload) for row in uow.session.execute(query)], limit)


def latest_of_mine(uow: UnitOfWork, limit: int) -> ScalarSelect[Any]:
    """The same as one value in a statement that a page sends anyway; `read_latest` takes it apart."""
    newest = _mine(uow, limit).subquery()
    each = func.jsonb_build_array(newest.c.seq, newest.c.at, newest.c.payload)
    return select(func.jsonb_agg(each)).select_from(newest).scalar_subquery()


def read_latest(found: list[tuple[int, str, str | None]] | None, limit: int) -> Looks:
    looks = [_look(seq, datetime.fromisoformat(at), payload) for seq, at, payload in found or []]
    return _page(sorted(looks, key=lambda look: -look.seq), limit)


def _mine(uow: UnitOfWork, limit: int) -> Select[int, datetime, str | None]:
    return (
        select(AuditEvent.seq, AuditEvent.at, AuditEvent.payload)
        .where(
            AuditEvent.subject_id == uow.actor.employee_id,
            AuditEvent.action == audit.Action.EMPLOYEE_VIEWED_SEALED.value,
        )
        .order_by(AuditEvent.seq.desc())
        .limit(limit + 1)
    )


def _page(looks: list[Look], limit: int) -> Looks:
    return Looks(looks[:limit], older_than=looks[limit - 1].seq if len(looks) > limit else None)


def _look(seq: int, at: datetime, payload: str | None) -> Look:
    told = json.loads(payload) if payload is not None else {}
    facts = told.get("facts", {})
    return Look(
        seq,
        at,
        told.get("name", ""),
        told.get("email", ""),
        facts.get("column", ""),
        tuple(facts.get("roles", ())),
        facts.get("source", ""),
    )


def _roles(uow: UnitOfWork, permission: Permission) -> list[str]:
    """The roles that let the actor reach as far as they do: built-in ones by key, a company's own by name."""
    viewing = uow.actor.viewing
    if viewing is not None and not viewing.over:
        return [_called(viewing.role_key, viewing.role_name)]
    known: dict[Permission, list[str]] = uow.session.info.setdefault("reading_roles", {})
    if permission not in known:
        reach = uow.actor.grants.get(permission)
        rows = uow.session.execute(
            select(Role.key, Role.name)
            .join(RoleGrant, RoleGrant.role_id == Role.id)
            .join(RolePermission, RolePermission.role_id == Role.id)
            .where(
                RoleGrant.employee_id == uow.actor.employee_id,
                RolePermission.permission == permission.value,
                RolePermission.reach == (reach.value if reach else ""),
            )
            .order_by(Role.key)
        )
        known[permission] = [_called(row.key, row.name) for row in rows]
    return known[permission]


def _called(key: str, name: str) -> str:
    return key if key in BUILT_IN_ROLES else name
