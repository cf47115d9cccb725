"""One transaction in which different people act at different times, each under their own name and rights."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.actors import Actor
from portal.db import UnitOfWork
from portal.domain.clock import FrozenClock
from portal.domain.permissions import BUILT_IN_ROLES, combine
from portal.models import Employee, LineManagement, Role, RoleGrant, Team, TeamMembership


class Story:
    """What has happened in a company up to now, told in order."""

    def __init__(self, uow: UnitOfWork) -> None:
        self.uow = uow
        self.now = uow.clock.now()
        self.today = uow.today()
        self._operator = uow.actor
        self._zone = ZoneInfo(uow.company.time_zone)
        self._people: dict[str, Employee] = {}
        self._roles: dict[UUID, list[str]] = {}
        self._managers: dict[UUID, UUID] = {}

    def meet(self) -> None:
        """Learns who works here, once they do."""
        self._people = {one.email: one for one in self.uow.session.scalars(select(Employee))}
        led = select(LineManagement.employee_id, LineManagement.manager_id).where(
            LineManagement.end_date.is_(None)
        )
        self._managers = dict(self.uow.session.execute(led).all())
        query = select(RoleGrant.employee_id, Role.key).join(Role, Role.id == RoleGrant.role_id)
        for employee_id, key in self.uow.session.execute(query):
            self._roles.setdefault(employee_id, []).append(key)

    def as_operator(self, *, days_ago: int) -> UnitOfWork:
        return self._act(self._operator, days_ago, time(8))

    def as_(self, employee: Employee, *, days_ago: int = 0, at: time = time(9)) -> UnitOfWork:
        """The unit of work goes on as this person; what was done before stays the former one's."""
        grants = combine(*(BUILT_IN_ROLES[key] for key in self._roles[employee.id]))
        actor = Actor(employee.id, employee.name, employee.email, employee.language, self._zone.key, grants)
        return self._act(actor, days_ago, at)

    def person(self, email: str) -> Employee:
        return self._people[email]

    @property
    def everybody(self) -> list[Employee]:
        """In a fixed order, so that every demonstration tells the same story."""
        return sorted(self._people.values(), key=lambda one: one.employee_number or "")

    def members(self, team: str) -> list[Employee]:
        query = select(TeamMembership.employee_id).join(Team, Team.id == TeamMembership.team_id)
        within = set(self.uow.session.scalars(query.where(Team.name == team)))
        return [one for one in self.everybody if one.id in within]

    def line_manager(self, employee: Employee) -> Employee | None:
        return next((one for one in self._people.values() if one.id == self._managers.get(employee.id)), None)

    def _act(self, actor: Actor, days_ago: int, at: time) -> UnitOfWork:
        self.uow.settle()
        self.uow.actor = actor
        moment = datetime.combine(self.today - timedelta(days=days_ago), at, self._zone)
        self.uow.clock = FrozenClock(min(moment, self.now))
        return self.uow
