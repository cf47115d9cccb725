"""Takes the last import back, whole or not at all: new people go, changed people are as they were.

Teams and sites that the import made stay; somebody may have begun to use them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, func, literal, select, update

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach, combine, covers
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.people_import import PeopleImport
from portal.services import access, audit, people, roles, sign_in_policy
from portal.services.company_lock import lock_company
from portal.services.people_import import memory
from portal.services.people_import.snapshots import BELONGINGS, State, restored, states_of
from portal.services.people_import.touched import GOES_ALONG, changed_since, in_use, names_of

_MOST_NAMES = 10


def undo(uow: UnitOfWork, import_id: UUID) -> None:
    """Refuses with names when anybody was changed since, or has begun to use the portal."""
    if not access.can(uow, Permission.EMPLOYEE_IMPORT, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
    lock_company(uow)
    last = access.one_or_refuse(
        uow, select(PeopleImport).where(PeopleImport.id == import_id).with_for_update()
    )
    if not memory.may_be_undone(uow, last):
        raise Refusal(Reason.IMPORT_PAST_UNDO)
    kept = memory.recall(uow, last)
    states = states_of(uow, [*kept.new, *kept.changed])
    touched = changed_since(states, kept.new | kept.changed)
    touched |= in_use(uow, kept.new, [*kept.new, *kept.changed])
    _refuse_touched(uow, touched)
    _refuse_above_own(uow, states, kept.before)
    losing = [one for one in kept.before if _roles(states[one]) - _roles(kept.before[one])]
    sign_in_policy.keep_break_glass(uow, *losing)
    _bring_back(uow, kept.before)
    grants = _remove(uow, list(kept.new))
    _refuse_circles(uow, kept.before)
    roles.refuse_without_holders(uow)
    last.undone_at, last.undone_by_id, last.people_sealed = uow.clock.now(), uow.actor.employee_id, None
    audit.record(
        uow,
        audit.Action.PEOPLE_IMPORT_UNDONE,
        subject=last,
        removed=len(kept.new),
        changed_back=len(kept.changed),
        grants=grants,
    )


def _refuse_touched(uow: UnitOfWork, touched: Collection[UUID]) -> None:
    if touched:
        names = names_of(uow, touched)
        more = len(names) - _MOST_NAMES
        said = ", ".join(names[:_MOST_NAMES]) + (f" … (+{more})" if more > 0 else "")
        raise Refusal(Reason.IMPORT_CHANGED_SINCE, names=said)


def _refuse_above_own(uow: UnitOfWork, now: Mapping[UUID, State], before: Mapping[UUID, State]) -> None:
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


def _roles(state: State) -> set[str]:
    return {row["role_id"] for row in state.get("role_grant", [])}


def _email(state: State) -> str:
    return str(state["employee"][0]["email"])


def _bring_back(uow: UnitOfWork, before: Mapping[UUID, State]) -> None:
    """The rows as they were: what came goes first, then what changed, then what went comes again."""
    ids = literal(list(before), ARRAY(Uuid))
    held = {row.id: row for row in uow.session.scalars(select(Employee).where(Employee.id == any_(ids)))}
    for one, state in before.items():
        values = restored(Employee, state["employee"][0])
        if held[one].email != values["email"]:
            people.move_sign_in(uow, held[one], values["email"])
        _set(held[one], values)
        audit.record(uow, audit.Action.EMPLOYEE_CHANGED, subject=held[one], source="undo")
    for model in BELONGINGS:
        _bring_rows_back(uow, model, before, ids)
    uow.session.flush()


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


def _remove(uow: UnitOfWork, new: list[UUID]) -> int:
    """People whom nobody has touched since they came, with all that came with them; returns their yearly grants."""
    if not new:
        return 0
    ids = literal(new, ARRAY(Uuid))
    gone = list(uow.session.scalars(select(Employee).where(Employee.id == any_(ids))))
    for employee in gone:
        audit.record(
            uow, audit.Action.EMPLOYEE_REMOVED, subject=employee, person=employee.email, source="undo"
        )
    for model in GOES_ALONG:
        owner: Any = model.employee_id
        uow.session.execute(
            delete(model).where(owner == any_(ids)), execution_options={"synchronize_session": False}
        )
    uow.session.execute(
        update(Employee).where(Employee.id == any_(ids)).values(line_manager_id=None),
        execution_options={"synchronize_session": False},
    )
    # The portal may not delete from the ledger: the database lets yearly grants go together with their people only.
    grants = uow.session.scalar(select(func.remove_new_people(ids))) or 0
    for employee in gone:
        uow.session.expunge(employee)
    return grants


def _refuse_circles(uow: UnitOfWork, before: Mapping[UUID, State]) -> None:
    """Others may have been given managers since, so that the earlier ones would now close a circle."""
    above = {
        row.id: row.line_manager_id
        for row in uow.session.execute(select(Employee.id, Employee.line_manager_id))
    }
    for one in before:
        seen, at = {one}, above.get(one)
        while at is not None:
            if at in seen:
                _refuse_touched(uow, [one])
            seen.add(at)
            at = above.get(at)
