"""A mail or SMS waiting to leave, written in the transaction that causes it."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class Channel(StrEnum):
    MAIL = "mail"
    SMS = "sms"


class MessageStatus(StrEnum):
    QUEUED = "queued"
    SENT = "sent"
    #: Kept for /outbox: no sender is set up.
    KEPT = "kept"
    FAILED = "failed"


class OutboxMessage(Base, CompanyScoped, Timestamped):
    __tablename__ = "outbox_message"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        company_index("status", postgresql_where=text("status = 'queued'")),
        company_index("created_at"),
    )

    channel: Mapped[Channel]
    #: Which letter it is, such as "invitation".
    template: Mapped[str]
    employee_id: Mapped[UUID | None] = mapped_column(default=None)
    #: Address, subject and text as JSON, sealed: letters carry links and codes.
    letter_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    status: Mapped[MessageStatus]
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    sent_at: Mapped[datetime | None] = mapped_column(default=None)
    #: Why the last try failed, without addresses.
    failure: Mapped[str | None] = mapped_column(default=None)
