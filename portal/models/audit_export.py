"""A file of the audit log that was too long to wait for: how far it is, and where its parts lie sealed."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.data_exports import ExportStatus
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class AuditExport(Base, CompanyScoped, Timestamped):
    __tablename__ = "audit_export"
    __table_args__ = (refers_to("asked_by_id", "employee"), company_index("asked_by_id"))

    asked_by_id: Mapped[UUID]
    status: Mapped[ExportStatus] = mapped_column(
        default=ExportStatus.WAITING, server_default=ExportStatus.WAITING.value
    )
    #: csv, xlsx or jsonl.
    kind: Mapped[str]
    #: The filter; empty once the file is made, as it names people.
    chosen: Mapped[dict[str, Any]] = mapped_column(JSONB, info=PRIVATE)
    #: The number of the newest event when it was asked for.
    through: Mapped[int]
    events_done: Mapped[int] = mapped_column(default=0, server_default="0")
    events_total: Mapped[int] = mapped_column(default=0, server_default="0")
    #: It lies in the file store in so many parts, named by this id and their number.
    parts: Mapped[int] = mapped_column(default=0, server_default="0")
    size_bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    ready_at: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    fetched_at: Mapped[datetime | None] = mapped_column(default=None)
