"""Where people work and with whom: sites, teams and the dated membership in a team."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class Site(Base, CompanyScoped, Timestamped):
    __tablename__ = "site"
    __table_args__ = (UniqueConstraint("company_id", "name"),)

    name: Mapped[str]
    #: None: as the company.
    time_zone: Mapped[str | None]
    country: Mapped[str | None]
    subdivision: Mapped[str | None]


class Team(Base, CompanyScoped, Timestamped):
    __tablename__ = "team"
    __table_args__ = (UniqueConstraint("company_id", "name"), refers_to("site_id", "site"))

    name: Mapped[str]
    site_id: Mapped[UUID | None]


class TeamMembership(Base, CompanyScoped, Timestamped):
    __tablename__ = "team_membership"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("team_id", "team"),
        CheckConstraint("end_date IS NULL OR end_date >= start_date", name="dates_in_order"),
        ExcludeConstraint(
            ("company_id", "="),
            ("employee_id", "="),
            ("team_id", "="),
            (text("daterange(start_date, end_date, '[]')"), "&&"),
            using="gist",
            name="ex_team_membership_no_overlap",
        ),
        company_index("team_id", "employee_id"),
        company_index("employee_id", "team_id"),
    )

    employee_id: Mapped[UUID]
    team_id: Mapped[UUID]
    start_date: Mapped[date]
    #: Inclusive; None while it lasts.
    end_date: Mapped[date | None] = mapped_column(default=None)
