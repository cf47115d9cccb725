"""People with everything a page may ask for: employment, team, roles and a password to sign in with."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import delete, select

from portal.db import UnitOfWork
from portal.models import (
    Employee,
    Employment,
    Identity,
    LineManagement,
    RoleGrant,
    Site,
    Team,
    TeamMembership,
)
from portal.services import line_managers
from tests.factories.companies import role_named

PASSWORD = "correct horse battery staple"
HIRED = date(2020, 1, 1)
FULL_TIME = [480, 480, 480, 480, 480, 0, 0]


def make_site(uow: UnitOfWork, name: str) -> Site:
    site = Site(name=name)
    uow.session.add(site)
    uow.session.flush()
    return site


def make_team(uow: UnitOfWork, name: str, site: Site | None = None) -> Team:
    team = Team(name=name, site_id=site.id if site else None)
    uow.session.add(team)
    uow.session.flush()
    return team


def make_employee(
    uow: UnitOfWork,
    email: str,
    first_name: str,
    last_name: str,
    *,
    team: Team | None = None,
    site: Site | None = None,
    line_manager: Employee | None = None,
    roles: tuple[str, ...] = ("employee",),
    pattern: list[int] | None = None,
    **columns,
) -> Employee:
    """An employee since 2020, full time from Monday to Friday, who can sign in with PASSWORD."""
    employee = Employee(
        email=email,
        first_name=first_name,
        last_name=last_name,
        **columns,
    )
    uow.session.add(employee)
    uow.session.flush()
    week = pattern or FULL_TIME
    uow.session.add(
        Employment(
            employee_id=employee.id,
            site_id=site.id if site else None,
            start_date=HIRED,
            weekly_minutes=sum(week),
            pattern=week,
        )
    )
    if line_manager is not None:
        lead(uow, employee.id, line_manager.id)
    if team is not None:
        uow.session.add(TeamMembership(employee_id=employee.id, team_id=team.id, start_date=HIRED))
    for key in roles:
        uow.session.add(RoleGrant(employee_id=employee.id, role_id=role_named(uow, key).id))
    uow.session.add(
        Identity(
            employee_id=employee.id,
            provider="password",
            subject=email,
            password_hash=uow.outside.passwords.hash(PASSWORD),
            password_changed_at=uow.clock.now(),
        )
    )
    uow.session.flush()
    return employee


def lead(uow: UnitOfWork, employee_id: UUID, manager_id: UUID | None, since: date = HIRED) -> None:
    """Led by this manager (or nobody) since a day, whatever was before."""
    uow.session.execute(delete(LineManagement).where(LineManagement.employee_id == employee_id))
    if manager_id is not None:
        uow.session.add(LineManagement(employee_id=employee_id, manager_id=manager_id, start_date=since))
    uow.session.flush()


def manager_of(uow: UnitOfWork, employee_id: UUID, day: date | None = None) -> UUID | None:
    """Who leads the person today, or on another day."""
    return uow.session.scalar(
        select(LineManagement.manager_id).where(
            line_managers.leads(LineManagement, employee_id, day or uow.today())
        )
    )


def identity_of(uow: UnitOfWork, employee_id: UUID) -> Identity:
    return uow.session.scalars(
        select(Identity).where(Identity.employee_id == employee_id, Identity.provider == "password")
    ).one()
