"""Public holidays of countries and regions, computed by the holidays package. A company's own days are not here."""

from collections.abc import Iterable
from functools import lru_cache

import holidays

from portal.domain.holidays import PublicHoliday
from portal.domain.refusals import Reason, Refusal


def public_holidays(
    country: str, subdivision: str | None, years: Iterable[int], language: str
) -> list[PublicHoliday]:
    """Holidays by date, named in the language if they have such names, else in English, else in the country's own."""
    found = (_of_year(country.upper(), subdivision or None, year, language) for year in sorted(set(years)))
    return [holiday for year in found for holiday in year]


@lru_cache(maxsize=1024)
def _of_year(country: str, subdivision: str | None, year: int, language: str) -> tuple[PublicHoliday, ...]:
    try:
        calendar = holidays.country_holidays(
            country, subdiv=subdivision, years=year, language=_names_in(country, language)
        )
    except NotImplementedError:
        raise Refusal(
            Reason.UNKNOWN_REGION, field="country", country=country, subdivision=subdivision
        ) from None
    return tuple(sorted(PublicHoliday(day, name) for day, name in calendar.items()))


@lru_cache(maxsize=256)
def _names_in(country: str, language: str) -> str | None:
    """The package's name for a language (en is en_US to it), else for English, else for the country's own.

    Never left open where a country has several: the package would then follow the machine's locale.
    """
    calendar = holidays.country_holidays(country)
    spoken: tuple[str, ...] = calendar.supported_languages
    # Who reads neither the country's language nor finds their own reads English sooner than that of the country.
    known = {one.split("_")[0]: one for one in reversed(spoken)}
    return known.get(language) or known.get("en") or calendar.default_language


@lru_cache(maxsize=1)
def countries() -> frozenset[str]:
    """The ISO 3166 codes of the countries whose holidays are known."""
    known = holidays.list_supported_countries(include_aliases=False)
    return frozenset(code for code in known if len(code) == 2)


def subdivisions(country: str) -> tuple[str, ...]:
    """The regions of a country that have holidays of their own, by code."""
    return tuple(holidays.list_supported_countries(include_aliases=False).get(country, ()))


#: Not everybody's, or not official: what a person may be given for themselves.
OPTIONAL_LISTS = frozenset(
    "armenian catholic christian hebrew hindu islamic optional orthodox protestant unofficial".split()
)


@lru_cache(maxsize=1)
def optional_lists() -> tuple[tuple[str, str], ...]:
    """Which lists of such days there are, as country and category."""
    known = ((code, holidays.country_holidays(code).supported_categories) for code in sorted(countries()))
    return tuple((code, one) for code, several in known for one in sorted(OPTIONAL_LISTS & set(several)))


@lru_cache(maxsize=256)
def optional_days(country: str, category: str, year: int, language: str) -> tuple[PublicHoliday, ...]:
    """The days of one list in a year, by date."""
    if (country, category) not in optional_lists():
        raise Refusal(Reason.UNKNOWN_REGION, field="list", country=country)
    named = _names_in(country, language)
    found = holidays.country_holidays(country, years=year, categories=(category,), language=named)
    return tuple(sorted(PublicHoliday(day, name) for day, name in found.items()))
