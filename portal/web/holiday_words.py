"""Public holidays in words: where they come from, which part of the day is free, and which region."""

from __future__ import annotations

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
}


def place(country: str | None, subdivision: str | None) -> str:
    """Germany (BY); without a country, as the company."""
    if not country:
        return _("As the company")
    name = country_name(country)
    return f"{name} ({subdivision})" if subdivision else name


def country_name(code: str) -> str:
    locale = get_locale() or Locale("en")
    return str(locale.territories.get(code, code))
