"""How many have to be there, or may be away: a company's rules of staffing, and the days that break them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.staffing import Effect, Measure, Metric
from portal.models.base import Base, CompanyScoped, Timestamped, refers_to


class StaffingRule(Base, CompanyScoped, Timestamped):
    """Whom it counts is who meets all of team, site and field; with none of them, everybody."""

    __tablename__ = "staffing_rule"
    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        refers_to("team_id", "team"),
        refers_to("site_id", "site"),
        refers_to("field_id", "custom_field"),
        refers_to("author_id", "employee"),
    )

    name: Mapped[str]
    team_id: Mapped[UUID | None] = mapped_column(default=None)
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    #: A qualification: the people in whose field of this company stands this value.
    field_id: Mapped[UUID | None] = mapped_column(default=None)
    field_value: Mapped[str | None] = mapped_column(default=None)
    metric: Mapped[Metric]
    measure: Mapped[Measure]
    amount: Mapped[int]
    effect: Mapped[Effect]
    #: 1 (Monday) to 7.
    weekdays: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    valid_from: Mapped[date]
    valid_through: Mapped[date | None] = mapped_column(default=None)
    author_id: Mapped[UUID | None] = mapped_column(default=None)


class StaffingBreach(Base, CompanyScoped):
    """A day to come that breaks a rule, as far as anybody was told: what is new is what does not stand here."""

    __tablename__ = "staffing_breach"
    __table_args__ = (
        UniqueConstraint("company_id", "rule_id", "date"),
        refers_to("rule_id", "staffing_rule"),
    )

    rule_id: Mapped[UUID]
    date: Mapped[date]
    #: Thousandths of a person's day.
    expected: Mapped[int]
    away: Mapped[int]
    noticed_at: Mapped[datetime]
