"""The forms of public holidays. Whether a day makes sense, the service says."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField, FileRequired
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length

from portal.blueprints.holidays.part_fields import PartFields, SeenForm
from portal.domain.holidays import HolidayPart, HolidaySource, PublicHoliday
from portal.domain.refusals import Reason, Refusal
from portal.integrations.public_holidays import countries, subdivisions
from portal.services.holiday_days import OwnDay, RegionFrom
from portal.services.holidays import LONGEST_NAME, SiteName
from portal.web.holiday_words import country_name
from portal.web.text_filters import one_line

_DATE = _l("Please choose a date.")


class _OfSite(SeenForm):
    site = SelectField(_l("Where"))

    def offer(self, sites: Sequence[SiteName]) -> None:
        """Fills the list; the first stands for every site."""
        self.site.choices = [
            SelectChoice(str(one.id or ""), one.name if one.id else _("Every site")) for one in sites
        ]

    @property
    def site_id(self) -> UUID | None:
        return UUID(self.site.data) if self.site.data else None


class DayForm(_OfSite, PartFields):
    """One own day."""

    date = DateField(_l("Date"), validators=[InputRequired(_DATE)])
    free = RadioField(
        _l("What it is"),
        choices=[
            SelectChoice("yes", _l("The day is free")),
            SelectChoice("no", _l("People work, although it is a public holiday")),
        ],
        default="yes",
    )
    name = StringField(
        _l("Name of the day"),
        filters=[one_line],
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_NAME)],
    )
    name_cs = StringField(_l("Name in Czech"), filters=[one_line], validators=[Length(max=LONGEST_NAME)])
    name_de = StringField(_l("Name in German"), filters=[one_line], validators=[Length(max=LONGEST_NAME)])

    def days(self) -> list[OwnDay]:
        named = (("cs", self.name_cs.data), ("de", self.name_de.data))
        free = self.free.data != "no"
        part, starts, ends = self.chosen_part if free else (HolidayPart.FULL, None, None)
        return [
            OwnDay(
                id=None,
                site_id=self.site_id,
                date=self.date.data,
                part=part,
                starts_minute=starts,
                ends_minute=ends,
                free=free,
                name=self.name.data,
                names=tuple((language, name) for language, name in named if name),
            )
        ]


class FileForm(_OfSite):
    """A file of holidays."""

    file = FileField(_l("CSV or iCalendar file"), validators=[FileRequired(_l("Choose a file."))])


class RowsForm(_OfSite):
    """The days of a file that was shown, as they come back with the yes."""

    rows = HiddenField()

    def days(self) -> list[OwnDay]:
        """What came back is as little trusted as a file."""
        try:
            found = [
                PublicHoliday(
                    date.fromisoformat(day), " ".join(str(name).split()), HolidayPart(part), *_times(times)
                )
                for day, part, name, *times in json.loads(self.rows.data or "")
            ]
        except (ValueError, TypeError, RecursionError):
            raise Refusal(Reason.FORM_EXPIRED) from None
        return imported(self.site_id, found)


class RegionForm(_OfSite):
    """From which day on a site is where."""

    valid_from = DateField(_l("From"), validators=[InputRequired(_DATE)])
    country = HiddenField()
    subdivision = SelectField(_l("Region"))

    def offer_regions(self, country: str) -> None:
        self.subdivision.choices = [
            SelectChoice("", _("All of the country")),
            *(SelectChoice(code) for code in subdivisions(country)),
        ]

    def change(self) -> RegionFrom:
        country = self.country.data or None
        subdivision = (self.subdivision.data or None) if country else None
        return RegionFrom(None, self.site_id, self.valid_from.data, country, subdivision)


def imported(site_id: UUID | None, found: Iterable[PublicHoliday]) -> list[OwnDay]:
    return [
        OwnDay(
            None,
            site_id,
            one.date,
            one.part,
            free=True,
            name=one.name,
            source=HolidaySource.IMPORTED,
            starts_minute=one.starts_minute,
            ends_minute=one.ends_minute,
        )
        for one in found
    ]


def kept_rows(days: Iterable[OwnDay]) -> str:
    """The days so that RowsForm reads them again."""
    return json.dumps(
        [[one.date.isoformat(), str(one.part), one.name, one.starts_minute, one.ends_minute] for one in days]
    )


def _times(times: Sequence[object]) -> tuple[int | None, int | None]:
    starts, ends = (one if isinstance(one, int) else None for one in (*times, None, None)[:2])
    return starts, ends


def country_choices() -> list[tuple[str, str]]:
    """Every country with a known calendar, by its name in the reader's language."""
    named = ((code, country_name(code)) for code in countries())
    return sorted(named, key=lambda one: one[1].casefold())
