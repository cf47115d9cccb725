"""The people who are chosen, as far as the reader may know of them, with all that a plan compares: few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, literal, or_, select, true
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.people_changes import NEEDS, ChangeKind
from portal.models.employee import Employee, Employment
from portal.models.identity import Identity
from portal.models.line_management import LineManagement
from portal.models.role import RoleGrant
from portal.models.team import Team, TeamMembership
from portal.services import access, directory, line_managers
from portal.services.name_order import by_name
from portal.services.people_changes.asked import Chosen


@dataclass(frozen=True)
class Person:
    """Somebody who is chosen; `reached`: whether the right that the change needs covers them."""

    id: UUID
    name: str
    email: str
    active: bool
    manager: str
    reached: bool


def found(uow: UnitOfWork, chosen: Chosen, kind: ChangeKind, day: date | None = None) -> list[Person]:
    """By name, with who leads them on `day`.

    Ids of nobody, of other companies and of people who are hidden are as if not chosen (T99).
    """
    if chosen.everybody is not None:
        narrowed, values = directory.narrow(uow, chosen.everybody)
        wanted = list(directory.conditions(narrowed))
    else:
        here = true() if directory.may_see_who_left(uow) else Employee.active.is_(True)
        wanted, values = [Employee.id == any_(ids_of(chosen.ids)), here], {}
    manager, link = aliased(Employee), aliased(LineManagement)
    rows = uow.session.execute(
        select(
            Employee.id,
            Employee.first_name,
            Employee.last_name,
            Employee.email,
            Employee.active,
            manager.first_name.label("manager_first"),
            manager.last_name.label("manager_last"),
            access.employees_within(uow, NEEDS[kind], Employee.id).label("reached"),
        )
        .join(link, line_managers.leads(link, Employee.id, day or uow.today()), isouter=True)
        .join(manager, manager.id == link.manager_id, isouter=True)
        .where(*wanted)
        .order_by(*by_name(uow)),
        values,
    )
    return [_person(row) for row in rows]


def teams_of(uow: UnitOfWork, ids: Collection[UUID], day: Any) -> dict[UUID, dict[UUID, str]]:
    """The teams of each on `day` or later: {person: {team: name}}."""
    rows = uow.session.execute(
        select(TeamMembership.employee_id, Team.id, Team.name)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(
            TeamMembership.employee_id == any_(ids_of(ids)),
            or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= day),
        )
        .order_by(Team.name)
    )
    teams: dict[UUID, dict[UUID, str]] = defaultdict(dict)
    for employee_id, team_id, name in rows:
        teams[employee_id][team_id] = name
    return teams


def segments_of(uow: UnitOfWork, ids: Collection[UUID]) -> dict[UUID, list[Employment]]:
    """All terms of each, the first ones first."""
    segments: dict[UUID, list[Employment]] = defaultdict(list)
    rows = uow.session.scalars(
        select(Employment)
        .where(Employment.employee_id == any_(ids_of(ids)))
        .order_by(Employment.employee_id, Employment.start_date)
    )
    for row in rows:
        segments[row.employee_id].append(row)
    return segments


def holding(uow: UnitOfWork, ids: Collection[UUID], role_id: UUID) -> set[UUID]:
    """Who of these has the role."""
    return set(
        uow.session.scalars(
            select(RoleGrant.employee_id).where(
                RoleGrant.employee_id == any_(ids_of(ids)), RoleGrant.role_id == role_id
            )
        )
    )


def with_access(uow: UnitOfWork, ids: Collection[UUID]) -> set[UUID]:
    """Who of these has signed in by a provider or chosen a password."""
    return set(
        uow.session.scalars(
            select(Identity.employee_id).where(
                Identity.employee_id == any_(ids_of(ids)),
                or_(Identity.password_hash.is_not(None), Identity.provider != "password"),
            )
        )
    )


def ids_of(ids: Collection[UUID]) -> Any:
    return literal(list(ids), ARRAY(Uuid))


def _person(row: Any) -> Person:
    manager = f"{row.manager_first} {row.manager_last}" if row.manager_first else ""
    return Person(row.id, f"{row.first_name} {row.last_name}", row.email, row.active, manager, row.reached)
