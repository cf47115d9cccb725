"""People who are there already and become different by an import. Terms and teams change from today on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import Select, or_, select

from portal.db import UnitOfWork
from portal.domain.people_import import Column
from portal.models.employee import Employee, Employment
from portal.models.role import RoleGrant
from portal.models.team import TeamMembership
from portal.services import audit, employments, line_managers, memberships, people
from portal.services.people_import.outcome import ChangedPerson
from portal.services.people_import.places import Places

Row = TypeVar("Row")
_AT_A_TIME = 1000
#: Values that lie in other rows than the person's own, so that their changes are told in the event.
_DATED = (
    Column.TEAM,
    Column.LINE_MANAGER_EMAIL,
    Column.SITE,
    Column.WEEKLY_HOURS,
    Column.WORKING_DAYS,
    Column.BY_ROSTER,
    Column.ROLE,
)

_OF_TERMS = (Column.SITE, Column.WEEKLY_HOURS, Column.WORKING_DAYS, Column.BY_ROSTER)


def change_people(uow: UnitOfWork, changed: Sequence[ChangedPerson], places: Places) -> None:
    """Writes everything but line managers, who may be new people."""
    ids = [one.employee_id for one in changed]
    employees = {row.id: row for row in _rows(uow, select(Employee), Employee.id, ids)}
    for one in changed:
        _change_columns(uow, employees[one.employee_id], one)
        told = {
            str(change.column): [change.before, change.after]
            for change in one.changes
            if change.column in _DATED
        }
        audit.record(
            uow, audit.Action.EMPLOYEE_CHANGED, subject=employees[one.employee_id], source="import", **told
        )
    uow.session.flush()
    _change_terms(uow, changed, places)
    _change_teams(uow, changed, places)
    for one in changed:
        if one.changes_any(Column.ROLE) and one.row.role:
            uow.session.add(RoleGrant(employee_id=one.employee_id, role_id=places.roles[one.row.role]))
    uow.session.flush()


def set_managers(uow: UnitOfWork, changed: Sequence[ChangedPerson]) -> None:
    """Line managers from today on, by the addresses that hold after the import.

    An address that was given up still counts.
    """
    led = [one for one in changed if one.changes_any(Column.LINE_MANAGER_EMAIL)]
    if not led:
        return
    ids = {
        change.before: one.employee_id
        for one in changed
        for change in one.changes
        if change.column is Column.EMAIL
    }
    ids |= {
        email: employee_id for employee_id, email in uow.session.execute(select(Employee.id, Employee.email))
    }
    today = uow.today()
    held = line_managers.rows_of(uow, [one.employee_id for one in led])
    line_managers.write(
        uow,
        [
            line_managers.planned(
                held[one.employee_id], one.employee_id, ids[one.row.line_manager_email or ""], today, today
            )
            for one in led
        ],
    )
    line_managers.refuse_circles(uow)


def _change_columns(uow: UnitOfWork, employee: Employee, one: ChangedPerson) -> None:
    for change in one.changes:
        match change.column:
            case Column.EMAIL:
                people.move_sign_in(uow, employee, change.after)
                employee.email = change.after
            case Column.PHONE:
                people.seal_phone(uow, employee, one.phone or "")
            case (
                Column.FIRST_NAME
                | Column.LAST_NAME
                | Column.EMPLOYEE_NUMBER
                | Column.JOB_TITLE
                | Column.LANGUAGE
            ):
                setattr(employee, str(change.column), change.after)


def _change_terms(uow: UnitOfWork, changed: Sequence[ChangedPerson], places: Places) -> None:
    concerned = [one for one in changed if one.changes_any(*_OF_TERMS)]
    ids = [one.employee_id for one in concerned]
    segments: dict[UUID, list[Employment]] = defaultdict(list)
    for row in _rows(uow, select(Employment).order_by(Employment.start_date), Employment.employee_id, ids):
        segments[row.employee_id].append(row)
    added = []
    for one in concerned:
        own = segments[one.employee_id]
        terms = employments.terms_at(own, uow.today())
        if one.changes_any(Column.WORKING_DAYS) and one.row.pattern is not None:
            terms = replace(terms, pattern=one.row.pattern)
        elif one.changes_any(Column.WEEKLY_HOURS) and one.row.weekly_minutes is not None:
            terms = replace(terms, pattern=employments.rescaled(terms.pattern, one.row.weekly_minutes))
        if one.changes_any(Column.BY_ROSTER):
            terms = replace(terms, by_roster=bool(one.row.by_roster))
        if one.changes_any(Column.SITE):
            terms = replace(terms, site_id=places.site_id(one.row.site))
        _, new = employments.change_segments(own, one.employee_id, terms, uow.today())
        added += [new] if new else []
    uow.session.flush()  # the old segments end before the new ones may begin
    uow.session.add_all(added)


def _change_teams(uow: UnitOfWork, changed: Sequence[ChangedPerson], places: Places) -> None:
    concerned = [one for one in changed if one.changes_any(Column.TEAM)]
    ids = [one.employee_id for one in concerned]
    today = uow.today()
    lasting = select(TeamMembership).where(
        or_(TeamMembership.end_date.is_(None), TeamMembership.end_date >= today)
    )
    held: dict[UUID, list[TeamMembership]] = defaultdict(list)
    for row in _rows(uow, lasting, TeamMembership.employee_id, ids):
        held[row.employee_id].append(row)
    added: list[TeamMembership] = []
    for one in concerned:
        wanted = places.team_ids(one.row.teams)
        own = held[one.employee_id]
        memberships.leave(uow, own, wanted, today)
        added += memberships.joining(one.employee_id, wanted - {row.team_id for row in own}, today)
    uow.session.flush()  # left before joined
    uow.session.add_all(added)


def _rows(uow: UnitOfWork, query: Select[Row], key: Any, ids: Sequence[UUID]) -> Iterator[Row]:
    """The rows of these people, some hundreds of people at a time."""
    for start in range(0, len(ids), _AT_A_TIME):
        yield from uow.session.scalars(query.where(key.in_(ids[start : start + _AT_A_TIME])))
