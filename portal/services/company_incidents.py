"""What a company hears of incidents that touched it: told by the operator, read and acknowledged by its admins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.incidents import Criteria, Severity, report_by
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.company import Company
from portal.models.employee import Employee
from portal.models.incident import CompanyIncident, Incident
from portal.services import access, audit, incident_search, outbox, written_moments
from portal.services.incident_search import TouchedPerson
from portal.services.permission_holders import active_holders

_LONGEST_ADDRESS = 254


@dataclass(frozen=True)
class ToldIncident:
    """One incident as the company reads it."""

    id: UUID
    title: str
    severity: Severity
    since: datetime
    until: datetime
    ips: list[str]
    sessions: list[str]
    actions: list[str]
    events: int
    people_count: int
    report: str
    told_at: datetime
    report_by: datetime
    acknowledged_at: datetime | None
    acknowledged_by: str


def tell(uow: UnitOfWork, incident: Incident) -> None:
    """Tells the company, or tells it anew when the report has changed: on its page, and by mail at once."""
    if not incident.report.strip():
        raise Refusal(Reason.INCIDENT_NO_REPORT)
    query = select(CompanyIncident).where(CompanyIncident.incident_id == incident.id).with_for_update()
    row = access.one_or_refuse(uow, query)
    if row.told_at is not None and (row.report, row.severity) == (incident.report, incident.severity):
        return
    row.title, row.severity, row.report = incident.title, incident.severity, incident.report
    row.told_at = row.told_at or uow.clock.now()  # the company's own clock runs from the first time
    row.acknowledged_at = row.acknowledged_by_id = None
    audit.record(uow, audit.Action.INCIDENT_TOLD, subject=row)
    _write(uow, row)


def list_told(uow: UnitOfWork) -> list[ToldIncident]:
    """The newest first."""
    rows = uow.session.execute(
        select(CompanyIncident, Employee)
        .outerjoin(Employee, Employee.id == CompanyIncident.acknowledged_by_id)
        .where(CompanyIncident.told_at.is_not(None))
        .order_by(CompanyIncident.told_at.desc())
        .limit(100)
    )
    return [_line(row, who) for row, who in rows]


def show(uow: UnitOfWork, company_incident_id: UUID) -> tuple[ToldIncident, list[TouchedPerson] | None]:
    """The report, and whom it touched by name for those who may read the audit log; None for the others."""
    query = (
        select(CompanyIncident, Employee)
        .outerjoin(Employee, Employee.id == CompanyIncident.acknowledged_by_id)
        .where(CompanyIncident.id == company_incident_id, CompanyIncident.told_at.is_not(None))
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    row, who = found
    named = None
    if access.can(uow, Permission.AUDIT_VIEW, Reach.COMPANY):
        named = incident_search.people(uow, _criteria(row))
        audit.record(uow, audit.Action.INCIDENT_READ, subject=row)
    return _line(row, who), named


def acknowledge(uow: UnitOfWork, company_incident_id: UUID) -> None:
    """One of the admins has read it; the first one counts."""
    row = _told(uow, company_incident_id)
    if row.acknowledged_at is not None:
        return
    row.acknowledged_at, row.acknowledged_by_id = uow.clock.now(), uow.actor.employee_id
    audit.record(uow, audit.Action.INCIDENT_ACKNOWLEDGED, subject=row)


def contact(uow: UnitOfWork) -> str:
    return uow.session.scalar(select(Company.security_contact).where(Company.id == uow.company.id)) or ""


def set_contact(uow: UnitOfWork, address: str) -> None:
    """Whom the operator writes to beside the admins; empty: the admins alone."""
    address = address.strip()
    if address and ("@" not in address or len(address) > _LONGEST_ADDRESS):
        raise Refusal(Reason.EMAIL_INVALID, field="security_contact")
    company = uow.session.scalars(select(Company).where(Company.id == uow.company.id).with_for_update()).one()
    if (company.security_contact or "") == address:
        return
    company.security_contact = address or None
    audit.record(uow, audit.Action.SECURITY_CONTACT_CHANGED, subject=company)


def _write(uow: UnitOfWork, row: CompanyIncident) -> None:
    """To each admin in their language, and to the contact for incidents in the first admin's."""
    admins = list(active_holders(uow, Permission.COMPANY_EDIT))
    for person in admins:
        _letter(uow, row, person)
    address = contact(uow)
    if admins and address and address not in {one.email for one in admins}:
        _letter(uow, row, admins[0], to=address, person_name=address)


def _letter(uow: UnitOfWork, row: CompanyIncident, person: Employee, **changed: str) -> None:
    told_at = row.told_at or uow.clock.now()
    outbox.queue_mail(
        uow,
        person,
        "incident_notice",
        to=changed.get("to"),
        **{name: value for name, value in changed.items() if name != "to"},
        title=row.title,
        report=row.report,
        events=row.event_count,
        people=row.people_count,
        since=written_moments.for_letter(uow, person, row.since),
        until=written_moments.for_letter(uow, person, row.until),
        deadline=written_moments.for_letter(uow, person, report_by(told_at)),
        link=f"{uow.outside.url}/c/{uow.company.slug}/incidents/{row.id}",
    )


def _told(uow: UnitOfWork, company_incident_id: UUID) -> CompanyIncident:
    query = select(CompanyIncident).where(
        CompanyIncident.id == company_incident_id, CompanyIncident.told_at.is_not(None)
    )
    return access.one_or_refuse(uow, query.with_for_update())


def _criteria(row: CompanyIncident) -> Criteria:
    return Criteria(
        row.since, row.until, tuple(row.ips), tuple(UUID(one) for one in row.sessions), tuple(row.actions)
    )


def _line(row: CompanyIncident, who: Employee | None) -> ToldIncident:
    told_at = row.told_at or row.found_at
    return ToldIncident(
        id=row.id,
        title=row.title,
        severity=row.severity,
        since=row.since,
        until=row.until,
        ips=row.ips,
        sessions=row.sessions,
        actions=row.actions,
        events=row.event_count,
        people_count=row.people_count,
        report=row.report,
        told_at=told_at,
        report_by=report_by(told_at),
        acknowledged_at=row.acknowledged_at,
        acknowledged_by=who.name if who is not None else "",
    )
