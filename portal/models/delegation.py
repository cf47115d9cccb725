"""Handing one's decisions over to somebody else for a time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class Delegation(Base, CompanyScoped, Timestamped):
    __tablename__ = "delegation"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("deputy_id", "employee"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("team_id", "team"),
        refers_to("author_id", "employee"),
        CheckConstraint("end_date >= start_date", name="dates_in_order"),
        CheckConstraint("deputy_id <> employee_id", name="somebody_else"),
        company_index("end_date"),
        company_index("employee_id"),
        company_index("deputy_id"),
    )

    #: Whose decisions are handed over, and to whom.
    employee_id: Mapped[UUID]
    deputy_id: Mapped[UUID]
    #: First and last day, inclusive.
    start_date: Mapped[date]
    end_date: Mapped[date]
    #: None: requests of every type.
    absence_type_id: Mapped[UUID | None] = mapped_column(default=None)
    #: Only requests of people in this team, and only those that cost at most so many days; None: all.
    team_id: Mapped[UUID | None] = mapped_column(default=None)
    most_days: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    #: Who made it: the giver, or somebody with the right to do it for others.
    author_id: Mapped[UUID]
    #: Taken back before its last day.
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
