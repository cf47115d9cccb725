"""A kind of absence in one company: vacation, and whatever else it grants or records, with its rules by date."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, UniqueConstraint, or_, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import Unit
from portal.domain.substitutes import SubstituteRule
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class AbsenceType(Base, CompanyScoped, Timestamped):
    __tablename__ = "absence_type"
    __table_args__ = (
        UniqueConstraint("company_id", "key"),
        company_index("overtime_of_roster", unique=True, postgresql_where=text("overtime_of_roster")),
    )

    #: "vacation" for the built-in one, whose name is translated; others show `name`.
    key: Mapped[str]
    name: Mapped[str]
    #: The letter and colour in calendars, rosters and print.
    code: Mapped[str]
    colour: Mapped[str]
    #: Whether its amounts are thousandths of a day or minutes. Never changes: the ledger is in this unit.
    counting: Mapped[CountingMethod] = mapped_column(
        default=CountingMethod.DAYS, server_default=CountingMethod.DAYS.value
    )
    #: Granted for a full year of full employment; None: no entitlement is kept.
    yearly_entitlement: Mapped[int | None] = mapped_column(default=None)
    #: How far below zero the balance may go.
    overdraft: Mapped[int] = mapped_column(default=0, server_default="0")
    #: The first rules of the type, which hold until the first of its AbsenceTypeVersions.
    needs_approval: Mapped[bool] = mapped_column(default=True, server_default="true")
    cancel_needs_approval: Mapped[bool] = mapped_column(default=False, server_default="false")
    unit: Mapped[Unit] = mapped_column(default=Unit.HALF, server_default=Unit.HALF.value)
    #: Follows from `unit`, for the version before, which may be running beside this one or come back.
    half_days: Mapped[bool] = mapped_column(default=True, server_default="true")
    colleagues_see: Mapped[bool] = mapped_column(default=False, server_default="false")
    notice_days: Mapped[int] = mapped_column(default=0, server_default="0")
    longest_days: Mapped[int | None] = mapped_column(default=None)
    proof_from_days: Mapped[int | None] = mapped_column(default=None)
    counts_as_worked: Mapped[bool] = mapped_column(default=True, server_default="true")
    #: As worked only up to the limits of the plan.
    counts_up_to_limit: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: Reported and not asked for; few people learn what it is.
    sickness: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: HR is told after so many days in a row.
    alarm_days: Mapped[int | None] = mapped_column(default=None)
    #: Whether a request names who covers.
    substitutes: Mapped[SubstituteRule] = mapped_column(
        default=SubstituteRule.OPTIONAL, server_default=SubstituteRule.OPTIONAL.value
    )
    #: Whoever says no to a request of the type, or to hours on it, has to say why.
    rejection_needs_note: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: From this day on nobody can ask for it; None: for as long as anybody knows.
    retired_on: Mapped[date | None] = mapped_column(default=None)
    #: Whoever has it works all the same, elsewhere: for rules of staffing they are there.
    at_work: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: Requests may use what will have been earned by their days.
    uses_future_accrual: Mapped[bool] = mapped_column(default=True, server_default="true")
    #: It takes overtime in, which can be used for so many months after its own; None: it takes none.
    overtime_months: Mapped[int | None] = mapped_column(default=None)
    #: At most so many minutes on the account.
    overtime_cap: Mapped[int | None] = mapped_column(default=None)
    #: What rosters plan beyond the contract is proposed as overtime on it; of one type in a company.
    overtime_of_roster: Mapped[bool] = mapped_column(default=False, server_default="false")

    @classmethod
    def offered_on(cls, day: date) -> ColumnElement[bool]:
        """Not retired yet: it can be chosen for something new."""
        return or_(cls.retired_on.is_(None), cls.retired_on > day)


class AbsenceTypeVersion(Base, CompanyScoped, Timestamped):
    """The rules of a type from a date on. What was decided by older ones stays as it is."""

    __tablename__ = "absence_type_version"
    __table_args__ = (
        UniqueConstraint("company_id", "absence_type_id", "valid_from"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("author_id", "employee"),
    )

    absence_type_id: Mapped[UUID]
    valid_from: Mapped[date]
    yearly_entitlement: Mapped[int | None] = mapped_column(default=None)
    needs_approval: Mapped[bool]
    cancel_needs_approval: Mapped[bool] = mapped_column(default=False, server_default="false")
    unit: Mapped[Unit] = mapped_column(default=Unit.HALF, server_default=Unit.HALF.value)
    #: Follows from `unit`, for the version before, which may be running beside this one or come back.
    half_days: Mapped[bool] = mapped_column(default=True, server_default="true")
    colleagues_see: Mapped[bool]
    notice_days: Mapped[int]
    longest_days: Mapped[int | None] = mapped_column(default=None)
    overdraft: Mapped[int] = mapped_column(default=0, server_default="0")
    proof_from_days: Mapped[int | None] = mapped_column(default=None)
    counts_as_worked: Mapped[bool] = mapped_column(default=True, server_default="true")
    #: As worked only up to the limits of the plan.
    counts_up_to_limit: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: Reported and not asked for; few people learn what it is.
    sickness: Mapped[bool] = mapped_column(default=False, server_default="false")
    #: HR is told after so many days in a row.
    alarm_days: Mapped[int | None] = mapped_column(default=None)
    #: Whether a request names who covers.
    substitutes: Mapped[SubstituteRule] = mapped_column(
        default=SubstituteRule.OPTIONAL, server_default=SubstituteRule.OPTIONAL.value
    )
    #: Who decided them.
    author_id: Mapped[UUID | None] = mapped_column(default=None)
