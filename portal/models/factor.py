"""Second factors beside the telephone: authenticator apps, passkeys, recovery codes.

The secret of an app is sealed with the company's key; of a recovery code a keyed hash is kept; a passkey leaves
only its public half here.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class Authenticator(Base, CompanyScoped, Timestamped):
    """An app that shows codes (TOTP). While it is being set up it belongs to one session, and opens nothing."""

    __tablename__ = "authenticator"
    __table_args__ = (
        Index(
            "uq_authenticator_confirmed",
            "company_id",
            "employee_id",
            unique=True,
            postgresql_where=text("confirmed_at IS NOT NULL"),
        ),
        refers_to("employee_id", "employee"),
        refers_to("session_id", "sign_in_session"),
        company_index("session_id"),
    )

    employee_id: Mapped[UUID]
    #: Who sets it up: nobody else may see its secret, not even the same person elsewhere.
    session_id: Mapped[UUID]
    secret_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    confirmed_at: Mapped[datetime | None] = mapped_column(default=None)
    #: The latest step of time whose code was used: it and all before it open nothing any more.
    last_step: Mapped[int | None] = mapped_column(BigInteger, default=None)
    consecutive_failures: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Set after too many failures in a row: the app must be set up anew.
    disabled_at: Mapped[datetime | None] = mapped_column(default=None)


class RecoveryCode(Base, CompanyScoped, Timestamped):
    """One of the codes on a person's list; it opens once."""

    __tablename__ = "recovery_code"
    __table_args__ = (
        UniqueConstraint("company_id", "employee_id", "code_hmac"),
        refers_to("employee_id", "employee"),
    )

    employee_id: Mapped[UUID]
    code_hmac: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    used_at: Mapped[datetime | None] = mapped_column(default=None)


class Passkey(Base, CompanyScoped, Timestamped):
    """A WebAuthn credential: a key in a device or a password manager, of which we know the public half."""

    __tablename__ = "passkey"
    __table_args__ = (
        UniqueConstraint("company_id", "credential_id"),
        refers_to("employee_id", "employee"),
        company_index("employee_id"),
    )

    employee_id: Mapped[UUID]
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: How often it has signed, as it says itself; one that counts backwards was copied.
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    #: How the browser reaches it: usb, nfc, ble, internal, hybrid.
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)


class PasskeyChallenge(Base, CompanyScoped, Timestamped):
    """What a passkey is asked to sign, for one session and purpose, once."""

    __tablename__ = "passkey_challenge"
    __table_args__ = (
        refers_to("employee_id", "employee"),
        refers_to("session_id", "sign_in_session"),
        company_index("session_id"),
    )

    employee_id: Mapped[UUID]
    session_id: Mapped[UUID]
    #: "register" or "prove".
    purpose: Mapped[str]
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime]
