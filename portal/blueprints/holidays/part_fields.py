"""How much of a day a holiday frees: all of it, a half, or from one time to another."""

from __future__ import annotations

from datetime import time

from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms import HiddenField, SelectField, TimeField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Optional

from portal.domain.holidays import HolidayPart
from portal.domain.periods import DAY_MINUTES
from portal.web.holiday_words import PARTS

#: The part, and its minutes where it is from one time to another.
Chosen = tuple[HolidayPart, int | None, int | None]


class SeenForm(FlaskForm):
    """Is sent twice: for the page that says what it would do, and with the yes to that."""

    #: What the page said; empty before it was shown.
    seen = HiddenField()

    @property
    def kept(self) -> dict[str, str]:
        """All that was sent, for the yes."""
        return {
            name: str(field.raw_data[0] if field.raw_data else "")
            for name, field in self._fields.items()
            if name not in {"csrf_token", "seen"}
        }


class PartFields(FlaskForm):
    """The times count for a part from one to another only; midnight at the end is that of the day's end."""

    part = SelectField(
        _l("How much of the day"),
        choices=[SelectChoice(*one) for one in PARTS.items()],
        default=HolidayPart.FULL,
    )
    starts_minute = TimeField(_l("Free from"), validators=[Optional()])
    ends_minute = TimeField(_l("Free until"), validators=[Optional()])

    @property
    def chosen_part(self) -> Chosen:
        part = HolidayPart(self.part.data)
        if part is not HolidayPart.FROM_TO:
            return part, None, None
        ends = _minute(self.ends_minute.data)
        return part, _minute(self.starts_minute.data), DAY_MINUTES if ends == 0 else ends


def _minute(value: time | None) -> int | None:
    return None if value is None else value.hour * 60 + value.minute
