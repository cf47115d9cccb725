"""Sub-processors of the installation: who they are, which companies were told of them, and what they answered."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.incidents import ProcessorAnswerKind
from portal.models.base import Base, CompanyScoped, Timestamped, refers_to


class Processor(Base, Timestamped):
    """Somebody else who handles data of customers; in use from `since` to `ends_on`, both included."""

    __tablename__ = "processor"
    __table_args__ = (CheckConstraint("ends_on >= since", name="ends_after"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    name: Mapped[str]
    purpose: Mapped[str]
    #: Which data of people.
    data: Mapped[str]
    #: Where they are handled.
    place: Mapped[str]
    contract: Mapped[str]
    since: Mapped[date]
    ends_on: Mapped[date | None] = mapped_column(default=None)
    #: When it was entered; from then on companies are told.
    announced_at: Mapped[datetime]
    #: When the last of the companies that were there heard of it; empty while one has not.
    told_at: Mapped[datetime | None] = mapped_column(default=None)


class ProcessorNotice(Base, CompanyScoped, Timestamped):
    """That a company was told of one: written with the letters, and once, whoever tries how often."""

    __tablename__ = "processor_notice"
    __table_args__ = (UniqueConstraint("company_id", "processor_id"),)

    #: No reference, because companies have no right to change that table.
    processor_id: Mapped[UUID]
    told_at: Mapped[datetime]
    #: The first day on which it may handle data of the company, as the letters say.
    begins_on: Mapped[date]


class ProcessorAnswer(Base, CompanyScoped, Timestamped):
    """What a company said to one of them; the latest answer counts."""

    __tablename__ = "processor_answer"
    __table_args__ = (UniqueConstraint("company_id", "processor_id"), refers_to("answered_by_id", "employee"))

    #: No reference, because companies have no right to change that table.
    processor_id: Mapped[UUID]
    #: Copied, so that the log can say whom it was about.
    processor_name: Mapped[str]
    answer: Mapped[ProcessorAnswerKind]
    note: Mapped[str] = mapped_column(default="", server_default="")
    answered_at: Mapped[datetime]
    answered_by_id: Mapped[UUID]
