"""Watches the 72 hours within which companies are told of an incident, and warns the operator before they pass."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.db import open_session, without_company
from portal.domain.incidents import Urgency, tell_by, urgency
from portal.models.incident import CompanyIncident, Incident
from portal.services import companies, operator_alarms
from portal.services.operator_alarms import Letters

_YEAR = timedelta(days=365)
_SENTENCES = {
    Urgency.DAY: "Less than 24 hours are left to tell companies of an incident",
    Urgency.HOURS: "Less than 6 hours are left to tell companies of an incident",
    Urgency.OVER: "Companies should have been told of an incident and were not",
}
_NONE_FOUND = "No touched company has been found yet."
_UNTOLD = "Some of the touched companies are untold."


def look(now: datetime, letters: Letters) -> list[str]:
    """Each warning is a letter of its own; one that is over is taken back. Answers what somebody was told of now."""
    with without_company() as session:
        every = set(session.scalars(select(Incident.id)))
        running = session.execute(
            select(Incident.id, Incident.noticed_at).where(Incident.closed_at.is_(None))
        ).all()
    heard = _heard() if running else {}
    wrong = {}
    for incident_id, noticed_at in running:
        due = urgency(noticed_at, now)
        told = heard.get(incident_id)
        if due is None or told is True:
            continue
        wrong[_kind(due, incident_id)] = (
            f"{_SENTENCES[due]}. Until {tell_by(noticed_at):%Y-%m-%d %H:%M} UTC: /operator/incidents/{incident_id}. "
            f"{_NONE_FOUND if told is None else _UNTOLD}"
        )
    kinds = frozenset(_kind(one, incident_id) for one in Urgency for incident_id in every)
    return operator_alarms.tell(wrong, of=kinds, now=now, letters=letters)


@dataclass(frozen=True)
class Record:
    """The incidents of a year; late when a touched company was told after the 72 hours, or is still untold then."""

    open: int
    closed: int
    late: int


def of_the_year(now: datetime) -> Record:
    """For the public page, so without a word of what they were."""
    with without_company() as session:
        recent = Incident.closed_at.is_(None) | (Incident.closed_at > now - _YEAR)
        found = session.execute(
            select(Incident.id, Incident.noticed_at, Incident.closed_at).where(recent)
        ).all()
    until = {incident_id: tell_by(noticed_at) for incident_id, noticed_at, _closed in found}
    late = set[UUID]()
    for company in companies.all_companies() if until else []:
        with open_session(company_id=company.id) as session:
            for incident_id, told_at in session.execute(
                select(CompanyIncident.incident_id, CompanyIncident.told_at)
            ):
                if incident_id in until and (told_at or now) > until[incident_id]:
                    late.add(incident_id)
    closed = sum(closed_at is not None for _id, _noticed, closed_at in found)
    return Record(len(found) - closed, closed, len(late))


def _kind(due: Urgency, incident_id: UUID) -> str:
    return f"incident:{due.value}:{incident_id}"


def _heard() -> dict[UUID, bool]:
    """By incident, whether every company that it touched was told; those that touched none are missing."""
    found: dict[UUID, bool] = {}
    for company in companies.all_companies():
        with open_session(company_id=company.id) as session:
            for incident_id, told_at in session.execute(
                select(CompanyIncident.incident_id, CompanyIncident.told_at)
            ):
                found[incident_id] = found.get(incident_id, True) and told_at is not None
    return found
