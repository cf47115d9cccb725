"""Form fields for working time: hours as people write them, minutes inside."""

from __future__ import annotations

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField

from portal.domain.people_import import cells

_ZERO = {"0", "0:00", "0.0", "0,0"}
_DAY_MINUTES = 24 * 60


class HoursField(StringField):
    """`37.5`, `37,5` or `37:30`; the data are minutes, None when empty."""

    def __init__(
        self, *args: Any, most_minutes: int = _DAY_MINUTES, zero: bool = True, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        self.most_minutes = most_minutes
        self.zero = zero

    def _value(self) -> str:
        if self.raw_data:
            return str(self.raw_data[0])
        return hours_text(self.data) if isinstance(self.data, int) else ""

    def process_formdata(self, valuelist: list[str]) -> None:
        text = valuelist[0].strip() if valuelist else ""
        self.data = None
        if not text:
            return
        if self.zero and text in _ZERO:
            self.data = 0
            return
        try:
            self.data = cells.weekly_minutes(text)
        except cells.CellError:
            raise ValueError(_l("Not hours. Write 7.5, 7,5 or 7:30.")) from None
        if self.data > self.most_minutes:
            raise ValueError(_l("More hours than there can be."))


def hours_text(minutes: int) -> str:
    """450 is 7:30, 480 is 8."""
    whole, rest = divmod(minutes, 60)
    return f"{whole}:{rest:02d}" if rest else str(whole)
