"""The teams and sites of a company: made, named and, as long as nothing refers to them, removed by HR.

Who belongs to a team is memberships.py; from which day on a site has which holidays, holidays.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID
from zoneinfo import available_timezones

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.exc import IntegrityError

from portal.db import UnitOfWork
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.integrations.public_holidays import countries
from portal.models.employee import Employee, Employment
from portal.models.team import Site, Team, TeamMembership
from portal.services import access, audit
from portal.services.holiday_book import book_of, forget_book, region_of
from portal.services.holiday_days import Place
from portal.services.name_order import alphabetical

LONGEST_NAME = 100


@dataclass(frozen=True)
class PlaceFacts:
    """A team or a site, and how many people are there now or will be."""

    id: UUID
    name: str
    people: int = 0
    #: Of a team; None where it works at no site of its own.
    site_id: UUID | None = None
    site_name: str | None = None
    #: Of a site; None where it follows the company.
    country: str | None = None
    time_zone: str | None = None
    #: Of a site: where its public holidays come from today.
    place: Place = ("", None)


def teams(uow: UnitOfWork) -> list[PlaceFacts]:
    there = _counted(uow, TeamMembership, TeamMembership.team_id, Team.id)
    query = select(Team.id, Team.name, there, Team.site_id, Site.name).outerjoin(
        Site, Site.id == Team.site_id
    )
    return [PlaceFacts(*row) for row in uow.session.execute(query.order_by(alphabetical(uow, Team.name)))]


def sites(uow: UnitOfWork) -> list[PlaceFacts]:
    there = _counted(uow, Employment, Employment.site_id, Site.id)
    query = select(Site.id, Site.name, there, Site.country, Site.time_zone, Site.subdivision)
    book, today = book_of(uow), uow.today()
    found = uow.session.execute(query.order_by(alphabetical(uow, Site.name)))
    return [
        PlaceFacts(
            *row[:3],
            country=row.country,
            time_zone=row.time_zone,
            place=book.place_on(region_of(uow, row.country, row.subdivision, row.id), today),
        )
        for row in found
    ]


def find_team(uow: UnitOfWork, team_id: UUID) -> PlaceFacts:
    team = _team(uow, team_id)
    return PlaceFacts(team.id, team.name, site_id=team.site_id)


def find_site(uow: UnitOfWork, site_id: UUID) -> PlaceFacts:
    site = _site(uow, site_id)
    return PlaceFacts(site.id, site.name, country=site.country, time_zone=site.time_zone)


def site_names(uow: UnitOfWork) -> dict[UUID, str]:
    """The sites that a team can work at, in the order of their names."""
    query = select(Site.id, Site.name).order_by(alphabetical(uow, Site.name))
    return {row.id: row.name for row in uow.session.execute(query)}


def create_team(uow: UnitOfWork, name: str, *, site_id: UUID | None) -> Team:
    team = Team(name=_free_name(uow, Team, name), site_id=_existing(uow, site_id))
    uow.session.add(team)
    uow.session.flush()
    audit.record(uow, audit.Action.TEAM_CREATED, subject=team)
    return team


def create_site(uow: UnitOfWork, name: str, *, country: str | None, time_zone: str | None) -> Site:
    """`country` holds from the beginning; a later change is dated, and changes nothing that is over."""
    if country is not None and country not in countries():
        raise Refusal(Reason.UNKNOWN_REGION, field="country")
    site = Site(name=_free_name(uow, Site, name), country=country, time_zone=_zone(time_zone))
    uow.session.add(site)
    uow.session.flush()
    audit.record(uow, audit.Action.SITE_CREATED, subject=site)
    forget_book(uow)
    return site


def change_team(uow: UnitOfWork, team_id: UUID, name: str, *, site_id: UUID | None) -> None:
    """At another site the roles that reach it reach the team. Shifts that are planned keep their moments."""
    team = _team(uow, team_id)
    team.name, team.site_id = _free_name(uow, Team, name, but=team.id), _existing(uow, site_id)
    audit.record(uow, audit.Action.TEAM_CHANGED, subject=team)


def change_site(uow: UnitOfWork, site_id: UUID, name: str, *, time_zone: str | None) -> None:
    site = _site(uow, site_id)
    site.name, site.time_zone = _free_name(uow, Site, name, but=site.id), _zone(time_zone)
    audit.record(uow, audit.Action.SITE_CHANGED, subject=site)


def remove_team(uow: UnitOfWork, team_id: UUID) -> None:
    team = _team(uow, team_id)
    _remove(uow, team)
    audit.record(uow, audit.Action.TEAM_REMOVED, subject=team)


def remove_site(uow: UnitOfWork, site_id: UUID) -> None:
    site = _site(uow, site_id)
    _remove(uow, site)
    audit.record(uow, audit.Action.SITE_REMOVED, subject=site)
    forget_book(uow)


def _remove(uow: UnitOfWork, row: Team | Site) -> None:
    """The database knows best what refers to it: people of today or earlier, rosters, rules, holidays."""
    try:
        with uow.session.begin_nested():
            uow.session.delete(row)
            uow.session.flush()
    except IntegrityError:
        raise Refusal(Reason.PLACE_IN_USE) from None


def _counted(
    uow: UnitOfWork,
    dated: type[TeamMembership] | type[Employment],
    place: Any,
    of: Any,
) -> ColumnElement[int]:
    lasting = or_(dated.end_date.is_(None), dated.end_date >= uow.today())
    query = (
        select(func.count(func.distinct(dated.employee_id)))
        .join(Employee, Employee.id == dated.employee_id)
        .where(place == of, lasting, Employee.active)
    )
    return query.scalar_subquery()


def _team(uow: UnitOfWork, team_id: UUID) -> Team:
    _need_right(uow)
    return access.one_or_refuse(uow, select(Team).where(Team.id == team_id).with_for_update())


def _site(uow: UnitOfWork, site_id: UUID) -> Site:
    _need_right(uow)
    return access.one_or_refuse(uow, select(Site).where(Site.id == site_id).with_for_update())


def _existing(uow: UnitOfWork, site_id: UUID | None) -> UUID | None:
    """The site, kept from being removed until the team stands there."""
    return None if site_id is None else _site(uow, site_id).id


def _need_right(uow: UnitOfWork) -> None:
    """Whoever takes people in by a file makes teams and sites by it as well."""
    if not access.can(uow, Permission.EMPLOYEE_IMPORT, Reach.COMPANY):
        raise Refusal(Reason.NOT_FOUND)


def _free_name(uow: UnitOfWork, kind: type[Team] | type[Site], name: str, *, but: UUID | None = None) -> str:
    """Told apart as the import tells them apart: without regard to case, and a semicolon ends a name there."""
    _need_right(uow)
    if not name:
        raise Refusal(Reason.MISSING, field="name")
    if len(name) > LONGEST_NAME:
        raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
    if ";" in name:
        raise Refusal(Reason.PLACE_NAME_SPLITS, field="name")
    named: Mapping[str, UUID] = {
        taken.casefold(): place_id for place_id, taken in uow.session.execute(select(kind.id, kind.name))
    }
    if named.get(name.casefold(), but) != but:
        raise Refusal(Reason.PLACE_NAME_TAKEN, field="name")
    return name


def _zone(time_zone: str | None) -> str | None:
    if time_zone is not None and time_zone not in available_timezones():
        raise Refusal(Reason.MISSING, field="time_zone")
    return time_zone
