"""The forms of a team and of a site."""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID
from zoneinfo import available_timezones

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from portal.integrations.public_holidays import countries
from portal.services.teams_and_sites import LONGEST_NAME
from portal.web.holiday_words import country_name
from portal.web.text_filters import one_line

_SHOWN_ZONES = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


class _NameForm(FlaskForm):
    name = StringField(
        lazy_pgettext("of a thing", "Name"),
        filters=[one_line],
        validators=[DataRequired(_l("Please fill this in.")), Length(max=LONGEST_NAME)],
    )


class TeamForm(_NameForm):
    """A name, and the site where it works; empty: at none of its own."""

    site_id = SelectField(_l("Site"), default="")

    def offer(self, sites: Mapping[UUID, str]) -> None:
        named = [SelectChoice(str(site_id), name) for site_id, name in sites.items()]
        self.site_id.choices = [SelectChoice("", _("No site of its own")), *named]

    @property
    def chosen_site(self) -> UUID | None:
        return UUID(self.site_id.data) if self.site_id.data else None


class SiteForm(_NameForm):
    """A name, and where it is; empty: where the company is."""

    country = SelectField(_l("Country"))
    time_zone = SelectField(_l("Time zone"))

    def offer(self) -> None:
        by_name = sorted(
            ((country_name(code), code) for code in countries()), key=lambda one: one[0].casefold()
        )
        as_company = SelectChoice("", _("As the company"))
        self.country.choices = [as_company, *(SelectChoice(code, name) for name, code in by_name)]
        zones = sorted(zone for zone in available_timezones() if zone.startswith(_SHOWN_ZONES))
        self.time_zone.choices = [
            as_company,
            *(SelectChoice(zone, zone.replace("_", " ")) for zone in ("UTC", *zones)),
        ]
