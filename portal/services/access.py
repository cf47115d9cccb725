"""The only door from an id to a row, and the only place that knows how far a permission reaches.

A missing row and a row out of reach are refused with the same words: nobody learns that something exists.
"""

from __future__ import annotations

from typing import TypeVar
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee, Employment
from portal.models.line_management import LineManagement
from portal.models.team import Team, TeamMembership

Row = TypeVar("Row")

# Made once: building an alias costs more than running many a query, and every page asks about reach.
_LED = aliased(LineManagement)
_MINE, _MATE = aliased(TeamMembership), aliased(TeamMembership)
_MY_TERMS, _TERMS = aliased(Employment), aliased(Employment)


def can(uow: UnitOfWork, permission: Permission, reach: Reach = Reach.OWN) -> bool:
    """May the actor do this at all, at least as far as `reach`?"""
    held = uow.actor.grants.get(permission)
    return held is not None and held >= reach


def employees_within(
    uow: UnitOfWork,
    permission: Permission,
    employee_id: InstrumentedAttribute[UUID] | ColumnElement[UUID],
) -> ColumnElement[bool]:
    """The condition that a row's employee lies within the actor's reach for this permission, today."""
    reach = uow.actor.grants.get(permission)
    if reach is Reach.COMPANY:
        return true()
    if reach is None or uow.actor.employee_id is None:
        return false()
    if reach is Reach.OWN:
        return employee_id == uow.actor.employee_id
    near = or_(
        employee_id == uow.actor.employee_id,
        employee_id.in_(_reports(uow)),
        employee_id.in_(_team_mates(uow)),
    )
    return or_(near, employee_id.in_(_same_site(uow))) if reach is Reach.SITE else near


def teams_within(
    uow: UnitOfWork,
    permission: Permission,
    team_id: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None] | ColumnElement[UUID],
) -> ColumnElement[bool]:
    """The condition that a team lies within the actor's reach: their own teams, their site's, or all."""
    reach = uow.actor.grants.get(permission)
    if reach is Reach.COMPANY:
        return true()
    if reach is None or reach is Reach.OWN or uow.actor.employee_id is None:
        return false()
    own = team_id.in_(_teams_of_actor(uow))
    if reach is Reach.TEAM:
        return own
    return or_(own, team_id.in_(select(Team.id).where(Team.site_id.in_(_sites_of_actor(uow)))))


def sites_within(
    uow: UnitOfWork,
    permission: Permission,
    site_id: InstrumentedAttribute[UUID] | InstrumentedAttribute[UUID | None] | ColumnElement[UUID],
) -> ColumnElement[bool]:
    """The condition that a site lies within the actor's reach: the one where they work, or all."""
    reach = uow.actor.grants.get(permission)
    if reach is Reach.COMPANY:
        return true()
    if reach is not Reach.SITE or uow.actor.employee_id is None:
        return false()
    return site_id.in_(_sites_of_actor(uow))


def may_reach(uow: UnitOfWork, permission: Permission, employee_id: UUID) -> bool:
    """Does the actor's permission cover this one person?"""
    return employee_id in reachable(uow, permission, [employee_id])


def reachable(uow: UnitOfWork, permission: Permission, employee_ids: list[UUID]) -> set[UUID]:
    """Those of the given people whom the actor's permission covers, in one query; of nobody in none."""
    if not employee_ids:
        return set()
    condition = employees_within(uow, permission, Employee.id)
    return set(uow.session.scalars(select(Employee.id).where(Employee.id.in_(employee_ids), condition)))


def employee_for(uow: UnitOfWork, permission: Permission, employee_id: UUID) -> Employee:
    """The person, if the permission reaches them; refused as not found otherwise."""
    condition = employees_within(uow, permission, Employee.id)
    return one_or_refuse(uow, select(Employee).where(Employee.id == employee_id, condition))


def team_for(uow: UnitOfWork, permission: Permission, team_id: UUID) -> Team:
    """The team, if the permission reaches it; refused as not found otherwise."""
    return one_or_refuse(uow, select(Team).where(Team.id == team_id, teams_within(uow, permission, Team.id)))


def one_or_refuse(uow: UnitOfWork, query: Select[Row]) -> Row:
    """The one row of the query; nothing found and not allowed are the same answer."""
    found = uow.session.scalars(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return found


def _reports(uow: UnitOfWork) -> Select[UUID]:
    return select(_LED.employee_id).where(_LED.manager_id == uow.actor.place_id, _lasts_today(uow, _LED))


def _teams_of_actor(uow: UnitOfWork) -> Select[UUID]:
    return select(_MINE.team_id).where(_MINE.employee_id == uow.actor.place_id, _lasts_today(uow, _MINE))


def _team_mates(uow: UnitOfWork) -> Select[UUID]:
    return select(_MATE.employee_id).where(_MATE.team_id.in_(_teams_of_actor(uow)), _lasts_today(uow, _MATE))


def _sites_of_actor(uow: UnitOfWork) -> Select[UUID | None]:
    return select(_MY_TERMS.site_id).where(
        _MY_TERMS.employee_id == uow.actor.place_id,
        _MY_TERMS.site_id.is_not(None),
        _lasts_today(uow, _MY_TERMS),
    )


def _same_site(uow: UnitOfWork) -> Select[UUID]:
    return select(_TERMS.employee_id).where(
        _TERMS.site_id.in_(_sites_of_actor(uow)), _lasts_today(uow, _TERMS)
    )


def _lasts_today(
    uow: UnitOfWork, dated: type[TeamMembership] | type[Employment] | type[LineManagement]
) -> ColumnElement[bool]:
    today = uow.today()
    return and_(dated.start_date <= today, or_(dated.end_date.is_(None), dated.end_date >= today))
