"""One operation that entered an absence for many people; its absences name it, so that it can be undone as one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.group_entries import GroupKind
from portal.domain.periods import Part
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class GroupEntry(Base, CompanyScoped, Timestamped):
    __tablename__ = "group_entry"
    __table_args__ = (
        refers_to("absence_type_id", "absence_type"),
        refers_to("site_id", "site"),
        refers_to("author_id", "employee"),
        refers_to("undone_by_id", "employee"),
        CheckConstraint("end_date >= start_date", name="dates_in_order"),
        company_index("kind", "end_date"),
    )

    kind: Mapped[GroupKind]
    #: What people read: "Christmas closure", or the note of HR.
    name: Mapped[str]
    absence_type_id: Mapped[UUID]
    #: Of a closure the site that is closed; None: the whole company.
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    start_date: Mapped[date]
    end_date: Mapped[date]
    first_part: Mapped[Part]
    last_part: Mapped[Part]
    #: For how many people it was entered.
    people: Mapped[int] = mapped_column(default=0, server_default="0")
    author_id: Mapped[UUID | None] = mapped_column(default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by_id: Mapped[UUID | None] = mapped_column(default=None)
