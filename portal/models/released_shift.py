"""A published shift that fell open because of an absence: what it was, so that it can come back."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class ReleasedShift(Base, CompanyScoped, Timestamped):
    __tablename__ = "released_shift"
    __table_args__ = (
        refers_to("absence_id", "absence"),
        refers_to("roster_id", "roster"),
        refers_to("employee_id", "employee"),
        refers_to("shift_template_id", "shift_template"),
        company_index("absence_id"),
        company_index("roster_id", "date"),
        company_index("employee_id"),
    )

    #: Its id in both copies of the roster, while it was there.
    shift_id: Mapped[UUID]
    absence_id: Mapped[UUID]
    roster_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    shift_template_id: Mapped[UUID]
    date: Mapped[date]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    paid_minutes: Mapped[int]
    #: How many of the same shift the plan had on that day without it: with more, somebody has taken it over.
    beside: Mapped[int]
    #: When the absence was given up, and whether the shift was still free then.
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    returned: Mapped[bool] = mapped_column(default=False, server_default="false")
