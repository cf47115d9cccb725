"""Takes a change of many people back, whole or not at all, and never over what somebody did since."""

from __future__ import annotations

import json
import zlib
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.people_changes import NEEDS, ChangeStatus
from portal.domain.refusals import Reason, Refusal
from portal.models.people_change import PeopleChange
from portal.services import access, audit, roles, sealing
from portal.services.company_lock import lock_company
from portal.services.people_changes import past
from portal.services.people_import import restoring
from portal.services.people_import.snapshots import State, states_of
from portal.services.people_import.touched import changed_since


def undo(uow: UnitOfWork, change_id: UUID) -> None:
    """Refuses with names when anybody was changed since, and whatever the actor could not do by hand."""
    lock_company(uow)
    row = access.one_or_refuse(
        uow, select(PeopleChange).where(PeopleChange.id == change_id).with_for_update()
    )
    if not past.may_see(uow, row):
        raise Refusal(Reason.NOT_FOUND)
    if not past.may_be_undone(uow, row):
        raise Refusal(Reason.CHANGE_PAST_UNDO)
    seen, before = _recall(uow, row)
    states = states_of(uow, list(before))
    restoring.refuse_touched(uow, changed_since(states, seen))
    _refuse_out_of_reach(uow, row, before)
    restoring.refuse_above_own(uow, states, before)
    restoring.bring_back(uow, states, before)
    restoring.refuse_circles(uow, before)
    roles.refuse_without_holders(uow)
    row.status, row.people_sealed = ChangeStatus.UNDONE, None
    row.undone_at, row.undone_by_id = uow.clock.now(), uow.actor.employee_id
    audit.record(uow, audit.Action.PEOPLE_CHANGE_UNDONE, change=row.kind.value, people=len(before))


def _recall(uow: UnitOfWork, row: PeopleChange) -> tuple[dict[UUID, str], dict[UUID, State]]:
    packed = sealing.open_bytes(
        uow, row.people_sealed or b"", row=PeopleChange, column="people_sealed", row_id=row.id
    )
    content = json.loads(zlib.decompress(packed))
    return (
        {UUID(one): mark for one, mark in content["after"].items()},
        {UUID(one): state for one, state in content["before"].items()},
    )


def _refuse_out_of_reach(uow: UnitOfWork, row: PeopleChange, before: dict[UUID, State]) -> None:
    permission = NEEDS[row.kind]
    if access.reachable(uow, permission, list(before)) != before.keys():
        raise Refusal(Reason.NOT_PERMITTED)
