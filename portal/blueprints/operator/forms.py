"""The forms of the operator's staff."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length

from portal.web.factor_forms import AppCodeForm
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
_LONGEST = 400


class StaffSignInForm(AppCodeForm):
    """All three at once: which of them is wrong is nobody's business."""

    email = StringField(
        _l("Work e-mail"), filters=[one_line], validators=[InputRequired(_MISSING), Length(max=254)]
    )
    password = PasswordField(_l("Password"), validators=[InputRequired(_MISSING), Length(max=_LONGEST)])


class StaffSetUpForm(AppCodeForm):
    """A password of one's own, and the first code of the app."""

    password = PasswordField(_l("New password"), validators=[InputRequired(_MISSING), Length(max=_LONGEST)])
    repeated = PasswordField(
        _l("New password again"),
        validators=[
            InputRequired(_MISSING),
            EqualTo("password", _l("The two are not the same. Type both again.")),
        ],
    )


class NothingForm(FlaskForm):
    """A button."""
