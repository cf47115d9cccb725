"""The copy of a person's data that they asked for: how far it is, and where it lies sealed until it is fetched."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.data_exports import ExportStatus
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class DataExport(Base, CompanyScoped, Timestamped):
    __tablename__ = "data_export"
    __table_args__ = (refers_to("employee_id", "employee"), company_index("employee_id"))

    employee_id: Mapped[UUID]
    status: Mapped[ExportStatus] = mapped_column(
        default=ExportStatus.WAITING, server_default=ExportStatus.WAITING.value
    )
    #: Tables read so far, and how many there are.
    tables_done: Mapped[int] = mapped_column(default=0, server_default="0")
    tables_total: Mapped[int] = mapped_column(default=0, server_default="0")
    #: The name in the file store; None once the file is gone.
    storage_key: Mapped[str | None] = mapped_column(default=None)
    size_bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    sha256: Mapped[bytes | None] = mapped_column(LargeBinary, default=None)
    ready_at: Mapped[datetime | None] = mapped_column(default=None)
    expires_at: Mapped[datetime | None] = mapped_column(default=None)
    fetched_at: Mapped[datetime | None] = mapped_column(default=None)
