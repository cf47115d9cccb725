"""What a company has opened to the operator's staff, as its people read it: state, who came, who may do what now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.support import GrantKind, GrantState
from portal.models.employee import Employee
from portal.models.support import SupportGrant, SupportVisit
from portal.services import access, support_access

SHOWN = 50
_ASKER, _GRANTOR, _ENDER = aliased(Employee), aliased(Employee), aliased(Employee)


@dataclass(frozen=True)
class Visit:
    """One of the staff who came, and when."""

    name: str
    email: str
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True)
class GrantLine:
    """One opening, with names instead of ids and what the reader may do about it."""

    id: UUID
    kind: GrantKind
    state: GrantState
    areas: list[str]
    sealed: list[str]
    writes: bool
    hours: int
    reason: str
    ticket: str
    asked_at: datetime
    asked_by: str
    granted_at: datetime | None
    granted_by: str
    until: datetime | None
    ended_at: datetime | None
    ended_by: str
    visits: list[Visit]
    may_grant: bool
    may_refuse: bool
    may_end: bool


def list_grants(uow: UnitOfWork) -> list[GrantLine]:
    """The newest openings first, in two statements."""
    rows = uow.session.execute(
        select(SupportGrant, _name(_ASKER), _name(_GRANTOR), _name(_ENDER))
        .outerjoin(_ASKER, _ASKER.id == SupportGrant.asked_by_id)
        .outerjoin(_GRANTOR, _GRANTOR.id == SupportGrant.granted_by_id)
        .outerjoin(_ENDER, _ENDER.id == SupportGrant.ended_by_id)
        .order_by(SupportGrant.asked_at.desc())
        .limit(SHOWN)
    ).all()
    visits = _visits(uow, [row[0].id for row in rows])
    return [
        _line(uow, found, asker, grantor, ender, visits.get(found.id, []))
        for found, asker, grantor, ender in rows
    ]


def _visits(uow: UnitOfWork, grant_ids: list[UUID]) -> dict[UUID, list[Visit]]:
    found: dict[UUID, list[Visit]] = {}
    rows = uow.session.scalars(
        select(SupportVisit)
        .where(SupportVisit.support_grant_id.in_(grant_ids))
        .order_by(SupportVisit.first_at)
    )
    for row in rows:
        visit = Visit(row.staff_name, row.staff_email, row.first_at, row.last_at)
        found.setdefault(row.support_grant_id, []).append(visit)
    return found


def _line(
    uow: UnitOfWork, grant: SupportGrant, asker: str, grantor: str, ender: str, visits: list[Visit]
) -> GrantLine:
    state = support_access.state_of(uow, grant)
    waiting, emergency = state is GrantState.WAITING, grant.kind is GrantKind.BREAK_GLASS
    lets_in = access.can(uow, Permission.SUPPORT_GRANT, Reach.COMPANY)
    return GrantLine(
        id=grant.id,
        kind=grant.kind,
        state=state,
        areas=grant.areas,
        sealed=grant.sealed,
        writes=grant.writes,
        hours=grant.hours,
        reason=grant.reason,
        ticket=grant.ticket,
        asked_at=grant.asked_at,
        asked_by=grant.staff_name if emergency else asker.strip(),
        granted_at=grant.granted_at,
        granted_by=grant.second_staff_name if emergency else grantor.strip(),
        until=grant.until,
        ended_at=grant.ended_at,
        ended_by=ender.strip(),
        visits=visits,
        may_grant=waiting and lets_in and not emergency,
        may_refuse=waiting and (lets_in or (not emergency and grant.asked_by_id == uow.actor.employee_id)),
        may_end=state is GrantState.LIVE,
    )


def _name(person: type[Employee]) -> ColumnElement[str]:
    return func.concat(person.first_name, " ", person.last_name)
