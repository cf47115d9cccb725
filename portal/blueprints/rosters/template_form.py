"""The form of a shift template."""

from __future__ import annotations

from datetime import time

from flask_babel import lazy_gettext as _l
from flask_babel import lazy_pgettext
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField, TimeField
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Regexp

from portal.domain.periods import DAY_MINUTES
from portal.domain.shift_times import ShiftTimes
from portal.services.shift_templates import TemplateFacts
from portal.web.colours import COLOURS
from portal.web.number_fields import WholeNumberField
from portal.web.text_filters import one_line

_MISSING = _l("Please fill this in.")


class TemplateForm(FlaskForm):
    """Times are those of the clock: an end before the start is on the next day."""

    code = StringField(
        _l("Code"),
        filters=[one_line],
        validators=[
            DataRequired(_MISSING),
            Length(max=3),
            Regexp(r"^[^\W_]{1,3}$", message=_l("One to three letters or digits, such as E or N2.")),
        ],
    )
    name = StringField(
        lazy_pgettext("of a thing", "Name"),
        filters=[one_line],
        validators=[DataRequired(_MISSING), Length(max=60)],
    )
    colour = SelectField(_l("Colour"), choices=COLOURS)
    starts = TimeField(_l("From"), validators=[InputRequired(_MISSING)])
    ends = TimeField(_l("To"), validators=[InputRequired(_MISSING)])
    break_minutes = WholeNumberField(
        _l("Break in minutes"), default=0, validators=[NumberRange(0, DAY_MINUTES)]
    )

    def times(self) -> ShiftTimes:
        return ShiftTimes.between(
            _minute(self.starts.data), _minute(self.ends.data), self.break_minutes.data or 0
        )


def form_of(template: TemplateFacts) -> TemplateForm:
    """The form with what the template says."""
    times = template.times
    return TemplateForm(
        data={
            "code": template.code,
            "name": template.name,
            "colour": template.colour,
            "starts": _clock(times.starts_minute),
            "ends": _clock(times.ends_minute),
            "break_minutes": times.break_minutes,
        }
    )


def _minute(clock: time) -> int:
    return clock.hour * 60 + clock.minute


def _clock(minute: int) -> time:
    return time(minute // 60 % 24, minute % 60)
