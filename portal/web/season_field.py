"""A day of every year, typed without the year: 24 Dec is 12-24, as the hint beside the field says."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from wtforms import Field
from wtforms.widgets import TextInput

from portal.domain.refusals import Refusal
from portal.domain.staffing import YearDay

_DAY_MONTH = re.compile(r"^(\d{1,2})\s*[./]\s*(\d{1,2})\s*\.?$")
_MONTH_DAY = re.compile(r"^(\d{1,2})-(\d{1,2})$")


class SeasonDayField(Field):
    """Day and month as people write them, 24.12. or 24/12, or month and day as in a full date, 12-24."""

    widget = TextInput()
    data: tuple[int, int] | None

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return f"{self.data[1]}.{self.data[0]}." if self.data else ""

    def process_formdata(self, valuelist: list[Any]) -> None:
        text = (valuelist[0] if valuelist else "").strip()
        self.data = None
        if not text:
            return
        written, iso = _DAY_MONTH.match(text), _MONTH_DAY.match(text)
        if written:
            day, month = int(written[1]), int(written[2])
        elif iso:
            month, day = int(iso[1]), int(iso[2])
        else:
            raise ValueError(_("Please write the day and the month: 24.12."))
        try:
            YearDay(month, day)
        except Refusal:
            raise ValueError(_("There is no such day. Please write the day and the month: 24.12.")) from None
        self.data = month, day
