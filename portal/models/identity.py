"""How people get in: identities, links by mail, codes by SMS, attempts and sessions. Other factors: factor.py.

Secrets are never stored: passwords as Argon2id hashes, link tokens and session ids as SHA-256, codes as
HMAC with a server key, phone numbers sealed with the company's key.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class Identity(Base, CompanyScoped, Timestamped):
    """One way in which an employee signs in; found by (company, provider, subject), never by e-mail alone."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("company_id", "provider", "subject"),
        refers_to("employee_id", "employee"),
        company_index("employee_id"),
    )

    employee_id: Mapped[UUID]
    #: "password", or the id of one of the company's identity providers.
    provider: Mapped[str]
    #: What the provider calls the person; for a password nothing depends on it: e-mails change hands.
    subject: Mapped[str]
    password_hash: Mapped[str | None] = mapped_column(default=None, info=SEALED)
    password_changed_at: Mapped[datetime | None] = mapped_column(default=None)


class LinkPurpose(StrEnum):
    INVITATION = "invitation"
    PASSWORD_RESET = "password-reset"  # noqa: S105


class SignInLink(Base, CompanyScoped, Timestamped):
    """A single-use link sent by mail, kept as the SHA-256 of its token."""

    __tablename__ = "sign_in_link"
    __table_args__ = (
        UniqueConstraint("company_id", "token_hash"),
        refers_to("employee_id", "employee"),
        company_index("employee_id", "purpose"),
    )

    employee_id: Mapped[UUID]
    purpose: Mapped[LinkPurpose]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class PhoneFactor(Base, CompanyScoped, Timestamped):
    """The mobile number that receives codes; a new number is a new row, the old one is removed."""

    __tablename__ = "phone_factor"
    __table_args__ = (
        UniqueConstraint("company_id", "employee_id"),
        refers_to("employee_id", "employee"),
        company_index("phone_index"),
    )

    employee_id: Mapped[UUID]
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    #: HMAC of the number, for the caps per number.
    phone_index: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    consecutive_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Set after too many failures in a row: the number must be bound anew.
    disabled_at: Mapped[datetime | None] = mapped_column(default=None)


class OneTimeCode(Base, CompanyScoped, Timestamped):
    """A code sent by SMS, bound to the half-open session that asked for it."""

    __tablename__ = "one_time_code"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("session_id", "sign_in_session"),
        company_index("session_id"),
        company_index("employee_id", "created_at"),
        company_index("phone_index", "created_at"),
        company_index("prefix_index", "created_at"),
    )

    employee_id: Mapped[UUID]
    session_id: Mapped[UUID]
    #: The number as it was when the code was sent, sealed.
    phone_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    phone_index: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    #: HMAC of the number's country code and first digits, for the cap per range of numbers.
    prefix_index: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
    code_hmac: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    attempts: Mapped[int] = mapped_column(default=0, server_default="0")
    expires_at: Mapped[datetime]
    consumed_at: Mapped[datetime | None] = mapped_column(default=None)


class SignInAttempt(Base, CompanyScoped):
    """One try at a password or a code: what throttles count and people read as their sign-in history."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        company_index("subject_hash", "attempted_at"),
        company_index("ip", "attempted_at"),
        company_index("employee_id", "attempted_at"),
    )

    #: HMAC of what was typed as the e-mail: an unknown address is counted like a known one, not kept.
    subject_hash: Mapped[bytes] = mapped_column(LargeBinary)
    employee_id: Mapped[UUID | None] = mapped_column(default=None)
    ip: Mapped[str]
    step: Mapped[str]
    succeeded: Mapped[bool]
    #: What the identity provider was called by which somebody came in.
    provider: Mapped[str | None] = mapped_column(default=None)
    attempted_at: Mapped[datetime]


class SignInSession(Base, CompanyScoped, Timestamped):
    """A signed-in browser. Before the second factor was given, `complete_at` is empty and nothing opens."""

    __tablename__ = "sign_in_session"
    __table_args__ = (
        UniqueConstraint("company_id", "token_hash"),
        refers_to("employee_id", "employee"),
        refers_to("identity_id", "identity"),
        refers_to("viewing_role_id", "role"),
        refers_to("viewing_place_id", "employee"),
        company_index("employee_id", "revoked_at"),
    )

    employee_id: Mapped[UUID]
    identity_id: Mapped[UUID]
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    ip: Mapped[str]
    #: What the browser calls itself, shortened.
    browser: Mapped[str]
    #: When the first factor was proven, when the second, and when everything asked for was.
    authenticated_at: Mapped[datetime]
    second_factor_at: Mapped[datetime | None] = mapped_column(default=None)
    complete_at: Mapped[datetime | None] = mapped_column(default=None)
    #: When the person last proved themselves by the best they have; sensitive steps ask how long ago that was.
    proven_at: Mapped[datetime | None] = mapped_column(default=None)
    last_seen_at: Mapped[datetime]
    idle_until: Mapped[datetime]
    absolute_until: Mapped[datetime]
    #: Since when refused accesses are counted, and how many there were; the audit log holds the first of them.
    denied_since: Mapped[datetime | None] = mapped_column(default=None)
    denied_count: Mapped[int] = mapped_column(default=0, server_default="0")
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    #: While an admin looks at the portal as a role sees it: the role, whose team and site count (None: one's
    #: own), and until when. Kept after that moment until it was noticed.
    viewing_role_id: Mapped[UUID | None] = mapped_column(default=None)
    viewing_place_id: Mapped[UUID | None] = mapped_column(default=None)
    viewing_until: Mapped[datetime | None] = mapped_column(default=None)
    #: A sensitive form that waits for its owner's fresh proof; read for nothing else.
    kept_form_sealed: Mapped[bytes | None] = mapped_column(
        LargeBinary, info=SEALED, default=None, deferred=True
    )
    kept_form_until: Mapped[datetime | None] = mapped_column(default=None)
