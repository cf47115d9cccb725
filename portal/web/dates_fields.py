"""The fields of a stretch of days, for whatever is asked, planned or entered."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import DateField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Optional

from portal.domain.periods import Part


class DatesFields(FlaskForm):
    """Without a last day it is one day; of a single day either half."""

    start_date = DateField(_l("First day"), validators=[InputRequired(_l("Please choose a date."))])
    first_part = SelectField(
        _l("On the first day"),
        choices=[
            SelectChoice(Part.FULL, _l("All day")),
            SelectChoice(Part.PM, _l("Afternoon only")),
            SelectChoice(Part.AM, _l("Morning only")),
        ],
        default=Part.FULL,
    )
    end_date = DateField(_l("Last day"), validators=[Optional()])


class HalvesFields(DatesFields):
    """The same where the last day may be a half, too."""

    last_part = SelectField(
        _l("On the last day"),
        choices=[SelectChoice(Part.FULL, _l("All day")), SelectChoice(Part.AM, _l("Morning only"))],
        default=Part.FULL,
    )
