"""Who is no longer as an import left them: changed by somebody, or in use by anything else of the portal."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Table, Uuid, any_, inspect, literal, not_, or_, select, union_all

from portal.db import UnitOfWork
from portal.domain.ledger import EntryKind
from portal.models.base import Base, CompanyScoped
from portal.models.employee import Employee
from portal.models.identity import SignInLink
from portal.models.ledger_entry import LedgerEntry
from portal.models.line_management import LineManagement
from portal.models.outbox_message import OutboxMessage
from portal.services.people_import.snapshots import BELONGINGS, State, fingerprint

#: What belongs to somebody new and goes with them: letters and links of the invitation among it.
GOES_ALONG: tuple[Any, ...] = (*BELONGINGS, SignInLink, OutboxMessage)

#: Whom somebody leads counts as use, though the row by which they are led themselves goes along.
_GO_WHOLLY = {*GOES_ALONG} - {LineManagement}


def changed_since(states: Mapping[UUID, State], seen: Mapping[UUID, str]) -> set[UUID]:
    """People whose rows are not as they were seen, or who are gone."""
    return {one for one, mark in seen.items() if one not in states or fingerprint(states[one]) != mark}


def in_use(uow: UnitOfWork, new: Collection[UUID], along: Collection[UUID]) -> set[UUID]:
    """New people whom any other row refers to: an absence, a shift, a sign-in, somebody they lead.

    All tables are asked, also those that come later. `along` are people who go back to what they were themselves.
    """
    if not new:
        return set()
    ids = literal(list(new), ARRAY(Uuid))
    asked = [
        select(column.label("person")).where(column == any_(ids), *_not_of_the_import(model, column, along))
        for model, column in _references()
    ]
    return set(uow.session.scalars(union_all(*asked)))


def names_of(uow: UnitOfWork, ids: Collection[UUID]) -> list[str]:
    rows = uow.session.execute(
        select(Employee.first_name, Employee.last_name)
        .where(Employee.id == any_(literal(list(ids), ARRAY(Uuid))))
        .order_by(Employee.last_name, Employee.first_name)
    )
    return [f"{first_name} {last_name}" for first_name, last_name in rows]


def _references() -> Iterator[tuple[Any, Any]]:
    """Every column of the portal that refers to a person, except those of rows that go along."""
    for mapper in sorted(Base.registry.mappers, key=lambda one: one.class_.__name__):
        model = mapper.class_
        table = mapper.local_table
        if (
            (model in GOES_ALONG and model is not LineManagement)
            or not issubclass(model, CompanyScoped)
            or not isinstance(table, Table)
        ):
            continue
        for constraint in table.foreign_key_constraints:
            if constraint.referred_table is Employee.__table__:
                name = next(one for one in constraint.column_keys if one != "company_id")
                yield model, getattr(model, inspect(model).get_property_by_column(table.c[name]).key)


def _not_of_the_import(model: Any, column: Any, along: Collection[UUID]) -> list[Any]:
    """The yearly grant is made by the import, and people of the same file may lead each other."""
    if model is LedgerEntry and column.key == "employee_id":
        return [or_(LedgerEntry.kind != EntryKind.GRANT, LedgerEntry.absence_id.is_not(None))]
    if model is Employee:
        return [not_(Employee.id == any_(literal(list(along), ARRAY(Uuid))))]
    if model is LineManagement:
        return [not_(LineManagement.employee_id == any_(literal(list(along), ARRAY(Uuid))))]
    return []
