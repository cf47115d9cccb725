"""Takes the last import back, whole or not at all: new people go, changed people are as they were.

Teams and sites that the import made stay; somebody may have begun to use them.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, delete, func, literal, select

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.people_import import PeopleImport
from portal.services import access, audit, roles
from portal.services.company_lock import lock_company
from portal.services.people_import import memory, restoring
from portal.services.people_import.snapshots import states_of
from portal.services.people_import.touched import GOES_ALONG, changed_since, in_use


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
    restoring.refuse_touched(uow, touched)
    restoring.refuse_above_own(uow, states, kept.before)
    restoring.bring_back(uow, {one: states[one] for one in kept.before}, kept.before)
    grants = _remove(uow, list(kept.new))
    restoring.refuse_circles(uow, kept.before)
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
    # The portal may not delete from the ledger: the database lets yearly grants go together with their people only.
    grants = uow.session.scalar(select(func.remove_new_people(ids))) or 0
    for employee in gone:
        uow.session.expunge(employee)
    return grants
