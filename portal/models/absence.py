"""A request for time off, and the days and parts of days it consists of.

The exclusion constraint is the last word on overlaps: two live parts of one person never share a minute.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.dialects.postgresql import TSRANGE, ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.absences import AbsenceStatus
from portal.domain.periods import Part
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class Absence(Base, CompanyScoped, Timestamped):
    __tablename__ = "absence"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("requested_by_id", "employee"),
        refers_to("decided_by_id", "employee"),
        refers_to("decided_for_id", "employee"),
        refers_to("accepted_by_id", "employee"),
        refers_to("group_entry_id", "group_entry"),
        refers_to("replaces_id", "absence"),
        CheckConstraint("end_date >= start_date", name="dates_in_order"),
        company_index("employee_id", "start_date"),
        company_index("status", "start_date"),
        company_index("sick", "end_date", postgresql_where=text("sick")),
        company_index("group_entry_id"),
        # At most one waits to replace an absence, and one has replaced it.
        company_index(
            "replaces_id",
            unique=True,
            postgresql_where=text("replaces_id IS NOT NULL AND status IN ('requested', 'approved')"),
        ),
    )

    employee_id: Mapped[UUID]
    absence_type_id: Mapped[UUID]
    status: Mapped[AbsenceStatus]
    #: First and last day of the parts, for lists and sorting.
    start_date: Mapped[date]
    end_date: Mapped[date]
    #: Whether it leaves out days between the first and the last.
    single_days: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: The sum of the parts' charges, in thousandths of a day or in minutes, by the type.
    charge: Mapped[int]
    #: The reason or wish of the person; only the person and who decides may read it.
    note: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    #: What those who cover need to know; written for them, by the person.
    cover_note: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    requested_by_id: Mapped[UUID]
    requested_at: Mapped[datetime]
    decided_by_id: Mapped[UUID | None] = mapped_column(default=None)
    #: In whose place, when a deputy decided.
    decided_for_id: Mapped[UUID | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When others were asked too, because nobody had decided; of a request with steps, each step knows it.
    escalated_at: Mapped[datetime | None] = mapped_column(default=None)
    decision_note: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    #: A report of sickness: nobody decides on it, HR accepts it afterwards.
    sick: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: The last day that HR has accepted; one that lasts longer waits again.
    accepted_through: Mapped[date | None] = mapped_column(default=None)
    accepted_by_id: Mapped[UUID | None] = mapped_column(default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When HR was told how long it lasts, and when its owner was last asked for a proof.
    alarmed_at: Mapped[datetime | None] = mapped_column(default=None)
    proof_asked_on: Mapped[date | None] = mapped_column(default=None)
    #: What a waiting request said before its owner changed it last: days with their parts, as JSON.
    changed_from: Mapped[str | None] = mapped_column(default=None)
    #: The operation that entered it for many people at once.
    group_entry_id: Mapped[UUID | None] = mapped_column(default=None)
    #: The approved absence in whose place it comes when it is approved itself.
    replaces_id: Mapped[UUID | None] = mapped_column(default=None)
    #: As the rules of the type said when it was asked for: its owner cannot give it up alone.
    cancel_by_approval: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: Since when its owner asks to give it up, and why; nobody has decided that yet.
    cancel_asked_at: Mapped[datetime | None] = mapped_column(default=None)
    cancel_note: Mapped[str | None] = mapped_column(default=None, info=PRIVATE)
    #: When others were asked about that too, because nobody had decided.
    cancel_escalated_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Grows with every change; a decision names the version it saw.
    version: Mapped[int] = mapped_column(default=1, server_default="1")


class AbsencePart(Base, CompanyScoped):
    __tablename__ = "absence_part"
    __table_args__ = (
        refers_to("absence_id", "absence"),
        refers_to("employee_id", "employee"),
        refers_to("replaced_by_id", "absence"),
        ExcludeConstraint(
            ("company_id", "="),
            ("employee_id", "="),
            ("during", "&&"),
            where=text("live"),
            using="gist",
            name="ex_absence_part_no_overlap",
        ),
        company_index("absence_id"),
        company_index("employee_id", "date"),
        company_index("date", postgresql_where=text("live")),
        company_index("replaced_by_id", postgresql_where=text("replaced_by_id IS NOT NULL")),
    )

    absence_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    date: Mapped[date]
    part: Mapped[Part]
    #: Minutes of the day, only for a part from-to.
    starts_minute: Mapped[int | None] = mapped_column(default=None)
    ends_minute: Mapped[int | None] = mapped_column(default=None)
    #: The part as local time, half-open.
    during: Mapped[Range[datetime]] = mapped_column(TSRANGE)
    #: What the part costs, in the unit of the type.
    charge: Mapped[int]
    #: What it holds back while it waits, where that is not its cost: the absence it replaces pays for the rest.
    reserves: Mapped[int | None] = mapped_column(default=None)
    #: Whether it holds its time: the absence is requested or approved, and none that it replaces holds it.
    live: Mapped[bool] = mapped_column(default=True, server_default="true")
    #: The report of sickness in whose favour it was given up; it comes back when the report is undone.
    replaced_by_id: Mapped[UUID | None] = mapped_column(default=None)
