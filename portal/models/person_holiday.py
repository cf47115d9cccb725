"""What is agreed with one person about free days: the calendar they follow by date, and days free for them alone.

Days of faith say what somebody believes. So a name and a reason are read where HR keeps them, and in the person's own
copy of their data; calendars, costs and the operator's staff read only when the person is free.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.holidays import HolidayPart, HolidaySource
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, refers_to


class PersonCalendar(Base, CompanyScoped, Timestamped):
    """From a day on a person follows another calendar: a country's or a site's; without either their own site's."""

    __tablename__ = "person_calendar"
    __table_args__ = (
        UniqueConstraint("company_id", "employee_id", "valid_from"),
        refers_to("employee_id", "employee"),
        refers_to("site_id", "site"),
        refers_to("author_id", "employee"),
    )

    employee_id: Mapped[UUID]
    valid_from: Mapped[date]
    country: Mapped[str | None] = mapped_column(default=None)
    subdivision: Mapped[str | None] = mapped_column(default=None)
    #: All of this site's days instead of those of the own one.
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(info=PRIVATE)
    author_id: Mapped[UUID | None] = mapped_column(default=None)


class PersonHoliday(Base, CompanyScoped, Timestamped):
    """A day, or a part of one, that is free for one person alone."""

    __tablename__ = "person_holiday"
    __table_args__ = (
        UniqueConstraint("company_id", "employee_id", "date", "part"),
        refers_to("employee_id", "employee"),
        refers_to("author_id", "employee"),
    )

    employee_id: Mapped[UUID]
    date: Mapped[date]
    part: Mapped[HolidayPart]
    #: Minutes of the day, only for a part from-to.
    starts_minute: Mapped[int | None] = mapped_column(default=None)
    ends_minute: Mapped[int | None] = mapped_column(default=None)
    name: Mapped[str] = mapped_column(info=PRIVATE)
    source: Mapped[HolidaySource]
    author_id: Mapped[UUID | None] = mapped_column(default=None)
