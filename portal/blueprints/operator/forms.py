"""The forms of the operator's staff."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length

from portal.domain import support
from portal.domain.support import Area
from portal.web.checks_field import ChecksField
from portal.web.factor_forms import AppCodeForm
from portal.web.password_forms import EmailForm, NewPasswordForm, PasswordForm
from portal.web.support_words import AREAS
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")


class StaffSignInForm(EmailForm, PasswordForm, AppCodeForm):
    """All three at once: which of them is wrong is nobody's business."""


class StaffPasskeySignInForm(EmailForm, PasswordForm):
    """E-mail and password, and what the browser's passkey answered."""

    answer = HiddenField()


class StaffSetUpForm(NewPasswordForm, AppCodeForm):
    """A password of one's own, and the first code of the app."""


class EmergencyForm(FlaskForm):
    """Which company, what of it, and why nobody could be asked."""

    company = StringField(
        _l("Short name of the company"),
        filters=[one_line],
        validators=[InputRequired(_MISSING), Length(max=40)],
    )
    areas = ChecksField(_l("What has to be seen"), validate_choice=False)
    reason = TextAreaField(
        _l("Reason"), validators=[InputRequired(_MISSING), Length(max=support.LONGEST_REASON)]
    )

    def offer(self) -> None:
        self.areas.choices = [SelectChoice(one.value, str(AREAS[one])) for one in Area]

    def chosen(self) -> tuple[Area, ...]:
        return tuple(one for one in Area if one.value in (self.areas.data or ()))
