"""The base of every table: naming, types and the columns that tie a row to its company.

Rows of different tables are joined by services; there are no relationships, so that neither a template
nor a loop can start a query by touching an attribute.
"""

from __future__ import annotations

import enum
from datetime import date, datetime
from typing import Any, ClassVar
from uuid import UUID, uuid4

from sqlalchemy import Date, DateTime, Enum, ForeignKey, ForeignKeyConstraint, Index, MetaData, Text, func
from sqlalchemy.orm import DeclarativeBase, Mapped, declared_attr, mapped_column

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """Text is unlimited unless a form limits it, moments are UTC with a zone, enums are stored by value."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        str: Text,
        date: Date,
        datetime: DateTime(timezone=True),
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            length=40,
            values_callable=lambda members: [member.value for member in members],
        ),
    }


class CompanyScoped:
    """A row that belongs to one company; the key starts with it, so every reference carries it too."""

    @declared_attr
    @classmethod
    def company_id(cls) -> Mapped[UUID]:
        return mapped_column(ForeignKey("company.id"), primary_key=True, sort_order=-2)

    @declared_attr
    @classmethod
    def id(cls) -> Mapped[UUID]:
        return mapped_column(primary_key=True, default=uuid4, sort_order=-1)


class Timestamped:
    """When the row was written first."""

    created_at: Mapped[datetime] = mapped_column(server_default=func.now(), sort_order=100)


def refers_to(column: str, table: str) -> ForeignKeyConstraint:
    """A reference inside one company: (company_id, column) to the other table's key."""
    return ForeignKeyConstraint(["company_id", column], [f"{table}.company_id", f"{table}.id"])


def company_index(*columns: str, **options: Any) -> Index:
    """An index led by the company, as every index on a company's rows must be."""
    return Index(None, "company_id", *columns, **options)


#: Marks a column whose value is sealed with the company's key: its changes are audited without values.
SEALED: dict[str, Any] = {"sealed": True}
#: Marks words that fewer people may read than may read the audit log: it says that they changed, not what they say.
PRIVATE: dict[str, Any] = {"private": True}
