"""What HR agrees with one person about free days: another calendar from a day on, and days free for them alone.

Nothing is changed before somebody has seen which absences it touches; holiday_effects.py then gives back what is freed.
What they read of it is in agreed_holidays.py. Days of faith say what somebody believes: besides HR only the person
reads what they are called.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.holidays import HolidayPart, HolidaySource, check_part
from portal.domain.periods import EARLIEST_DATE, LATEST_DATE
from portal.domain.refusals import Reason, Refusal
from portal.integrations.public_holidays import countries, subdivisions
from portal.models.employee import Employee
from portal.models.person_holiday import PersonCalendar, PersonHoliday
from portal.models.team import Site
from portal.services import access, agreed_holidays, audit, holiday_effects
from portal.services.agreed_holidays import Kept, person_for
from portal.services.holiday_book import HolidayBook, book_of, forget_book, region_of
from portal.services.holiday_days import CalendarFrom, OwnDay, PersonDays, Region
from portal.services.holiday_effects import Affected
from portal.services.staffing import notice

LONGEST_NAME = 80
LONGEST_REASON = 200
MOST_AT_ONCE = 60


@dataclass(frozen=True)
class DayWish:
    """A day that becomes free for somebody."""

    date: date
    part: HolidayPart
    name: str
    starts_minute: int | None = None
    ends_minute: int | None = None
    source: HolidaySource = HolidaySource.MANUAL


@dataclass(frozen=True)
class CalendarWish:
    """From a day on a country's or a site's calendar; without either that of the own site again."""

    valid_from: date
    reason: str
    country: str | None = None
    subdivision: str | None = None
    site_id: UUID | None = None


def preview_calendar(uow: UnitOfWork, employee_id: UUID, wish: CalendarWish) -> list[Affected]:
    """Which absences of the person cost less by it, or would cost more. Refused where it makes no sense."""
    person_for(uow, employee_id)
    after = _with_calendar(uow, employee_id, wish)
    return holiday_effects.effects(uow, after, (), onward=wish.valid_from, employee_id=employee_id)


def change_calendar(uow: UnitOfWork, employee_id: UUID, wish: CalendarWish, *, called: str) -> int:
    """The person follows it from that day on; how many absences became cheaper. `called`: in words, for the letters."""
    _hold(uow, employee_id)
    affected = preview_calendar(uow, employee_id, wish)
    row = PersonCalendar(
        id=uuid4(),
        employee_id=employee_id,
        valid_from=wish.valid_from,
        country=wish.country,
        subdivision=wish.subdivision,
        site_id=wish.site_id,
        reason=wish.reason,
        author_id=uow.actor.employee_id,
    )
    uow.session.add(row)
    audit.record(uow, audit.Action.HOLIDAY_CALENDAR_AGREED, subject=row)
    return _carry_out(uow, affected, called)


def preview_days(uow: UnitOfWork, employee_id: UUID, days: Sequence[DayWish]) -> list[Affected]:
    """The same for days that become free. Refused where one is there already, naming the date."""
    person_for(uow, employee_id)
    _check_days(uow, employee_id, days)
    own = _agreed(uow, employee_id)
    added = [
        OwnDay(
            None,
            None,
            one.date,
            one.part,
            free=True,
            name=one.name,
            source=one.source,
            starts_minute=one.starts_minute,
            ends_minute=one.ends_minute,
            employee_id=employee_id,
        )
        for one in days
    ]
    after = book_of(uow).changed(person=(employee_id, PersonDays(own.calendars, (*own.days, *added))))
    dates = {one.date for one in days}
    return holiday_effects.effects(uow, after, dates, onward=None, employee_id=employee_id)


def add_days(uow: UnitOfWork, employee_id: UUID, days: Sequence[DayWish]) -> int:
    """The days are free for the person from now on; how many absences became cheaper."""
    _hold(uow, employee_id)
    affected = preview_days(uow, employee_id, days)
    for one in days:
        row = PersonHoliday(
            id=uuid4(),
            employee_id=employee_id,
            date=one.date,
            part=one.part,
            starts_minute=one.starts_minute,
            ends_minute=one.ends_minute,
            name=one.name,
            source=one.source,
            author_id=uow.actor.employee_id,
        )
        uow.session.add(row)
        audit.record(uow, audit.Action.HOLIDAY_AGREED, subject=row)
    return _carry_out(uow, affected, ", ".join(dict.fromkeys(one.name for one in days)))


def preview_calendar_removal(uow: UnitOfWork, kept: Kept) -> list[Affected]:
    """What taking a calendar back would change. Refused once it has begun: what is over stays as it was."""
    line = kept.calendar
    if line is None or not line.may_undo:
        raise Refusal(Reason.RULES_NOT_BACKDATED, earliest=uow.today())
    own = _agreed(uow, kept.person.id)
    left = tuple(one for one in own.calendars if one.id != line.id)
    after = book_of(uow).changed(person=(kept.person.id, PersonDays(left, own.days)))
    return holiday_effects.effects(uow, after, (), onward=line.valid_from, employee_id=kept.person.id)


def remove_calendar(uow: UnitOfWork, calendar_id: UUID, *, called: str) -> UUID:
    """Takes it back. Nobody is charged for it; what becomes free again is given back. Answers whose it was."""
    kept = agreed_holidays.calendar(uow, calendar_id)
    _hold(uow, kept.person.id)
    affected = preview_calendar_removal(uow, kept)
    row = access.one_or_refuse(uow, select(PersonCalendar).where(PersonCalendar.id == calendar_id))
    uow.session.delete(row)
    audit.record(uow, audit.Action.HOLIDAY_CALENDAR_DROPPED, subject=row)
    _carry_out(uow, affected, called)
    return kept.person.id


def preview_day_removal(uow: UnitOfWork, kept: Kept) -> list[Affected]:
    """Which absences were not charged for that day."""
    if kept.day is None:
        raise Refusal(Reason.NOT_FOUND)
    own = _agreed(uow, kept.person.id)
    left = tuple(one for one in own.days if one.id != kept.day.id)
    after = book_of(uow).changed(person=(kept.person.id, PersonDays(own.calendars, left)))
    return holiday_effects.effects(uow, after, {kept.day.date}, onward=None, employee_id=kept.person.id)


def remove_day(uow: UnitOfWork, day_id: UUID) -> UUID:
    """The day is a day like any other again. Nobody is charged for it. Answers whose it was."""
    kept = agreed_holidays.day(uow, day_id)
    _hold(uow, kept.person.id)
    affected = preview_day_removal(uow, kept)
    row = access.one_or_refuse(uow, select(PersonHoliday).where(PersonHoliday.id == day_id))
    uow.session.delete(row)
    audit.record(uow, audit.Action.HOLIDAY_AGREEMENT_ENDED, subject=row)
    _carry_out(uow, affected, row.name)
    return kept.person.id


def _hold(uow: UnitOfWork, employee_id: UUID) -> None:
    """Of two changes for one person at once the second sees what the first has done."""
    uow.session.execute(select(Employee.id).where(Employee.id == employee_id).with_for_update(key_share=True))
    forget_book(uow)


def _agreed(uow: UnitOfWork, employee_id: UUID) -> PersonDays:
    return book_of(uow).people.get(employee_id, PersonDays())


def _carry_out(uow: UnitOfWork, affected: list[Affected], called: str) -> int:
    forget_book(uow)
    notice.ask(uow)
    return holiday_effects.carry_out(uow, affected, called)


def _with_calendar(uow: UnitOfWork, employee_id: UUID, wish: CalendarWish) -> HolidayBook:
    if wish.valid_from < uow.today():
        raise Refusal(Reason.RULES_NOT_BACKDATED, field="valid_from", earliest=uow.today())
    if wish.valid_from > LATEST_DATE:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field="valid_from", earliest=uow.today(), latest=LATEST_DATE)
    if not wish.reason.strip():
        raise Refusal(Reason.MISSING, field="reason")
    if len(wish.reason) > LONGEST_REASON:
        raise Refusal(Reason.TOO_LONG, field="reason", limit=LONGEST_REASON)
    own = _agreed(uow, employee_id)
    if any(one.valid_from == wish.valid_from for one in own.calendars):
        raise Refusal(Reason.HOLIDAY_THERE_ALREADY, field="valid_from", date=wish.valid_from)
    region = _region(uow, wish)
    before = own.calendar_on(wish.valid_from)
    if (before.region if before else None) == region:
        raise Refusal(Reason.ALREADY_SO, field="valid_from")
    calendar = CalendarFrom(None, employee_id, wish.valid_from, region)
    return book_of(uow).changed(person=(employee_id, PersonDays((*own.calendars, calendar), own.days)))


def _region(uow: UnitOfWork, wish: CalendarWish) -> Region | None:
    if wish.site_id is not None:
        if wish.country is not None:
            raise Refusal(Reason.UNKNOWN_REGION, field="calendar")
        site = access.one_or_refuse(uow, select(Site).where(Site.id == wish.site_id))
        return region_of(uow, site.country, site.subdivision, site.id)
    if wish.country is None:
        return None
    if wish.country not in countries():
        raise Refusal(Reason.UNKNOWN_REGION, field="calendar")
    if wish.subdivision is not None and wish.subdivision not in subdivisions(wish.country):
        raise Refusal(Reason.UNKNOWN_REGION, field="subdivision")
    return Region(wish.country, wish.subdivision)


def _check_days(uow: UnitOfWork, employee_id: UUID, days: Sequence[DayWish]) -> None:
    if not days:
        raise Refusal(Reason.MISSING, field="chosen")
    if len(days) > MOST_AT_ONCE:
        raise Refusal(Reason.IMPORT_TOO_LARGE, field="chosen", limit=MOST_AT_ONCE)
    taken = {(one.date, one.part) for one in _agreed(uow, employee_id).days}
    for one in days:
        if not EARLIEST_DATE <= one.date <= LATEST_DATE:
            raise Refusal(Reason.DATE_OUT_OF_RANGE, field="date", earliest=EARLIEST_DATE, latest=LATEST_DATE)
        check_part(one.part, one.starts_minute, one.ends_minute)
        if not one.name.strip():
            raise Refusal(Reason.MISSING, field="name")
        if len(one.name) > LONGEST_NAME:
            raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
        if (one.date, one.part) in taken:
            raise Refusal(Reason.HOLIDAY_THERE_ALREADY, field="date", date=one.date)
        taken.add((one.date, one.part))
