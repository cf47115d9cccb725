"""The form of a company's settings, with the choices in the reader's language."""

from __future__ import annotations

from zoneinfo import available_timezones

from babel import Locale
from flask_babel import get_locale
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import RadioField, SelectField, SelectMultipleField, StringField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from portal.integrations.public_holidays import countries, subdivisions
from portal.services.second_factor_policy import NamedRole
from portal.web.factor_words import POLICIES
from portal.web.language import LANGUAGES
from portal.web.role_words import role_label
from portal.web.text_filters import one_line

_SHOWN_ZONES = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")


class SettingsForm(FlaskForm):
    """What holds for everybody in the company. How they sign in has forms of its own."""

    name = StringField(
        _l("Name of the company"), filters=[one_line], validators=[InputRequired(), Length(max=120)]
    )
    language = SelectField(_l("Language"), choices=[SelectChoice(*one) for one in LANGUAGES.items()])
    time_zone = SelectField(_l("Time zone"))
    country = SelectField(_l("Country"))
    subdivision = SelectField(_l("Region"))

    def offer(self, *, country: str) -> None:
        """Fills the lists; regions are those of the country chosen."""
        locale = get_locale() or Locale("en")
        zones = sorted(zone for zone in available_timezones() if zone.startswith(_SHOWN_ZONES))
        self.time_zone.choices = [SelectChoice(zone, zone.replace("_", " ")) for zone in ("UTC", *zones)]
        names = {code: str(locale.territories.get(code, code)) for code in countries()}
        by_name = sorted(names.items(), key=lambda item: item[1].casefold())
        self.country.choices = [SelectChoice(*one) for one in by_name]
        regions = subdivisions(country)
        self.subdivision.choices = [
            SelectChoice("", _("All of the country")),
            *(SelectChoice(code) for code in regions),
        ]


class SecondFactorForm(FlaskForm):
    """Whom the company asks for a second factor; `roles` counts where certain roles are asked."""

    policy = RadioField(
        _l("Who has to use a second factor"),
        choices=[SelectChoice(*one) for one in POLICIES.items()],
        validators=[InputRequired()],
    )
    roles = SelectMultipleField(
        _l("Roles"), option_widget=CheckboxInput(), widget=ListWidget(prefix_label=False)
    )

    def offer(self, named: list[NamedRole]) -> None:
        """Fills the list of roles."""
        self.roles.choices = [SelectChoice(str(one.id), role_label(one.key, one.name)) for one in named]
