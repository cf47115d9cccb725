"""The forms of what is agreed with one person about free days. Whether it makes sense, the service says."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, HiddenField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from portal.blueprints.holidays.part_fields import PartFields, SeenForm
from portal.domain.holidays import HolidayPart, HolidaySource
from portal.domain.refusals import Reason, Refusal
from portal.integrations.public_holidays import optional_days, optional_lists, subdivisions
from portal.services.holidays import SiteName
from portal.services.personal_holidays import LONGEST_NAME, LONGEST_REASON, CalendarWish, DayWish
from portal.web.checks_field import ChecksField
from portal.web.filters import day as day_text
from portal.web.holiday_words import LISTS, country_name
from portal.web.text_filters import one_line

_DATE = _l("Please choose a date.")
_FILL = _l("Please fill this in.")
OWN_SITE = "own"


class DayOfPersonForm(SeenForm, PartFields):
    """One day that becomes free."""

    date = DateField(_l("Date"), validators=[InputRequired(_DATE)])
    name = StringField(
        _l("Name of the day"), filters=[one_line], validators=[DataRequired(_FILL), Length(max=LONGEST_NAME)]
    )

    def days(self) -> list[DayWish]:
        part, starts, ends = self.chosen_part
        return [DayWish(self.date.data, part, self.name.data, starts, ends)]


class ListForm(SeenForm):
    """Days of a list that is computed, such as the Orthodox holidays of a country."""

    origin = HiddenField()
    year = HiddenField()
    chosen = ChecksField(_l("Which days are free"))

    def offer(self, listed: str, year: int, language: str) -> None:
        self.origin.data, self.year.data = listed, str(year)
        self._days = optional_days(*_known(listed), year, language)
        self.chosen.choices = [
            SelectChoice(one.date.isoformat(), f"{day_text(one.date)}: {one.name}") for one in self._days
        ]

    def days(self) -> list[DayWish]:
        wanted = set(self.chosen.data or ())
        return [
            DayWish(one.date, HolidayPart.FULL, one.name[:LONGEST_NAME], source=HolidaySource.COMPUTED)
            for one in self._days
            if one.date.isoformat() in wanted
        ]


class CalendarForm(SeenForm):
    """From which day on the person follows which calendar."""

    calendar = HiddenField()
    subdivision = SelectField(_l("Region"))
    valid_from = DateField(_l("From"), validators=[InputRequired(_DATE)])
    reason = StringField(
        _l("Reason"), filters=[one_line], validators=[DataRequired(_FILL), Length(max=LONGEST_REASON)]
    )

    def offer(self, calendar: str) -> None:
        self.calendar.data = calendar
        self.subdivision.choices = [
            SelectChoice("", _("All of the country")),
            *(SelectChoice(code) for code in subdivisions(self.country or "")),
        ]

    @property
    def country(self) -> str | None:
        kind, _colon, code = (self.calendar.data or "").partition(":")
        return code if kind == "country" else None

    def wish(self) -> CalendarWish:
        kind, _colon, value = (self.calendar.data or "").partition(":")
        site_id = _uuid(value) if kind == "site" else None
        if kind not in {"site", "country", OWN_SITE}:
            raise Refusal(Reason.NOT_FOUND)
        return CalendarWish(
            self.valid_from.data,
            self.reason.data or "",
            self.country,
            (self.subdivision.data or None) if self.country else None,
            site_id,
        )


def calendar_choices(
    sites: Sequence[SiteName], countries: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The own site's, the other sites', and every country's."""
    return [
        (OWN_SITE, _("That of their own site")),
        *((f"site:{one.id}", _("Site: %(name)s", name=one.name)) for one in sites if one.id),
        *((f"country:{code}", name) for code, name in countries),
    ]


def list_choices() -> list[tuple[str, str]]:
    """Every list there is, by what it is and then by country."""
    named = [(f"{code}:{one}", f"{LISTS[one]}: {country_name(code)}") for code, one in optional_lists()]
    return sorted(named, key=lambda one: one[1].casefold())


def _known(listed: str) -> tuple[str, str]:
    country, _colon, category = listed.partition(":")
    if (country, category) not in optional_lists():
        raise Refusal(Reason.NOT_FOUND)
    return country, category


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Refusal(Reason.NOT_FOUND) from None


def year_of(text: str, today: date) -> int:
    """The year that is asked for, this one where none is."""
    if not text:
        return today.year
    if not (text.isascii() and text.isdigit() and len(text) == len("2026") and 2000 <= int(text) <= 2099):
        raise Refusal(Reason.NOT_FOUND)
    return int(text)
