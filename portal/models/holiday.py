"""What a company says about its public holidays beside the computed ones: own days, and regions by date.

Computed holidays are stored nowhere: they come from the region that holds on their date.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.holidays import HolidayPart, HolidaySource
from portal.models.base import Base, CompanyScoped, Timestamped, refers_to


class SiteHoliday(Base, CompanyScoped, Timestamped):
    """A day that is free at a site, or one on which it works although it would be free."""

    __tablename__ = "site_holiday"
    __table_args__ = (
        UniqueConstraint("company_id", "site_id", "date", "part", postgresql_nulls_not_distinct=True),
        refers_to("site_id", "site"),
        refers_to("author_id", "employee"),
    )

    #: None: at every site.
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    date: Mapped[date]
    part: Mapped[HolidayPart]
    #: Minutes of the day, only for a part from-to.
    starts_minute: Mapped[int | None] = mapped_column(default=None)
    ends_minute: Mapped[int | None] = mapped_column(default=None)
    #: False: the computed holiday of this date is a working day here.
    free: Mapped[bool]
    name: Mapped[str]
    #: Its name in Czech and in German, where it has one of its own.
    name_cs: Mapped[str | None] = mapped_column(default=None)
    name_de: Mapped[str | None] = mapped_column(default=None)
    source: Mapped[HolidaySource]
    author_id: Mapped[UUID | None] = mapped_column(default=None)


class SiteRegion(Base, CompanyScoped, Timestamped):
    """From which day on a site takes its holidays from which region; before the first, what the site itself says."""

    __tablename__ = "site_region"
    __table_args__ = (
        UniqueConstraint("company_id", "site_id", "valid_from", postgresql_nulls_not_distinct=True),
        refers_to("site_id", "site"),
        refers_to("author_id", "employee"),
    )

    #: None: the company, and every site that names no region of its own.
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    valid_from: Mapped[date]
    #: None: as the company.
    country: Mapped[str | None] = mapped_column(default=None)
    subdivision: Mapped[str | None] = mapped_column(default=None)
    author_id: Mapped[UUID | None] = mapped_column(default=None)
