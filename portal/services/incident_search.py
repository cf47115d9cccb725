"""Whom an incident touched in one company: read from the audit log and the sessions, by session, time, address, kind.

The operator gets numbers of it. Names are read again where the company's own people look: company_incidents.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, cast, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import QueryableAttribute

from portal.db import UnitOfWork
from portal.domain.incidents import Criteria, check_criteria
from portal.models.audit_event import AuditEvent
from portal.models.employee import Employee
from portal.models.identity import SignInSession
from portal.models.incident import CompanyIncident, Incident
from portal.services import audit

#: More people than these are said in number, not by name.
_MOST_NAMED = 500
#: How many events, the first, the last, which kinds.
_ByPerson = dict[UUID, tuple[int, datetime, datetime, tuple[str, ...]]]


@dataclass(frozen=True)
class TouchedPerson:
    """Somebody of the company: whether it went through their session, and how often their data were in it."""

    id: UUID
    name: str
    email: str
    used: bool
    events: int
    first_at: datetime
    last_at: datetime
    actions: tuple[str, ...]


@dataclass(frozen=True)
class Touched:
    events: int
    people: frozenset[UUID]


def examine(uow: UnitOfWork, incident: Incident, wanted: Criteria) -> bool:
    """Searches this company's log, says so in it, and keeps what was found; a company that was told stays on record.

    `uow` is the portal's, signed by a member of the staff, and shows them nothing but the numbers.
    """
    check_criteria(wanted)
    found = look(uow, wanted)
    row = uow.session.scalars(
        select(CompanyIncident).where(CompanyIncident.incident_id == incident.id).with_for_update()
    ).one_or_none()
    touched = bool(found.events or found.people)
    if touched:
        row = _keep(uow, row, incident, wanted, found)
    elif row is not None and row.told_at is None:
        uow.session.delete(row)
        row = None
    audit.record(
        uow, audit.Action.INCIDENT_EXAMINED, subject=row, incident=incident.title, events=found.events
    )
    return touched


def look(uow: UnitOfWork, wanted: Criteria) -> Touched:
    """How much was done, and who comes up in it: whoever did it and whoever it was about."""
    events, actors, about = uow.session.execute(
        select(
            func.count(),
            func.array_agg(AuditEvent.actor_id.distinct()),
            func.array_agg(AuditEvent.about_id.distinct()),
        ).where(_in_log(wanted))
    ).one()
    sessions = uow.session.scalars(select(SignInSession.employee_id).where(_in_sessions(wanted))).all()
    seen = {one for one in (*(actors or ()), *(about or ()), *sessions) if one is not None}
    return Touched(events, frozenset(seen))


def people(uow: UnitOfWork, wanted: Criteria) -> list[TouchedPerson]:
    """By name, those whose session it was first; three statements."""
    used: _ByPerson = {
        one: (0, first, last, ())
        for one, first, last in uow.session.execute(
            select(
                SignInSession.employee_id,
                func.min(SignInSession.created_at),
                func.max(SignInSession.last_seen_at),
            )
            .where(_in_sessions(wanted))
            .group_by(SignInSession.employee_id)
        )
    }
    did, about = _in_events(uow, wanted)
    used |= did
    touched = {**used, **about}
    found = uow.session.scalars(
        select(Employee)
        .where(Employee.id.in_(touched))
        .order_by(Employee.last_name, Employee.first_name)
        .limit(_MOST_NAMED)
    )
    lines = [TouchedPerson(one.id, one.name, one.email, one.id in used, *touched[one.id]) for one in found]
    return sorted(lines, key=lambda line: not line.used)


def _in_events(uow: UnitOfWork, wanted: Criteria) -> tuple[_ByPerson, _ByPerson]:
    """Who did something, and whom something was about; one statement."""
    found: tuple[_ByPerson, _ByPerson] = ({}, {})
    sides = (AuditEvent.actor_id, AuditEvent.about_id)
    query = union_all(*(_by(number, column, wanted) for number, column in enumerate(sides)))
    for side, who, number, first, last, actions in uow.session.execute(query):
        found[side][who] = (number, first, last, tuple(sorted(actions)))
    return found


def _by(side: int, column: QueryableAttribute[UUID | None], wanted: Criteria) -> Any:
    return (
        select(
            literal(side),
            column,
            func.count(),
            func.min(AuditEvent.at),
            func.max(AuditEvent.at),
            func.array_agg(AuditEvent.action.distinct()),
        )
        .where(_in_log(wanted), column.is_not(None))
        .group_by(column)
    )


def _in_log(wanted: Criteria) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [AuditEvent.at.between(wanted.since, wanted.until)]
    if wanted.ips:
        conditions.append(AuditEvent.ip.in_(wanted.ips))
    if wanted.sessions:
        payload = cast(func.replace(AuditEvent.payload, r"\u0000", r"\ufffd"), JSONB)
        conditions.append(payload["session"].astext.in_([str(one) for one in wanted.sessions]))
    if wanted.actions:
        conditions.append(
            or_(*(AuditEvent.action.startswith(one, autoescape=True) for one in wanted.actions))
        )
    return and_(*conditions)


def _in_sessions(wanted: Criteria) -> ColumnElement[bool]:
    """Sessions that were there at that time; evidence only where one looks for them or for an address."""
    if wanted.actions or not (wanted.ips or wanted.sessions):
        return SignInSession.id.is_(None)
    conditions = [SignInSession.created_at <= wanted.until, SignInSession.last_seen_at >= wanted.since]
    if wanted.ips:
        conditions.append(SignInSession.ip.in_(wanted.ips))
    if wanted.sessions:
        conditions.append(SignInSession.id.in_(wanted.sessions))
    return and_(*conditions)


def _keep(
    uow: UnitOfWork, row: CompanyIncident | None, incident: Incident, wanted: Criteria, found: Touched
) -> CompanyIncident:
    if row is None:
        row = CompanyIncident(incident_id=incident.id)
        uow.session.add(row)
    if row.told_at is None:
        row.title, row.severity = incident.title, incident.severity
    row.since, row.until = wanted.since, wanted.until
    row.ips, row.actions = list(wanted.ips), list(wanted.actions)
    row.sessions = [str(one) for one in wanted.sessions]
    row.found_at, row.event_count, row.people_count = uow.clock.now(), found.events, len(found.people)
    return row
