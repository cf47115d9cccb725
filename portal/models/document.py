"""Internal documents and their immutable versions; the files themselves lie sealed in the file store."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.scans import ScanState
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class Document(Base, CompanyScoped, Timestamped):
    __tablename__ = "document"
    __table_args__ = (refers_to("owner_id", "employee"), company_index("title"))

    title: Mapped[str]
    description: Mapped[str] = mapped_column(default="", server_default="")
    owner_id: Mapped[UUID]


class DocumentVersion(Base, CompanyScoped, Timestamped):
    __tablename__ = "document_version"
    __table_args__ = (
        UniqueConstraint("company_id", "document_id", "number"),
        refers_to("document_id", "document"),
        refers_to("uploaded_by_id", "employee"),
    )

    document_id: Mapped[UUID]
    number: Mapped[int]
    file_name: Mapped[str]
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    #: SHA-256 of the file as it was uploaded: what a confirmation refers to.
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    #: The name in the file store.
    storage_key: Mapped[str]
    #: Whether the virus scanner has answered for it; nobody gets a file that is held.
    scan_state: Mapped[ScanState] = mapped_column(
        default=ScanState.NOT_SCANNED, server_default=ScanState.NOT_SCANNED.value
    )
    uploaded_by_id: Mapped[UUID]
