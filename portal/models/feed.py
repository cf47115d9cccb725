"""Calendar feeds: whose time a person's calendar program may fetch, by a secret address."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import TSTZRANGE, Range
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.feeds import FeedScope
from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class Feed(Base, CompanyScoped, Timestamped):
    """One address of one person. What it shows is worked out anew each time, with the rights they have then."""

    __tablename__ = "feed"
    __table_args__ = (
        UniqueConstraint("company_id", "token_hash"),
        refers_to("employee_id", "employee"),
        refers_to("team_id", "team"),
        CheckConstraint("(scope = 'team') = (team_id IS NOT NULL)", name="team_of_a_team"),
        company_index("employee_id"),
    )

    employee_id: Mapped[UUID]
    name: Mapped[str]
    scope: Mapped[FeedScope]
    team_id: Mapped[UUID | None] = mapped_column(default=None)
    absences: Mapped[bool]
    shifts: Mapped[bool]
    holidays: Mapped[bool]
    busy_only: Mapped[bool]
    #: SHA-256 of the token in the address.
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_ip: Mapped[str | None] = mapped_column(default=None)
    #: The minutes that fetches are counted in, and how many came.
    window_started_at: Mapped[datetime | None] = mapped_column(default=None)
    window_fetches: Mapped[int] = mapped_column(default=0, server_default="0")
    #: SHA-256 of what the last fetch showed, and since when it shows that.
    content_hash: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
    changed_at: Mapped[datetime | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)


class WithdrawnShift(Base, CompanyScoped):
    """A shift that was published and is no longer that person's: calendars are told so for a while."""

    __tablename__ = "withdrawn_shift"
    __table_args__ = (
        refers_to("roster_id", "roster"),
        refers_to("employee_id", "employee"),
        refers_to("shift_template_id", "shift_template"),
        company_index("employee_id", "date"),
        company_index("roster_id", "shift_id"),
    )

    shift_id: Mapped[UUID]
    roster_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    shift_template_id: Mapped[UUID]
    date: Mapped[date]
    during: Mapped[Range[datetime]] = mapped_column(TSTZRANGE)
    #: The version of the roster without it.
    shared_version: Mapped[int]
    withdrawn_at: Mapped[datetime]
