"""A licence file that was installed: its text as the issuer signed it, and what the nightly look found."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.licence_files import Verdict
from portal.models.base import PRIVATE, Base, CompanyScoped, company_index, refers_to


class LicenceFile(Base, CompanyScoped):
    __tablename__ = "licence_file"
    __table_args__ = (refers_to("installed_by_id", "employee"), company_index("installed_at"))

    #: The issuer's number; the same file installed again is known by it.
    number: Mapped[UUID]
    content: Mapped[str] = mapped_column(info=PRIVATE)
    plan: Mapped[str]
    persons: Mapped[int]
    valid_from: Mapped[date]
    valid_until: Mapped[date]
    issued_at: Mapped[datetime]
    installed_at: Mapped[datetime]
    #: None: the operator, by a command.
    installed_by_id: Mapped[UUID | None]
    #: Another one took its place, or the operator took it away.
    replaced_at: Mapped[datetime | None]
    verdict: Mapped[Verdict]
    #: The day on which it was found not to count any more, for another reason than its end.
    failing_since: Mapped[date | None]
    #: The latest moment known to have passed, so that a clock set back is noticed.
    seen_at: Mapped[datetime]
