"""Everything the portal holds about one person, table by table, as the data map says it may be shown to them.

Nothing here asks who is looking: callers show people their own data, and the job writes the copy they asked for.
Colleagues appear by name where they decided or entered something, and with nothing else.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, literal, or_, select, union_all

from portal.db import UnitOfWork
from portal.domain.data_map import Export
from portal.domain.scans import HELD
from portal.models.audit_event import AuditEvent
from portal.services import audit_names, data_map, sealing
from portal.services.audit_values import refers_to
from portal.services.data_map.cards import Card

_LOG = "event"
#: What the log says of things that others did to somebody: not from where.
_OWN_ONLY = ("ip",)


@dataclass(frozen=True)
class PersonalFile:
    """A file of the person, as it was given to the portal."""

    name: str
    content: bytes


@dataclass(frozen=True)
class TableCopy:
    """A person's rows of one table: columns in the order of the card, values that JSON can hold."""

    table: str
    columns: list[str]
    rows: list[dict[str, Any]]
    #: What exists and is not shown, because it would open a door.
    withheld: list[str]
    files: list[PersonalFile] = field(default_factory=list)


def tables() -> list[Card]:
    """The tables of which people get to see their rows, in the order of the record of processing."""
    return [one for one in data_map.CARDS.values() if one.shown]


def counts(uow: UnitOfWork, employee_id: UUID) -> dict[str, int]:
    """How many rows of each table are about the person, in one statement."""
    asked = [
        select(literal(one.table), func.count()).select_from(one.model).where(_theirs(one, employee_id))
        for one in data_map.CARDS.values()
        if one.of_people
    ]
    return {row[0]: row[1] for row in uow.session.execute(union_all(*asked))}


def read(uow: UnitOfWork, card: Card, employee_id: UUID, *, limit: int | None = None) -> TableCopy:
    """The person's rows of one table, newest first."""
    query = _newest_first(select(card.model).where(_theirs(card, employee_id)), card).limit(limit)
    rows = list(uow.session.scalars(query))
    shown = [one for one in card.fields.values() if one.export in {Export.PLAIN, Export.SEALED, Export.NAME}]
    names = audit_names.of(uow, _mentioned(card, rows))
    copies = []
    for row in rows:
        copy = {}
        for one in shown:
            value = getattr(row, one.name)
            if one.export is Export.SEALED:
                value = _opened(uow, card, row, one.name)
            table = refers_to(card.table, one.name)
            copy[_said(one.name, table)] = _named(names, table, value) if table else _plain(value)
        copies.append(_minimised(card, row, copy, employee_id))
    return TableCopy(
        table=card.table,
        columns=[_said(one.name, refers_to(card.table, one.name)) for one in shown],
        rows=copies,
        withheld=[one.name for one in card.fields.values() if one.export is Export.SECRET],
        files=[found for row in rows for found in _files(uow, card, row)],
    )


def _theirs(card: Card, employee_id: UUID) -> ColumnElement[bool]:
    """Whose rows they are; of the log also what was done to somebody by others."""
    mine: ColumnElement[bool] = getattr(card.model, card.person or "id") == employee_id
    if card.table != _LOG:
        return mine
    return or_(mine, AuditEvent.about_id == employee_id, AuditEvent.subject_id == employee_id)


def _newest_first(query: Select[Any], card: Card) -> Select[Any]:
    for name in ("created_at", "at", "attempted_at", "date"):
        if name in card.fields:
            return query.order_by(getattr(card.model, name).desc(), card.model.id)  # type: ignore[attr-defined]
    return query


def _mentioned(card: Card, rows: Iterable[Any]) -> list[tuple[str, Any]]:
    """Every other row that these name, as table and id."""
    columns = [(name, refers_to(card.table, name)) for name in card.fields]
    return [(table, getattr(row, name)) for row in rows for name, table in columns if table]


def _said(column: str, table: str) -> str:
    return column.removesuffix("_id") if table else column.removesuffix("_sealed")


def _named(names: audit_names.Names, table: str, value: Any) -> str | None:
    if value is None:
        return None
    found = names.find(table, value)
    return (found.text or found.person) if found is not None else None


def _opened(uow: UnitOfWork, card: Card, row: Any, column: str) -> str | None:
    sealed = getattr(row, column)
    if sealed is None:
        return None
    return sealing.open_text(uow, sealed, row=card.model, column=column, row_id=row.id)


def _files(uow: UnitOfWork, card: Card, row: Any) -> Iterable[PersonalFile]:
    for one in card.fields.values():
        key = getattr(row, one.name) if one.export is Export.FILE else None
        if getattr(row, "scan_state", None) in HELD:
            continue  # nobody gets it, its owner neither
        if key is not None:
            sealed = uow.outside.files.get(uow.company.id, UUID(str(key)))
            content = sealing.open_bytes(uow, sealed, row=card.model, column="content", row_id=row.id)
            yield PersonalFile(f"{one.name.removesuffix('_key')}-{row.id}{_ending(content)}", content)


def _ending(content: bytes) -> str:
    """By what it is; anything else keeps no ending."""
    kinds = {b"\xff\xd8": ".jpg", b"\x89PNG": ".png", b"%PDF-": ".pdf"}
    return next((ending for start, ending in kinds.items() if content.startswith(start)), "")


def _minimised(card: Card, row: Any, copy: dict[str, Any], employee_id: UUID) -> dict[str, Any]:
    """What others did is said without where they sat when they did it."""
    if card.table != _LOG:
        return copy
    own = row.actor_id == employee_id
    return {**copy, **({} if own else dict.fromkeys(_OWN_ONLY)), "by": "you" if own else "somebody else"}


def _plain(value: Any) -> Any:
    """The value as JSON holds it."""
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if value is None or isinstance(value, str | int | bool | float | list | dict):
        return value
    return str(value)
