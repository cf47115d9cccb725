"""One person as one reader may see them: the directory's facts for everybody, the record within reach.

Somebody who left is found by those who may see every record, and by nobody else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Uuid, func, literal, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.employment_periods import Stretch, opening
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee, Employment, agreed_pattern
from portal.models.line_management import LineManagement
from portal.models.team import Site, Team, TeamMembership
from portal.services import (
    access,
    custom_values,
    directory,
    employments,
    line_managers,
    people,
    sealed_reads,
    sign_in_standing,
)
from portal.services.custom_values import ShownValue
from portal.services.people import PersonFacts
from portal.services.sign_in_standing import SignInStanding

#: What the page of a person offers, each as far as it reaches this person.
_ASKED = (
    Permission.EMPLOYEE_VIEW,
    Permission.EMPLOYEE_EDIT,
    Permission.EMPLOYEE_INVITE,
    Permission.ROLE_GRANT,
    Permission.SESSION_END_OTHERS,
    Permission.LEDGER_VIEW,
)


@dataclass(frozen=True)
class Segment:
    """Terms of work between two dates, both included."""

    start_date: date
    end_date: date | None
    weekly_minutes: int
    #: The days of each week: of one, or of several that take turns.
    weeks: tuple[tuple[int, ...], ...]
    #: A Monday on which the first of several weeks begins.
    cycle_begins: date | None
    #: Which of several weeks is this one, counted from 1.
    week_now: int
    site: str | None
    current: bool
    by_roster: bool = False
    #: Of a flexible week; None on fixed days.
    agreed_days: int | None = None
    #: Begins a period of employment after an earlier one.
    rehired: bool = False


@dataclass(frozen=True)
class ManagerSpan:
    """Led by somebody between two dates, both included."""

    id: UUID
    name: str
    start_date: date
    end_date: date | None
    current: bool


@dataclass(frozen=True)
class Record:
    """The part of a person that is for readers within reach."""

    employee_number: str | None
    language: str
    has_phone: bool
    segments: list[Segment]
    managers: list[ManagerSpan]


@dataclass(frozen=True)
class Person:
    """What the reader gets to see; the parts that are not for them are None."""

    id: UUID
    first_name: str
    last_name: str
    email: str
    job_title: str | None
    active: bool
    teams: list[str]
    site: str | None
    line_manager: tuple[UUID, str] | None
    may: frozenset[Permission]
    record: Record | None
    sign_in: SignInStanding | None
    #: Values of the company's own fields, as far as the reader may see them.
    values: list[ShownValue]
    may_edit_values: bool
    photo_key: UUID | None
    may_change_photo: bool

    @property
    def name(self) -> str:
        return f"{self.first_name} {self.last_name}"


def show(uow: UnitOfWork, employee_id: UUID) -> Person:
    """The person as far as the reader's rights go; unknown, another company's and hidden are the same refusal."""
    row = uow.session.execute(_asked(uow, employee_id)).one_or_none()
    if row is None:
        raise Refusal(Reason.NOT_FOUND)
    may = frozenset(one for place, one in enumerate(_ASKED) if row._mapping[f"may_{place}"])
    if not row.active and Permission.EMPLOYEE_VIEW not in may:
        raise Refusal(Reason.NOT_FOUND)
    helps = bool(may & {Permission.EMPLOYEE_INVITE, Permission.SESSION_END_OTHERS})
    return Person(
        id=employee_id,
        first_name=row.first_name,
        last_name=row.last_name,
        email=row.email,
        job_title=row.job_title,
        active=row.active,
        teams=row.teams or [],
        site=row.site,
        line_manager=(row.manager_id, row.manager_name) if row.manager_id else None,
        may=may,
        record=_record(uow, employee_id, row) if Permission.EMPLOYEE_VIEW in may else None,
        sign_in=sign_in_standing.of(uow, employee_id) if helps else None,
        values=custom_values.shown(row.own_values),
        photo_key=row.photo_key,
        may_change_photo=row.active
        and (Permission.EMPLOYEE_EDIT in may or employee_id == uow.actor.employee_id),
        may_edit_values=row.active and row.has_own_fields and custom_values.may_edit(uow, employee_id, may),
    )


def show_phone(uow: UnitOfWork, employee_id: UUID) -> str:
    """The number that HR knows. Reading somebody else's leaves an event."""
    return _read_phone(uow, access.employee_for(uow, Permission.EMPLOYEE_VIEW, employee_id))


def for_editing(uow: UnitOfWork, employee_id: UUID) -> tuple[PersonFacts, str]:
    """What the form of a record starts with, and the fingerprint by which it notices other changes."""
    manager, link = aliased(Employee), aliased(LineManagement)
    found = uow.session.execute(
        select(Employee, func.coalesce(manager.email, ""), _team_ids(uow))
        .join(link, line_managers.leads(link, Employee.id, uow.today()), isouter=True)
        .join(manager, manager.id == link.manager_id, isouter=True)
        .where(
            Employee.id == employee_id,
            access.employees_within(uow, Permission.EMPLOYEE_EDIT, Employee.id),
            access.employees_within(uow, Permission.EMPLOYEE_VIEW, Employee.id),
        )
    ).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    employee, manager_email, team_ids = found
    segments = employments.list_of(uow, employee_id)
    facts = PersonFacts(
        email=employee.email,
        first_name=employee.first_name,
        last_name=employee.last_name,
        employee_number=employee.employee_number,
        job_title=employee.job_title,
        language=employee.language,
        line_manager_email=manager_email,
        team_ids=frozenset(team_ids),
        terms=employments.terms_at(segments, uow.today()),
        terms_from=max(uow.today(), employments.first_day(segments) or uow.today()),
        phone=_read_phone(uow, employee),
        manager_from=uow.today(),
    )
    led = line_managers.rows_of(uow, [employee_id])[employee_id]
    return facts, people.fingerprint(employee, segments, team_ids, led)


def _read_phone(uow: UnitOfWork, employee: Employee) -> str:
    phone = people.open_phone(uow, employee)
    if employee.phone_sealed is not None:
        sealed_reads.note(uow, employee, "phone")
    return phone


def _asked(uow: UnitOfWork, employee_id: UUID) -> Select[*tuple[Any, ...]]:
    """Everything of the person that is one value, with what the reader may do (`may_0` is the first of _ASKED)."""
    manager, link = aliased(Employee), aliased(LineManagement)
    within = [access.employees_within(uow, permission, Employee.id) for permission in _ASKED]
    return (
        select(
            Employee.email,
            Employee.first_name,
            Employee.last_name,
            Employee.job_title,
            Employee.active,
            Employee.photo_key,
            Employee.employee_number,
            Employee.language,
            Employee.phone_sealed.is_not(None).label("has_phone"),
            manager.id.label("manager_id"),
            func.concat(manager.first_name, " ", manager.last_name).label("manager_name"),
            _teams(uow),
            _site(uow),
            custom_values.shown_column(uow),
            custom_values.any_column(),
            _manager_rows(),
            *(condition.label(f"may_{place}") for place, condition in enumerate(within)),
        )
        .join(link, line_managers.leads(link, Employee.id, uow.today()), isouter=True)
        .join(manager, manager.id == link.manager_id, isouter=True)
        .where(Employee.id == employee_id, Employee.erased_at.is_(None))
    )


def _record(uow: UnitOfWork, employee_id: UUID, row: Any) -> Record:
    return Record(
        row.employee_number,
        row.language,
        row.has_phone,
        _segments(uow, employee_id),
        _managers(uow, row.managers),
    )


def _segments(uow: UnitOfWork, employee_id: UUID) -> list[Segment]:
    rows = uow.session.execute(
        select(
            Employment.start_date,
            Employment.end_date,
            Employment.weekly_minutes,
            Employment.pattern,
            Employment.further_weeks,
            Employment.cycle_begins,
            Employment.agreed_days,
            Site.name,
            Employment.opens_period,
            Employment.by_roster,
        )
        .join(Site, Site.id == Employment.site_id, isouter=True)
        .where(Employment.employee_id == employee_id)
        .order_by(Employment.start_date)
    ).all()
    opens = opening([Stretch(row.start_date, row.end_date, row.opens_period) for row in rows])
    today = uow.today()
    return [
        Segment(
            row.start_date,
            row.end_date,
            row.weekly_minutes,
            *_weeks(row, today),
            row.name,
            current=row.start_date <= today and (row.end_date is None or today <= row.end_date),
            by_roster=row.by_roster,
            agreed_days=agreed_pattern(
                row.pattern, row.further_weeks, row.cycle_begins, row.agreed_days
            ).agreed_days,
            rehired=opened and row is not rows[0],
        )
        for row, opened in reversed(list(zip(rows, opens, strict=True)))
    ]


def _weeks(row: Any, today: date) -> tuple[tuple[tuple[int, ...], ...], date | None, int]:
    turns = agreed_pattern(row.pattern, row.further_weeks, row.cycle_begins, row.agreed_days)
    return turns.weeks, turns.begins, turns.week_on(today) + 1


def _manager_rows() -> ColumnElement[list[list[str]] | None]:
    """Everybody who leads, led or will lead the person, as a column of a query about them; see `_managers`."""
    link, leader = aliased(LineManagement), aliased(Employee)
    name = func.concat(leader.first_name, " ", leader.last_name)
    values = func.json_build_array(leader.id, name, link.start_date, link.end_date)
    return (
        select(func.json_agg(aggregate_order_by(values, link.start_date.desc())))
        .select_from(link)
        .join(leader, leader.id == link.manager_id)
        .where(link.employee_id == Employee.id)
        .correlate(Employee)
        .scalar_subquery()
        .label("managers")
    )


def _managers(uow: UnitOfWork, found: list[list[str]] | None) -> list[ManagerSpan]:
    today = uow.today()
    return [
        ManagerSpan(
            UUID(leader_id), name, first, last, current=first <= today and (not last or today <= last)
        )
        for leader_id, name, start, end in found or []
        for first, last in [(date.fromisoformat(start), date.fromisoformat(end) if end else None)]
    ]


def _team_ids(uow: UnitOfWork) -> ColumnElement[list[UUID]]:
    return (
        select(func.coalesce(func.array_agg(TeamMembership.team_id), literal([], ARRAY(Uuid))))
        .where(TeamMembership.employee_id == Employee.id, directory.not_over(uow, TeamMembership))
        .correlate(Employee)
        .scalar_subquery()
    )


def _teams(uow: UnitOfWork) -> ColumnElement[list[str]]:
    return (
        select(func.array_agg(Team.name.distinct()))
        .select_from(TeamMembership)
        .join(Team, Team.id == TeamMembership.team_id)
        .where(TeamMembership.employee_id == Employee.id, directory.not_over(uow, TeamMembership))
        .correlate(Employee)
        .scalar_subquery()
        .label("teams")
    )


def _site(uow: UnitOfWork) -> ColumnElement[str | None]:
    return (
        select(Site.name)
        .select_from(Employment)
        .join(Site, Site.id == Employment.site_id)
        .where(
            Employment.employee_id == Employee.id,
            or_(Employment.end_date.is_(None), Employment.end_date >= uow.today()),
        )
        .order_by(Employment.start_date)
        .limit(1)
        .correlate(Employee)
        .scalar_subquery()
        .label("site")
    )
