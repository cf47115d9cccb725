"""Who leads whom and who is in which team on one day, a branch at a time, in one query each.

Teams, employment and line managers are dated: another day shows who led whom then.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, and_, func, or_, select, true
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.models.employee import Employee, Employment
from portal.models.line_management import LineManagement
from portal.models.team import Team, TeamMembership
from portal.services import access, directory, line_managers
from portal.services.name_order import alphabetical, by_name

#: As many as one branch shows; the directory has all of them.
MOST_SHOWN = 200


@dataclass(frozen=True, slots=True)
class ChartPerson:
    """A person of the chart and how many they lead directly."""

    id: UUID
    name: str
    job_title: str | None
    photo_key: UUID | None
    reports: int


@dataclass(frozen=True)
class Branch:
    """People below one person or in one team; `total` counts those who are not shown too."""

    people: list[ChartPerson]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.people)


@dataclass(frozen=True, slots=True)
class ChartTeam:
    id: UUID
    name: str
    people: int


@dataclass(frozen=True)
class Node:
    """A person with everybody below, for print."""

    person: ChartPerson
    below: list[Node] = field(default_factory=list)


def top(uow: UnitOfWork, day: date) -> Branch:
    """Those whom nobody leads who is here on that day; leaders first."""
    here = _here(uow, day)
    led = here.c.manager_id.in_(select(here.c.id))
    return _branch(uow, here, or_(here.c.manager_id.is_(None), ~led))


def opened(uow: UnitOfWork, branch: Branch, day: date) -> dict[UUID, Branch]:
    """What is open from the start: below the only one who leads somebody, or the page would show one line."""
    leaders = [one.id for one in branch.people if one.reports]
    return {one: _below(uow, one, day) for one in leaders if len(leaders) == 1}


def below(uow: UnitOfWork, employee_id: UUID, day: date) -> tuple[str, Branch]:
    """The person's name and those they lead; unknown and hidden are the same refusal."""
    leader = access.one_or_refuse(
        uow, select(Employee).where(Employee.id == employee_id, _is_here(uow, Employee, day))
    )
    return leader.name, _below(uow, employee_id, day)


def teams(uow: UnitOfWork, day: date) -> list[ChartTeam]:
    """Every team by name with how many are in it on that day."""
    rows = uow.session.execute(
        select(Team.id, Team.name, func.count(Employee.id))
        .join(
            TeamMembership,
            and_(TeamMembership.team_id == Team.id, _covers(TeamMembership, day)),
            isouter=True,
        )
        .join(
            Employee,
            and_(Employee.id == TeamMembership.employee_id, _is_here(uow, Employee, day)),
            isouter=True,
        )
        .group_by(Team.company_id, Team.id)
        .order_by(alphabetical(uow, Team.name))
    )
    return [ChartTeam(*row) for row in rows]


def members(uow: UnitOfWork, team_id: UUID, day: date) -> tuple[str, Branch]:
    """The team's name and who is in it on that day."""
    team = access.one_or_refuse(uow, select(Team).where(Team.id == team_id))
    inside = select(TeamMembership.employee_id).where(
        TeamMembership.team_id == team_id, _covers(TeamMembership, day)
    )
    here = _here(uow, day)
    return team.name, _branch(uow, here, here.c.id.in_(inside))


def whole(uow: UnitOfWork, day: date) -> list[Node]:
    """Everybody, from the top down."""
    rows = uow.session.execute(
        select(
            Employee.id,
            Employee.first_name,
            Employee.last_name,
            Employee.job_title,
            LineManagement.manager_id,
        )
        .outerjoin(LineManagement, line_managers.leads(LineManagement, Employee.id, day))
        .where(_is_here(uow, Employee, day))
        .order_by(*by_name(uow))
    ).all()
    here = {row.id for row in rows}
    led: dict[UUID | None, list[Any]] = defaultdict(list)
    for row in rows:
        led[row.manager_id if row.manager_id in here else None].append(row)

    def node(row: Any) -> Node:
        name, under = f"{row.first_name} {row.last_name}", led[row.id]
        return Node(ChartPerson(row.id, name, row.job_title, None, len(under)), [node(one) for one in under])

    return [node(row) for row in led[None]]


def _below(uow: UnitOfWork, employee_id: UUID, day: date) -> Branch:
    here = _here(uow, day)
    return _branch(uow, here, here.c.manager_id == employee_id)


def _branch(uow: UnitOfWork, here: CTE, condition: ColumnElement[bool]) -> Branch:
    """Those of the people here whom the condition names, with how many of the people here they lead."""
    led = select(here.c.manager_id, func.count().label("people")).group_by(here.c.manager_id).cte("led")
    reports = func.coalesce(led.c.people, 0)
    rows = uow.session.execute(
        select(
            here.c.id,
            here.c.name,
            here.c.job_title,
            here.c.photo_key,
            reports,
            func.count().over().label("total"),
        )
        .outerjoin(led, led.c.manager_id == here.c.id)
        .where(condition)
        .order_by(reports == 0, here.c.place)
        .limit(MOST_SHOWN)
    ).all()
    return Branch([ChartPerson(*row[:-1]) for row in rows], rows[0].total if rows else 0)


def _here(uow: UnitOfWork, day: date) -> CTE:
    """Everybody who is here, found once: a question for each of thousands would be one for each pair of them."""
    return (
        select(
            Employee.id,
            LineManagement.manager_id,
            func.concat(Employee.first_name, " ", Employee.last_name).label("name"),
            Employee.job_title,
            Employee.photo_key,
            func.row_number().over(order_by=by_name(uow)).label("place"),
        )
        .outerjoin(LineManagement, line_managers.leads(LineManagement, Employee.id, day))
        .where(_is_here(uow, Employee, day))
        .cte("here")
        .prefix_with("MATERIALIZED")
    )


def _is_here(uow: UnitOfWork, person: Any, day: date) -> ColumnElement[bool]:
    """Employed on that day. Who left is nobody's colleague any more, also in the past, but for HR."""
    segment = aliased(Employment)
    employed = select(segment.id).where(segment.employee_id == person.id, _covers(segment, day)).exists()
    return and_(employed, true() if directory.may_see_who_left(uow) else person.active.is_(True))


def _covers(dated: Any, day: date) -> ColumnElement[bool]:
    return and_(dated.start_date <= day, or_(dated.end_date.is_(None), dated.end_date >= day))
