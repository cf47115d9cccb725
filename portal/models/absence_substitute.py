"""Somebody who was named to cover for an absence, and what they say to it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.substitutes import SubstituteAnswer
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class AbsenceSubstitute(Base, CompanyScoped, Timestamped):
    __tablename__ = "absence_substitute"
    __table_args__ = (
        UniqueConstraint("company_id", "absence_id", "employee_id"),
        refers_to("absence_id", "absence"),
        refers_to("employee_id", "employee"),
        refers_to("named_by_id", "employee"),
        company_index("employee_id"),
    )

    absence_id: Mapped[UUID]
    #: Who covers; whose absence it is, the absence says.
    employee_id: Mapped[UUID]
    named_by_id: Mapped[UUID | None] = mapped_column(default=None)
    answer: Mapped[SubstituteAnswer] = mapped_column(
        default=SubstituteAnswer.OPEN, server_default=SubstituteAnswer.OPEN.value
    )
    answered_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When they were reminded that it begins.
    reminded_on: Mapped[date | None] = mapped_column(default=None)
