"""The forms of second factors, at the sign-in and on one's own security page. Whether they fit, services say."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField
from wtforms.validators import InputRequired, Length, Regexp

from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
_SIX = r"[0-9]{6}\Z"


def _digits(text: str | None) -> str | None:
    """People type codes as they are shown, in groups."""
    return "".join(text.split()) if text else text


class CodeForm(FlaskForm):
    """The six digits of a message. `after` is where the person wanted to go; it is checked where it is used."""

    code = StringField(
        _l("Code"),
        filters=[_digits],
        validators=[
            InputRequired(_MISSING),
            Regexp(_SIX, message=_l("The code has six digits. Check the message and type it again.")),
        ],
    )
    after = HiddenField()


class AppCodeForm(FlaskForm):
    """The six digits that an authenticator app shows."""

    code = StringField(
        _l("Code"),
        filters=[_digits],
        validators=[
            InputRequired(_MISSING),
            Regexp(_SIX, message=_l("The code has six digits. Look at your app and type it again.")),
        ],
    )
    after = HiddenField()


class RecoveryCodeForm(FlaskForm):
    """One of the codes from the person's list."""

    code = StringField(
        _l("Recovery code"), filters=[one_line], validators=[InputRequired(_MISSING), Length(max=60)]
    )
    after = HiddenField()


class PasskeyForm(FlaskForm):
    """What the browser's passkey answered, filled in by js/passkeys.js."""

    answer = HiddenField()
    after = HiddenField()


class PasskeyNameForm(FlaskForm):
    """What the owner calls a passkey."""

    name = StringField(
        _l("Name of the passkey"), filters=[one_line], validators=[InputRequired(_MISSING), Length(max=60)]
    )


class NewPasskeyForm(PasskeyNameForm):
    """A passkey that the browser has just made, with its name."""

    answer = HiddenField()
    after = HiddenField()


class PhoneForm(FlaskForm):
    """The number that codes will go to; not asked for where HR knows it, so the service says when it is missing."""

    phone = StringField(_l("Mobile number"), filters=[one_line], validators=[Length(max=40)])
    after = HiddenField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.phone.flags.required = True
