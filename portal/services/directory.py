"""The directory: who works here, found by name, e-mail, job, team and site. Work contacts only.

What else the record of a person holds is for services/person_record.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import ColumnElement, Date, Select, bindparam, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by

from portal.db import UnitOfWork
from portal.domain.folded_text import ACCENTED, PLAIN, search_words
from portal.domain.permissions import Permission, Reach
from portal.models.employee import Employee, Employment
from portal.models.team import Site, Team, TeamMembership
from portal.services import access
from portal.services.name_order import by_name

PAGE_LENGTH = 100


@dataclass(frozen=True)
class DirectoryFilter:
    """What the reader asked for. People who left are shown to those who may see everybody's record."""

    search: str = ""
    team_id: UUID | None = None
    site_id: UUID | None = None
    left: bool = False
    page: int = 1


@dataclass(frozen=True, slots=True)
class DirectoryLine:
    """One person of the list."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    job_title: str | None
    active: bool
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
    conditions = _conditions(uow, asked)
    number = max(1, asked.page)
    found = (
        select(Employee.id, func.count().over().label("total"))
        .where(*conditions)
        .order_by(*by_name(uow))
        .limit(PAGE_LENGTH)
        .offset((number - 1) * PAGE_LENGTH)
        .subquery("found")
    )
    lines_of_page = _LINES.add_columns(found.c.total).join(found, found.c.id == Employee.id)
    rows = uow.session.execute(lines_of_page.order_by(*by_name(uow)), {"today": uow.today()}).all()
    if not rows and number > 1:
        return list_people(uow, DirectoryFilter(asked.search, asked.team_id, asked.site_id, asked.left, 1))
    lines = [DirectoryLine(*row[:-1]) for row in rows]
    return DirectoryPage(lines, total=rows[0].total if rows else 0, number=number)


def choices(uow: UnitOfWork) -> Choices:
    """Every team and site, by name, in one query."""
    rows = uow.session.execute(_CHOICES).all()
    ordered = sorted(rows, key=lambda row: row.name.casefold())
    return Choices(
        teams=[(row.id, row.name) for row in ordered if row.kind == "team"],
        sites=[(row.id, row.name) for row in ordered if row.kind == "site"],
    )


def _conditions(uow: UnitOfWork, asked: DirectoryFilter) -> list[ColumnElement[bool]]:
    left = asked.left and may_see_who_left(uow)
    conditions: list[ColumnElement[bool]] = [Employee.active.is_(not left), Employee.erased_at.is_(None)]
    if words := search_words(asked.search):
        text = func.concat_ws(
            " ", Employee.first_name, Employee.last_name, Employee.email, Employee.job_title
        )
        stored = func.translate(func.lower(text), ACCENTED, PLAIN)
        conditions += [stored.contains(word, autoescape=True) for word in words]
    if asked.team_id is not None:
        conditions.append(Employee.id.in_(_members(uow).where(TeamMembership.team_id == asked.team_id)))
    if asked.site_id is not None:
        at_site = select(Employment.employee_id).where(
            Employment.site_id == asked.site_id, not_over(uow, Employment)
        )
        conditions.append(Employee.id.in_(at_site))
    return conditions


def not_over(uow: UnitOfWork, dated: type[TeamMembership] | type[Employment]) -> ColumnElement[bool]:
    """The condition that a dated row holds today, or will for somebody who has yet to start."""
    return or_(dated.end_date.is_(None), dated.end_date >= uow.today())


def _members(uow: UnitOfWork) -> Select[UUID]:
    return select(TeamMembership.employee_id).where(not_over(uow, TeamMembership))


def _not_over_today(dated: type[TeamMembership] | type[Employment]) -> ColumnElement[bool]:
    """The same as `not_over`, of a day that is named when the statement runs."""
    return or_(dated.end_date.is_(None), dated.end_date >= bindparam("today", type_=Date))


def _team_names() -> ColumnElement[str]:
    names = func.string_agg(Team.name, aggregate_order_by(literal(", "), Team.name))
    return (
        select(func.coalesce(names, ""))
        .select_from(TeamMembership)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(TeamMembership.employee_id == Employee.id, _not_over_today(TeamMembership))
        .correlate(Employee)
        .scalar_subquery()
        .label("teams")
    )


def _site_name() -> ColumnElement[str]:
    site = (
        select(Site.name)
        .select_from(Employment)
        .join(Site, Site.id == Employment.site_id)
        .where(Employment.employee_id == Employee.id, _not_over_today(Employment))
        .order_by(Employment.start_date)
        .limit(1)
        .correlate(Employee)
        .scalar_subquery()
    )
    return func.coalesce(site, "").label("site")


# Built once: putting these together costs more than running them.
_LINES = select(
    Employee.id,
    Employee.first_name,
    Employee.last_name,
    Employee.email,
    Employee.job_title,
    Employee.active,
    _team_names(),
    _site_name(),
)
_CHOICES = union_all(
    select(literal("team").label("kind"), Team.id, Team.name),
    select(literal("site").label("kind"), Site.id, Site.name),
)
