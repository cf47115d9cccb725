"""Days that somebody means to be away: a wish, which holds no time and costs nothing until it is asked for."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.periods import DayPart, Part, expand
from portal.domain.planned_absences import PlannedStatus
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class PlannedAbsence(Base, CompanyScoped, Timestamped):
    __tablename__ = "planned_absence"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("absence_id", "absence"),
        CheckConstraint("end_date >= start_date", name="dates_in_order"),
        CheckConstraint("weight BETWEEN 1 AND 3", name="weight_known"),
        company_index("employee_id", "start_date"),
        company_index("end_date", postgresql_where=text("status = 'planned'")),
        company_index("absence_id", postgresql_where=text("absence_id IS NOT NULL")),
    )

    employee_id: Mapped[UUID]
    absence_type_id: Mapped[UUID]
    start_date: Mapped[date]
    end_date: Mapped[date]
    first_part: Mapped[Part]
    last_part: Mapped[Part]
    #: How much it matters to the person: 3 the most.
    weight: Mapped[int]
    #: Only the person may read it; a request takes it over.
    note: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    status: Mapped[PlannedStatus]
    #: Since when these days are planned: who came first.
    planned_at: Mapped[datetime]
    closed_at: Mapped[datetime | None] = mapped_column(default=None)
    #: What it became.
    absence_id: Mapped[UUID | None] = mapped_column(default=None)
    #: Grows with every change.
    version: Mapped[int] = mapped_column(default=1, server_default="1")

    @property
    def parts(self) -> list[DayPart]:
        """Its days; what of them would be charged is not known here."""
        return expand(self.start_date, self.end_date, first_part=self.first_part, last_part=self.last_part)
