"""Public holidays in words: where they come from, which part of the day is free, and which region."""

from __future__ import annotations

from typing import Protocol

from babel import Locale
from flask_babel import LazyString, get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.holidays import HolidayPart, HolidaySource

SOURCES: dict[HolidaySource, LazyString] = {
    HolidaySource.COMPUTED: _l("By the calendar of the region"),
    HolidaySource.MANUAL: _l("Entered here"),
    HolidaySource.IMPORTED: _l("From a file"),
}
PARTS: dict[HolidayPart, LazyString] = {
    HolidayPart.FULL: _l("All day"),
    HolidayPart.AM: _l("Morning"),
    HolidayPart.PM: _l("Afternoon"),
    HolidayPart.FROM_TO: _l("From one time to another"),
}
LISTS: dict[str, LazyString] = {
    "armenian": _l("Armenian holidays"),
    "catholic": _l("Catholic holidays"),
    "christian": _l("Christian holidays"),
    "hebrew": _l("Jewish holidays"),
    "hindu": _l("Hindu holidays"),
    "islamic": _l("Islamic holidays"),
    "optional": _l("Optional holidays"),
    "orthodox": _l("Orthodox holidays"),
    "protestant": _l("Protestant holidays"),
    "unofficial": _l("Unofficial holidays"),
}


def part(which: HolidayPart, minutes: tuple[int, int]) -> str:
    """All day, or when: from 12:00 to 24:00."""
    if which is not HolidayPart.FROM_TO:
        return str(PARTS[which])
    starts, ends = (f"{minute // 60}:{minute % 60:02}" for minute in minutes)
    return _("%(starts)s to %(ends)s", starts=starts, ends=ends)


class AgreedCalendar(Protocol):
    """Which calendar somebody follows."""

    @property
    def country(self) -> str | None: ...
    @property
    def subdivision(self) -> str | None: ...
    @property
    def site(self) -> str | None: ...


def calendar(agreed: AgreedCalendar) -> str:
    """Slovakia; Site: Brno; that of their own site."""
    if agreed.site:
        return _("Site: %(name)s", name=agreed.site)
    return place(agreed.country, agreed.subdivision) if agreed.country else _("That of their own site")


def person_source(source: HolidaySource) -> str:
    """Of somebody's own day: it is computed for whoever shares it, not for a region."""
    return _("From a list") if source is HolidaySource.COMPUTED else str(SOURCES[source])


def place(country: str | None, subdivision: str | None) -> str:
    """Germany (BY); without a country, as the company."""
    if not country:
        return _("As the company")
    name = country_name(country)
    return f"{name} ({subdivision})" if subdivision else name


def country_name(code: str) -> str:
    locale = get_locale() or Locale("en")
    return str(locale.territories.get(code, code))
