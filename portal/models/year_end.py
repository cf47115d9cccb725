"""The end of a year of entitlement: a run that is previewed, approved, posted and reversed, and the letters before."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.year_ends import LineOutcome, RunStatus
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class YearEndRun(Base, CompanyScoped, Timestamped):
    """One settlement of one year of one type."""

    __tablename__ = "year_end_run"
    __table_args__ = (
        refers_to("absence_type_id", "absence_type"),
        refers_to("made_by_id", "employee"),
        refers_to("posted_by_id", "employee"),
        refers_to("reversed_by_id", "employee"),
        # Of two that are not finished, one would post figures that the other has moved.
        company_index(
            "absence_type_id",
            "year",
            unique=True,
            postgresql_where=text("status IN ('draft', 'ordered')"),
        ),
    )

    absence_type_id: Mapped[UUID]
    year: Mapped[int]
    status: Mapped[RunStatus]
    people: Mapped[int]
    #: How many the job has behind it.
    done: Mapped[int]
    made_by_id: Mapped[UUID | None] = mapped_column(default=None)
    posted_by_id: Mapped[UUID | None] = mapped_column(default=None)
    posted_at: Mapped[datetime | None] = mapped_column(default=None)
    reversed_by_id: Mapped[UUID | None] = mapped_column(default=None)
    reversed_at: Mapped[datetime | None] = mapped_column(default=None)


class YearEndLine(Base, CompanyScoped):
    """What the run does for one person, as it was previewed."""

    __tablename__ = "year_end_line"
    __table_args__ = (
        UniqueConstraint("company_id", "run_id", "employee_id"),
        refers_to("run_id", "year_end_run"),
        refers_to("employee_id", "employee"),
        company_index("employee_id"),
    )

    run_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    rest: Mapped[int]
    held_back: Mapped[int]
    carried: Mapped[int]
    protected: Mapped[int]
    lapsed: Mapped[int]
    owed: Mapped[int]
    written_off: Mapped[int]
    outcome: Mapped[LineOutcome]


class LapseNotice(Base, CompanyScoped, Timestamped):
    """A letter that told one person which days lapse when, and whether it was read."""

    __tablename__ = "lapse_notice"
    __table_args__ = (
        UniqueConstraint(
            "company_id",
            "employee_id",
            "absence_type_id",
            "usable_through",
            "origin_year",
            name="uq_lapse_notice_once",
        ),
        refers_to("employee_id", "employee"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("sent_by_id", "employee"),
        company_index("usable_through"),
    )

    employee_id: Mapped[UUID]
    absence_type_id: Mapped[UUID]
    origin_year: Mapped[int]
    usable_through: Mapped[date]
    #: What there was to lapse when the letter went, in thousandths of a day.
    amount: Mapped[int]
    sent_at: Mapped[datetime]
    sent_by_id: Mapped[UUID | None] = mapped_column(default=None)
    reminders: Mapped[int]
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When the person said that they have read it.
    read_at: Mapped[datetime | None] = mapped_column(default=None)
