"""From the yes to the end: at once for some people, by a job for many; what was done is remembered for the undo."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select, update

from portal.db import UnitOfWork
from portal.domain.people_changes import UNDOABLE, ChangeKind, ChangeStatus
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.people_change import PeopleChange
from portal.services import audit, queue, roles, sealing
from portal.services.company_lock import lock_company
from portal.services.people_changes import doing
from portal.services.people_changes.asked import Asked, Chosen, kept, recalled
from portal.services.people_changes.plan import Plan, plan
from portal.services.people_import.snapshots import State, fingerprint, states_of
from portal.services.staffing import notice

CARRY_OUT_TASK = "carry_out_people_change"
FORGET_TASK = "forget_people_change"
#: More than these are left to a job.
MOST_AT_ONCE = 100
UNDO_WITHIN = timedelta(days=1)


def order(uow: UnitOfWork, chosen: Chosen, asked: Asked, *, digest: str, only_possible: bool) -> UUID:
    """Does what the preview has shown, or refuses when it would be anything else by now; returns where it is told."""
    lock_company(uow)
    planned = plan(uow, chosen, asked)
    _check(planned, digest, only_possible=only_possible)
    doable = planned.doable
    row = PeopleChange(
        id=uuid4(),
        created_at=uow.clock.now(),
        asked_by_id=uow.actor.employee_id,
        kind=asked.kind,
        asked=kept(chosen, asked),
        only_possible=only_possible,
        digest=digest,
        status=ChangeStatus.WAITING,
        total=len(doable),
        passed_over=len(planned.lines) - len(doable),
        done=0,
    )
    uow.session.add(row)
    uow.session.flush()
    if len(doable) > MOST_AT_ONCE:
        audit.record(uow, audit.Action.PEOPLE_CHANGE_ORDERED, change=asked.kind.value, people=len(doable))
        queue.defer(uow, CARRY_OUT_TASK, change_id=str(row.id))
    else:
        _do(uow, row, planned, None)
    return row.id


def carry_out(uow: UnitOfWork, change_id: UUID, report: Callable[[int], None] | None = None) -> None:
    """The job: as whoever asked for it, with what they may do now. Done already, it does nothing."""
    lock_company(uow)
    row = uow.session.scalars(select(PeopleChange).where(PeopleChange.id == change_id)).one_or_none()
    if row is None or row.status not in {ChangeStatus.WAITING, ChangeStatus.RUNNING}:
        return
    _act_for(uow, row)
    chosen, asked = recalled(row.asked)
    planned = plan(uow, chosen, asked)
    _check(planned, row.digest, only_possible=row.only_possible)
    _do(uow, row, planned, report)


def report(uow: UnitOfWork, change_id: UUID, done: int) -> None:
    """How far the job is."""
    _update(uow, change_id, status=ChangeStatus.RUNNING, done=done)


def fail(uow: UnitOfWork, change_id: UUID, reason: Reason) -> None:
    """Nothing was done, and why."""
    _update(
        uow,
        change_id,
        status=ChangeStatus.FAILED,
        done=0,
        problem=reason.value,
        finished_at=uow.clock.now(),
    )
    audit.record(uow, audit.Action.PEOPLE_CHANGE_FAILED, reason=reason.value)


def forget(uow: UnitOfWork, change_id: UUID) -> None:
    """Called when the time of the undo is over: copies of people are kept no longer than they may be used."""
    found = uow.session.get(PeopleChange, (uow.company.id, change_id))
    if found is not None:
        found.people_sealed = None


def _check(planned: Plan, digest: str, *, only_possible: bool) -> None:
    if planned.digest != digest:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    if planned.blocked and not only_possible:
        raise Refusal(Reason.NOT_ALL_POSSIBLE, count=len(planned.blocked))
    if not planned.doable:
        raise Refusal(Reason.NOTHING_TO_CHANGE)


def _do(uow: UnitOfWork, row: PeopleChange, planned: Plan, report: Callable[[int], None] | None) -> None:
    ids = [line.id for line in planned.doable]
    undoable = planned.asked.kind in UNDOABLE
    before = states_of(uow, ids) if undoable else {}
    doing.do(uow, planned, report)
    uow.session.flush()
    if planned.asked.kind in {ChangeKind.TAKE_ROLE, ChangeKind.LEAVE}:
        roles.refuse_without_holders(uow)
    notice.ask(uow)
    row.status, row.done, row.finished_at = ChangeStatus.DONE, len(ids), uow.clock.now()
    if undoable:
        _remember(uow, row, before)
    audit.record(
        uow,
        audit.Action.PEOPLE_CHANGED,
        change=row.kind.value,
        people=len(ids),
        not_changed=row.passed_over,
        target=planned.target.label,
    )


def _remember(uow: UnitOfWork, row: PeopleChange, before: dict[UUID, State]) -> None:
    after = {str(one): fingerprint(state) for one, state in states_of(uow, list(before)).items()}
    content = {"after": after, "before": {str(one): state for one, state in before.items()}}
    packed = zlib.compress(json.dumps(content).encode())
    row.undo_until = uow.clock.now() + UNDO_WITHIN
    row.people_sealed = sealing.seal(uow, packed, row=PeopleChange, column="people_sealed", row_id=row.id)
    queue.defer(uow, FORGET_TASK, at=row.undo_until, change_id=str(row.id))


def _act_for(uow: UnitOfWork, row: PeopleChange) -> None:
    """The log names who asked for it, and no right that was taken from them since is used."""
    person = uow.session.get_one(Employee, (uow.company.id, row.asked_by_id))
    uow.actor = replace(
        uow.actor,
        employee_id=person.id,
        name=person.name,
        email=person.email,
        language=person.language,
        time_zone=person.time_zone or uow.company.time_zone,
        grants=roles.held_by(uow, person.id) if person.active else {},
    )


def _update(uow: UnitOfWork, change_id: UUID, **values: object) -> None:
    uow.session.execute(
        update(PeopleChange).where(PeopleChange.id == change_id).values(**values),
        execution_options={"synchronize_session": False},
    )
