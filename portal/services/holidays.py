"""A company's public holidays: the year of each site, own days and regions by date, each with what it would change.

Nothing is changed before somebody has seen whom it touches; holiday_effects.py then gives back what is freed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.holidays import check_part, free_minutes
from portal.domain.refusals import Reason, Refusal
from portal.integrations.public_holidays import countries, subdivisions
from portal.models.holiday import SiteHoliday, SiteRegion
from portal.models.team import Site
from portal.services import access, audit, holiday_effects
from portal.services.holiday_book import HolidayBook, book_of, forget_book, region_of
from portal.services.holiday_days import HolidayLine, OwnDay, Place, Region, RegionFrom
from portal.services.holiday_effects import Affected
from portal.services.name_order import alphabetical
from portal.services.staffing import notice

LONGEST_NAME = 80
MOST_AT_ONCE = 400
EARLIEST_YEAR, LATEST_YEAR = 2000, 2099


@dataclass(frozen=True)
class SiteName:
    """A site to choose from; without an id it stands for all of the company."""

    id: UUID | None
    name: str
    region: Region


@dataclass(frozen=True)
class SiteYear:
    """The holidays of a site in one year, and where it takes them from."""

    sites: list[SiteName]
    site: SiteName
    year: int
    lines: tuple[HolidayLine, ...]
    #: Where it is today.
    place: Place
    #: The places by date, those of the site before it follows the company again included; latest first.
    regions: list[RegionFrom]


@dataclass(frozen=True)
class OwnHoliday:
    """One own day with the site it is of, for the question before it is removed."""

    day: OwnDay
    site: str


def site_year(uow: UnitOfWork, year: int, site_id: UUID | None) -> SiteYear:
    """The year of a site; without one the company's own region with what holds everywhere."""
    _check_year(year)
    known = sites(uow)
    site = next((one for one in known if one.id == site_id), None)
    if site is None:
        raise Refusal(Reason.NOT_FOUND)
    book = book_of(uow)
    regions = [one for one in book.regions if one.site_id == site_id]
    return SiteYear(
        sites=known,
        site=site,
        year=year,
        lines=book.lines(site.region, year, uow.actor.language),
        place=book.place_on(site.region, uow.today()),
        regions=sorted(regions, key=lambda one: one.valid_from, reverse=True),
    )


def preview_days(uow: UnitOfWork, days: Sequence[OwnDay]) -> list[Affected]:
    """Whom these days would touch. Refused where they make no sense, naming the date."""
    _check_days(uow, days)
    after = book_of(uow).changed(added=days)
    return holiday_effects.effects(uow, after, {day.date for day in days}, onward=None)


def add_days(uow: UnitOfWork, days: Sequence[OwnDay]) -> int:
    """Adds the days and gives back what they free; returns how many absences became cheaper."""
    affected = preview_days(uow, days)
    for day in days:
        names = dict(day.names)
        row = SiteHoliday(
            id=uuid4(),
            site_id=day.site_id,
            date=day.date,
            part=day.part,
            starts_minute=day.starts_minute,
            ends_minute=day.ends_minute,
            free=day.free,
            name=day.name,
            name_cs=names.get("cs"),
            name_de=names.get("de"),
            source=day.source,
            author_id=uow.actor.employee_id,
        )
        uow.session.add(row)
        audit.record(uow, audit.Action.HOLIDAY_ADDED, subject=row)
    forget_book(uow)
    notice.ask(uow)
    return holiday_effects.carry_out(uow, affected, ", ".join(dict.fromkeys(day.name for day in days)))


def own_holiday(uow: UnitOfWork, holiday_id: UUID) -> OwnHoliday:
    row = access.one_or_refuse(uow, select(SiteHoliday).where(SiteHoliday.id == holiday_id))
    site = next(one for one in sites(uow) if one.id == row.site_id)
    day = next(one for one in book_of(uow).days if one.id == row.id)
    return OwnHoliday(day, site.name)


def preview_removal(uow: UnitOfWork, holiday_id: UUID) -> list[Affected]:
    """Who was not charged for that day, or would now be charged less because it is free again."""
    book = book_of(uow)
    dates = {day.date for day in book.days if day.id == holiday_id}
    return holiday_effects.effects(uow, book.changed(removed=holiday_id), dates, onward=None)


def remove(uow: UnitOfWork, holiday_id: UUID) -> int:
    """Takes an own day out. Nobody is charged for it; what becomes free again is given back."""
    query = select(SiteHoliday).where(SiteHoliday.id == holiday_id).with_for_update()
    row = access.one_or_refuse(uow, query)
    affected = preview_removal(uow, holiday_id)
    uow.session.delete(row)
    audit.record(uow, audit.Action.HOLIDAY_REMOVED, subject=row)
    forget_book(uow)
    notice.ask(uow)
    return holiday_effects.carry_out(uow, affected, row.name)


def preview_region(uow: UnitOfWork, change: RegionFrom) -> list[Affected]:
    """Whom it would touch that a site is somewhere else from a day on."""
    return holiday_effects.effects(uow, _with_region(uow, change), (), onward=change.valid_from)


def change_region(uow: UnitOfWork, change: RegionFrom) -> int:
    """The site takes its holidays from there, from that day on; a change of the same day is replaced."""
    affected = preview_region(uow, change)
    query = select(SiteRegion).where(
        SiteRegion.site_id.is_not_distinct_from(change.site_id), SiteRegion.valid_from == change.valid_from
    )
    row = uow.session.scalars(query).one_or_none()
    if row is None:
        row = SiteRegion(id=uuid4(), site_id=change.site_id, valid_from=change.valid_from)
        uow.session.add(row)
    row.country, row.subdivision = change.country, change.subdivision
    row.author_id = uow.actor.employee_id
    audit.record(uow, audit.Action.HOLIDAY_REGION_CHANGED, subject=row)
    forget_book(uow)
    return holiday_effects.carry_out(uow, affected, change.country or "")


def drop_region(uow: UnitOfWork, region_id: UUID) -> UUID | None:
    """Takes back a region that does not hold yet, so that nothing that is over changes; which site it was of."""
    row = access.one_or_refuse(
        uow, select(SiteRegion).where(SiteRegion.id == region_id, SiteRegion.valid_from > uow.today())
    )
    uow.session.delete(row)
    audit.record(uow, audit.Action.HOLIDAY_REGION_DROPPED, subject=row)
    forget_book(uow)
    return row.site_id


def _with_region(uow: UnitOfWork, change: RegionFrom) -> HolidayBook:
    if change.site_id not in {one.id for one in sites(uow)}:
        raise Refusal(Reason.NOT_FOUND)
    if change.valid_from < uow.today():
        raise Refusal(Reason.RULES_NOT_BACKDATED, field="valid_from", earliest=uow.today())
    _check_year(change.valid_from.year, field="valid_from")
    if change.country is not None and change.country not in countries():
        raise Refusal(Reason.UNKNOWN_REGION, field="country")
    if change.subdivision is not None and change.subdivision not in subdivisions(change.country or ""):
        raise Refusal(Reason.UNKNOWN_REGION, field="subdivision")
    book = book_of(uow)
    same = (
        one.id for one in book.regions if (one.site_id, one.valid_from) == (change.site_id, change.valid_from)
    )
    return book.changed(region=change, dropped_region=next(same, None))


def sites(uow: UnitOfWork) -> list[SiteName]:
    query = select(Site.id, Site.name, Site.country, Site.subdivision).order_by(alphabetical(uow, Site.name))
    named = [
        SiteName(site_id, name, region_of(uow, country, subdivision, site_id))
        for site_id, name, country, subdivision in uow.session.execute(query)
    ]
    return [SiteName(None, uow.company.name, region_of(uow, None, None)), *named]


def _check_days(uow: UnitOfWork, days: Sequence[OwnDay]) -> None:
    if not days:
        raise Refusal(Reason.MISSING, field="file")
    if len(days) > MOST_AT_ONCE:
        raise Refusal(Reason.IMPORT_TOO_LARGE, field="file", limit=MOST_AT_ONCE)
    known = {one.id for one in sites(uow)}
    taken = {(day.site_id, day.date, day.part) for day in book_of(uow).days}
    for day in days:
        if day.site_id not in known:
            raise Refusal(Reason.NOT_FOUND)
        _check_year(day.date.year, field="date")
        check_part(day.part, day.starts_minute, day.ends_minute)
        if not day.name.strip():
            raise Refusal(Reason.MISSING, field="name")
        if any(len(name) > LONGEST_NAME for name in (day.name, *dict(day.names).values())):
            raise Refusal(Reason.TOO_LONG, field="name", limit=LONGEST_NAME)
        key = day.site_id, day.date, day.part
        if key in taken:
            raise Refusal(Reason.HOLIDAY_THERE_ALREADY, field="date", date=day.date)
        taken.add(key)


def _check_year(year: int, *, field: str = "year") -> None:
    if not EARLIEST_YEAR <= year <= LATEST_YEAR:
        raise Refusal(Reason.DATE_OUT_OF_RANGE, field=field)


def without_known(uow: UnitOfWork, days: Sequence[OwnDay]) -> list[OwnDay]:
    """Of a file those days that are not free there already, so that the same file can be read again."""
    regions = {one.id: one.region for one in sites(uow)}
    book = book_of(uow)
    found: dict[tuple[date, str], OwnDay] = {}
    for day in days:
        region = regions.get(day.site_id)
        if region is None:
            raise Refusal(Reason.NOT_FOUND)
        _check_year(day.date.year, field="file")
        starts, ends = day.minutes
        if free_minutes(book.free(region, day.date), starts, ends) < ends - starts:
            found.setdefault((day.date, day.part), replace(day))
    return sorted(found.values(), key=lambda day: (day.date, day.part))
