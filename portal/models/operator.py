"""The operator's own staff, their sessions and what they did at their door.

These tables belong to no company, and the role that serves customers' pages has no right to any of them.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import SEALED, Base, Timestamped


class OperatorStaff(Base, Timestamped):
    """A member of the staff. Until the set-up link was used there is no password, and no way in."""

    __tablename__ = "operator_staff"
    __table_args__ = (CheckConstraint("email = lower(email)", name="email_form"),)

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    email: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    active: Mapped[bool] = mapped_column(default=True, server_default="true")
    password_hash: Mapped[str | None] = mapped_column(default=None, info=SEALED)
    #: The secret of the authenticator app, sealed with a key of its own derived from the master key.
    app_sealed: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    #: The latest step of time whose code was used: it and all before it open nothing any more.
    last_step: Mapped[int | None] = mapped_column(BigInteger, default=None)
    set_up_hash: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
    set_up_until: Mapped[datetime | None] = mapped_column(default=None)
    failures: Mapped[int] = mapped_column(default=0, server_default="0")
    locked_until: Mapped[datetime | None] = mapped_column(default=None)


class OperatorSession(Base, Timestamped):
    """A signed-in browser of the staff; inside a company while it names a grant of it."""

    __tablename__ = "operator_session"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("operator_staff.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(LargeBinary, unique=True, info=SEALED)
    ip: Mapped[str]
    idle_until: Mapped[datetime]
    absolute_until: Mapped[datetime]
    revoked_at: Mapped[datetime | None] = mapped_column(default=None)
    company_id: Mapped[UUID | None] = mapped_column(default=None)
    grant_id: Mapped[UUID | None] = mapped_column(default=None)


class OperatorPasskey(Base, Timestamped):
    """A WebAuthn credential of a member of the staff, of which we know the public half."""

    __tablename__ = "operator_passkey"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[UUID] = mapped_column(ForeignKey("operator_staff.id"), index=True)
    name: Mapped[str]
    credential_id: Mapped[bytes] = mapped_column(LargeBinary, unique=True)
    public_key: Mapped[bytes] = mapped_column(LargeBinary)
    #: How often it has signed, as it says itself; one that counts backwards was copied.
    sign_count: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")
    transports: Mapped[list[str]] = mapped_column(ARRAY(Text))
    last_used_at: Mapped[datetime | None] = mapped_column(default=None)


class OperatorChallenge(Base, Timestamped):
    """What a passkey is asked to sign, once: of a member who adds one, or of nobody yet at the door."""

    __tablename__ = "operator_challenge"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    staff_id: Mapped[UUID | None] = mapped_column(ForeignKey("operator_staff.id"), default=None)
    challenge: Mapped[bytes] = mapped_column(LargeBinary, info=SEALED)
    expires_at: Mapped[datetime]


class OperatorEvent(Base):
    """What happened at the staff's door; the throttle counts it, and `flask operator log` shows it."""

    __tablename__ = "operator_event"
    __table_args__ = (Index(None, "ip", "at"), Index(None, "at"))

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    at: Mapped[datetime]
    action: Mapped[str]
    ip: Mapped[str]
    email: Mapped[str]
    company: Mapped[str] = mapped_column(default="", server_default="")
