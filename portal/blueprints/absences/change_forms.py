"""The forms of a change: those of a request, filled with it, with the version they were made for."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, time
from typing import Any

from wtforms import HiddenField, IntegerField
from wtforms.validators import InputRequired

from portal.blueprints.absences.forms import DaysForm, WishForm, days_form
from portal.domain.periods import DAY_MINUTES
from portal.services.absence_wishes import Wish


class RangeChangeForm(WishForm):
    """From one day to another, or hours of a day."""

    key: HiddenField | None = None
    absence_type_id = None
    substitute_1 = substitute_2 = substitute_3 = cover_note = None
    version = IntegerField(validators=[InputRequired()])


def range_change(wish: Wish | None, version: int) -> RangeChangeForm:
    """As it was sent; or, of a fresh one, filled with the wish."""
    if wish is None:
        return RangeChangeForm()
    data: dict[str, Any] = {
        "start_date": wish.start_date,
        "end_date": None if wish.start_date == wish.end_date else wish.end_date,
        "first_part": wish.first_part,
        "last_part": wish.last_part,
        "note": wish.note,
        "version": version,
    }
    if wish.days:
        hours = wish.days[0]
        data |= {"starts_at": _time(hours.starts_minute), "ends_at": _time(hours.ends_minute)}
    return RangeChangeForm(formdata=None, data=data)


def day_changes(days: Sequence[date], wish: Wish | None, version: int) -> DaysForm:
    """One field for each day that can be asked for."""
    if wish is None:
        return days_form(days, version=IntegerField(validators=[InputRequired()]))
    data: dict[str, Any] = {f"day-{one.date.isoformat()}": one.part for one in wish.days}
    data |= {"note": wish.note, "version": version}
    return days_form(days, data=data, version=IntegerField(validators=[InputRequired()]))


def _time(minute: int | None) -> time | None:
    return None if minute is None else time(minute % DAY_MINUTES // 60, minute % 60)
