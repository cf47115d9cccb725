"""Incidents: the operator's own record of them, and what each touched company was told.

The operator's tables belong to no company. Texts and figures are copied into the company's row when it is told, so
that what a company has read does not change under it.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from portal.domain.incidents import Severity
from portal.models.base import Base, CompanyScoped, Timestamped, refers_to


class Incident(Base, Timestamped):
    """One incident of the installation. `report` is what the touched companies are told; `title` they read too."""

    __tablename__ = "incident"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    title: Mapped[str]
    severity: Mapped[Severity]
    #: From here on the clock runs.
    noticed_at: Mapped[datetime]
    opened_by: Mapped[str]
    report: Mapped[str] = mapped_column(default="", server_default="")
    closed_at: Mapped[datetime | None] = mapped_column(default=None)


class IncidentEntry(Base):
    """A line of the incident's timeline; lines are added and never changed."""

    __tablename__ = "incident_entry"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    incident_id: Mapped[UUID] = mapped_column(ForeignKey("incident.id"), index=True)
    at: Mapped[datetime]
    author: Mapped[str]
    text: Mapped[str]


class CompanyIncident(Base, CompanyScoped, Timestamped):
    """A company that an incident touched: where that was seen, and since it was told what it was told."""

    __tablename__ = "company_incident"
    __table_args__ = (
        UniqueConstraint("company_id", "incident_id"),
        refers_to("acknowledged_by_id", "employee"),
    )

    #: The operator's; no reference, because companies have no right to that table.
    incident_id: Mapped[UUID]
    title: Mapped[str]
    severity: Mapped[Severity]
    #: What was looked for in the company's log.
    since: Mapped[datetime]
    until: Mapped[datetime]
    ips: Mapped[list[str]] = mapped_column(ARRAY(Text))
    sessions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    actions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    found_at: Mapped[datetime]
    event_count: Mapped[int]
    people_count: Mapped[int]
    #: Empty and None until the company is told; before that it is not shown to it.
    report: Mapped[str] = mapped_column(default="", server_default="")
    told_at: Mapped[datetime | None] = mapped_column(default=None)
    acknowledged_at: Mapped[datetime | None] = mapped_column(default=None)
    acknowledged_by_id: Mapped[UUID | None] = mapped_column(default=None)
