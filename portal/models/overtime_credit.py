"""Hours that somebody worked longer: proposed by them or put down for them, and booked as time off."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.overtime import OvertimeStatus
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class OvertimeCredit(Base, CompanyScoped, Timestamped):
    __tablename__ = "overtime_credit"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("proposed_by_id", "employee"),
        refers_to("decided_by_id", "employee"),
        refers_to("decided_for_id", "employee"),
        CheckConstraint(
            "worked_minutes BETWEEN 1 AND CASE WHEN roster_month IS NULL THEN 1440 ELSE 44640 END",
            name="within_a_day_or_month",
        ),
        CheckConstraint(
            "num_nonnulls(roster_month, planned_minutes, contract_minutes, holiday_minutes) IN (0, 4)",
            name="of_roster_with_its_sum",
        ),
        company_index("employee_id", "worked_on"),
        company_index("proposed_at", postgresql_where=text("status = 'proposed'")),
        company_index(
            *("employee_id", "roster_month"),
            unique=True,
            postgresql_where=text("status = 'proposed' AND roster_month IS NOT NULL"),
        ),
    )

    employee_id: Mapped[UUID]
    #: The type of absence that takes the hours in.
    absence_type_id: Mapped[UUID]
    worked_on: Mapped[date]
    worked_minutes: Mapped[int]
    #: First day of the month whose roster plans more than the contract asks; None: proposed or put down by people.
    roster_month: Mapped[date | None] = mapped_column(default=None)
    #: What they are the difference of, less what was settled of the month before. None without a month.
    planned_minutes: Mapped[int | None] = mapped_column(default=None)
    contract_minutes: Mapped[int | None] = mapped_column(default=None)
    #: Of the planned ones, on public holidays.
    holiday_minutes: Mapped[int | None] = mapped_column(default=None)
    status: Mapped[OvertimeStatus]
    #: What the hours were for.
    note: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    #: The person, or whoever put it down for them; of the roster's, the person.
    proposed_by_id: Mapped[UUID]
    proposed_at: Mapped[datetime]
    decided_by_id: Mapped[UUID | None] = mapped_column(default=None)
    #: In whose place, when a deputy decided.
    decided_for_id: Mapped[UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When others were asked too, because nobody had decided; of hours with steps, each step knows it.
    escalated_at: Mapped[datetime | None] = mapped_column(default=None)
    decision_note: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    #: Grows with every change; a decision names the version it saw.
    version: Mapped[int] = mapped_column(default=1, server_default="1")
