"""An archive of the whole company that an admin asked for: how far it is, and where its parts lie."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.archives import ArchiveStatus
from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, refers_to


class CompanyArchive(Base, CompanyScoped, Timestamped):
    __tablename__ = "company_archive"
    __table_args__ = (refers_to("asked_by_id", "employee"),)

    asked_by_id: Mapped[UUID]
    status: Mapped[ArchiveStatus] = mapped_column(
        default=ArchiveStatus.WAITING, server_default=ArchiveStatus.WAITING.value
    )
    #: What it is closed with; only until it is made.
    passphrase_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, info=SEALED)
    tables_done: Mapped[int] = mapped_column(default=0, server_default="0")
    tables_total: Mapped[int] = mapped_column(default=0, server_default="0")
    #: It lies in the file store in so many parts, named by the archive's id and their number.
    parts: Mapped[int] = mapped_column(default=0, server_default="0")
    size_bytes: Mapped[int | None] = mapped_column(BigInteger, default=None)
    ready_at: Mapped[datetime | None] = mapped_column(default=None)
    fetched_at: Mapped[datetime | None] = mapped_column(default=None)
