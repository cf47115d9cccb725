"""Hours that published rosters plan for people who work by them, against what their contracts ask. It reads."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, func, literal, or_, select

from portal.db import UnitOfWork
from portal.domain.holidays import NOTHING_FREE, FreeTime
from portal.domain.months import Month
from portal.domain.overtime import OvertimeStatus
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.roster_hours import RosterHours, finished, hours_of
from portal.domain.working_patterns import EmploymentTerms
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.overtime_credit import OvertimeCredit
from portal.services import access
from portal.services.holiday_book import book_of
from portal.services.holiday_effects import regions_of_sites
from portal.services.working_time import terms_of, working_time_beside


class PersonMonth(NamedTuple):
    employee_id: UUID
    month: Month


@dataclass(frozen=True)
class MonthLine:
    """A month that is over, as the person and whoever decides about their overtime read it."""

    month: Month
    hours: RosterHours
    #: Minutes beyond the contract that were booked or declined.
    settled: int


def taking_in(uow: UnitOfWork) -> AbsenceType | None:
    """The type on which such hours are proposed; None: nothing is proposed."""
    return uow.session.scalars(select(AbsenceType).where(*_proposed_on(uow))).one_or_none()


def people_by_roster(uow: UnitOfWork, months: Sequence[Month]) -> set[UUID]:
    """Who is still here and worked by the roster at any time in these months."""
    query = (
        select(Employment.employee_id)
        .join(Employee, Employee.id == Employment.employee_id)
        .where(
            Employee.active,
            Employment.by_roster,
            Employment.start_date <= months[-1].last_day,
            or_(Employment.end_date.is_(None), Employment.end_date >= months[0].first_day),
        )
    )
    return set(uow.session.scalars(query))


def hours_in(
    uow: UnitOfWork, ids: Collection[UUID], months: Sequence[Month]
) -> dict[PersonMonth, RosterHours]:
    """The months of these people of which a published roster says anything; few statements for any number."""
    if not ids:
        return {}
    terms = terms_of(uow, ids, (months[0].first_day, months[-1].last_day))
    regions, book = regions_of_sites(uow), book_of(uow)
    found = {}
    for employee_id, employments in terms.items():

        def free(day: date, at: EmploymentTerms, person_id: UUID = employee_id) -> FreeTime:
            return book.free(regions[at.site_id], day, person_id)

        for month in months:
            hours = hours_of(employments, month, free)
            if hours is not None:
                found[PersonMonth(employee_id, month)] = hours
    return found


def settled(uow: UnitOfWork, ids: Iterable[UUID], months: Sequence[Month]) -> dict[PersonMonth, int]:
    """Minutes of the roster's months that were booked or declined. What was taken out again is open once more."""
    row = OvertimeCredit
    query = (
        select(row.employee_id, row.roster_month, func.sum(row.worked_minutes))
        .where(
            row.employee_id.in_(ids),
            row.roster_month.in_([month.first_day for month in months]),
            row.status.in_([OvertimeStatus.BOOKED, OvertimeStatus.DECLINED]),
        )
        .group_by(row.employee_id, row.roster_month)
    )
    return {
        PersonMonth(person, Month.of(first)): int(minutes)
        for person, first, minutes in uow.session.execute(query)
        if first is not None
    }


def person_for(uow: UnitOfWork, employee_id: UUID) -> tuple[Employee, bool]:
    """Oneself, or somebody whose overtime one may decide; and whether the company proposes what rosters plan more."""
    if uow.actor.support is not None:  # their database role may not read hours
        raise Refusal(Reason.NOT_FOUND)
    proposes = select(AbsenceType.id).where(*_proposed_on(uow)).exists()
    own = Employee.id == uow.actor.employee_id
    within = access.employees_within(uow, Permission.ABSENCE_APPROVE, Employee.id)
    query = select(Employee, proposes).where(Employee.id == employee_id, or_(own, within))
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return found[0], bool(found[1])


def last_months(uow: UnitOfWork, employee_id: UUID) -> list[MonthLine]:
    """The latest month first; none of which no published roster says anything. The caller has looked who may see it."""
    months = finished(uow.today())
    nothing = literal(0).label("nothing")
    time, _ = working_time_beside(uow, employee_id, months[0].first_day, months[-1].last_day, nothing)
    free = time.free
    before = settled(uow, [employee_id], months)
    lines = []
    for month in reversed(months):
        hours = hours_of(time.employments, month, lambda day, _terms: free.get(day, NOTHING_FREE))
        if hours is not None:
            lines.append(MonthLine(month, hours, before.get(PersonMonth(employee_id, month), 0)))
    return lines


def _proposed_on(uow: UnitOfWork) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    return AbsenceType.overtime_of_roster.is_(True), AbsenceType.offered_on(uow.today())
