"""What is remembered of the last import, sealed and for a day: enough to undo it."""

from __future__ import annotations

import json
import zlib
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.models.employee import Employee
from portal.models.people_import import PeopleImport
from portal.services import audit, queue, sealing
from portal.services.people_import.snapshots import State, fingerprint, states_of
from portal.services.staffing import notice

UNDO_WITHIN = timedelta(days=1)
FORGET_TASK = "forget_people_import"


@dataclass(frozen=True)
class LastImport:
    """The last import, as the page shows it."""

    id: UUID
    at: datetime
    by: str
    new_people: int
    changed_people: int
    undo_until: datetime
    undone_at: datetime | None
    undoable: bool


@dataclass(frozen=True)
class Remembered:
    """People by id: fingerprints of all as the import left them, and those it changed as they were before."""

    new: dict[UUID, str]
    changed: dict[UUID, str]
    before: dict[UUID, State]


def find_last(uow: UnitOfWork) -> LastImport | None:
    """The company's last import, whether it can be undone or not, in one query."""
    row = uow.session.execute(
        select(PeopleImport, Employee.first_name, Employee.last_name)
        .join(Employee, Employee.id == PeopleImport.imported_by_id, isouter=True)
        .order_by(PeopleImport.created_at.desc(), PeopleImport.people_sealed.is_(None))
        .limit(1)
    ).one_or_none()
    if row is None:
        return None
    last, first_name, last_name = row
    return LastImport(
        last.id,
        last.created_at,
        f"{first_name} {last_name}" if first_name else "",
        last.new_people,
        last.changed_people,
        last.undo_until,
        last.undone_at,
        undoable=may_be_undone(uow, last),
    )


def may_be_undone(uow: UnitOfWork, last: PeopleImport) -> bool:
    return last.people_sealed is not None and uow.clock.now() < last.undo_until


def remember(
    uow: UnitOfWork, new: Collection[UUID], before: dict[UUID, State], **facts: int | list[str]
) -> None:
    """Records the import and keeps what it has done; what was kept of the one before it cannot be undone any more."""
    forget_all(uow)
    after = {one: fingerprint(state) for one, state in states_of(uow, [*new, *before]).items()}
    content = {
        "new": {str(one): after[one] for one in new},
        "changed": {str(one): after[one] for one in before},
        "before": {str(one): state for one, state in before.items()},
    }
    import_id = uuid4()
    until = uow.clock.now() + UNDO_WITHIN
    packed = zlib.compress(json.dumps(content).encode())
    row = PeopleImport(
        id=import_id,
        created_at=uow.clock.now(),
        imported_by_id=uow.actor.employee_id,
        new_people=len(new),
        changed_people=len(before),
        undo_until=until,
        people_sealed=sealing.seal(uow, packed, row=PeopleImport, column="people_sealed", row_id=import_id),
    )
    uow.session.add(row)
    notice.ask(uow)
    audit.record(uow, audit.Action.PEOPLE_IMPORTED, subject=row, new=len(new), changed=len(before), **facts)
    queue.defer(uow, FORGET_TASK, at=until, import_id=str(import_id))


def recall(uow: UnitOfWork, last: PeopleImport) -> Remembered:
    """What `remember` has kept of this import."""
    sealed = last.people_sealed or b""
    packed = sealing.open_bytes(uow, sealed, row=PeopleImport, column="people_sealed", row_id=last.id)
    content = json.loads(zlib.decompress(packed))
    return Remembered(
        new={UUID(one): seen for one, seen in content["new"].items()},
        changed={UUID(one): seen for one, seen in content["changed"].items()},
        before={UUID(one): state for one, state in content["before"].items()},
    )


def forget(uow: UnitOfWork, import_id: UUID) -> None:
    """Called when the time is over: copies of people are kept no longer than they may be used."""
    found = uow.session.get(PeopleImport, (uow.company.id, import_id))
    if found is not None:
        found.people_sealed = None


def forget_all(uow: UnitOfWork) -> None:
    """Only the last import is undone."""
    for one in uow.session.scalars(select(PeopleImport).where(PeopleImport.people_sealed.is_not(None))):
        one.people_sealed = None
