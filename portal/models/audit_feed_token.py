"""The tokens with which another system fetches a company's audit log."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, refers_to


class AuditFeedToken(Base, CompanyScoped, Timestamped):
    """What the other system shows at each request, kept as its SHA-256."""

    __tablename__ = "audit_feed_token"
    __table_args__ = (UniqueConstraint("company_id", "token_hash"), refers_to("created_by_id", "employee"))

    name: Mapped[str]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    created_by_id: Mapped[UUID]
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)
    last_used_ip: Mapped[str | None] = mapped_column(default=None)
    #: The number of the last event that was handed out.
    last_seq: Mapped[int | None] = mapped_column(default=None)
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
