"""The forms of signing in."""

from __future__ import annotations

from wtforms import HiddenField

from portal.web.password_forms import EmailForm, PasswordForm


class SignInForm(EmailForm, PasswordForm):
    """`after` is where the person wanted to go; it is checked where it is used."""

    after = HiddenField()


class PasswordAgainForm(PasswordForm):
    """The password of somebody who is signed in, before a sensitive step."""

    after = HiddenField()
