"""The forms of the set-up pages. What a setting may be is decided by the domain."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    Field,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from portal.domain.sso import Joining, ProviderKind
from portal.domain.sso_settings import GoogleSettings, MicrosoftSettings, ProviderSettings
from portal.services.sign_in_policy import Candidate
from portal.services.sso.provider_lines import ProviderLine
from portal.services.sso.providers import LONGEST_NAME, ProviderFacts
from portal.web.sso_words import KINDS
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
#: The kinds that the page of a new provider offers.
OFFERED = (ProviderKind.GOOGLE, ProviderKind.MICROSOFT, ProviderKind.SAML)


def _lower(text: str | None) -> str | None:
    return "".join(text.split()).lower() if text else text


class NewProviderForm(FlaskForm):
    """Where people sign in, and what the button says."""

    kind = RadioField(_l("Provider"), validators=[InputRequired(_MISSING)])
    name = StringField(
        _l("Name on the button"),
        filters=[one_line],
        validators=[InputRequired(_MISSING), Length(max=LONGEST_NAME)],
    )

    def offer(self) -> None:
        self.kind.choices = [SelectChoice(kind.value, str(KINDS[kind])) for kind in OFFERED]


class ProviderForm(FlaskForm):
    """The part that every kind has. The secret goes in and never comes out."""

    name = StringField(
        _l("Name on the button"),
        filters=[one_line],
        validators=[InputRequired(_MISSING), Length(max=LONGEST_NAME)],
    )
    client_id = StringField(
        _l("Client ID"), filters=[_lower], validators=[InputRequired(_MISSING), Length(max=200)]
    )
    secret = PasswordField(_l("Client secret"), validators=[Length(max=400)])
    secret_expires_on = DateField(_l("Last day of the secret"), validators=[Optional()])
    joining = RadioField(_l("Who may come in for the first time"), default=Joining.INVITED.value)
    asks_second_factor = BooleanField(_l("The provider asks for a second factor itself"))

    def fill(self, line: ProviderLine) -> None:
        """As it stands."""
        self.name.data = line.name
        self.client_id.data = getattr(line.settings, "client_id", "")
        if self.secret_expires_on:
            self.secret_expires_on.data = line.secret_expires_on
        self.joining.data = line.joining.value
        self.asks_second_factor.data = line.asks_second_factor

    def offer(self) -> None:
        self.joining.choices = [
            SelectChoice(
                Joining.INVITED.value,
                _("Only people who were invited, or who link their account while signed in"),
            ),
            SelectChoice(
                Joining.VERIFIED_DOMAINS.value,
                _("Also everybody with an address of a verified domain; they become employees"),
            ),
        ]

    def facts(self) -> ProviderFacts:
        return ProviderFacts(
            name=self.name.data or "",
            settings=self.settings(),
            secret=(self.secret.data or "").strip() if self.secret else "",
            asks_second_factor=self.asks_second_factor.data,
            joining=Joining(self.joining.data),
            role_mapping=self.mapping(),
            secret_expires_on=self.secret_expires_on.data if self.secret_expires_on else None,
        )

    def settings(self) -> ProviderSettings:
        return GoogleSettings(self.client_id.data or "")

    def mapping(self) -> dict[str, str]:
        return {}


class MicrosoftForm(ProviderForm):
    """With the tenant, and groups that lead to roles."""

    client_id = StringField(
        _l("Application (client) ID"),
        filters=[_lower],
        validators=[InputRequired(_MISSING), Length(max=200)],
    )
    tenant_id = StringField(
        _l("Directory (tenant) ID"),
        filters=[_lower],
        validators=[InputRequired(_MISSING), Length(max=100)],
    )
    role_mapping = TextAreaField(_l("Groups and roles"), validators=[Length(max=4000)])

    def fill(self, line: ProviderLine) -> None:
        super().fill(line)
        self.tenant_id.data = getattr(line.settings, "tenant_id", "")
        self.role_mapping.data = "\n".join(f"{group} = {role}" for group, role in line.role_mapping.items())

    def settings(self) -> ProviderSettings:
        return MicrosoftSettings(self.client_id.data or "", self.tenant_id.data or "")

    def mapping(self) -> dict[str, str]:
        return dict(_pairs(self.role_mapping.data or ""))

    def validate_role_mapping(self, field: Field) -> None:
        for number, line in enumerate((field.data or "").splitlines(), 1):
            if line.strip() and len(_split(line)) != 2:
                raise ValidationError(_("Line %(number)s is not of the form: group = role", number=number))


class RequirementForm(FlaskForm):
    """Who keeps a password."""

    break_glass = SelectField(_l("Emergency admin"), validators=[InputRequired(_MISSING)])

    def offer(self, candidates: list[Candidate]) -> None:
        self.break_glass.choices = [
            SelectChoice(str(one.id), f"{one.name} ({one.email})") for one in candidates if one.ready
        ]


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(parts[0], parts[1]) for line in text.splitlines() if len(parts := _split(line)) == 2]


def _split(line: str) -> list[str]:
    group, equals, role = line.rpartition("=")
    parts = [group.strip(), role.strip().lower()]
    return parts if equals and all(parts) else []
