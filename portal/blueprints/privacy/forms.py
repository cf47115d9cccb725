"""Forms about requests and holds. `version` says which state of the request a decision was made for."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, StringField, TextAreaField
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from portal.services.forgetting.holds import LONGEST_REASON as LONGEST_HOLD
from portal.services.forgetting.requests import LONGEST_REASON


class EnterForm(FlaskForm):
    email = StringField(
        _l("Work e-mail of the person"),
        validators=[DataRequired(_l("Whose request is it?")), Length(max=254)],
    )
    received_on = DateField(_l("Received on"), validators=[InputRequired(_l("When did it arrive?"))])


class StepForm(FlaskForm):
    version = IntegerField(validators=[InputRequired()])


class ReasonForm(StepForm):
    reason = TextAreaField(
        _l("Reason"),
        validators=[DataRequired(_l("Say why. The person reads it.")), Length(max=LONGEST_REASON)],
    )


class HoldForm(FlaskForm):
    email = StringField(
        _l("Work e-mail of the person"),
        validators=[DataRequired(_l("Whose data are these?")), Length(max=254)],
    )
    reason = TextAreaField(
        _l("Reason"), validators=[DataRequired(_l("Say why, for who looks later.")), Length(max=LONGEST_HOLD)]
    )
    until_date = DateField(_l("Until"), validators=[Optional()])
