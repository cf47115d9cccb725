"""What the company has before an import: its people with terms, teams, roles, in a handful of queries."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.custom_fields import Field
from portal.domain.permissions import Grants
from portal.domain.working_patterns import WorkingPattern
from portal.models.custom_field import CustomValue
from portal.models.employee import Employee, Employment, agreed_pattern
from portal.models.line_management import LineManagement
from portal.models.role import Role, RoleGrant
from portal.models.team import Site, Team, TeamMembership
from portal.services import custom_values, directory, line_managers, roles


@dataclass(slots=True)
class PersonNow:
    """A person as the company knows them; teams, site and hours are those of today, else the next or last ones."""

    id: UUID
    email: str
    first_name: str
    last_name: str
    employee_number: str | None
    job_title: str | None
    language: str
    active: bool
    phone_sealed: bytes | None
    manager_email: str | None
    site: str | None = None
    weekly_minutes: int | None = None
    pattern: WorkingPattern | None = None
    by_roster: bool = False
    teams: set[str] = field(default_factory=set)
    roles: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Present:
    """Everything an import is compared with. Names of teams and sites are looked up without regard to case."""

    people: dict[UUID, PersonNow]
    by_email: dict[str, PersonNow]
    by_number: dict[str, PersonNow]
    teams: dict[str, UUID]
    sites: dict[str, UUID]
    roles: dict[str, tuple[UUID, Grants]]
    fields: list[Field]
    values: dict[tuple[UUID, UUID], CustomValue]

    @property
    def managers(self) -> dict[str, str]:
        """Who is led by whom, by e-mail."""
        return {one.email: one.manager_email for one in self.people.values() if one.manager_email}


def read_present(uow: UnitOfWork) -> Present:
    people = _people(uow)
    _add_terms(uow, people)
    _add_teams(uow, people)
    _add_roles(uow, people)
    fields = custom_values.exchanged(uow)
    return Present(
        people=people,
        by_email={one.email: one for one in people.values()},
        by_number={one.employee_number: one for one in people.values() if one.employee_number},
        teams={name.casefold(): team_id for team_id, name in uow.session.execute(select(Team.id, Team.name))},
        sites={name.casefold(): site_id for site_id, name in uow.session.execute(select(Site.id, Site.name))},
        roles=roles.permissions_by_role(uow),
        fields=fields,
        values=custom_values.values_of(uow, fields),
    )


def _people(uow: UnitOfWork) -> dict[UUID, PersonNow]:
    manager, link = aliased(Employee), aliased(LineManagement)
    rows = uow.session.execute(
        select(
            Employee.id,
            Employee.email,
            Employee.first_name,
            Employee.last_name,
            Employee.employee_number,
            Employee.job_title,
            Employee.language,
            Employee.active,
            Employee.phone_sealed,
            manager.email,
        )
        .join(link, line_managers.leads(link, Employee.id, uow.today()), isouter=True)
        .join(manager, manager.id == link.manager_id, isouter=True)
    )
    return {row[0]: PersonNow(*row) for row in rows}


def _add_terms(uow: UnitOfWork, people: dict[UUID, PersonNow]) -> None:
    """The terms of today, else the next ones, else the last: rows come in order, and the first open one wins."""
    rows = uow.session.execute(
        select(
            Employment.employee_id,
            Employment.end_date,
            Employment.weekly_minutes,
            Site.name,
            Employment.pattern,
            Employment.further_weeks,
            Employment.cycle_begins,
            Employment.by_roster,
            Employment.agreed_days,
        )
        .join(Site, Site.id == Employment.site_id, isouter=True)
        .order_by(Employment.start_date)
    )
    settled: set[UUID] = set()
    for employee_id, end_date, weekly_minutes, site, first, further, begins, by_roster, agreed in rows:
        if employee_id in settled:
            continue
        people[employee_id].weekly_minutes, people[employee_id].site = weekly_minutes, site
        people[employee_id].pattern = agreed_pattern(first, further, begins, agreed)
        people[employee_id].by_roster = bool(by_roster)
        if end_date is None or end_date >= uow.today():
            settled.add(employee_id)


def _add_teams(uow: UnitOfWork, people: dict[UUID, PersonNow]) -> None:
    rows = uow.session.execute(
        select(TeamMembership.employee_id, Team.name)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(directory.not_over(uow, TeamMembership))
    )
    for employee_id, name in rows:
        people[employee_id].teams.add(name)


def _add_roles(uow: UnitOfWork, people: dict[UUID, PersonNow]) -> None:
    rows = uow.session.execute(
        select(RoleGrant.employee_id, Role.key).join(Role, Role.id == RoleGrant.role_id)
    )
    for employee_id, key in rows:
        people[employee_id].roles.add(key)
