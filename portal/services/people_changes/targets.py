"""What everybody gets: the team, site, manager or role that was asked for, and what somebody has with it afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.people_changes import DATED, NEEDS, ROLE_KINDS, TEAM_KINDS, ChangeKind
from portal.domain.people_import import cells
from portal.domain.permissions import Reach, may_grant
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import WorkingPattern
from portal.models.employee import Employee
from portal.models.role import Role
from portal.models.team import Site, Team
from portal.services import access, employments, roles
from portal.services.employments import Terms
from portal.services.people_changes.asked import Asked

#: How far ahead a change may be laid.
FARTHEST = timedelta(days=366)


@dataclass(frozen=True)
class Target:
    """The row that was asked for, by name; `key` tells built-in roles. Nothing for hours and days."""

    id: UUID | None = None
    label: str = ""
    key: str = ""

    @property
    def needed_id(self) -> UUID:
        if self.id is None:
            raise Refusal(Reason.NOT_FOUND)
        return self.id


def offered(uow: UnitOfWork) -> list[ChangeKind]:
    """What the actor may do to anybody but themselves."""
    return [kind for kind, needed in NEEDS.items() if access.can(uow, needed, Reach.TEAM)]


def find(uow: UnitOfWork, asked: Asked) -> Target:
    """Refuses what the actor may not do to anybody, what this company does not have (T100), and impossible days."""
    if not access.can(uow, NEEDS[asked.kind], Reach.TEAM):
        raise Refusal(Reason.NOT_PERMITTED)
    _check_days(uow, asked)
    if asked.kind in TEAM_KINDS:
        return _named(uow, Team, asked.team_id, "team_id")
    if asked.kind is ChangeKind.SITE:
        return _named(uow, Site, asked.site_id, "site_id") if asked.site_id else Target()
    if asked.kind in ROLE_KINDS:
        return _role(uow, asked.role_id)
    if asked.kind is ChangeKind.MANAGER:
        return _manager(uow, asked.manager_email)
    return Target()


def teams_after(asked: Asked, target: Target, now: Mapping[UUID, str]) -> dict[UUID, str]:
    """The teams of somebody who is in the teams `now`."""
    team = {target.needed_id: target.label}
    match asked.kind:
        case ChangeKind.MOVE_TEAM:
            return team
        case ChangeKind.JOIN_TEAM:
            return {**now, **team}
        case _:
            return {one: name for one, name in now.items() if one not in team}


def terms_after(asked: Asked, now: Terms) -> Terms:
    """The terms of somebody who has the terms `now`."""
    match asked.kind:
        case ChangeKind.SITE:
            return replace(now, site_id=asked.site_id)
        case ChangeKind.PATTERN:
            pattern = WorkingPattern.taking_turns(asked.pattern or (), asked.cycle_begins)
            return replace(now, pattern=pattern.agreeing(asked.agreed_days))
        case ChangeKind.ROSTER:
            return replace(now, by_roster=bool(asked.by_roster))
        case _:
            pattern = employments.rescaled(now.pattern, asked.weekly_minutes or 0)
            return replace(now, pattern=pattern)


def terms_text(asked: Asked, terms: Terms, sites: Mapping[UUID, str]) -> str:
    """What differs, in short: the site, the hours, or the hours of each day; a flexible week with its hours."""
    match asked.kind:
        case ChangeKind.SITE:
            return sites.get(terms.site_id, "") if terms.site_id else ""
        case ChangeKind.PATTERN:
            days = terms.pattern.agreed_days
            agreed = f"{days}@{_hours(terms.pattern.weekly_minutes)}: " if days else ""
            return agreed + " / ".join(_week(week) for week in terms.pattern.weeks)
        case ChangeKind.ROSTER:
            return cells.yes_or_no_text(terms.by_roster)
        case _:
            return _hours(terms.pattern.weekly_minutes)


def _week(days: Iterable[int]) -> str:
    return " · ".join(_hours(one) if one else "–" for one in days)


def _hours(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}"


def _check_days(uow: UnitOfWork, asked: Asked) -> None:
    today = uow.today()
    wanted = {"from_day": asked.from_day} if asked.kind in DATED else {}
    if asked.kind is ChangeKind.LEAVE:
        wanted = {"last_day": asked.last_day}
    for field, day in wanted.items():
        if day is None:
            raise Refusal(Reason.MISSING, field=field)
        if not today <= day <= today + FARTHEST:
            raise Refusal(Reason.DAY_NOT_POSSIBLE, field=field)


def _named(uow: UnitOfWork, model: type[Team] | type[Site], row_id: UUID | None, field: str) -> Target:
    row = uow.session.execute(select(model.id, model.name).where(model.id == row_id)).one_or_none()
    if row is None:
        raise Refusal(Reason.NOT_FOUND, field=field)
    return Target(row.id, row.name)


def _role(uow: UnitOfWork, role_id: UUID | None) -> Target:
    role = uow.session.scalars(select(Role).where(Role.id == role_id)).one_or_none()
    if role is None or role.key == roles.EVERYONE:
        raise Refusal(Reason.NOT_FOUND, field="role_id")
    if not may_grant(roles.own_now(uow), roles.contents_of(uow, role.id)):
        raise Refusal(Reason.GRANT_ABOVE_OWN, field="role_id")
    return Target(role.id, role.name, role.key)


def _manager(uow: UnitOfWork, email: str) -> Target:
    if not email:
        return Target()
    row = uow.session.scalars(select(Employee).where(Employee.email == email.strip().lower())).one_or_none()
    if row is None or not row.active:
        raise Refusal(Reason.MANAGER_UNKNOWN, field="manager_email")
    return Target(row.id, row.name)
