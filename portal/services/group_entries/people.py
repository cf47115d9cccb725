"""Whom HR may choose for an absence of many, what was entered so before, and by whom."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.group_entries import MOST_PEOPLE, GroupKind
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.group_entry import GroupEntry
from portal.models.team import Site, Team, TeamMembership
from portal.services import access
from portal.services.balances import TypeFacts, type_facts
from portal.services.name_order import alphabetical, by_name

_MOST_LISTED = 100


@dataclass(frozen=True)
class Chosen:
    """Of whom: of a team, of a site, of a list of addresses; all that is said has to be so."""

    team_id: UUID | None = None
    site_id: UUID | None = None
    emails: tuple[str, ...] = ()


@dataclass(frozen=True)
class EnteredLine:
    """One person's absence of an operation."""

    absence_id: UUID
    name: str
    charge: int
    status: AbsenceStatus


@dataclass(frozen=True)
class EntryLine:
    """An operation in the list."""

    id: UUID
    kind: GroupKind
    name: str
    type: TypeFacts
    site: str | None
    start_date: date
    end_date: date
    people: int
    author: str | None
    made_at: datetime
    undone_at: datetime | None
    undone_by: str | None


def people_of(uow: UnitOfWork, chosen: Chosen) -> list[tuple[UUID, str]]:
    """By name, within reach, without the actor: nobody enters their own. An address of nobody is refused."""
    today = uow.today()
    query = (
        select(Employee.id, Employee.first_name, Employee.last_name, Employee.email)
        .where(
            Employee.active,
            Employee.id != uow.actor.employee_id,
            access.employees_within(uow, Permission.ABSENCE_ENTER, Employee.id),
        )
        .order_by(*by_name(uow), Employee.id)
        .limit(MOST_PEOPLE + 1)
    )
    if chosen.team_id is not None:
        members = select(TeamMembership.employee_id).where(
            TeamMembership.team_id == chosen.team_id,
            TeamMembership.start_date <= today,
            or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= today),
        )
        query = query.where(Employee.id.in_(members))
    if chosen.site_id is not None:
        there = select(Employment.employee_id).where(
            Employment.site_id == chosen.site_id,
            or_(Employment.end_date.is_(None), Employment.end_date >= today),
        )
        query = query.where(Employee.id.in_(there))
    if chosen.emails:
        query = query.where(Employee.email.in_(chosen.emails))
    rows = uow.session.execute(query).all()
    if len(rows) > MOST_PEOPLE:
        raise Refusal(Reason.IMPORT_TOO_LARGE, field="team", limit=MOST_PEOPLE)
    missing = set(chosen.emails) - {row.email for row in rows}
    if missing:
        raise Refusal(Reason.PERSON_NOT_REACHED, field="emails", email=sorted(missing)[0])
    return [(row.id, f"{row.first_name} {row.last_name}") for row in rows]


def employed_between(
    uow: UnitOfWork, first: date, last: date, site_id: UUID | None, *, without: UUID | None = None
) -> list[tuple[UUID, str]]:
    """Everybody who works in the company, or at a site, on any of these days; without those whom an operation has
    reached already.
    """
    terms = [Employment.start_date <= last, or_(Employment.end_date.is_(None), Employment.end_date >= first)]
    if site_id is not None:
        terms.append(Employment.site_id == site_id)
    query = (
        select(Employee.id, Employee.first_name, Employee.last_name)
        .where(Employee.active, Employee.id.in_(select(Employment.employee_id).where(and_(*terms))))
        .order_by(*by_name(uow), Employee.id)
    )
    if without is not None:
        query = query.where(Employee.id.not_in(reached(without)))
    return [(row.id, f"{row.first_name} {row.last_name}") for row in uow.session.execute(query)]


def reached(entry_id: UUID) -> Select[UUID]:
    """Everybody who has, or had, an absence by this operation: whoever gave it up is not given it again."""
    return select(Absence.employee_id).where(Absence.group_entry_id == entry_id)


def list_entries(uow: UnitOfWork, kind: GroupKind) -> list[EntryLine]:
    """The latest first, with who made and who undid them."""
    query = _lines().where(GroupEntry.kind == kind, within(uow)).order_by(GroupEntry.created_at.desc())
    return [_line(*row) for row in uow.session.execute(query.limit(_MOST_LISTED))]


def get_entry(uow: UnitOfWork, entry_id: UUID) -> EntryLine:
    wanted = GroupEntry.id == entry_id, GroupEntry.kind != GroupKind.PLANNING, within(uow)
    found = uow.session.execute(_lines().where(*wanted)).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return _line(*found)


def within(uow: UnitOfWork) -> ColumnElement[bool]:
    """Whoever may enter for the whole company sees and undoes all of them, others what they entered themselves."""
    if access.can(uow, Permission.ABSENCE_ENTER, Reach.COMPANY):
        return true()
    return GroupEntry.author_id == uow.actor.employee_id


def entered_for(uow: UnitOfWork, entry_id: UUID) -> list[EnteredLine]:
    """Whose absences it made, by name, and where they stand."""
    query = (
        select(Absence.id, Employee.first_name, Employee.last_name, Absence.charge, Absence.status)
        .join(Employee, Employee.id == Absence.employee_id)
        .where(
            Absence.group_entry_id == entry_id,
            access.employees_within(uow, Permission.ABSENCE_ENTER, Employee.id),
        )
        .order_by(*by_name(uow), Absence.id)
    )
    return [
        EnteredLine(absence_id, f"{first} {last}", charge, status)
        for absence_id, first, last, charge, status in uow.session.execute(query)
    ]


def teams_and_sites(uow: UnitOfWork) -> tuple[list[tuple[UUID, str]], list[tuple[UUID, str]]]:
    teams = select(Team.id, Team.name).order_by(alphabetical(uow, Team.name))
    sites = select(Site.id, Site.name).order_by(alphabetical(uow, Site.name))
    return (
        [(team_id, name) for team_id, name in uow.session.execute(teams)],
        [(site_id, name) for site_id, name in uow.session.execute(sites)],
    )


def _lines() -> Select[Any, Any, Any, Any, Any]:
    return (
        select(GroupEntry, AbsenceType, Site.name, _AUTHOR, _UNDOER)
        .join(AbsenceType, AbsenceType.id == GroupEntry.absence_type_id)
        .outerjoin(Site, Site.id == GroupEntry.site_id)
        .outerjoin(_AUTHOR, _AUTHOR.id == GroupEntry.author_id)
        .outerjoin(_UNDOER, _UNDOER.id == GroupEntry.undone_by_id)
    )


def _line(
    row: GroupEntry, kind: AbsenceType, site: str | None, author: Employee | None, undoer: Employee | None
) -> EntryLine:
    return EntryLine(
        row.id,
        row.kind,
        row.name,
        type_facts(kind),
        site,
        row.start_date,
        row.end_date,
        row.people,
        author.name if author else None,
        row.created_at,
        row.undone_at,
        undoer.name if undoer else None,
    )


_AUTHOR, _UNDOER = aliased(Employee), aliased(Employee)
