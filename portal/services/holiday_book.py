"""Which days are free where: the computed holidays of the region that holds on the date, and the company's own.

The one truth for requests, calendars, rosters and feeds. It reads; what changes it is in holidays.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, Date, Text, func, literal, null, select, union_all
from sqlalchemy import cast as typed

from portal.db import UnitOfWork
from portal.domain.holidays import HolidayPart, HolidaySource, PublicHoliday
from portal.domain.refusals import Refusal
from portal.integrations.public_holidays import public_holidays
from portal.models.holiday import SiteHoliday, SiteRegion

_KEPT_AS = "holiday_book"
Place = tuple[str, str | None]


class Region(NamedTuple):
    """Where public holidays come from."""

    country: str
    subdivision: str | None
    #: The site, whose own days count too.
    site_id: UUID | None = None
    #: Whether it is where the company is, so that it moves along with it.
    follows: bool = False


@dataclass(frozen=True)
class OwnDay:
    """A day that the company decided itself. `names` are by language."""

    id: UUID | None
    site_id: UUID | None
    date: date
    part: HolidayPart
    free: bool
    name: str
    names: tuple[tuple[str, str], ...] = ()
    source: HolidaySource = HolidaySource.MANUAL

    def named(self, language: str) -> str:
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


@dataclass(frozen=True)
class HolidayBook:
    """All that the company has decided, and where it is."""

    home: Place
    days: tuple[OwnDay, ...]
    regions: tuple[RegionFrom, ...]
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
    ) -> HolidayBook:
        """As it would be."""
        kept = (day for day in self.days if removed is None or day.id != removed)
        places = (one for one in self.regions if dropped_region is None or one.id != dropped_region)
        return replace(
            self,
            days=(*kept, *added),
            regions=(*places, *([region] if region else [])),
            _known={},
        )

    def lines(self, region: Region, year: int, language: str) -> tuple[HolidayLine, ...]:
        """The year of a region by date; also what is worked, which a list shows and nothing else counts."""
        key = region, year, language
        if key not in self._known:
            self._known[key] = tuple(self._lines(region, year, language))
        return self._known[key]

    def free(self, region: Region, day: date) -> frozenset[HolidayPart]:
        """What of the day is free there."""
        found = self.lines(region, day.year, "en")
        return frozenset(line.part for line in found if line.date == day and not line.worked)

    def place_on(self, region: Region, day: date) -> Place:
        """Where a region's computed holidays come from on that day."""
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

    def _lines(self, region: Region, year: int, language: str) -> Iterator[HolidayLine]:
        own = [day for day in self.days if day.date.year == year and day.site_id in (None, region.site_id)]
        worked = {day.date: day for day in own if not day.free}
        found = [
            HolidayLine(day.date, day.name, day.part, HolidaySource.COMPUTED)
            for day in self._computed(region, year, language)
        ]
        found += [
            HolidayLine(
                day.date, day.named(language), day.part, day.source, day.id, everywhere=day.site_id is None
            )
            for day in own
            if day.free
        ]
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


def book_of(uow: UnitOfWork) -> HolidayBook:
    """The company's book, read once in a unit of work, in one statement."""
    found = uow.session.info.get(_KEPT_AS)
    if isinstance(found, HolidayBook) and found.home == (uow.company.country, uow.company.subdivision):
        return found
    return keep_book(uow, uow.session.scalar(select(DECIDED)))


def keep_book(uow: UnitOfWork, decided: list[list[Any]] | None) -> HolidayBook:
    """The book from what another statement has read along with its own rows: DECIDED as a column."""
    days: list[OwnDay] = []
    regions: list[RegionFrom] = []
    for row_id, site, day, part, free, name, name_cs, name_de, source, country, subdivision in decided or []:
        key, site_id, on = UUID(row_id), UUID(site) if site else None, date.fromisoformat(day)
        if part is None:
            regions.append(RegionFrom(key, site_id, on, country, subdivision))
            continue
        names = tuple((language, named) for language, named in (("cs", name_cs), ("de", name_de)) if named)
        days.append(OwnDay(key, site_id, on, HolidayPart(part), free, name, names, HolidaySource(source)))
    book = HolidayBook((uow.company.country, uow.company.subdivision), tuple(days), tuple(regions))
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
    if country:
        return Region(country, subdivision, site_id)
    return Region(uow.company.country, uow.company.subdivision, site_id, follows=True)


_NO_TEXT = typed(null(), Text)
# Built once: putting this together costs more than running it.
_ALL: Any = union_all(
    select(
        SiteHoliday.id,
        SiteHoliday.site_id,
        SiteHoliday.date,
        typed(SiteHoliday.part, Text).label("part"),
        SiteHoliday.free,
        SiteHoliday.name,
        SiteHoliday.name_cs,
        SiteHoliday.name_de,
        typed(SiteHoliday.source, Text).label("source"),
        _NO_TEXT.label("country"),
        _NO_TEXT.label("subdivision"),
    ),
    select(
        SiteRegion.id,
        SiteRegion.site_id,
        typed(SiteRegion.valid_from, Date),
        _NO_TEXT,
        typed(literal(True), Boolean),
        _NO_TEXT,
        _NO_TEXT,
        _NO_TEXT,
        _NO_TEXT,
        SiteRegion.country,
        SiteRegion.subdivision,
    ),
).subquery("decided")
#: All that is decided, as one value: pages that read much already ask for it beside their own rows.
DECIDED = select(func.json_agg(func.json_build_array(*_ALL.c))).scalar_subquery()
