"""What services for the operator's staff take instead of a unit of work: their own tables, no company."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from portal.domain.clock import Clock
from portal.domain.support import Area, SealedField
from portal.models.operator import OperatorEvent


@dataclass(frozen=True)
class Opening:
    """A company that is open to support now, as a member of the staff sees it."""

    grant_id: UUID
    company_id: UUID
    company_slug: str
    company_name: str
    areas: tuple[Area, ...]
    sealed: frozenset[SealedField]
    writes: bool
    reason: str
    ticket: str
    until: datetime


@dataclass(frozen=True)
class Staff:
    """A member of the staff who is signed in, and where they are."""

    session_id: UUID
    id: UUID
    name: str
    email: str
    #: The company whose permission they came in under; empty when they are in none.
    company_slug: str
    #: None also when that permission has ended meanwhile.
    opening: Opening | None


@dataclass
class OperatorWork:
    """One transaction as the support role at the staff's own tables; who opens it commits."""

    session: Session
    clock: Clock
    ip: str
    #: As services/outside.py describes it.
    outside: Any
    staff: Staff | None = None

    def note(self, action: str, email: str, *, company: str = "") -> None:
        """A line of the operator's own record."""
        self.session.add(
            OperatorEvent(at=self.clock.now(), action=action, ip=self.ip, email=email, company=company)
        )
