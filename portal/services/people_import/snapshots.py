"""People as their rows hold them, in plain values: what an undo goes back to, and by what it notices other changes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, inspect, literal, select

from portal.db import UnitOfWork
from portal.models.custom_field import CustomValue
from portal.models.employee import Employee, Employment
from portal.models.line_management import LineManagement
from portal.models.role import RoleGrant
from portal.models.team import TeamMembership

#: Rows that an import writes beside the person's own; each has an `employee_id`.
BELONGINGS: tuple[Any, ...] = (Employment, TeamMembership, LineManagement, RoleGrant, CustomValue)
_LEFT_OUT = {"company_id", "created_at"}

Values = dict[str, Any]
#: {table: rows}; the person's own row stands under "employee".
State = dict[str, list[Values]]


def states_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, State]:
    """Every one of these people in a handful of statements, however many they are."""
    states: dict[UUID, State] = {}
    wanted = literal(list(ids), ARRAY(Uuid))
    for row in uow.session.execute(select(*_columns(Employee)).where(Employee.id == any_(wanted))).mappings():
        states[row["id"]] = {"employee": [_plain(row)]}
    for model in BELONGINGS:
        owner: Any = model.employee_id
        rows = uow.session.execute(select(*_columns(model)).where(owner == any_(wanted)).order_by(model.id))
        for row in rows.mappings():
            states[row["employee_id"]].setdefault(model.__tablename__, []).append(_plain(row))
    return states


def fingerprint(state: State) -> str:
    """Two states with the same fingerprint are the same."""
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()[:32]


def restored(model: Any, values: Values) -> Values:
    """Plain values as the columns of the model take them."""
    columns = inspect(model).columns
    return {name: _as_held(value, columns[name].type) for name, value in values.items()}


def _columns(model: Any) -> Sequence[Any]:
    return [getattr(model, name) for name in inspect(model).columns.keys() if name not in _LEFT_OUT]  # noqa: SIM118


def _plain(row: Any) -> Values:
    return {name: _as_json(value) for name, value in row.items()}


def _as_json(value: Any) -> Any:
    if isinstance(value, UUID):
        return str(value)
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, bytes):
        return value.hex()
    return value


def _as_held(value: Any, kind: Any) -> Any:
    if value is None or isinstance(kind, ARRAY):
        return value
    python = kind.python_type
    if python is UUID:
        return UUID(value)
    if python in {date, datetime}:
        return python.fromisoformat(value)
    if python is bytes:
        return bytes.fromhex(value)
    return value
