"""What the portal remembers of SAML: assertions that were used, and warnings that were sent about certificates."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlalchemy.orm import Mapped

from portal.models.base import Base, CompanyScoped, company_index, refers_to


class UsedAssertion(Base, CompanyScoped):
    """The wall against replay: an assertion of a provider that must not be accepted a second time."""

    __tablename__ = "used_assertion"
    __table_args__ = (
        UniqueConstraint("company_id", "provider_id", "assertion_hash"),
        refers_to("provider_id", "identity_provider"),
        company_index("expires_at"),
    )

    provider_id: Mapped[UUID]
    #: SHA-256 in hex of the assertion's id, which can be of any length.
    assertion_hash: Mapped[str]
    #: From then on the assertion is refused for its age.
    expires_at: Mapped[datetime]


class CertificateWarning(Base, CompanyScoped):
    """The admins have been told that a provider's last certificate ends within so many days."""

    __tablename__ = "certificate_warning"
    __table_args__ = (
        UniqueConstraint("company_id", "provider_id", "thumbprint", "days"),
        refers_to("provider_id", "identity_provider"),
    )

    provider_id: Mapped[UUID]
    thumbprint: Mapped[str]
    days: Mapped[int]
    sent_at: Mapped[datetime]
