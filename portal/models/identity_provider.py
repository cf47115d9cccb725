"""Identity providers of a company, trips to them, and whether its people must come by them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, LargeBinary, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.sso import Joining, ProviderKind, ProviderState, Purpose
from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class IdentityProvider(Base, CompanyScoped, Timestamped):
    """One place whose word the company takes for who somebody is. `Identity.provider` holds its id as text."""

    __tablename__ = "identity_provider"
    __table_args__ = (UniqueConstraint("company_id", "name"), refers_to("tested_by_id", "employee"))

    kind: Mapped[ProviderKind]
    #: What the button on the sign-in page says.
    name: Mapped[str]
    state: Mapped[ProviderState] = mapped_column(
        default=ProviderState.DRAFT, server_default=ProviderState.DRAFT.value
    )
    #: As services/sso/settings.py reads and writes them for this kind; no secret among them.
    settings: Mapped[dict[str, Any]] = mapped_column(JSONB)
    secret_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
    #: The last day on which the vendor takes the secret, as the admin wrote it down.
    secret_expires_on: Mapped[date | None] = mapped_column(default=None)
    #: The portal's own keys for a SAML provider, as services/sso/saml_keys.py reads and writes them.
    keys_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
    #: The company says that the provider asks for a second factor itself, so that ours is not asked for.
    asks_second_factor: Mapped[bool] = mapped_column(default=False, server_default="false")
    joining: Mapped[Joining] = mapped_column(default=Joining.INVITED, server_default=Joining.INVITED.value)
    #: {group as the provider calls it: key of a role}; used when somebody joins by themselves.
    role_mapping: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict, server_default="{}")
    tested_at: Mapped[datetime | None] = mapped_column(default=None)
    tested_by_id: Mapped[UUID | None] = mapped_column(default=None)


class SsoTransaction(Base, CompanyScoped, Timestamped):
    """One trip to a provider: what must come back, in which browser, until when. It is good for one answer."""

    __tablename__ = "sso_transaction"
    __table_args__ = (
        UniqueConstraint("company_id", "state_hash"),
        refers_to("provider_id", "identity_provider"),
        refers_to("employee_id", "employee"),
        refers_to("invitation_id", "sign_in_link"),
        company_index("expires_at"),
    )

    provider_id: Mapped[UUID]
    purpose: Mapped[Purpose]
    #: SHA-256 of `state` (or RelayState), and of the secret in the browser's own cookie.
    state_hash: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    browser_hash: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    #: State, nonce and PKCE verifier as JSON, sealed: what the provider's answer is compared with.
    secrets_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    #: A path of this company, checked before it is kept and again before it is used.
    after: Mapped[str | None] = mapped_column(default=None)
    #: Who tests or links; nobody at a sign-in.
    employee_id: Mapped[UUID | None] = mapped_column(default=None)
    #: The invitation whose link was opened in this browser.
    invitation_id: Mapped[UUID | None] = mapped_column(default=None)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)
    #: What a test found, as JSON, sealed; only the admin who made the test reads it.
    report_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)


class SignInPolicy(Base, CompanyScoped, Timestamped):
    """Whether people must come by a provider, and the one admin who keeps a password for the day it is down."""

    __tablename__ = "sign_in_policy"
    __table_args__ = (
        UniqueConstraint("company_id"),
        refers_to("break_glass_id", "employee"),
        CheckConstraint("NOT sso_required OR break_glass_id IS NOT NULL", name="break_glass_named"),
    )

    sso_required: Mapped[bool] = mapped_column(default=False, server_default="false")
    break_glass_id: Mapped[UUID | None] = mapped_column(default=None)
