"""Fields that every way in with a password asks for, a company's and the staff's. What makes a password
acceptable is decided by the domain; codes: web/factor_forms.py."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
#: Above the longest acceptable password, so that the refusal of a longer one is the policy's.
_LONGEST = 400


class EmailForm(FlaskForm):
    """Whose account it is."""

    email = StringField(
        _l("Work e-mail"), filters=[one_line], validators=[InputRequired(_MISSING), Length(max=254)]
    )


class PasswordForm(FlaskForm):
    """A password that exists."""

    password = PasswordField(_l("Password"), validators=[InputRequired(_MISSING), Length(max=_LONGEST)])


class NewPasswordForm(FlaskForm):
    """A first or another password, typed twice because nobody sees what they type."""

    password = PasswordField(_l("New password"), validators=[InputRequired(_MISSING), Length(max=_LONGEST)])
    repeated = PasswordField(
        _l("New password again"),
        validators=[
            InputRequired(_MISSING),
            EqualTo("password", _l("The two are not the same. Type both again.")),
        ],
    )


class ChangePasswordForm(NewPasswordForm):
    """The same, for someone who is signed in and proves it again."""

    current = PasswordField(
        _l("Current password"), validators=[InputRequired(_MISSING), Length(max=_LONGEST)]
    )
