"""A change of many people at once: what was asked for, how far it came, and what it takes to undo it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.people_changes import ChangeKind, ChangeStatus
from portal.models.base import SEALED, Base, CompanyScoped, Timestamped, company_index, refers_to


class PeopleChange(Base, CompanyScoped, Timestamped):
    __tablename__ = "people_change"
    __table_args__ = (
        refers_to("asked_by_id", "employee"),
        refers_to("undone_by_id", "employee"),
        company_index("created_at"),
    )

    asked_by_id: Mapped[UUID]
    kind: Mapped[ChangeKind]
    #: Who is chosen and what they get, as services/people_changes/asked.py writes it: ids, days and hours only.
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    #: Whether those of whom it cannot be done are passed over; else it is all of them or nobody.
    only_possible: Mapped[bool]
    #: What the preview showed; when it would do anything else by now it does nothing.
    digest: Mapped[str]
    status: Mapped[ChangeStatus]
    #: How many are to be changed, and how many the job has behind it.
    total: Mapped[int]
    done: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Chosen people of whom it could not be done, or who were like that already.
    passed_over: Mapped[int] = mapped_column(default=0, server_default="0")
    #: Why nothing was done.
    problem: Mapped[str] = mapped_column(default="", server_default="")
    finished_at: Mapped[datetime | None] = mapped_column(default=None)
    undo_until: Mapped[datetime | None] = mapped_column(default=None)
    #: The people as they were before and after, sealed; gone once it cannot be undone any more.
    people_sealed: Mapped[bytes | None] = mapped_column(LargeBinary, default=None, info=SEALED)
    undone_at: Mapped[datetime | None] = mapped_column(default=None)
    undone_by_id: Mapped[UUID | None] = mapped_column(default=None)
