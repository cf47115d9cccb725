"""The forms of signing in. What makes a password or a number acceptable is decided by the domain."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import EqualTo, InputRequired, Length, Regexp

from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")
#: Above the longest acceptable password, so that the refusal of a longer one is the policy's.
_LONGEST = 400


def _digits(text: str | None) -> str | None:
    """People type codes as the message shows them, in groups."""
    return "".join(text.split()) if text else text


def _email() -> StringField:
    return StringField(
        _l("Work e-mail"), filters=[one_line], validators=[InputRequired(_MISSING), Length(max=254)]
    )


class SignInForm(FlaskForm):
    """`after` is where the person wanted to go; it is checked where it is used."""

    email = _email()
    password = PasswordField(_l("Password"), validators=[InputRequired(_MISSING), Length(max=_LONGEST)])
    after = HiddenField()


class ForgottenForm(FlaskForm):
    """Whose password is forgotten."""

    email = _email()


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


class CodeForm(FlaskForm):
    """The six digits of a message."""

    code = StringField(
        _l("Code"),
        filters=[_digits],
        validators=[
            InputRequired(_MISSING),
            Regexp(
                r"[0-9]{6}\Z", message=_l("The code has six digits. Check the message and type it again.")
            ),
        ],
    )
    after = HiddenField()


class PhoneForm(FlaskForm):
    """The number that codes will go to; not asked for where HR knows it, so the service says when it is missing."""

    phone = StringField(_l("Mobile number"), filters=[one_line], validators=[Length(max=40)])
    after = HiddenField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        self.phone.flags.required = True
