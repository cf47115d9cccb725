"""Which days are free where and for whom: computed holidays of the region that holds on the date, and own days.

The one truth for requests, calendars, rosters and feeds. It reads; what changes it is in holidays.py, and for one
person in personal_holidays.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.holidays import FreeTime, HolidayPart, HolidaySource, PublicHoliday
from portal.domain.refusals import Refusal
from portal.integrations.public_holidays import public_holidays
from portal.services.holiday_days import HolidayLine, OwnDay, PersonDays, Place, Region, RegionFrom, region_at
from portal.services.holiday_rows import DECIDED, rows_of

_KEPT_AS = "holiday_book"


@dataclass(frozen=True)
class HolidayBook:
    """All that the company has decided, and where it is."""

    home: Place
    days: tuple[OwnDay, ...]
    regions: tuple[RegionFrom, ...]
    #: Only those with whom something is agreed.
    people: Mapping[UUID, PersonDays] = field(default_factory=dict)
    _known: dict[tuple[Region, int, str], tuple[HolidayLine, ...]] = field(
        default_factory=dict, compare=False, repr=False
    )

    def changed(
        self,
        *,
        added: Iterable[OwnDay] = (),
        removed: UUID | None = None,
        region: RegionFrom | None = None,
        dropped_region: UUID | None = None,
        person: tuple[UUID, PersonDays] | None = None,
    ) -> HolidayBook:
        """As it would be."""
        kept = (day for day in self.days if removed is None or day.id != removed)
        places = (one for one in self.regions if dropped_region is None or one.id != dropped_region)
        return replace(
            self,
            days=(*kept, *added),
            regions=(*places, *([region] if region else [])),
            people={**self.people, **dict([person] if person else [])},
            _known={},
        )

    def region_for(self, region: Region, employee_id: UUID | None) -> Region:
        """Where somebody who works there takes their holidays from: the same, unless something else is agreed."""
        return region._replace(employee_id=employee_id if employee_id in self.people else None)

    def lines(self, region: Region, year: int, language: str) -> tuple[HolidayLine, ...]:
        """The year of a region by date; also what is worked, which a list shows and nothing else counts."""
        key = region, year, language
        if key not in self._known:
            found = self._lines if region.employee_id is None else self._lines_of_person
            self._known[key] = tuple(found(region, year, language))
        return self._known[key]

    def free(self, region: Region, day: date, employee_id: UUID | None = None) -> FreeTime:
        """What of the day is free there, for somebody in particular if one is named."""
        found = self.lines(self.region_for(region, employee_id), day.year, "en")
        return frozenset(line.minutes for line in found if line.date == day and not line.worked)

    def place_on(self, region: Region, day: date) -> Place:
        """Where a region's computed holidays come from on that day."""
        if region.agreed:
            return region.country, region.subdivision
        if region.site_id is not None:
            own = self._latest(region.site_id, day)
            if own is not None and own.country:
                return own.country, own.subdivision
            if own is None and not region.follows:
                return region.country, region.subdivision
        elif not region.follows:
            return region.country, region.subdivision
        company = self._latest(None, day)
        return (company.country, company.subdivision) if company and company.country else self.home

    def _latest(self, site_id: UUID | None, day: date) -> RegionFrom | None:
        begun = [one for one in self.regions if one.site_id == site_id and one.valid_from <= day]
        return max(begun, key=lambda one: one.valid_from, default=None)

    def _lines_of_person(self, region: Region, year: int, language: str) -> Iterator[HolidayLine]:
        """By date the lines of the calendar that they follow then, and the days that are free for them alone."""
        own = self.people.get(region.employee_id) if region.employee_id else None
        site = region._replace(employee_id=None)
        if own is None:
            yield from self.lines(site, year, language)
            return
        turns = {date(year, 1, 1)} | {one.valid_from for one in own.calendars if one.valid_from.year == year}
        found = [_line_of(day, language) for day in own.days if day.date.year == year]
        for base in {_base(own, site, day) for day in turns}:
            lines = self.lines(base, year, language)
            found += (line for line in lines if _base(own, site, line.date) == base)
        yield from sorted(found, key=lambda one: (one.date, one.part != HolidayPart.FULL, one.name))

    def _lines(self, region: Region, year: int, language: str) -> Iterator[HolidayLine]:
        own = [day for day in self.days if day.date.year == year and day.site_id in (None, region.site_id)]
        worked = {day.date: day for day in own if not day.free}
        found = [
            HolidayLine(day.date, day.name, day.part, HolidaySource.COMPUTED)
            for day in self._computed(region, year, language)
        ]
        found += [_line_of(day, language) for day in own if day.free]
        for line in sorted(found, key=lambda one: (one.date, one.part != HolidayPart.FULL, one.name)):
            against = worked.get(line.date)
            # What a site has decided for itself counts more than what is decided for all.
            if against is None or (line.own_id and not line.everywhere):
                yield line
            else:
                yield replace(
                    line, worked=True, own_id=line.own_id or against.id, everywhere=against.site_id is None
                )

    def _computed(self, region: Region, year: int, language: str) -> Iterator[PublicHoliday]:
        turns = {date(year, 1, 1)} | {one.valid_from for one in self.regions if one.valid_from.year == year}
        for place in sorted({self.place_on(region, day) for day in turns}, key=str):
            try:
                listed = public_holidays(*place, [year], language)
            except Refusal:  # no calendar is known of that region
                continue
            yield from (one for one in listed if self.place_on(region, one.date) == place)


def _line_of(day: OwnDay, language: str) -> HolidayLine:
    personal = day.employee_id is not None
    return HolidayLine(
        day.date,
        day.named(language),
        day.part,
        day.source,
        day.id,
        everywhere=day.site_id is None and not personal,
        starts_minute=day.starts_minute,
        ends_minute=day.ends_minute,
        personal=personal,
    )


def _base(own: PersonDays, site: Region, day: date) -> Region:
    """Another site's calendar is all of that site; a country's stands in for the computed days of the own site."""
    calendar = own.calendar_on(day)
    if calendar is None or calendar.region is None:
        return site
    if calendar.region.site_id is not None:
        return calendar.region
    return calendar.region._replace(site_id=site.site_id, agreed=True)


def book_of(uow: UnitOfWork) -> HolidayBook:
    """The company's book, read once in a unit of work, in one statement."""
    found = uow.session.info.get(_KEPT_AS)
    if isinstance(found, HolidayBook) and found.home == (uow.company.country, uow.company.subdivision):
        return found
    return keep_book(uow, uow.session.scalar(select(DECIDED)))


def keep_book(uow: UnitOfWork, decided: list[list[Any]] | None) -> HolidayBook:
    """The book from what another statement has read along with its own rows: DECIDED as a column."""
    days, regions, people = rows_of(decided or [], home=(uow.company.country, uow.company.subdivision))
    book = HolidayBook((uow.company.country, uow.company.subdivision), days, regions, people)
    uow.session.info[_KEPT_AS] = book
    return book


def forget_book(uow: UnitOfWork) -> None:
    """After a change: who asks next reads it again."""
    uow.session.flush()
    uow.session.info.pop(_KEPT_AS, None)


def region_of(
    uow: UnitOfWork, country: str | None, subdivision: str | None, site_id: UUID | None = None
) -> Region:
    """The region of a site; a site that names none is where the company is."""
    return region_at((uow.company.country, uow.company.subdivision), country, subdivision, site_id)


def region_of_person(
    uow: UnitOfWork, employee_id: UUID, country: str | None, subdivision: str | None, site_id: UUID | None
) -> Region:
    """The same for somebody who works there. Asks the book, so whoever has read it with other rows keeps it first."""
    return book_of(uow).region_for(region_of(uow, country, subdivision, site_id), employee_id)
