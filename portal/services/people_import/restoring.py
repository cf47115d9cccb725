"""Brings people back to what their rows were: shared by the undo of an import and of changes of many people."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, select

from portal.db import UnitOfWork
from portal.domain.line_managers import circles
from portal.domain.permissions import combine, covers
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.role import Role
from portal.services import audit, line_managers, people, roles, sign_in_policy
from portal.services.people_import.snapshots import BELONGINGS, State, restored
from portal.services.people_import.touched import names_of
from portal.services.staffing import notice

_MOST_NAMES = 10


def refuse_touched(uow: UnitOfWork, touched: Collection[UUID]) -> None:
    if touched:
        names = names_of(uow, touched)
        more = len(names) - _MOST_NAMES
        said = ", ".join(names[:_MOST_NAMES]) + (f" … (+{more})" if more > 0 else "")
        raise Refusal(Reason.IMPORT_CHANGED_SINCE, names=said)


def refuse_above_own(uow: UnitOfWork, now: Mapping[UUID, State], before: Mapping[UUID, State]) -> None:
    """Roles that come or go, and the roles of people whose address changes, are none above the actor's own (T90)."""
    concerned: set[str] = set()
    for one, state in now.items():
        held, earlier = _roles(state), _roles(before.get(one, {}))
        moved = one in before and _email(state) != _email(before[one])
        concerned |= held | earlier if moved else held ^ earlier
    by_id = {
        str(role_id): grants
        for key, (role_id, grants) in roles.permissions_by_role(uow).items()
        if key != roles.EVERYONE
    }
    asked = combine(*(by_id[role] for role in concerned if role in by_id))
    if not covers(uow.actor.grants, asked):
        raise Refusal(Reason.GRANT_ABOVE_OWN)
    losing = [one for one in before if _roles(now[one]) - _roles(before[one])]
    sign_in_policy.keep_break_glass(uow, *losing)


def bring_back(uow: UnitOfWork, now: Mapping[UUID, State], before: Mapping[UUID, State]) -> None:
    """The rows as they were: what came goes first, then what changed, then what went comes again."""
    notice.ask(uow)
    ids = literal(list(before), ARRAY(Uuid))
    held = {row.id: row for row in uow.session.scalars(select(Employee).where(Employee.id == any_(ids)))}
    for one, state in before.items():
        values = restored(Employee, state["employee"][0])
        if held[one].email != values["email"]:
            people.move_sign_in(uow, held[one], values["email"])
        _set(held[one], values)
        audit.record(uow, audit.Action.EMPLOYEE_CHANGED, subject=held[one], source="undo")
    _record_roles(uow, held, now, before)
    for model in BELONGINGS:
        _bring_rows_back(uow, model, before, ids)
    uow.session.flush()


def _record_roles(
    uow: UnitOfWork,
    people_of: Mapping[UUID, Employee],
    now: Mapping[UUID, State],
    before: Mapping[UUID, State],
) -> None:
    """Roles that come or go by an undo are told like any other."""
    keys = {str(role_id): key for role_id, key in uow.session.execute(select(Role.id, Role.key))}
    for one, state in before.items():
        held, earlier = _roles(now[one]), _roles(state)
        for action, role_ids in (
            (audit.Action.ROLE_GRANTED, earlier - held),
            (audit.Action.ROLE_REVOKED, held - earlier),
        ):
            for role_id in sorted(role_ids):
                told = {"role": keys.get(role_id, ""), "person": people_of[one].email}
                audit.record(uow, action, subject=people_of[one], source="undo", **told)


def _bring_rows_back(uow: UnitOfWork, model: Any, before: Mapping[UUID, State], ids: Any) -> None:
    wanted = {
        UUID(values["id"]): restored(model, values)
        for state in before.values()
        for values in state.get(model.__tablename__, [])
    }
    owner: Any = model.employee_id
    found: dict[UUID, Any] = {
        row.id: row for row in uow.session.scalars(select(model).where(owner == any_(ids)))
    }
    for row_id in found.keys() - wanted.keys():
        uow.session.delete(found[row_id])
    uow.session.flush()
    for row_id in found.keys() & wanted.keys():
        _set(found[row_id], wanted[row_id])
    uow.session.flush()
    uow.session.add_all(model(**wanted[row_id]) for row_id in wanted.keys() - found.keys())


def _set(row: Any, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        if getattr(row, name) != value:
            setattr(row, name, value)


def refuse_circles(uow: UnitOfWork, before: Mapping[UUID, State]) -> None:
    """Others may have been given managers since, so that the earlier ones would now close a circle."""
    circled = circles(line_managers.everybody_from(uow, uow.today()), uow.today())
    refuse_touched(uow, [one for one in before if one in circled])


def _roles(state: State) -> set[str]:
    return {row["role_id"] for row in state.get("role_grant", [])}


def _email(state: State) -> str:
    return str(state["employee"][0]["email"])
