"""An e-mail domain that a company says is its own, and how far it has proven that.

Several companies may claim the same domain; the one that proves it gets the row in verified_domain.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.email_domains import DomainStatus, Finding
from portal.models.base import Base, CompanyScoped, Timestamped, company_index, refers_to


class DomainClaim(Base, CompanyScoped, Timestamped):
    __tablename__ = "domain_claim"
    __table_args__ = (
        UniqueConstraint("company_id", "domain"),
        CheckConstraint("domain = lower(domain)", name="domain_lower_case"),
        CheckConstraint(
            "status <> 'verified' OR vouched OR last_found_at IS NOT NULL", name="verified_was_found"
        ),
        refers_to("claimed_by_id", "employee"),
        company_index("last_found_at", postgresql_where=text("status = 'verified'")),
    )

    #: As the DNS writes it: lower case, without a final dot, other letters as xn--.
    domain: Mapped[str]
    #: What the TXT record must say. No secret: everybody reads it there.
    token: Mapped[str]
    status: Mapped[DomainStatus] = mapped_column(server_default="waiting")
    #: None: the operator of the portal.
    claimed_by_id: Mapped[UUID | None] = mapped_column(default=None)
    #: Counts by the operator's word, without a record; it is not looked for until an admin proves it.
    vouched: Mapped[bool] = mapped_column(default=False, server_default="false")
    checked_at: Mapped[datetime | None] = mapped_column(default=None)
    #: What the last look found.
    finding: Mapped[Finding | None] = mapped_column(default=None)
    last_found_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When a verified domain's record was missed first; it counts for some days more.
    missing_since: Mapped[datetime | None] = mapped_column(default=None)
