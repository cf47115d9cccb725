"""Requests to be forgotten, the steps of carrying one out, and what forbids it for a time."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.erasures import ErasureOrigin, ErasureStatus
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class ErasureRequest(Base, CompanyScoped, Timestamped):
    """One person's request. It outlives the person's data: it proves that they were erased, and when."""

    __tablename__ = "erasure_request"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("planned_by_id", "employee"),
        refers_to("approved_by_id", "employee"),
        # One at a time for a person.
        Index(
            "uq_erasure_request_live",
            "company_id",
            "employee_id",
            unique=True,
            postgresql_where=text("status IN ('open', 'planned', 'erasing', 'partly')"),
        ),
        company_index("status", "due_on"),
        company_index("employee_id"),
    )

    employee_id: Mapped[UUID]
    status: Mapped[ErasureStatus] = mapped_column(
        default=ErasureStatus.OPEN, server_default=ErasureStatus.OPEN.value
    )
    origin: Mapped[ErasureOrigin]
    #: The clock of the law starts here.
    received_on: Mapped[date]
    due_on: Mapped[date]
    extended_on: Mapped[date | None] = mapped_column(default=None)
    #: Why it takes longer; the person is told.
    extension_reason: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    planned_by_id: Mapped[UUID | None] = mapped_column(default=None)
    planned_at: Mapped[datetime | None] = mapped_column(default=None)
    approved_by_id: Mapped[UUID | None] = mapped_column(default=None)
    approved_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Why it was declined; the person is told.
    decision_reason: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Counts changes: a decision names the one it saw.
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class ErasureStep(Base, CompanyScoped, Timestamped):
    """One table at one time of a plan: done in the transaction that erases it, so that it is done once."""

    __tablename__ = "erasure_step"
    __table_args__ = (
        UniqueConstraint("company_id", "request_id", "table_name", "waits_for"),
        refers_to("request_id", "erasure_request"),
    )

    request_id: Mapped[UUID]
    table_name: Mapped[str]
    #: "at-once", or the class of retention that it waits for.
    waits_for: Mapped[str]
    due_on: Mapped[date]
    done_at: Mapped[datetime | None] = mapped_column(default=None)
    #: How many rows were deleted or emptied.
    row_count: Mapped[int | None] = mapped_column(default=None)


class LegalHold(Base, CompanyScoped, Timestamped):
    """Data of a person that must not be erased, for a reason and until a day, or until it is lifted."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("placed_by_id", "employee"),
        refers_to("lifted_by_id", "employee"),
        company_index("employee_id"),
    )

    employee_id: Mapped[UUID]
    reason: Mapped[str] = mapped_column(info=PRIVATE)
    #: Inclusive; None: until somebody lifts it.
    until_date: Mapped[date | None] = mapped_column(default=None)
    placed_by_id: Mapped[UUID]
    lifted_by_id: Mapped[UUID | None] = mapped_column(default=None)
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
