"""What is agreed with one person about free days, as HR and the person read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Row, Select, select

from portal.db import UnitOfWork
from portal.domain.holidays import HolidayPart, HolidaySource, minutes_of
from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.models.employee import Employee
from portal.models.person_holiday import PersonCalendar, PersonHoliday
from portal.models.team import Site
from portal.services import access


@dataclass(frozen=True)
class CalendarLine:
    """One agreed calendar. What has begun is not taken back: another one, or that of the own site, follows it."""

    id: UUID
    valid_from: date
    country: str | None
    subdivision: str | None
    site: str | None
    reason: str
    holds: bool
    may_undo: bool

    @property
    def may_end(self) -> bool:
        """Whether it stands now, and not that of the own site; its end is the first day of that one."""
        return self.holds and not self.may_undo and not (self.country is None and self.site is None)


@dataclass(frozen=True)
class DayLine:
    """One free day of the person."""

    id: UUID
    date: date
    part: HolidayPart
    starts_minute: int | None
    ends_minute: int | None
    name: str
    source: HolidaySource

    @property
    def minutes(self) -> tuple[int, int]:
        return minutes_of(self.part, self.starts_minute, self.ends_minute)


@dataclass(frozen=True)
class PersonHolidays:
    """All that is agreed with one person, the latest first."""

    id: UUID
    name: str
    calendars: list[CalendarLine]
    days: list[DayLine]
    may_change: bool


@dataclass(frozen=True)
class Kept:
    """One entry for the question before it is taken out; one of the two is there."""

    person: Employee
    calendar: CalendarLine | None = None
    day: DayLine | None = None


def show(uow: UnitOfWork, employee_id: UUID) -> PersonHolidays:
    """For HR, and for the person; anybody else is told that there is no such page."""
    if uow.actor.support is not None:
        raise Refusal(Reason.NOT_FOUND)
    if employee_id == uow.actor.employee_id:
        person = access.one_or_refuse(uow, select(Employee).where(Employee.id == employee_id))
    else:
        person = person_for(uow, employee_id)
    query = (
        select(PersonCalendar, Site.name)
        .outerjoin(Site, Site.id == PersonCalendar.site_id)
        .where(PersonCalendar.employee_id == employee_id)
        .order_by(PersonCalendar.valid_from.desc())
    )
    calendars, today = uow.session.execute(query).all(), uow.today()
    begun = max((row.valid_from for row, _site in calendars if row.valid_from <= today), default=None)
    days = select(PersonHoliday).where(PersonHoliday.employee_id == employee_id)
    in_order = days.order_by(PersonHoliday.date.desc(), PersonHoliday.starts_minute)
    return PersonHolidays(
        employee_id,
        person.name,
        [_calendar_line(row, site, today, holds=row.valid_from == begun) for row, site in calendars],
        [_day_line(row) for row in uow.session.scalars(in_order)],
        may_change=access.can(uow, Permission.HOLIDAY_MANAGE, Reach.COMPANY),
    )


def calendar(uow: UnitOfWork, calendar_id: UUID) -> Kept:
    query = (
        select(Employee, PersonCalendar, Site.name)
        .join(PersonCalendar, PersonCalendar.employee_id == Employee.id)
        .outerjoin(Site, Site.id == PersonCalendar.site_id)
        .where(PersonCalendar.id == calendar_id)
    )
    person, row, site = _one(uow, query)
    return Kept(person, calendar=_calendar_line(row, site, uow.today(), holds=False))


def day(uow: UnitOfWork, day_id: UUID) -> Kept:
    query = (
        select(Employee, PersonHoliday)
        .join(PersonHoliday, PersonHoliday.employee_id == Employee.id)
        .where(PersonHoliday.id == day_id)
    )
    person, row = _one(uow, query)
    return Kept(person, day=_day_line(row))


def _one(uow: UnitOfWork, query: Select[*tuple[Any, ...]]) -> Row[*tuple[Any, ...]]:
    """The entry of somebody with whom the actor may agree on free days."""
    within = access.employees_within(uow, Permission.HOLIDAY_MANAGE, Employee.id)
    found = uow.session.execute(query.where(within)).one_or_none()
    if found is None or uow.actor.support is not None:
        raise Refusal(Reason.NOT_FOUND)
    return found


def _calendar_line(row: PersonCalendar, site: str | None, today: date, *, holds: bool) -> CalendarLine:
    return CalendarLine(
        row.id,
        row.valid_from,
        row.country,
        row.subdivision,
        site,
        row.reason,
        holds=holds,
        may_undo=row.valid_from >= today,
    )


def _day_line(row: PersonHoliday) -> DayLine:
    return DayLine(row.id, row.date, row.part, row.starts_minute, row.ends_minute, row.name, row.source)


def person_for(uow: UnitOfWork, employee_id: UUID) -> Employee:
    """Somebody with whom the actor may agree on free days."""
    return access.employee_for(uow, Permission.HOLIDAY_MANAGE, employee_id)
