"""One movement on a person's entitlement. Rows are only ever added: the database grants nothing else.

A balance is always a sum of these rows and is stored nowhere.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.ledger import EntryKind
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class LedgerEntry(Base, CompanyScoped, Timestamped):
    __tablename__ = "ledger_entry"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("absence_type_id", "absence_type"),
        refers_to("absence_id", "absence"),
        refers_to("author_id", "employee"),
        CheckConstraint("usable_through >= usable_from", name="bucket_in_order"),
        company_index("employee_id", "absence_type_id", "effective_date"),
        refers_to("plan_id", "entitlement_plan"),
        refers_to("run_id", "year_end_run"),
        refers_to("overtime_credit_id", "overtime_credit"),
        company_index("absence_id"),
        # Whatever runs twice: what a plan gives for a period, it gives once.
        company_index(
            "employee_id", "plan_id", "period_start", unique=True, postgresql_where=text("kind = 'accrue'")
        ),
        company_index("plan_id", "period_start", postgresql_where=text("plan_id IS NOT NULL")),
        company_index("run_id", postgresql_where=text("run_id IS NOT NULL")),
        company_index("overtime_credit_id", postgresql_where=text("overtime_credit_id IS NOT NULL")),
    )

    employee_id: Mapped[UUID]
    absence_type_id: Mapped[UUID]
    kind: Mapped[EntryKind]
    #: Thousandths of a day or minutes, by the type; what is taken is negative.
    amount: Mapped[int]
    effective_date: Mapped[date]
    #: The bucket: the year it was granted for and the days it is usable on, both inclusive.
    origin_year: Mapped[int]
    usable_from: Mapped[date]
    usable_through: Mapped[date]
    #: The absence that caused the movement, if one did.
    absence_id: Mapped[UUID | None] = mapped_column(default=None)
    #: The plan that gave it and the period that it gave it for.
    plan_id: Mapped[UUID | None] = mapped_column(default=None)
    period_start: Mapped[date | None] = mapped_column(default=None)
    #: The end of a year that moved it.
    run_id: Mapped[UUID | None] = mapped_column(default=None)
    #: The hours worked longer that became time off, or ceased to be.
    overtime_credit_id: Mapped[UUID | None] = mapped_column(default=None)
    #: Which rule computed the amount, and from what: shown when somebody asks why.
    rule: Mapped[str]
    reason: Mapped[str] = mapped_column(info=PRIVATE)
    #: None: the portal itself.
    author_id: Mapped[UUID | None] = mapped_column(default=None)
