"""The forms with which an admin sets up a SAML provider."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from flask_wtf.file import FileField
from wtforms import BooleanField, HiddenField, PasswordField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length

from portal.domain.sso_settings import LONGEST_ATTRIBUTE
from portal.web.text_filters import one_line

_ATTRIBUTE = [Length(max=LONGEST_ATTRIBUTE)]


class NewProviderForm(FlaskForm):
    name = StringField(
        _l("Name on the button"), filters=[one_line], validators=[InputRequired(), Length(max=40)]
    )


class MetadataForm(FlaskForm):
    """A file or an address; the file wins."""

    file = FileField(_l("Metadata file"))
    url = StringField(_l("Or its address"), filters=[one_line], validators=[Length(max=2000)])


class ProvedForm(FlaskForm):
    """`password` may be empty for who signed in a moment ago; the service knows."""

    password = PasswordField(_l("Your current password"), validators=[Length(max=400)])


class TakeOverForm(ProvedForm):
    """What was read, on its way back; certificates and thumbprints are lists of their own."""

    entity_id = HiddenField()
    sign_in_url = HiddenField()


class CertificateForm(ProvedForm):
    certificate = TextAreaField(_l("New certificate"), validators=[InputRequired(), Length(max=20_000)])


class AttributesForm(ProvedForm):
    email_attribute = StringField(_l("E-mail"), filters=[one_line], validators=_ATTRIBUTE)
    first_name_attribute = StringField(_l("First name"), filters=[one_line], validators=_ATTRIBUTE)
    last_name_attribute = StringField(_l("Last name"), filters=[one_line], validators=_ATTRIBUTE)
    groups_attribute = StringField(_l("Groups"), filters=[one_line], validators=_ATTRIBUTE)
    join_by_domain = BooleanField(_l("Let people of our verified domains join by themselves"))
    asks_second_factor = BooleanField(_l("The provider asks for a second factor itself"))
