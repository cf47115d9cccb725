"""The directory: who works here, found by name, e-mail, job, team and site. Work contacts only.

What else the record of a person holds is for services/person_record.py.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from uuid import UUID

from sqlalchemy import (
    CTE,
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    Subquery,
    Uuid,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on

from portal.db import UnitOfWork
from portal.domain.folded_text import ACCENTED, PLAIN, search_words
from portal.domain.permissions import Permission, Reach
from portal.models.employee import Employee, Employment
from portal.models.team import Site, Team, TeamMembership
from portal.services import access
from portal.services.name_order import alphabet, by_name_in

PAGE_LENGTH = 100


@dataclass(frozen=True)
class DirectoryFilter:
    """What the reader asked for. People who left are shown to those who may see everybody's record."""

    search: str = ""
    team_id: UUID | None = None
    site_id: UUID | None = None
    left: bool = False
    page: int = 1


@dataclass(frozen=True)
class Narrowed:
    """What a page of the list is narrowed by, without the values."""

    left: bool
    words: int
    by_team: bool
    by_site: bool


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """One person of the list."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    job_title: str | None
    active: bool
    photo_key: UUID | None
    teams: str
    site: str

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


@dataclass(frozen=True)
class DirectoryPage:
    """One page of the list, and how many people it is a part of."""

    lines: list[DirectoryLine]
    total: int
    number: int

    @property
    def pages(self) -> int:
        return max(1, -(-self.total // PAGE_LENGTH))


@dataclass(frozen=True)
class Choices:
    """The teams and sites of the company by name: (id, name)."""

    teams: list[tuple[UUID, str]]
    sites: list[tuple[UUID, str]]


def may_see_who_left(uow: UnitOfWork) -> bool:
    """People who left are nobody's colleagues any more; only who sees every record finds them."""
    return access.can(uow, Permission.EMPLOYEE_VIEW, Reach.COMPANY)


def list_people(uow: UnitOfWork, asked: DirectoryFilter) -> DirectoryPage:
    """One page of the people asked for, by last name, in one query."""
    number = max(1, asked.page)
    narrowed, values = narrow(uow, asked)
    values["skipped"] = (number - 1) * PAGE_LENGTH
    rows = uow.session.execute(_page_of_people(alphabet(uow), narrowed), values).all()
    if not rows and number > 1:
        return list_people(uow, DirectoryFilter(asked.search, asked.team_id, asked.site_id, asked.left, 1))
    lines = [DirectoryLine(*row[:-1]) for row in rows]
    return DirectoryPage(lines, total=rows[0].total if rows else 0, number=number)


def count(uow: UnitOfWork, asked: DirectoryFilter) -> int:
    """How many people are asked for."""
    narrowed, values = narrow(uow, asked)
    query = select(func.count()).select_from(Employee).where(*conditions(narrowed))
    return uow.session.scalar(query, values) or 0


def choices(uow: UnitOfWork) -> Choices:
    """Every team and site, by name, in one query."""
    rows = uow.session.execute(_CHOICES).all()
    ordered = sorted(rows, key=lambda row: row.name.casefold())
    return Choices(
        teams=[(row.id, row.name) for row in ordered if row.kind == "team"],
        sites=[(row.id, row.name) for row in ordered if row.kind == "site"],
    )


@lru_cache(maxsize=64)
def _page_of_people(collation: str | None, narrowed: Narrowed) -> Select[Any]:
    """The people of the page, then what is shown of each; kept, because building it takes as long as running it."""
    found = (
        select(
            *_SHOWN,
            func.count().over().label("total"),
            func.row_number().over(order_by=by_name_in(collation)).label("place"),
        )
        .where(*conditions(narrowed))
        .order_by("place")
        .limit(PAGE_LENGTH)
        .offset(bindparam("skipped", type_=Integer))
        .cte("found")
    )
    teams, sites = _teams_of(found), _sites_of(found)
    return (
        select(
            *(found.c[column.key] for column in _SHOWN),
            func.coalesce(teams.c.names, ""),
            func.coalesce(sites.c.name, ""),
            found.c.total,
        )
        .outerjoin(teams, teams.c.employee_id == found.c.id)
        .outerjoin(sites, sites.c.employee_id == found.c.id)
        .order_by(found.c.place)
    )


def _teams_of(found: CTE) -> Subquery:
    names = func.string_agg(Team.name.distinct(), aggregate_order_by(literal(", "), Team.name))
    return (
        select(TeamMembership.employee_id, names.label("names"))
        .join(found, found.c.id == TeamMembership.employee_id)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(_not_over_today(TeamMembership))
        .group_by(TeamMembership.employee_id)
        .subquery("teams")
    )


def _sites_of(found: CTE) -> Subquery:
    return (
        select(Employment.employee_id, Site.name)
        .ext(distinct_on(Employment.employee_id))
        .join(found, found.c.id == Employment.employee_id)
        .join(Site, Site.id == Employment.site_id)
        .where(_not_over_today(Employment))
        .order_by(Employment.employee_id, Employment.start_date)
        .subquery("sites")
    )


def narrow(uow: UnitOfWork, asked: DirectoryFilter) -> tuple[Narrowed, dict[str, Any]]:
    """What the people asked for have in common, and the values that `conditions` of it names."""
    words = search_words(asked.search)
    narrowed = Narrowed(
        left=asked.left and may_see_who_left(uow),
        words=len(words),
        by_team=asked.team_id is not None,
        by_site=asked.site_id is not None,
    )
    values = {f"word_{position}": word for position, word in enumerate(words)}
    return narrowed, {**values, "team_id": asked.team_id, "site_id": asked.site_id, "today": uow.today()}


def conditions(narrowed: Narrowed) -> Iterator[ColumnElement[bool]]:
    """What holds of everybody who is asked for; a statement with them runs with the values of `narrow`."""
    yield Employee.active.is_(not narrowed.left)
    yield Employee.erased_at.is_(None)
    text = func.concat_ws(" ", Employee.first_name, Employee.last_name, Employee.email, Employee.job_title)
    stored = func.translate(func.lower(text), ACCENTED, PLAIN)
    for position in range(narrowed.words):
        yield func.strpos(stored, bindparam(f"word_{position}", type_=String)) > 0
    if narrowed.by_team:
        members = select(TeamMembership.employee_id).where(
            TeamMembership.team_id == bindparam("team_id", type_=Uuid), _not_over_today(TeamMembership)
        )
        yield Employee.id.in_(members)
    if narrowed.by_site:
        at_site = select(Employment.employee_id).where(
            Employment.site_id == bindparam("site_id", type_=Uuid), _not_over_today(Employment)
        )
        yield Employee.id.in_(at_site)


def not_over(uow: UnitOfWork, dated: type[TeamMembership] | type[Employment]) -> ColumnElement[bool]:
    """The condition that a dated row holds today, or will for somebody who has yet to start."""
    return or_(dated.end_date.is_(None), dated.end_date >= uow.today())


def _not_over_today(dated: type[TeamMembership] | type[Employment]) -> ColumnElement[bool]:
    """The same as `not_over`, of a day that is named when the statement runs."""
    return or_(dated.end_date.is_(None), dated.end_date >= bindparam("today", type_=Date))


_SHOWN = (
    Employee.id,
    Employee.first_name,
    Employee.last_name,
    Employee.email,
    Employee.job_title,
    Employee.active,
    Employee.photo_key,
)
_CHOICES = union_all(
    select(literal("team").label("kind"), Team.id, Team.name),
    select(literal("site").label("kind"), Site.id, Site.name),
)
