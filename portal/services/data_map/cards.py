"""The form that every table fills in: whose rows they are, why they are kept, and what becomes of each column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from portal.domain.data_map import Basis, Erase, Export, Purpose, Retention, Rows
from portal.models.base import Base

#: Every table of companies has them; what they are is the same everywhere.
_EVERYWHERE = {"company_id": Export.TECHNICAL, "id": Export.TECHNICAL, "created_at": Export.PLAIN}


@dataclass(frozen=True)
class Field:
    """One column. `erase` None: it stays as it is, in rows that stay; `until`: emptied only then, not at once."""

    name: str
    export: Export
    erase: Erase | None = None
    until: Retention | None = None


@dataclass(frozen=True)
class Card:
    """One table. `person` is the column that says whose row it is; None: nobody's."""

    model: type[Base]
    purpose: Purpose
    basis: Basis
    retention: Retention
    rows: Rows
    person: str | None
    fields: Mapping[str, Field]

    @property
    def table(self) -> str:
        return str(self.model.__tablename__)

    @property
    def of_people(self) -> bool:
        return self.person is not None


def card(
    model: type[Base],
    *,
    purpose: Purpose,
    basis: Basis,
    retention: Retention,
    rows: Rows,
    person: str | None = None,
    people: str = "",
    plain: str = "",
    sealed: str = "",
    file: str = "",
    secret: str = "",
    technical: str = "",
    erased: Mapping[str, Erase] | None = None,
    until: Mapping[str, Retention] | None = None,
) -> Card:
    """Declares a table. Each column's name stands once, in the group that says what the person's own copy shows.

    `erased` says what erasing does to columns of rows that stay, `until` which of them wait for a date.
    """
    groups = {
        Export.PLAIN: plain,
        Export.SEALED: sealed,
        Export.FILE: file,
        Export.NAME: people,
        Export.SECRET: secret,
        Export.TECHNICAL: f"{technical} {person or ''}" if person != "id" else technical,
    }
    shown = {name: export for export, names in groups.items() for name in names.split()}
    if len(shown) != sum(len(names.split()) for names in groups.values()):
        raise ValueError(f"a column of {model.__tablename__} stands in two groups")
    shown = {**{name: one for name, one in _EVERYWHERE.items() if name in model.__table__.columns}, **shown}
    erased, until = erased or {}, until or {}
    unknown = (erased.keys() | until.keys()) - shown.keys()
    if unknown or until.keys() - erased.keys():
        raise ValueError(f"{model.__tablename__} erases columns that no group names: {sorted(unknown)}")
    fields = {name: Field(name, export, erased.get(name), until.get(name)) for name, export in shown.items()}
    return Card(model, purpose, basis, retention, rows, person, fields)
