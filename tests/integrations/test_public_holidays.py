"""Public holidays against the printed calendars of 2026."""

from datetime import date

import pytest

from portal.domain.holidays import HolidayPart, PublicHoliday
from portal.domain.refusals import Reason, Refusal
from portal.integrations.public_holidays import public_holidays


def names(country: str, subdivision: str | None, language: str, year: int = 2026) -> dict[date, str]:
    return {one.date: one.name for one in public_holidays(country, subdivision, [year], language)}


def test_the_thirteen_czech_holidays_of_2026():
    found = public_holidays("CZ", None, [2026], "cs")
    days = "1.1. 3.4. 6.4. 1.5. 8.5. 5.7. 6.7. 28.9. 28.10. 17.11. 24.12. 25.12. 26.12."
    assert " ".join(f"{one.date.day}.{one.date.month}." for one in found) == days
    assert found[1] == PublicHoliday(date(2026, 4, 3), "Velký pátek", HolidayPart.FULL)


def test_german_regions_have_their_own():
    assert date(2026, 1, 6) in names("DE", "BY", "de")
    assert date(2026, 1, 6) not in names("DE", "BE", "de")
    assert names("DE", "BE", "de")[date(2026, 3, 8)] == "Frauentag"
    assert len(names("DE", None, "de")) == 9


@pytest.mark.parametrize(
    ("language", "name"),
    [("en", "Good Friday"), ("cs", "Velký pátek"), ("de", "Good Friday"), ("xx", "Good Friday")],
)
def test_names_follow_the_reader_else_are_english(language, name, monkeypatch):
    monkeypatch.setenv("LANGUAGE", "en_US")
    assert names("CZ", None, language)[date(2026, 4, 3)] == name


def test_years_come_sorted_once_each_and_over_the_turn_of_the_year():
    found = public_holidays("cz", "", [2027, 2026, 2027], "cs")
    assert [one.date for one in found] == sorted({one.date for one in found})
    assert {one.date.year for one in found} == {2026, 2027}


def test_the_answer_can_be_changed_without_changing_the_next():
    public_holidays("CZ", None, [2026], "cs").clear()
    assert len(public_holidays("CZ", None, [2026], "cs")) == 13


@pytest.mark.parametrize(
    ("country", "subdivision"), [("XX", None), ("", None), ("DE", "ZZ"), ("../etc", None)]
)
def test_unknown_places_are_refused(country, subdivision):
    with pytest.raises(Refusal) as caught:
        public_holidays(country, subdivision, [2026], "en")
    assert caught.value.reason is Reason.UNKNOWN_REGION
    assert caught.value.details == {"country": country.upper(), "subdivision": subdivision}
