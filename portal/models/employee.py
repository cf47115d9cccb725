"""A person in one company, and the dated terms on which they are employed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Integer, LargeBinary, SmallInteger, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, ExcludeConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.working_patterns import WorkingPattern
from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class Employee(Base, CompanyScoped, Timestamped):
    __tablename__ = "employee"
    __table_args__ = (
        UniqueConstraint("company_id", "email"),
        UniqueConstraint("company_id", "employee_number"),
        CheckConstraint("email = lower(email)", name="email_lower_case"),
        refers_to("line_manager_id", "employee"),
        company_index("last_name", "first_name"),
        company_index("line_manager_id"),
    )

    #: The work e-mail, in lower case.
    email: Mapped[str]
    first_name: Mapped[str]
    last_name: Mapped[str]
    employee_number: Mapped[str | None] = mapped_column(default=None)
    job_title: Mapped[str | None] = mapped_column(default=None)
    #: Of the version before, and not read any more: see line_management.py.
    line_manager_id: Mapped[UUID | None] = mapped_column(default=None)
    #: The mobile number that HR knows (E.164), sealed; offered when the second factor is set up.
    phone_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
    language: Mapped[str] = mapped_column(server_default="en")
    #: None: as the company.
    time_zone: Mapped[str | None] = mapped_column(default=None)
    #: False for someone who left: no sign-in, no new plans; the past stays.
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    #: Since when nothing here says who it was: the row stays for what refers to it.
    erased_at: Mapped[datetime | None] = mapped_column(default=None)

    #: The name of the photo in the file store; a new one with each photo.
    photo_key: Mapped[UUID | None] = mapped_column(default=None)

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def agreed_pattern(
    first: Sequence[int], further: Sequence[int], begins: date | None, agreed_days: int | None
) -> WorkingPattern:
    """What the columns of an employment say. Agreed days that the version before has left behind are none."""
    pattern = WorkingPattern.taking_turns((*first, *further), begins)
    fits = agreed_days is not None and not pattern.further and agreed_days <= pattern.possible_days
    return replace(pattern, agreed_days=agreed_days) if fits else pattern


class Employment(Base, CompanyScoped, Timestamped):
    __tablename__ = "employment"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("site_id", "site"),
        CheckConstraint("end_date IS NULL OR end_date >= start_date", name="dates_in_order"),
        CheckConstraint("weekly_minutes BETWEEN 0 AND 10080", name="weekly_minutes_possible"),
        CheckConstraint("cardinality(pattern) = 7", name="pattern_of_seven_days"),
        CheckConstraint(
            "cardinality(further_weeks) % 7 = 0 AND cardinality(further_weeks) <= 49",
            name="further_weeks_whole",
        ),
        CheckConstraint(
            "(cardinality(further_weeks) > 0) = (cycle_begins IS NOT NULL)",
            name="cycle_begins_with_further_weeks",
        ),
        CheckConstraint("extract(isodow FROM cycle_begins) = 1", name="cycle_begins_on_monday"),
        CheckConstraint("agreed_days BETWEEN 1 AND 7", name="agreed_days_of_a_week"),
        ExcludeConstraint(
            ("company_id", "="),
            ("employee_id", "="),
            (text("daterange(start_date, end_date, '[]')"), "&&"),
            using="gist",
            name="ex_employment_no_overlap",
        ),
        company_index("employee_id", "start_date"),
        company_index("site_id", "employee_id"),
    )

    employee_id: Mapped[UUID]
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    start_date: Mapped[date]
    #: Inclusive; None while it lasts.
    end_date: Mapped[date | None] = mapped_column(default=None)
    #: On average over all weeks, to the nearest minute.
    weekly_minutes: Mapped[int]
    #: Scheduled minutes from Monday to Sunday, of the first week where several take turns.
    pattern: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    #: The days of the second week and those after it, in a row; empty where every week is alike.
    further_weeks: Mapped[list[int]] = mapped_column(ARRAY(Integer), default=list, server_default="{}")
    #: A Monday on which the first week begins.
    cycle_begins: Mapped[date | None] = mapped_column(default=None)
    #: So many days a week are agreed, on any of those with minutes; None where the days are fixed.
    agreed_days: Mapped[int | None] = mapped_column(SmallInteger, default=None)
    #: A day costs the shift that the published roster has on it, before that an average day of the pattern.
    by_roster: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: The person was rehired: a new period, also where the terms before end the day before.
    opens_period: Mapped[bool] = mapped_column(default=False, server_default="false")

    @property
    def working_pattern(self) -> WorkingPattern:
        return agreed_pattern(self.pattern, self.further_weeks or (), self.cycle_begins, self.agreed_days)

    @working_pattern.setter
    def working_pattern(self, agreed: WorkingPattern) -> None:
        self.weekly_minutes = agreed.weekly_minutes
        self.pattern = list(agreed.minutes)
        self.further_weeks = [one for week in agreed.further for one in week]
        self.cycle_begins = agreed.begins
        self.agreed_days = agreed.agreed_days
