"""What kind of value stands behind a column that the audit log tells of: how it is written, or whose row it names.

Read from the tables themselves, so that a column that is added later is told like its siblings.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

from sqlalchemy import (
    ARRAY,
    JSON,
    Boolean,
    Column,
    Date,
    DateTime,
    Enum,
    ForeignKeyConstraint,
    Integer,
    Table,
)
from sqlalchemy.dialects.postgresql import TSRANGE, TSTZRANGE

from portal.models.base import Base


class Kind(StrEnum):
    """How a value is to be written for people."""

    TEXT = "text"
    DATE = "date"
    MOMENT = "moment"
    FLAG = "flag"
    NUMBER = "number"
    #: One of a closed list; it has words.
    CHOICE = "choice"
    #: From a moment to a moment.
    SPAN = "span"
    MINUTES = "minutes"
    #: A time of the day, in minutes from midnight.
    CLOCK = "clock"
    #: Thousandths of a day.
    DAYS = "days"
    BYTES = "bytes"
    #: Minutes from Monday to Sunday.
    WEEK = "week"
    LANGUAGE = "language"
    COUNTRY = "country"
    #: Permissions with their reach: absence:view=team, roster:edit=site.
    GRANTS = "grants"
    #: A checksum or a name that only machines use.
    MARK = "mark"
    #: Certificates in PEM; each is told by its thumbprint.
    CERTIFICATES = "certificates"
    #: The short name of a role.
    ROLE = "role"
    #: Several values under names of their own; services/audit_parts.py tells them one by one.
    PARTS = "parts"
    #: The id of another row.
    REFERENCE = "reference"
    #: Only that it changed may be told.
    WITHHELD = "withheld"


_BY_TYPE: tuple[tuple[tuple[type, ...], Kind], ...] = (
    ((Enum,), Kind.CHOICE),
    ((Boolean,), Kind.FLAG),
    ((DateTime,), Kind.MOMENT),
    ((Date,), Kind.DATE),
    ((TSRANGE, TSTZRANGE), Kind.SPAN),
    ((ARRAY,), Kind.WEEK),
    ((JSON,), Kind.PARTS),
)
_BY_NAME = {
    "charge": Kind.DAYS,
    "amount": Kind.DAYS,
    "yearly_entitlement": Kind.DAYS,
    "yearly_amount": Kind.DAYS,
    **dict.fromkeys(("yearly_cap", "balance_cap", "carry_cap", "carry_protected", "grain"), Kind.DAYS),
    "year": Kind.TEXT,
    "overdraft": Kind.DAYS,
    "overtime_cap": Kind.MINUTES,
    "language": Kind.LANGUAGE,
    "choices": Kind.TEXT,
    "country": Kind.COUNTRY,
    "photo_key": Kind.MARK,
    "sha256": Kind.MARK,
    "storage_key": Kind.MARK,
    "origin_year": Kind.TEXT,
    "areas": Kind.TEXT,
    "sealed": Kind.TEXT,
}
_BY_ENDING = {
    "starts_minute": Kind.CLOCK,
    "ends_minute": Kind.CLOCK,
    "_minutes": Kind.MINUTES,
    "_bytes": Kind.BYTES,
}


@cache
def kind_of(table: str, column: str) -> Kind:
    """How a value of this column is written; what a later version added and this one does not know is text."""
    found = _column(table, column)
    if found is None:
        return Kind.TEXT
    if found.info.get("sealed") or found.info.get("private"):
        return Kind.WITHHELD
    if refers_to(table, column):
        return Kind.REFERENCE
    if column in _BY_NAME:
        return _BY_NAME[column]
    for types, kind in _BY_TYPE:
        if isinstance(found.type, types):
            return kind
    plain = Kind.NUMBER if isinstance(found.type, Integer) else Kind.TEXT
    return next((kind for ending, kind in _BY_ENDING.items() if column.endswith(ending)), plain)


@cache
def refers_to(table: str, column: str) -> str:
    """The table whose row the column names, or an empty text."""
    found = _tables().get(table)
    if found is None:
        return ""
    for constraint in found.constraints:
        if isinstance(constraint, ForeignKeyConstraint) and column in constraint.column_keys:
            return constraint.referred_table.name if column != "company_id" else ""
    return ""


def _column(table: str, column: str) -> Column[object] | None:
    found = _tables().get(table)
    return found.columns.get(column) if found is not None else None


@cache
def _tables() -> dict[str, Table]:
    """Every table by the name that events give as the type of their subject."""
    return {table.name: table for table in Base.metadata.tables.values()}
