"""Shifts: the planner's copy, the copy that staff see, and the templates both are made from.

The two copies are the draft and the published state of one plan. Publishing replaces the second by the
first, so nobody sees half a change. In each copy a person never has two shifts at once: the database says so.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSTZRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class ShiftTemplate(Base, CompanyScoped, Timestamped):
    __tablename__ = "shift_template"
    __table_args__ = (
        UniqueConstraint("company_id", "code"),
        CheckConstraint("starts_minute BETWEEN 0 AND 1439", name="start_within_day"),
        CheckConstraint("ends_minute > starts_minute AND ends_minute <= 2880", name="end_after_start"),
        CheckConstraint("break_minutes BETWEEN 0 AND ends_minute - starts_minute", name="break_within_shift"),
    )

    name: Mapped[str]
    #: One to three characters, as in grids and print.
    code: Mapped[str]
    colour: Mapped[str]
    #: Minutes from midnight of the day the shift belongs to; an end above 1440 is on the next day.
    starts_minute: Mapped[int]
    ends_minute: Mapped[int]
    break_minutes: Mapped[int] = mapped_column(default=0, server_default="0")


class _ShiftColumns(CompanyScoped):
    """What a shift is in either copy."""

    roster_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    shift_template_id: Mapped[UUID]
    #: The local date on which it starts.
    date: Mapped[date]
    #: From start to end as instants, half-open.
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    #: Working time without the break, by the clock that really passes.
    paid_minutes: Mapped[int]

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[object, ...]:
        name = cls.__tablename__  # type: ignore[attr-defined]
        return (
            refers_to("roster_id", "roster"),
            refers_to("employee_id", "employee"),
            refers_to("shift_template_id", "shift_template"),
            ExcludeConstraint(
                ("company_id", "="),
                ("employee_id", "="),
                ("during", "&&"),
                using="gist",
                name=f"ex_{name}_no_overlap",
            ),
            company_index("roster_id", "date"),
            company_index("employee_id", "date"),
            company_index("date"),
        )


class Shift(_ShiftColumns, Base, Timestamped):
    __tablename__ = "shift"


class PublishedShift(_ShiftColumns, Base, Timestamped):
    """The copy staff see; it carries the id of the shift it was copied from."""

    __tablename__ = "published_shift"

    #: The version of the roster that this shift was shared with, as it is now.
    shared_version: Mapped[int] = mapped_column(default=1, server_default="1")
