"""What is agreed with one person about free days, as HR and the person read it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import select

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
    """One agreed calendar. What has begun is not taken back: another one follows it."""

    id: UUID
    valid_from: date
    country: str | None
    subdivision: str | None
    site: str | None
    reason: str
    holds: bool
    may_undo: bool


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

    person: PersonHolidays
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
    begun = [row.valid_from for row, _site in calendars if row.valid_from <= today]
    days = select(PersonHoliday).where(PersonHoliday.employee_id == employee_id)
    return PersonHolidays(
        employee_id,
        f"{person.first_name} {person.last_name}",
        [
            CalendarLine(
                row.id,
                row.valid_from,
                row.country,
                row.subdivision,
                site,
                row.reason,
                holds=row.valid_from == max(begun, default=None),
                may_undo=row.valid_from >= today,
            )
            for row, site in calendars
        ],
        [
            DayLine(row.id, row.date, row.part, row.starts_minute, row.ends_minute, row.name, row.source)
            for row in uow.session.scalars(
                days.order_by(PersonHoliday.date.desc(), PersonHoliday.starts_minute)
            )
        ],
        may_change=access.can(uow, Permission.HOLIDAY_MANAGE, Reach.COMPANY),
    )


def calendar(uow: UnitOfWork, calendar_id: UUID) -> Kept:
    row = access.one_or_refuse(uow, select(PersonCalendar).where(PersonCalendar.id == calendar_id))
    person = show(uow, person_for(uow, row.employee_id).id)
    return Kept(person, calendar=next(one for one in person.calendars if one.id == calendar_id))


def day(uow: UnitOfWork, day_id: UUID) -> Kept:
    row = access.one_or_refuse(uow, select(PersonHoliday).where(PersonHoliday.id == day_id))
    person = show(uow, person_for(uow, row.employee_id).id)
    return Kept(person, day=next(one for one in person.days if one.id == day_id))


def person_for(uow: UnitOfWork, employee_id: UUID) -> Employee:
    """Somebody with whom the actor may agree on free days."""
    return access.employee_for(uow, Permission.HOLIDAY_MANAGE, employee_id)
