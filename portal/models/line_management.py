"""Who leads whom from when until when: one manager at a time, and what was, stays."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class LineManagement(Base, CompanyScoped, Timestamped):
    __tablename__ = "line_management"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("manager_id", "employee"),
        CheckConstraint("end_date IS NULL OR end_date >= start_date", name="dates_in_order"),
        CheckConstraint("manager_id <> employee_id", name="nobody_leads_themselves"),
        ExcludeConstraint(
            ("company_id", "="),
            ("employee_id", "="),
            (text("daterange(start_date, end_date, '[]')"), "&&"),
            using="gist",
            name="ex_line_management_no_overlap",
        ),
        company_index("employee_id", "start_date"),
        company_index("manager_id", "employee_id"),
    )

    employee_id: Mapped[UUID]
    manager_id: Mapped[UUID]
    start_date: Mapped[date]
    #: Inclusive; None while it lasts.
    end_date: Mapped[date | None] = mapped_column(default=None)
