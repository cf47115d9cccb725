"""The plan by which a type of absence gives, from a day on, and what was agreed with one person instead."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.entitlement_plans import Basis, Frequency, GivenAt
from portal.domain.entitlements import Rounding
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, refers_to


class EntitlementPlan(Base, CompanyScoped, Timestamped):
    """A version of the plan of a type. What older ones gave stays as it is."""

    __tablename__ = "entitlement_plan"
    __table_args__ = (
        UniqueConstraint("company_id", "absence_type_id", "valid_from"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("author_id", "employee"),
        CheckConstraint("grain > 0", name="grain_positive"),
        CheckConstraint("year_month BETWEEN 1 AND 12 AND year_day BETWEEN 1 AND 31", name="year_begins"),
    )

    absence_type_id: Mapped[UUID]
    valid_from: Mapped[date]
    #: "0 years 25000" and so on, one a line: from which seniority on how many thousandths of a day a year.
    milestones: Mapped[str]
    frequency: Mapped[Frequency]
    given_at: Mapped[GivenAt]
    #: Month and day on which the year of the entitlement begins.
    year_month: Mapped[int]
    year_day: Mapped[int]
    basis: Mapped[Basis]
    #: Whether somebody with fewer weekdays gets less.
    by_schedule: Mapped[bool]
    rounding: Mapped[Rounding]
    grain: Mapped[int]
    yearly_cap: Mapped[int | None] = mapped_column(default=None)
    balance_cap: Mapped[int | None] = mapped_column(default=None)
    #: Absences that count up to a limit: so many times the weekly hours, and only once so many were worked besides.
    limited_most: Mapped[int | None] = mapped_column(default=None)
    limited_from: Mapped[int | None] = mapped_column(default=None)
    #: None: all of it.
    carry_cap: Mapped[int | None] = mapped_column(default=None)
    #: The last month and day on which it is usable; none: the whole next year.
    carry_month: Mapped[int | None] = mapped_column(default=None)
    carry_day: Mapped[int | None] = mapped_column(default=None)
    carry_protected: Mapped[int]
    carries_debt: Mapped[bool]
    #: Who decided it.
    author_id: Mapped[UUID | None] = mapped_column(default=None)


class AgreedEntitlement(Base, CompanyScoped, Timestamped):
    """What one person gets for a full year from a day on, instead of what the plan says."""

    __tablename__ = "agreed_entitlement"
    __table_args__ = (
        UniqueConstraint(
            "company_id", "employee_id", "absence_type_id", "valid_from", name="uq_agreed_entitlement_once"
        ),
        refers_to("employee_id", "employee"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("author_id", "employee"),
    )

    employee_id: Mapped[UUID]
    absence_type_id: Mapped[UUID]
    valid_from: Mapped[date]
    #: Thousandths of a day; None: by the plan again.
    yearly_amount: Mapped[int | None] = mapped_column(default=None)
    reason: Mapped[str] = mapped_column(info=PRIVATE)
    author_id: Mapped[UUID | None] = mapped_column(default=None)
