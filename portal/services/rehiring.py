"""Somebody who left comes back: the same person with all their past, and a new period of employment.

Mistakenly letting somebody go is taken back in people.py instead; that opens no new period.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.employment_periods import Stretch, free_from
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee, Employment
from portal.models.role import Role, RoleGrant
from portal.models.team import TeamMembership
from portal.services import (
    access,
    audit,
    employments,
    entitlements,
    licences,
    line_managers,
    memberships,
    people,
    roles,
)
from portal.services.employments import Terms

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class NewPeriod:
    """What is agreed anew. The address, the name and all that was recorded stay the person's."""

    first_day: date
    terms: Terms
    job_title: str | None
    line_manager_email: str
    team_ids: frozenset[UUID]


@dataclass(frozen=True)
class Leaver:
    """Who comes back, and what the form starts with: as they left, from the first day that is possible."""

    name: str
    last_day: date | None
    suggested: NewPeriod


def for_rehiring(uow: UnitOfWork, employee_id: UUID) -> Leaver:
    """Refused as not found for everybody who has not left, or is out of reach."""
    employee, segments = _leaver(uow, employee_id)
    last_day = max((one.end_date for one in segments if one.end_date), default=None)
    first_day = max(uow.today(), last_day + _ONE_DAY if last_day else uow.today())
    led = line_managers.rows_of(uow, [employee_id])[employee_id]
    manager = select(Employee.email).where(
        Employee.id == (led[-1].manager_id if led else None), Employee.active
    )
    suggested = NewPeriod(
        first_day,
        employments.terms_at(segments, first_day),
        employee.job_title,
        uow.session.scalar(manager) or "",
        frozenset(_last_teams(uow, employee_id)),
    )
    return Leaver(employee.name, last_day, suggested)


def check_may_rehire(uow: UnitOfWork, employee_id: UUID) -> str:
    """The name, for the page that shows a form again; refuses before anything of the form is looked at."""
    return _leaver(uow, employee_id)[0].name


def rehire(uow: UnitOfWork, employee_id: UUID, agreed: NewPeriod) -> None:
    """A new period from its first day on; the person can be invited at once, like anybody new.

    Of the roles only the one that everybody has comes back: what somebody may do is granted anew by who may (T90).
    """
    licences.hold_places(uow)
    employee = people.locked(uow, Permission.EMPLOYEE_EDIT, employee_id)
    if employee.active:
        raise Refusal(Reason.ALREADY_SO)
    licences.refuse_newcomers(uow)
    segments = employments.list_of(uow, employee_id)
    _refuse_overlap(segments, agreed.first_day)
    people.check_site(uow, agreed.terms.site_id)
    employee.active = True
    employee.job_title = agreed.job_title
    employments.begin(uow, employee_id, agreed.terms, agreed.first_day, opens_period=True)
    memberships.set_teams(uow, employee_id, agreed.team_ids, agreed.first_day)
    _set_manager(uow, employee_id, agreed, segments)
    _take_roles(uow, employee)
    uow.session.flush()
    if agreed.first_day.year == uow.today().year:  # later ones come with their year, like everybody's
        entitlements.ensure_grants(uow, [employee_id], [agreed.first_day.year])
    audit.record(
        uow,
        audit.Action.EMPLOYEE_REHIRED,
        subject=employee,
        start_date=agreed.first_day.isoformat(),
        weekly_minutes=agreed.terms.pattern.weekly_minutes,
        teams=len(agreed.team_ids),
    )


def _leaver(uow: UnitOfWork, employee_id: UUID) -> tuple[Employee, list[Employment]]:
    employee = access.employee_for(uow, Permission.EMPLOYEE_EDIT, employee_id)
    if employee.active or employee.erased_at is not None:
        raise Refusal(Reason.NOT_FOUND)
    return employee, employments.list_of(uow, employee_id)


def _refuse_overlap(segments: list[Employment], first_day: date) -> None:
    """Said here with the day that is possible; the database refuses overlaps all the same."""
    free = free_from([Stretch(one.start_date, one.end_date) for one in segments])
    if free is None:
        raise Refusal(Reason.PERIOD_HAS_NO_END, field="terms_from")
    if first_day < free:
        raise Refusal(Reason.PERIODS_OVERLAP, field="terms_from", date=free)


def _set_manager(uow: UnitOfWork, employee_id: UUID, agreed: NewPeriod, segments: list[Employment]) -> None:
    """From today on, as with anybody new, but not before the last period is over."""
    free = max((one.end_date + _ONE_DAY for one in segments if one.end_date), default=uow.today())
    day = min(agreed.first_day, max(uow.today(), free))
    line_managers.change_from(uow, employee_id, line_managers.find(uow, agreed.line_manager_email), day)


def _take_roles(uow: UnitOfWork, employee: Employee) -> None:
    held = uow.session.execute(
        select(RoleGrant, Role.key)
        .join(Role, Role.id == RoleGrant.role_id)
        .where(RoleGrant.employee_id == employee.id, Role.key != roles.EVERYONE)
    )
    for row, key in held.all():
        uow.session.delete(row)
        audit.record(
            uow, audit.Action.ROLE_REVOKED, subject=row, role=key, person=employee.email, source="rehire"
        )


def _last_teams(uow: UnitOfWork, employee_id: UUID) -> list[UUID]:
    """The teams that were left last, together."""
    rows = list(uow.session.scalars(select(TeamMembership).where(TeamMembership.employee_id == employee_id)))
    last = max((row.end_date for row in rows if row.end_date), default=None)
    return [row.team_id for row in rows if row.end_date == last]
