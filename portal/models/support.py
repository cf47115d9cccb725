"""Support access: what a company opened to the operator's staff, until when, and who of them came.

Names of staff are copied here: the company's record of a visit does not depend on the operator's own tables.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.support import GrantKind
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class SupportGrant(Base, CompanyScoped, Timestamped):
    """One opening of the company. Live from `granted_at` to `until`, unless it was ended before."""

    __tablename__ = "support_grant"
    __table_args__ = (
        refers_to("asked_by_id", "employee"),
        refers_to("granted_by_id", "employee"),
        refers_to("ended_by_id", "employee"),
        company_index("asked_at"),
        # Whoever opens it: never the operator alone, and never one person of the operator.
        CheckConstraint(
            "(kind = 'request' AND asked_by_id IS NOT NULL AND staff_id IS NULL AND second_staff_id IS NULL"
            " AND (granted_at IS NULL) = (granted_by_id IS NULL))"
            " OR (kind = 'break-glass' AND staff_id IS NOT NULL AND asked_by_id IS NULL AND NOT writes"
            " AND sealed = '{}' AND (granted_at IS NULL) = (second_staff_id IS NULL)"
            " AND second_staff_id IS DISTINCT FROM staff_id)",
            name="opened_by",
        ),
        CheckConstraint("(granted_at IS NULL) = (until IS NULL)", name="until_when"),
        CheckConstraint(
            "until <= granted_at + CASE kind WHEN 'request' THEN interval '72 hours' ELSE interval '1 hour' END",
            name="longest",
        ),
    )

    kind: Mapped[GrantKind]
    #: Values of domain.support.Area.
    areas: Mapped[list[str]] = mapped_column(ARRAY(Text))
    #: Values of domain.support.SealedField: protected values that stand open too.
    sealed: Mapped[list[str]] = mapped_column(ARRAY(Text))
    writes: Mapped[bool]
    hours: Mapped[int]
    reason: Mapped[str]
    #: What the case is called at the help desk; empty when there is none.
    ticket: Mapped[str] = mapped_column(default="", server_default="")
    asked_at: Mapped[datetime]
    asked_by_id: Mapped[UUID | None] = mapped_column(default=None)
    granted_at: Mapped[datetime | None] = mapped_column(default=None)
    granted_by_id: Mapped[UUID | None] = mapped_column(default=None)
    until: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by_id: Mapped[UUID | None] = mapped_column(default=None)
    #: The two of the staff who opened it without the company; empty for what the company opened.
    staff_id: Mapped[UUID | None] = mapped_column(default=None)
    staff_name: Mapped[str] = mapped_column(default="", server_default="")
    second_staff_id: Mapped[UUID | None] = mapped_column(default=None)
    second_staff_name: Mapped[str] = mapped_column(default="", server_default="")
    #: When its end by time was told.
    end_told_at: Mapped[datetime | None] = mapped_column(default=None)


class SupportVisit(Base, CompanyScoped, Timestamped):
    """One member of the staff who came under a grant: when first, and when they last entered."""

    __tablename__ = "support_visit"
    __table_args__ = (
        UniqueConstraint("company_id", "support_grant_id", "staff_id"),
        refers_to("support_grant_id", "support_grant"),
    )

    support_grant_id: Mapped[UUID]
    staff_id: Mapped[UUID]
    staff_name: Mapped[str]
    staff_email: Mapped[str]
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
