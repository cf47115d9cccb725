"""A change of many people as its page shows it while it waits, runs, is done, has failed or is undone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select

from portal.db import UnitOfWork
from portal.domain.people_changes import NEEDS, ChangeKind, ChangeStatus
from portal.domain.permissions import Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.people_change import PeopleChange
from portal.services import access

_MOST_LISTED = 10


@dataclass(frozen=True)
class PastChange:
    """What was asked for and what became of it."""

    id: UUID
    kind: ChangeKind
    by: str
    at: datetime
    status: ChangeStatus
    total: int
    done: int
    passed_over: int
    problem: Reason | None
    undo_until: datetime | None
    undoable: bool

    @property
    def is_open(self) -> bool:
        return self.status in {ChangeStatus.WAITING, ChangeStatus.RUNNING}

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 0


def get(uow: UnitOfWork, change_id: UUID) -> PastChange:
    """For whoever asked for it, and for those who could do the same to everybody."""
    row = uow.session.execute(_query().where(PeopleChange.id == change_id)).one_or_none()
    if row is None or not may_see(uow, row.PeopleChange):
        raise Refusal(Reason.NOT_FOUND)
    return _past(uow, row)


def latest(uow: UnitOfWork) -> list[PastChange]:
    """The actor's own, the newest first."""
    query = _query().where(PeopleChange.asked_by_id == uow.actor.employee_id)
    rows = uow.session.execute(query.order_by(PeopleChange.created_at.desc()).limit(_MOST_LISTED))
    return [_past(uow, row) for row in rows]


def may_see(uow: UnitOfWork, row: PeopleChange) -> bool:
    own = row.asked_by_id == uow.actor.employee_id
    return access.can(uow, NEEDS[row.kind], Reach.TEAM if own else Reach.COMPANY)


def may_be_undone(uow: UnitOfWork, row: PeopleChange) -> bool:
    in_time = row.undo_until is not None and uow.clock.now() < row.undo_until
    return row.status is ChangeStatus.DONE and row.people_sealed is not None and in_time


def _query() -> Select[Any]:
    return select(PeopleChange, Employee.first_name, Employee.last_name).join(  # type: ignore[return-value]
        Employee, Employee.id == PeopleChange.asked_by_id
    )


def _past(uow: UnitOfWork, row: Any) -> PastChange:
    change: PeopleChange = row.PeopleChange
    return PastChange(
        change.id,
        change.kind,
        f"{row.first_name} {row.last_name}",
        change.created_at,
        change.status,
        change.total,
        change.done,
        change.passed_over,
        Reason(change.problem) if change.problem else None,
        change.undo_until,
        may_be_undone(uow, change),
    )
