"""A company, the key its secrets are sealed with, and the e-mail domains it has shown to be its own.

Company and VerifiedDomain are readable without a company bound: the start page must find a company before
anybody has signed in. Row security lets a company write only its own row.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID, uuid4

from sqlalchemy import CheckConstraint, ForeignKey, LargeBinary, false, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.licences import LicenceKind
from portal.domain.second_factors import Policy
from portal.models.base import Base, CompanyScoped, Timestamped


class Company(Base, Timestamped):
    __tablename__ = "company"
    __table_args__ = (CheckConstraint("slug ~ '^[a-z0-9][a-z0-9-]{1,39}$'", name="slug_form"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    #: The short name in every address of the company.
    slug: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    language: Mapped[str] = mapped_column(server_default="en")
    time_zone: Mapped[str] = mapped_column(server_default="Europe/Prague")
    #: Where public holidays are taken from unless a site says otherwise (ISO 3166, subdivision of `holidays`).
    country: Mapped[str] = mapped_column(server_default="CZ")
    subdivision: Mapped[str | None]
    #: Whom it asks for a second factor; the roles of "named-roles" are marked in the table role.
    second_factor_policy: Mapped[Policy] = mapped_column(server_default=Policy.OFF.value)
    #: Until then no codes go out, because too many were asked for.
    codes_stopped_until: Mapped[datetime | None] = mapped_column(default=None)
    #: Whether approvers are reminded by SMS too, within which hours of the day, and how many of them on one day.
    approval_texts: Mapped[bool] = mapped_column(default=False, server_default=false())
    approval_texts_from: Mapped[int] = mapped_column(default=8, server_default="8")
    approval_texts_until: Mapped[int] = mapped_column(default=18, server_default="18")
    approval_texts_a_day: Mapped[int] = mapped_column(default=20, server_default="20")
    #: The licence; domain/licences.py says what these dates mean. `licence_ends_on` is the last day of full work.
    licence_kind: Mapped[LicenceKind] = mapped_column(server_default=LicenceKind.UNLIMITED.value)
    licence_ends_on: Mapped[date | None] = mapped_column(default=None)
    #: Since when a payment is missing.
    overdue_since: Mapped[date | None] = mapped_column(default=None)
    #: When a second person confirmed that the company is to be closed.
    closed_on: Mapped[date | None] = mapped_column(default=None)
    #: Whose customer it is at Stripe; the webhook finds the company by it.
    stripe_customer: Mapped[str | None] = mapped_column(unique=True, default=None)
    #: From here on there is no way back.
    erasing_since: Mapped[datetime | None] = mapped_column(default=None)
    #: Whom the operator writes to when something has happened, beside the admins.
    security_contact: Mapped[str | None] = mapped_column(default=None)
    #: Since when the operator keeps everything as it is, to stop an incident.
    read_only_since: Mapped[datetime | None] = mapped_column(default=None)
    #: Where the certificate of its erasure will be found one day.
    certificate_id: Mapped[UUID] = mapped_column(default=uuid4, server_default=text("gen_random_uuid()"))


class CompanyKey(Base, CompanyScoped, Timestamped):
    """A data key of the company, wrapped by the master key named in `wrapped_by`; version 1, 2, ..."""

    __tablename__ = "company_key"

    version: Mapped[int]
    wrapped_by: Mapped[str]
    wrapped_key: Mapped[bytes] = mapped_column(LargeBinary)


class VerifiedDomain(Base, Timestamped):
    __tablename__ = "verified_domain"

    domain: Mapped[str] = mapped_column(primary_key=True)
    company_id: Mapped[UUID] = mapped_column(ForeignKey("company.id"), index=True)
