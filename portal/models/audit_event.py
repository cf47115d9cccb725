"""The audit log as it is read. Rows are written by the database function audit.append alone."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import Computed, LargeBinary, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.models.base import Base, CompanyScoped, company_index

# jsonb takes no NUL, and an event must never fail because somebody typed one.
_PAYLOAD = r"(replace(payload, '\u0000', '\ufffd'))::jsonb"


class AuditEvent(Base, CompanyScoped):
    """Event number `seq` of the company. `hash` covers the event before it and a commitment to the payload.

    The payload (who, from where, what changed) can be erased together with its salt and the chain still holds.
    """

    __tablename__ = "event"
    __table_args__ = (
        UniqueConstraint("company_id", "seq"),
        company_index("at"),
        company_index("actor_id", "seq"),
        company_index("subject_id", "seq"),
        company_index("action", "seq"),
        company_index("ip", "seq"),
        company_index("about_id", "seq"),
        {"schema": "audit"},
    )

    seq: Mapped[int]
    at: Mapped[datetime]
    #: The employee who acted; None: the portal itself. No foreign key: the log outlives the person's row.
    actor_id: Mapped[UUID | None]
    action: Mapped[str]
    #: The deployed version that wrote it.
    version: Mapped[str]
    subject_type: Mapped[str]
    subject_id: Mapped[UUID | None]
    commitment: Mapped[bytes] = mapped_column(LargeBinary)
    salt: Mapped[bytes | None] = mapped_column(LargeBinary)
    #: JSON: email, name, ip, request, about, changes, facts.
    payload: Mapped[str | None]
    #: Read out of the payload by the database, to search by; they go when the payload is erased.
    ip: Mapped[str | None] = mapped_column(Computed(f"({_PAYLOAD} ->> 'ip')", persisted=True))
    #: The employee whom the event is about, when its subject is a row of theirs.
    about_id: Mapped[UUID | None] = mapped_column(Computed(f"({_PAYLOAD} ->> 'about')::uuid", persisted=True))
    hash: Mapped[bytes] = mapped_column(LargeBinary)


class AuditHead(Base):
    """The last number and hash of each company's chain; the function alone can read and move it."""

    __tablename__ = "head"
    __table_args__ = ({"schema": "audit"},)

    company_id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int]
    hash: Mapped[bytes] = mapped_column(LargeBinary)
