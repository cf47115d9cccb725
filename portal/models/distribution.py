"""Who was handed a document, who opened it and who confirmed having read it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class Distribution(Base, CompanyScoped, Timestamped):
    __tablename__ = "distribution"
    __table_args__ = (
        refers_to("document_version_id", "document_version"),
        refers_to("team_id", "team"),
        refers_to("distributed_by_id", "employee"),
        company_index("document_version_id"),
        company_index("team_id"),
    )

    document_version_id: Mapped[UUID]
    #: None: everybody in the company.
    team_id: Mapped[UUID | None] = mapped_column(default=None)
    due_date: Mapped[date | None] = mapped_column(default=None)
    distributed_by_id: Mapped[UUID]
    distributed_at: Mapped[datetime]
    #: When those who had not confirmed were last written to.
    reminded_at: Mapped[datetime | None] = mapped_column(default=None)


class DistributionRecipient(Base, CompanyScoped, Timestamped):
    """A person whom a distribution reached, as resolved on the day it was sent."""

    __tablename__ = "distribution_recipient"
    __table_args__ = (
        UniqueConstraint("company_id", "distribution_id", "employee_id"),
        refers_to("distribution_id", "distribution"),
        refers_to("employee_id", "employee"),
        company_index("employee_id"),
    )

    distribution_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    #: Opening is not confirming.
    opened_at: Mapped[datetime | None] = mapped_column(default=None)


class Confirmation(Base, CompanyScoped, Timestamped):
    """A person's word that they have read a version; never changed, never taken back."""

    __tablename__ = "confirmation"
    __table_args__ = (
        UniqueConstraint("company_id", "distribution_recipient_id"),
        refers_to("distribution_recipient_id", "distribution_recipient"),
        refers_to("employee_id", "employee"),
        company_index("employee_id"),
    )

    distribution_recipient_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    #: The sentence that was confirmed, word for word, and its language.
    statement: Mapped[str]
    language: Mapped[str]
    #: The file that was confirmed.
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    confirmed_at: Mapped[datetime]
    ip: Mapped[str]
