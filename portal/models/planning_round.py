"""A planning round: for whom and which days, until when people plan, and what was decided about each wish."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.planning_rounds import Outcome, RoundStatus, TieBreak
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class PlanningRound(Base, CompanyScoped, Timestamped):
    __tablename__ = "planning_round"
    __table_args__ = (
        refers_to("team_id", "team"),
        refers_to("site_id", "site"),
        refers_to("author_id", "employee"),
        refers_to("published_by_id", "employee"),
        refers_to("undone_by_id", "employee"),
        CheckConstraint("end_date >= start_date", name="dates_in_order"),
        company_index("deadline", postgresql_where=text("status = 'open'")),
    )

    name: Mapped[str]
    #: Whose wishes are weighed: of a team, of a site; neither: of the whole company.
    team_id: Mapped[UUID | None] = mapped_column(default=None)
    site_id: Mapped[UUID | None] = mapped_column(default=None)
    #: Which days are decided about.
    start_date: Mapped[date]
    end_date: Mapped[date]
    #: The last day on which people plan; later wishes come after all others.
    deadline: Mapped[date]
    tie_break: Mapped[TieBreak]
    outcome: Mapped[Outcome]
    status: Mapped[RoundStatus]
    author_id: Mapped[UUID | None] = mapped_column(default=None)
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)
    published_at: Mapped[datetime | None] = mapped_column(default=None)
    published_by_id: Mapped[UUID | None] = mapped_column(default=None)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by_id: Mapped[UUID | None] = mapped_column(default=None)


class PlanningChoice(Base, CompanyScoped, Timestamped):
    """What a round decides about a wish: by hand while it is open, all of them once it is published."""

    __tablename__ = "planning_choice"
    __table_args__ = (
        refers_to("round_id", "planning_round"),
        refers_to("planned_absence_id", "planned_absence"),
        refers_to("employee_id", "employee"),
        UniqueConstraint("company_id", "round_id", "planned_absence_id"),
        company_index("employee_id"),
        company_index("planned_absence_id"),
    )

    round_id: Mapped[UUID]
    planned_absence_id: Mapped[UUID]
    #: Whose wish it is.
    employee_id: Mapped[UUID]
    granted: Mapped[bool]
    by_hand: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: Not everybody who wanted these days could have them: winning it counts against the person next time.
    contested: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: The rule of staffing that spoke against it, and on which day.
    rule_name: Mapped[str | None] = mapped_column(default=None)
    rule_date: Mapped[date | None] = mapped_column(default=None)
