"""Fields that a company adds to its people, and their values."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, LargeBinary, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.custom_fields import FieldGroup, FieldKind, Retention
from portal.models.base import PRIVATE, SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class CustomField(Base, CompanyScoped, Timestamped):
    __tablename__ = "custom_field"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    name: Mapped[str]
    #: Never changed: values are written as their kind has it.
    kind: Mapped[FieldKind]
    #: Sealed stays sealed, and nothing becomes sealed later.
    field_group: Mapped[FieldGroup]
    choices: Mapped[list[str]] = mapped_column(ARRAY(Text), default=list, server_default="{}")
    retention: Mapped[Retention]
    position: Mapped[int] = mapped_column(default=0, server_default="0")
    #: When it was put away: values stay, nobody sees or edits them.
    archived_at: Mapped[datetime | None] = mapped_column(default=None)


class CustomValue(Base, CompanyScoped, Timestamped):
    __tablename__ = "custom_value"
    __table_args__ = (
        UniqueConstraint("company_id", "employee_id", "field_id"),
        refers_to("employee_id", "employee"),
        refers_to("field_id", "custom_field"),
        CheckConstraint("(value IS NULL) <> (value_sealed IS NULL)", name="sealed_or_not"),
        company_index("field_id"),
    )

    employee_id: Mapped[UUID]
    field_id: Mapped[UUID]
    value: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    value_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
