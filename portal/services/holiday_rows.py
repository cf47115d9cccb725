"""All that a company has decided about holidays, read as one value beside whatever else a page reads.

Of days that are free for one person alone it says when and not what they are called: that is read where HR keeps them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Integer, Text, Uuid, cast, func, literal, null, select, union_all

from portal.domain.holidays import HolidayPart, HolidaySource
from portal.models.holiday import SiteHoliday, SiteRegion
from portal.models.person_holiday import PersonCalendar, PersonHoliday
from portal.models.team import Site
from portal.services.holiday_days import (
    CalendarFrom,
    OwnDay,
    PersonDays,
    Place,
    Region,
    RegionFrom,
    region_at,
)

_DAY, _REGION, _CALENDAR = "day", "region", "calendar"
Rows = tuple[tuple[OwnDay, ...], tuple[RegionFrom, ...], dict[UUID, PersonDays]]


def rows_of(decided: Iterable[list[Any]], *, home: Place) -> Rows:
    """The rows of DECIDED: own days of sites, regions of sites, and what is agreed with people."""
    days: list[OwnDay] = []
    regions: list[RegionFrom] = []
    people: dict[UUID, PersonDays] = {}
    for what, row_id, site, person, on, country, subdivision, *rest in decided:
        key, site_id, day = UUID(row_id), UUID(site) if site else None, date.fromisoformat(on)
        employee_id = UUID(person) if person else None
        own = people.setdefault(employee_id, PersonDays()) if employee_id else PersonDays()
        if what == _REGION:
            regions.append(RegionFrom(key, site_id, day, country, subdivision))
        elif what == _CALENDAR and employee_id:
            region = Region(country, subdivision) if country else None
            if site_id is not None:
                region = region_at(home, rest[-2], rest[-1], site_id)
            calendar = CalendarFrom(key, employee_id, day, region)
            people[employee_id] = PersonDays((*own.calendars, calendar), own.days)
        elif what == _DAY:
            found = _day(key, site_id, employee_id, day, rest)
            if employee_id:
                people[employee_id] = PersonDays(own.calendars, (*own.days, found))
            else:
                days.append(found)
    return tuple(days), tuple(regions), people


def _day(key: UUID, site_id: UUID | None, employee_id: UUID | None, day: date, rest: list[Any]) -> OwnDay:
    part, name, name_cs, name_de, source, starts, ends, free, *_site = rest
    names = tuple((language, named) for language, named in (("cs", name_cs), ("de", name_de)) if named)
    return OwnDay(
        key,
        site_id,
        day,
        HolidayPart(part),
        bool(free),
        name or "",
        names,
        HolidaySource(source),
        starts,
        ends,
        employee_id,
    )


def _text(value: Any = None) -> Any:
    return cast(null() if value is None else value, Text)


def _number(value: Any = None) -> Any:
    return cast(null() if value is None else value, Integer)


# Built once: putting this together costs more than running it.
_ALL: Any = union_all(
    select(
        literal(_DAY).label("what"),
        SiteHoliday.id,
        SiteHoliday.site_id.label("site_id"),
        cast(null(), Uuid).label("employee_id"),
        SiteHoliday.date.label("day"),
        _text().label("country"),
        _text().label("subdivision"),
        _text(SiteHoliday.part).label("part"),
        SiteHoliday.name.label("name"),
        SiteHoliday.name_cs,
        SiteHoliday.name_de,
        _text(SiteHoliday.source).label("source"),
        _number(SiteHoliday.starts_minute).label("starts_minute"),
        _number(SiteHoliday.ends_minute).label("ends_minute"),
        cast(SiteHoliday.free, Integer).label("free"),
        _text().label("site_country"),
        _text().label("site_subdivision"),
    ),
    select(
        literal(_REGION),
        SiteRegion.id,
        SiteRegion.site_id,
        cast(null(), Uuid),
        cast(SiteRegion.valid_from, Date),
        SiteRegion.country,
        SiteRegion.subdivision,
        *(_text() for _ in range(5)),
        *(_number() for _ in range(3)),
        *(_text() for _ in range(2)),
    ),
    select(
        literal(_DAY),
        PersonHoliday.id,
        cast(null(), Uuid),
        PersonHoliday.employee_id,
        PersonHoliday.date,
        _text(),
        _text(),
        _text(PersonHoliday.part),
        _text(),
        _text(),
        _text(),
        _text(PersonHoliday.source),
        _number(PersonHoliday.starts_minute),
        _number(PersonHoliday.ends_minute),
        _number(literal(1)),
        _text(),
        _text(),
    ),
    select(
        literal(_CALENDAR),
        PersonCalendar.id,
        PersonCalendar.site_id,
        PersonCalendar.employee_id,
        cast(PersonCalendar.valid_from, Date),
        PersonCalendar.country,
        PersonCalendar.subdivision,
        _text(),
        *(_text() for _ in range(4)),
        *(_number() for _ in range(3)),
        Site.country,
        Site.subdivision,
    ).outerjoin(Site, Site.id == PersonCalendar.site_id),
).subquery("decided")
#: All that is decided, as one value: pages that read much already ask for it beside their own rows.
DECIDED = select(func.json_agg(func.json_build_array(*_ALL.c))).scalar_subquery()
