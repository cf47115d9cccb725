"""What a company's licence leaves behind: letters that went out, the request to close, and the certificate of its end.

The dates themselves stand in the company's own row, because every request asks for them. A certificate belongs to no
company: it is what remains when the company is gone, and holds numbers and checksums only.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.licences import NoticeKind
from portal.models.base import Base, CompanyScoped, refers_to


class LicenceNotice(Base, CompanyScoped):
    """A letter that the admins got; the unique key is what keeps it from going out twice."""

    __tablename__ = "licence_notice"
    __table_args__ = (UniqueConstraint("company_id", "kind", "days", "on_date"),)

    kind: Mapped[NoticeKind]
    days: Mapped[int]
    #: The day that the letter is about.
    on_date: Mapped[date]
    sent_at: Mapped[datetime]


class Closing(Base, CompanyScoped):
    """Somebody's wish to close the company, and who confirmed or ended it."""

    __tablename__ = "closing"
    __table_args__ = (refers_to("asked_by_id", "employee"), refers_to("confirmed_by_id", "employee"))

    asked_by_id: Mapped[UUID]
    asked_at: Mapped[datetime]
    #: None with `confirmed_at`: the operator, where the company has a single admin.
    confirmed_by_id: Mapped[UUID | None]
    confirmed_at: Mapped[datetime | None]
    #: Taken back, or undone by taking the company up again.
    ended_at: Mapped[datetime | None]


class Erasure(Base):
    """The certificate that a company was erased: how much of what, and the checksums of what it was."""

    __tablename__ = "erasure"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    #: The id that the company had. Not named company_id: this row is not the company's, and outlives it.
    erased_company: Mapped[UUID] = mapped_column(unique=True)
    begun_at: Mapped[datetime]
    #: {table: {"rows": number, "sha256": checksum of the keys}}; None until they are gone.
    rows: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    jobs: Mapped[int | None]
    files: Mapped[int]
    files_sha256: Mapped[str]
    #: The last number and hash of the company's audit log.
    audit_events: Mapped[int]
    audit_head: Mapped[str]
    version: Mapped[str]
    finished_at: Mapped[datetime | None]
    #: Ed25519 over the certificate, by the installation's key.
    signature: Mapped[str | None]
