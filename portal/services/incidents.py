"""The operator's record of incidents: opened, told line by line, closed. Which companies they touch is in
incident_search.py and company_incidents.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import func, select

from portal.domain.incidents import LONGEST_TEXT, LONGEST_TITLE, Severity, report_by, tell_by
from portal.domain.refusals import Reason, Refusal
from portal.models.company import Company
from portal.models.incident import CompanyIncident, Incident, IncidentEntry
from portal.services.operator_work import OperatorWork, Staff

_TOLD, _COMPANY = CompanyIncident.__table__.c, Company.__table__.c


@dataclass(frozen=True)
class IncidentLine:
    """One incident in the list."""

    id: UUID
    title: str
    severity: Severity
    noticed_at: datetime
    closed_at: datetime | None
    companies: int
    untold: int


@dataclass(frozen=True)
class TouchedCompany:
    """A company that the search found, and what it has heard."""

    id: UUID
    name: str
    slug: str
    events: int
    people: int
    told_at: datetime | None
    report_by: datetime | None
    acknowledged_at: datetime | None
    read_only_since: datetime | None


@dataclass(frozen=True)
class ShownIncident:
    incident: Incident
    tell_by: datetime
    late: bool
    entries: list[IncidentEntry]
    companies: list[TouchedCompany]


def open_incident(
    work: OperatorWork, staff: Staff, *, title: str, severity: Severity, noticed_at: datetime, what: str
) -> UUID:
    """The clock runs from the moment of noticing, which cannot be yet to come."""
    _check_text(title, "title", LONGEST_TITLE)
    _check_text(what, "what", LONGEST_TEXT)
    if noticed_at > work.clock.now():
        raise Refusal(Reason.INCIDENT_IN_FUTURE, field="noticed_at")
    incident = Incident(
        id=uuid4(), title=title, severity=severity, noticed_at=noticed_at, opened_by=staff.name
    )
    work.session.add(incident)
    work.session.flush()  # its first line refers to it
    write_entry(work, staff, incident.id, what)
    work.note("opened an incident", staff.email)
    return incident.id


def write_entry(work: OperatorWork, staff: Staff, incident_id: UUID, text: str) -> None:
    """A line of the timeline, under the name of whoever wrote it."""
    _check_text(text, "text", LONGEST_TEXT)
    work.session.add(
        IncidentEntry(id=uuid4(), incident_id=incident_id, at=work.clock.now(), author=staff.name, text=text)
    )


def write_report(
    work: OperatorWork, staff: Staff, incident_id: UUID, *, severity: Severity, report: str
) -> None:
    """What companies will be told from now on; those that were told keep what they read until they are told again."""
    _check_text(report, "report", LONGEST_TEXT)
    incident = find(work, incident_id)
    must_be_open(incident)
    if (incident.severity, incident.report) == (severity, report):
        return
    incident.severity, incident.report = severity, report
    write_entry(work, staff, incident_id, f"Report for companies written; severity {severity.value}.")


def close(work: OperatorWork, staff: Staff, incident_id: UUID) -> None:
    """Refused while a touched company has not been told."""
    incident = find(work, incident_id)
    if incident.closed_at is not None:
        raise Refusal(Reason.INCIDENT_CLOSED)
    if any(one.told_at is None for one in _touched(work, incident_id)):
        raise Refusal(Reason.INCIDENT_UNTOLD)
    incident.closed_at = work.clock.now()
    write_entry(work, staff, incident_id, "Closed.")
    work.note("closed an incident", staff.email)


def list_incidents(work: OperatorWork) -> list[IncidentLine]:
    rows = work.session.execute(
        select(
            Incident,
            func.count(_TOLD.id),
            func.count(_TOLD.id).filter(_TOLD.told_at.is_(None)),
        )
        .outerjoin(CompanyIncident.__table__, _TOLD.incident_id == Incident.id)
        .group_by(Incident.id)
        .order_by(Incident.closed_at.is_not(None), Incident.noticed_at.desc())
        .limit(200)
    )
    return [
        IncidentLine(one.id, one.title, one.severity, one.noticed_at, one.closed_at, companies, untold)
        for one, companies, untold in rows
    ]


def show(work: OperatorWork, incident_id: UUID) -> ShownIncident:
    incident = find(work, incident_id)
    entries = work.session.scalars(
        select(IncidentEntry).where(IncidentEntry.incident_id == incident_id).order_by(IncidentEntry.at)
    ).all()
    companies = _touched(work, incident_id)
    limit = tell_by(incident.noticed_at)
    waits = incident.closed_at is None and (not companies or any(one.told_at is None for one in companies))
    return ShownIncident(incident, limit, waits and work.clock.now() > limit, list(entries), companies)


def find(work: OperatorWork, incident_id: UUID) -> Incident:
    found = work.session.get(Incident, incident_id)
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return found


def must_be_open(incident: Incident) -> None:
    if incident.closed_at is not None:
        raise Refusal(Reason.INCIDENT_CLOSED)


def _touched(work: OperatorWork, incident_id: UUID) -> list[TouchedCompany]:
    rows = work.session.execute(
        select(CompanyIncident.__table__, _COMPANY.name, _COMPANY.slug, _COMPANY.read_only_since)
        .join(Company.__table__, _COMPANY.id == _TOLD.company_id)
        .where(_TOLD.incident_id == incident_id)
        .order_by(_COMPANY.name)
    )
    return [
        TouchedCompany(
            id=row.company_id,
            name=row.name,
            slug=row.slug,
            events=row.event_count,
            people=row.people_count,
            told_at=row.told_at,
            report_by=report_by(row.told_at) if row.told_at else None,
            acknowledged_at=row.acknowledged_at,
            read_only_since=row.read_only_since,
        )
        for row in rows
    ]


def _check_text(text: str, field: str, limit: int) -> None:
    if not text.strip():
        raise Refusal(Reason.MISSING, field=field)
    if len(text) > limit:
        raise Refusal(Reason.TOO_LONG, field=field, limit=limit)
