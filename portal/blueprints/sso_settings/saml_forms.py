"""The forms of a SAML provider's set-up."""

from __future__ import annotations

from dataclasses import replace

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.blueprints.sso_settings.forms import MicrosoftForm
from portal.domain.sso_settings import LONGEST_ATTRIBUTE, ProviderSettings, SamlSettings
from portal.services.sso.provider_lines import ProviderLine
from portal.web.text_filters import one_line

_ATTRIBUTE = [Length(max=LONGEST_ATTRIBUTE)]


class SamlForm(MicrosoftForm):
    """Name, joining and groups like the others; no client and no secret, but names of attributes."""

    client_id = None
    secret = None
    secret_expires_on = None
    tenant_id = None
    email_attribute = StringField(_l("E-mail"), filters=[one_line], validators=_ATTRIBUTE)
    first_name_attribute = StringField(_l("First name"), filters=[one_line], validators=_ATTRIBUTE)
    last_name_attribute = StringField(_l("Last name"), filters=[one_line], validators=_ATTRIBUTE)
    groups_attribute = StringField(_l("Groups"), filters=[one_line], validators=_ATTRIBUTE)
    #: What the metadata has said stays as it is.
    known = SamlSettings()

    def remember(self, line: ProviderLine) -> None:
        if isinstance(line.settings, SamlSettings):
            self.known = line.settings

    def fill(self, line: ProviderLine) -> None:
        self.name.data = line.name
        self.joining.data = line.joining.value
        self.asks_second_factor.data = line.asks_second_factor
        self.role_mapping.data = "\n".join(f"{group} = {role}" for group, role in line.role_mapping.items())
        for name in ("email_attribute", "first_name_attribute", "last_name_attribute", "groups_attribute"):
            self[name].data = getattr(self.known, name)

    def settings(self) -> ProviderSettings:
        return replace(
            self.known,
            email_attribute=self.email_attribute.data or "",
            first_name_attribute=self.first_name_attribute.data or "",
            last_name_attribute=self.last_name_attribute.data or "",
            groups_attribute=self.groups_attribute.data or "",
        )


class MetadataForm(FlaskForm):
    """A file or an address; the file wins."""

    file = FileField(_l("Metadata file"))
    url = StringField(_l("Or its address"), filters=[one_line], validators=[Length(max=2000)])


class TakeOverForm(FlaskForm):
    """What was read, on its way back; certificates and thumbprints are lists of their own."""

    entity_id = HiddenField()
    sign_in_url = HiddenField()


class CertificateForm(FlaskForm):
    certificate = TextAreaField(_l("New certificate"), validators=[InputRequired(), Length(max=20_000)])
