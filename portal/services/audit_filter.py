"""What one can search the audit log by, and the statement that finds it along an index.

Nothing is counted for a page and none is skipped: pages begin after a number, so new events move nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, or_, select, union_all

from portal.db import UnitOfWork
from portal.domain.folded_text import ACCENTED, PLAIN, search_words
from portal.models.audit_event import AuditEvent
from portal.models.employee import Employee
from portal.services.name_order import by_name

Row = TypeVar("Row")

#: More people than this behind one typed name is no answer to anything.
MOST_PEOPLE = 20


@dataclass(frozen=True)
class LogFilter:
    """What the reader asked for; days are whole days on the reader's own clock, both inclusive."""

    people: tuple[UUID, ...] = ()
    actions: tuple[str, ...] = ()
    first_day: date | None = None
    last_day: date | None = None
    ip: str = ""


@dataclass(frozen=True)
class Cursor:
    """Where a page begins: older than one number, or newer than another."""

    before: int | None = None
    after: int | None = None


@dataclass(frozen=True)
class FoundPerson:
    """Somebody whom a typed name may mean."""

    id: UUID
    name: str
    email: str


def find_people(uow: UnitOfWork, typed: str) -> list[FoundPerson]:
    """Everybody, here or gone, whose e-mail is what was typed, else whose name or e-mail has all its words."""
    words = search_words(typed)
    if not words:
        return []
    said = func.concat_ws(" ", Employee.first_name, Employee.last_name, Employee.email)
    stored = func.translate(func.lower(said), ACCENTED, PLAIN)
    query = (
        select(Employee.id, Employee.first_name, Employee.last_name, Employee.email)
        .where(*(stored.contains(word, autoescape=True) for word in words))
        .order_by((Employee.email == typed.strip().lower()).desc(), *by_name(uow))
        .limit(MOST_PEOPLE + 1)
    )
    rows = uow.session.execute(query).all()
    found = [FoundPerson(row.id, f"{row.first_name} {row.last_name}", row.email) for row in rows]
    return found[:1] if found and found[0].email == typed.strip().lower() else found


def events_found(uow: UnitOfWork, asked: LogFilter, cursor: Cursor, length: int) -> Sequence[AuditEvent]:
    """At most `length` events, the newest first; with `after` those that follow next upon it."""
    query = select(AuditEvent).where(*_conditions(uow, asked, cursor))
    if asked.people:
        query = select(AuditEvent).where(AuditEvent.seq.in_(_of_people(uow, asked, cursor, length)))
    rows = list(uow.session.scalars(_in_turn(query, cursor).limit(length)))
    return rows if cursor.after is None else rows[::-1]


def longer_than(uow: UnitOfWork, asked: LogFilter, number: int) -> bool:
    """Are there more events than so many?"""
    query = select(AuditEvent.seq).where(*_conditions(uow, asked, Cursor()))
    if asked.people:
        query = select(AuditEvent.seq).where(AuditEvent.seq.in_(_of_people(uow, asked, Cursor(), number + 1)))
    return uow.session.scalar(query.order_by(AuditEvent.seq).offset(number).limit(1)) is not None


def number_of(uow: UnitOfWork, asked: LogFilter, through: int) -> int:
    """How many events there are up to this one. Counts them all: for who has time."""
    conditions = [*_conditions(uow, asked, Cursor()), AuditEvent.seq <= through]
    if asked.people:
        columns = (AuditEvent.actor_id, AuditEvent.subject_id, AuditEvent.about_id)
        conditions.append(or_(*(column.in_(asked.people) for column in columns)))
    return uow.session.scalar(select(func.count()).select_from(AuditEvent).where(*conditions)) or 0


def _of_people(uow: UnitOfWork, asked: LogFilter, cursor: Cursor, length: int) -> Select[int]:
    """The numbers of what the people did and of what was done to them: a walk along each index, no further."""
    conditions = _conditions(uow, asked, cursor)
    walks = [
        _in_turn(select(AuditEvent.seq).where(column.in_(asked.people), *conditions), cursor).limit(length)
        for column in (AuditEvent.actor_id, AuditEvent.subject_id, AuditEvent.about_id)
    ]
    found = union_all(*(select(walk.subquery().c.seq) for walk in walks)).subquery()
    return select(found.c.seq)


def _in_turn(query: Select[Row], cursor: Cursor) -> Select[Row]:
    return query.order_by(AuditEvent.seq.desc() if cursor.after is None else AuditEvent.seq)


def _conditions(uow: UnitOfWork, asked: LogFilter, cursor: Cursor) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if cursor.after is not None:
        conditions.append(AuditEvent.seq > cursor.after)
    elif cursor.before is not None:
        conditions.append(AuditEvent.seq < cursor.before)
    if asked.actions:
        conditions.append(AuditEvent.action.in_(asked.actions))
    if asked.ip:
        conditions.append(AuditEvent.ip == asked.ip)
    if asked.first_day is not None:
        conditions.append(AuditEvent.at >= _midnight(uow, asked.first_day))
    if asked.last_day is not None:
        conditions.append(AuditEvent.at < _midnight(uow, asked.last_day + timedelta(days=1)))
    return conditions


def _midnight(uow: UnitOfWork, day: date) -> datetime:
    """The beginning of a day where the reader is."""
    return datetime.combine(day, time.min, ZoneInfo(uow.actor.time_zone)).astimezone(UTC)
