"""The filter over the audit log; it only reads, so it travels in the address."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, IntegerField, SelectField
from wtforms.validators import NumberRange, Optional


class FilterForm(FlaskForm):
    action = SelectField(_l("Action"), default="")
    day = DateField(_l("Day"), validators=[Optional()])
    before = IntegerField(validators=[Optional(), NumberRange(min=1, max=2_147_483_647)])
