"""A plan of shifts for one team and one month: drafted by a planner, shared by publishing."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class Roster(Base, CompanyScoped, Timestamped):
    __tablename__ = "roster"
    __table_args__ = (
        UniqueConstraint("company_id", "team_id", "start_date"),
        refers_to("team_id", "team"),
        refers_to("published_by_id", "employee"),
        CheckConstraint("end_date >= start_date", name="dates_in_order"),
        company_index("start_date"),
    )

    team_id: Mapped[UUID]
    start_date: Mapped[date]
    end_date: Mapped[date]
    #: 0 while only drafted; grows by one with every publishing.
    version: Mapped[int] = mapped_column(default=0, server_default="0")
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by_id: Mapped[UUID | None] = mapped_column(default=None)
