"""What a transaction changes, row by row and from what to what, for the audit log."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from enum import Enum
from functools import cache
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.orm import LoaderCallableStatus, Session, class_mapper

from portal.models.audit_event import AuditEvent


def note_changes(session: Session) -> None:
    """Adds {column: [from, to]} of this flush to what the transaction has changed so far, row by row."""
    noted: dict[Any, dict[str, list[Any]]] = session.info.setdefault("changes", {})
    for row in [*session.new, *session.dirty, *session.deleted]:
        if isinstance(row, AuditEvent):
            continue
        changes = noted.setdefault(row, {})
        for name, before, after in _changed_values(session, row):
            if before == after:
                continue
            first = changes[name][0] if name in changes else before
            changes[name] = [first, after]


def noted_changes(session: Session, row: object) -> dict[str, list[Any]]:
    """What was noted of this row so far: {column: [from, to]}."""
    noted: dict[Any, dict[str, list[Any]]] = session.info.get("changes", {})
    return noted.get(row, {})


def _changed_values(session: Session, row: Any) -> Iterator[tuple[str, Any, Any]]:
    """Name, old and new value of what this flush will write; an import flushes thousands of rows, so no more."""
    held, state = vars(row), inspect(row)
    gone, changed = row in session.deleted, state.committed_state
    for name, withheld in _noted_columns(row.__class__):
        if state.persistent and not gone and name not in changed:
            continue
        before = _plain(held.get(name) if gone else changed.get(name) if state.persistent else None)
        after = None if gone else _plain(held.get(name))
        if withheld and before != after:
            before, after = before and withheld, "changed"
        yield name, before, after


@cache
def _noted_columns(model: type) -> tuple[tuple[str, str | None], ...]:
    """The columns whose changes are told, with the mark of those whose values are not."""
    return tuple(
        (name, next((mark for mark in ("sealed", "private") if column.info.get(mark)), None))
        for name, column in class_mapper(model).columns.items()
        if not column.primary_key and name != "created_at"
    )


def _plain(value: Any) -> Any:
    """The value as JSON can hold it."""
    if isinstance(value, dict):
        return {str(key): _plain(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    return _plain_one(value)


def _plain_one(value: Any) -> Any:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    if value is None or isinstance(value, str | int | float):
        return value
    # An old value that was never loaded is as unknown as none at all.
    return None if value is LoaderCallableStatus.NO_VALUE else str(value)
