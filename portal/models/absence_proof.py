"""A file that proves an absence, such as a sick note; the file itself lies sealed in the file store."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.scans import ScanState
from portal.models.base import PRIVATE, Base, CompanyScoped, Timestamped, company_index, refers_to


class AbsenceProof(Base, CompanyScoped, Timestamped):
    """Only its owner and who accepts sickness get to see it, or that it is there."""

    __tablename__ = "absence_proof"
    __table_args__ = (
        refers_to("absence_id", "absence"),
        refers_to("employee_id", "employee"),
        refers_to("uploaded_by_id", "employee"),
        refers_to("accepted_by_id", "employee"),
        company_index("absence_id"),
        company_index("employee_id"),
    )

    absence_id: Mapped[UUID]
    employee_id: Mapped[UUID]
    #: The name can say as much as the content.
    file_name: Mapped[str] = mapped_column(info=PRIVATE)
    content_type: Mapped[str]
    size_bytes: Mapped[int]
    #: SHA-256 of the file as it is handed out.
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    #: The name in the file store; none once the file is deleted.
    storage_key: Mapped[str | None] = mapped_column(default=None)
    #: Whether the virus scanner has answered for it; nobody gets a file that is held.
    scan_state: Mapped[ScanState] = mapped_column(
        default=ScanState.NOT_SCANNED, server_default=ScanState.NOT_SCANNED.value
    )
    uploaded_by_id: Mapped[UUID]
    accepted_by_id: Mapped[UUID | None] = mapped_column(default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
