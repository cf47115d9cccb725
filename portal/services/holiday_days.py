"""The pieces of the book of holidays as values: regions, own days, and what is agreed with one person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from portal.domain.holidays import HolidayPart, HolidaySource, minutes_of

Place = tuple[str, str | None]
#: What calendars call a day that is free for one person alone, whatever it is; by language, as other names are.
_OWN_DAY = {"en": "Own free day", "cs": "Vlastní volný den", "de": "Eigener freier Tag"}


class Region(NamedTuple):
    """Where public holidays come from."""

    country: str
    subdivision: str | None
    #: The site, whose own days count too.
    site_id: UUID | None = None
    #: Whether it is where the company is, so that it moves along with it.
    follows: bool = False
    #: The country is agreed with somebody, wherever the site is.
    agreed: bool = False
    #: Somebody for whom other days are free than for the site.
    employee_id: UUID | None = None


def region_at(home: Place, country: str | None, subdivision: str | None, site_id: UUID | None) -> Region:
    """Of a site; one that names none is where the company is."""
    if country:
        return Region(country, subdivision, site_id)
    return Region(*home, site_id, follows=True)


@dataclass(frozen=True)
class OwnDay:
    """A day that the company decided itself, for a site or for one person. `names` are by language."""

    id: UUID | None
    site_id: UUID | None
    date: date
    part: HolidayPart
    free: bool
    name: str
    names: tuple[tuple[str, str], ...] = ()
    source: HolidaySource = HolidaySource.MANUAL
    #: Minutes of the day, only for a part from-to.
    starts_minute: int | None = None
    ends_minute: int | None = None
    #: Free for this person alone.
    employee_id: UUID | None = None

    @property
    def minutes(self) -> tuple[int, int]:
        return minutes_of(self.part, self.starts_minute, self.ends_minute)

    def named(self, language: str) -> str:
        if self.employee_id is not None and not self.name:
            return _OWN_DAY.get(language, _OWN_DAY["en"])
        return dict(self.names).get(language) or self.name


@dataclass(frozen=True)
class RegionFrom:
    """From a day on a site (None: the company) is here; without a country it is where the company is."""

    id: UUID | None
    site_id: UUID | None
    valid_from: date
    country: str | None
    subdivision: str | None


@dataclass(frozen=True)
class CalendarFrom:
    """From a day on a person follows a region's or a site's calendar; without either their own site's again."""

    id: UUID | None
    employee_id: UUID
    valid_from: date
    #: Of a site its own region, which moves with that site.
    region: Region | None


@dataclass(frozen=True)
class PersonDays:
    """What is agreed with one person: calendars by date, and days that are free for them alone."""

    calendars: tuple[CalendarFrom, ...] = ()
    days: tuple[OwnDay, ...] = ()

    def calendar_on(self, day: date) -> CalendarFrom | None:
        begun = [one for one in self.calendars if one.valid_from <= day]
        return max(begun, key=lambda one: one.valid_from, default=None)


@dataclass(frozen=True)
class HolidayLine:
    """A holiday of one site with where it comes from; `worked` where the site works all the same."""

    date: date
    name: str
    part: HolidayPart
    source: HolidaySource
    own_id: UUID | None = None
    #: Decided for every site at once.
    everywhere: bool = False
    worked: bool = False
    starts_minute: int | None = None
    ends_minute: int | None = None
    #: Free for one person alone: what it is called is theirs and HR's to read.
    personal: bool = False

    @property
    def minutes(self) -> tuple[int, int]:
        return minutes_of(self.part, self.starts_minute, self.ends_minute)
