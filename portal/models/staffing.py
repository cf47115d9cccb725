"""How many have to be there, or may be away: a company's rules of staffing, and the days that break them."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ARRAY, CheckConstraint, SmallInteger, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.staffing import Effect, Measure, Metric, Override, RulePart
from portal.models.base import Base, CompanyScoped, Timestamped, refers_to


class StaffingRule(Base, CompanyScoped, Timestamped):
    """Whom it counts is who meets all of team, site and field and, where it names people, is one of them."""

    __tablename__ = "staffing_rule"
    __table_args__ = (
        UniqueConstraint("company_id", "name"),
        refers_to("team_id", "team"),
        refers_to("site_id", "site"),
        refers_to("field_id", "custom_field"),
        refers_to("author_id", "employee"),
        CheckConstraint(
            "starts_minute IS NULL AND ends_minute IS NULL"
            " OR starts_minute >= 0 AND starts_minute < ends_minute AND ends_minute <= 1440",
            name="hours_within_day",
        ),
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
    #: A part of every year, as month * 100 + day, both included; it may go over the end of the year.
    season_from: Mapped[int | None] = mapped_column(SmallInteger, default=None)
    season_through: Mapped[int | None] = mapped_column(SmallInteger, default=None)
    #: The hours of the day at which it holds; None: all day.
    starts_minute: Mapped[int | None] = mapped_column(default=None)
    ends_minute: Mapped[int | None] = mapped_column(default=None)
    override: Mapped[Override] = mapped_column(default=Override.RIGHT, server_default=Override.RIGHT.value)
    author_id: Mapped[UUID | None] = mapped_column(default=None)


class StaffingRulePart(Base, CompanyScoped):
    """A person or a type of absence that a rule names, and as what."""

    __tablename__ = "staffing_rule_part"
    __table_args__ = (
        UniqueConstraint(
            "company_id",
            "rule_id",
            "part",
            "employee_id",
            "absence_type_id",
            name="uq_staffing_rule_part_once",
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("num_nonnulls(employee_id, absence_type_id) = 1", name="names_one"),
        refers_to("rule_id", "staffing_rule"),
        refers_to("employee_id", "employee"),
        refers_to("absence_type_id", "absence_type"),
    )

    rule_id: Mapped[UUID]
    part: Mapped[RulePart]
    employee_id: Mapped[UUID | None] = mapped_column(default=None)
    absence_type_id: Mapped[UUID | None] = mapped_column(default=None)


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
