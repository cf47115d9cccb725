"""One movement on a person's entitlement. Rows are only ever added: the database grants nothing else.

A balance is always a sum of these rows and is stored nowhere.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import CheckConstraint
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
        company_index("absence_id"),
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
    #: Which rule computed the amount, and from what: shown when somebody asks why.
    rule: Mapped[str]
    reason: Mapped[str] = mapped_column(info=PRIVATE)
    #: None: the portal itself.
    author_id: Mapped[UUID | None] = mapped_column(default=None)
