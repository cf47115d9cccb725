"""Days on which the company or a site is closed: everybody who works there then is away, and it is charged to one type.

What people have entered before stays and comes first; holidays and days off cost nothing. Whoever comes to work there
later gets it by the nightly job.
"""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_types import Unit
from portal.domain.group_entries import GroupKind
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.models.group_entry import GroupEntry
from portal.services import access, audit
from portal.services.absence_letters import CLOSURE
from portal.services.group_entries import doing
from portal.services.group_entries.people import employed_between
from portal.services.group_entries.planning import GroupPlan, GroupWish, plan
from portal.services.ledger_locks import lock

_CODES = ("CL", "CLO", "CLS", "CC")


def free_type(uow: UnitOfWork) -> UUID:
    """The type that charges nobody, made when it is first needed. Nobody can ask for it."""
    found = uow.session.scalars(select(AbsenceType.id).where(AbsenceType.key == CLOSURE)).one_or_none()
    if found is not None:
        return found
    taken = set(uow.session.scalars(select(AbsenceType.code)))
    row = AbsenceType(
        id=uuid4(),
        key=CLOSURE,
        name="Company closure",
        code=next((one for one in _CODES if one not in taken), _CODES[0]),
        colour="grey",
        needs_approval=False,
        unit=Unit.HALF,
        colleagues_see=True,
        retired_on=uow.today(),
    )
    uow.session.add(row)
    uow.session.flush()
    audit.record(uow, audit.Action.ABSENCE_TYPE_CREATED, subject=row)
    return row.id


def preview(uow: UnitOfWork, wish: GroupWish) -> GroupPlan:
    """Whom it would touch, and who would be left out; writes nothing."""
    _need_right(uow)
    return plan(uow, employed_between(uow, wish.start_date, wish.end_date, wish.site_id), wish)


def close(uow: UnitOfWork, entry_id: UUID, wish: GroupWish, *, seen: str) -> GroupEntry:
    _need_right(uow)
    if not wish.name.strip():
        raise Refusal(Reason.MISSING, field="name")
    people = employed_between(uow, wish.start_date, wish.end_date, wish.site_id)
    return doing.enter(uow, entry_id, GroupKind.CLOSURE, people, wish, seen=seen)


def catch_up(uow: UnitOfWork) -> int:
    """Every night: whoever works there now and was not reached yet gets the closures to come; how many people."""
    closures = select(GroupEntry).where(
        GroupEntry.kind == GroupKind.CLOSURE,
        GroupEntry.undone_at.is_(None),
        GroupEntry.end_date >= uow.today(),
    )
    return sum(
        _catch_up(uow, row) for row in uow.session.scalars(closures.order_by(GroupEntry.start_date)).all()
    )


def _catch_up(uow: UnitOfWork, row: GroupEntry) -> int:
    people = employed_between(uow, row.start_date, row.end_date, row.site_id, without=row.id)
    if not people:
        return 0
    lock(uow, [person_id for person_id, _name in people])
    found = plan(uow, people, wish_of(row))
    if found.entered:
        doing.write(uow, row, found)
        row.people += len(found.entered)
        audit.record(uow, audit.Action.CLOSURE_EXTENDED, subject=row, people=len(found.entered))
        uow.session.flush()
    return len(found.entered)


def wish_of(row: GroupEntry) -> GroupWish:
    wish = GroupWish(
        row.absence_type_id, row.start_date, row.end_date, row.first_part, row.last_part, row.name
    )
    return closure_wish(row.absence_type_id, wish, site_id=row.site_id)


def closure_wish(absence_type_id: UUID, wish: GroupWish, *, site_id: UUID | None) -> GroupWish:
    """As a closure works it out: beside what people have already, and for whoever is there for a part of it."""
    return replace(
        wish,
        absence_type_id=absence_type_id,
        beside_others=True,
        site_id=site_id,
        partly=True,
        asks_rules=False,
    )


def _need_right(uow: UnitOfWork) -> None:
    if not access.can(uow, Permission.ABSENCE_ENTER, Reach.COMPANY):
        raise Refusal(Reason.NOT_PERMITTED)
