"""Writes the cells of the month grid, people x days: joined in Python, for a loop in Jinja takes twice as long.

Every text that people or companies wrote is escaped here; the classes are those of static/css/grid.css.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from flask_babel import LazyString
from flask_babel import gettext as _
from markupsafe import Markup, escape  # noqa: TID251  # This module is the writer of the cells and escapes them.

from portal.domain.periods import Part
from portal.services.team_calendar import AwayPart, PersonMonth
from portal.web.absence_words import HALVES, type_label

AWAY_SIGN = "×"
_HALF_CLASSES = {Part.AM: " am", Part.PM: " pm"}


@dataclass(frozen=True)
class Look:
    """What all cells of a month share."""

    days: Sequence[date]
    today: date
    away: str
    requested: str
    halves: Mapping[Part, LazyString]


def look_of(days: Sequence[date], today: date) -> Look:
    return Look(days, today, _("Away"), _("requested"), HALVES)


def empty_cells(look: Look, holidays: Mapping[date, str]) -> list[str]:
    """The opening tag of each day's cell at a site; made once and used for everybody who works there."""
    return [f"<td{_class(_day_classes(look, day, holidays))}>" for day in look.days]


def row_cells(look: Look, person: PersonMonth, empty: Sequence[str]) -> Markup:
    """The cells of one person's month. End tags of cells may be left out in HTML, and 9,300 of them are."""
    if not person.away and not person.shifts:
        return Markup("".join(empty))  # noqa: S704  # made of classes alone
    cells = []
    for number, opening in enumerate(empty, start=1):
        parts = person.away.get(number)
        if parts:
            cells.append(opening + "".join(_chip(look, person, number, part) for part in parts))
        elif number in person.shifts:
            cells.append(opening + str(escape(person.shifts[number])))
        else:
            cells.append(opening)
    return Markup("".join(cells))  # noqa: S704  # codes and names were escaped where they were put in


def heading_classes(look: Look, day: date, holidays: Mapping[date, str]) -> str:
    return _day_classes(look, day, holidays)


def _chip(look: Look, person: PersonMonth, number: int, part: AwayPart) -> str:
    kind = part.kind
    settled = "" if part.approved else " q"
    half = _HALF_CLASSES.get(part.part, "")
    classes = f"c-{kind.colour if kind else 'grey'}{settled}{half}{_joins(person, number, part)}"
    said = [] if part.part is Part.FULL else [str(look.halves[part.part])]
    if not part.approved:
        said.append(look.requested)
    title = ", ".join([type_label(kind) if kind else look.away, *said])
    return _written(classes, kind.code if kind else AWAY_SIGN, title, ", ".join(said))


@lru_cache(maxsize=4096)
def _written(classes: str, code: str, title: str, more: str) -> str:
    """The chip: its letter, the words for who points at it, and the rest for who hears it."""
    heard = f"<i>, {escape(more)}</i>" if more else ""
    return f'<b class="{escape(classes)}" title="{escape(title)}">{escape(code)}{heard}</b>'


def _joins(person: PersonMonth, number: int, part: AwayPart) -> str:
    """Whether the bar goes on in the next cell and comes from the one before."""
    if part.part is not Part.FULL:
        return ""
    goes_on = " j" if part in person.away.get(number + 1, ()) else ""
    comes_on = " k" if part in person.away.get(number - 1, ()) else ""
    return goes_on + comes_on


def _day_classes(look: Look, day: date, holidays: Mapping[date, str]) -> str:
    classes = ["h"] if day in holidays else ["w"] if day.isoweekday() > 5 else []
    return " ".join([*classes, "t"] if day == look.today else classes)


def _class(classes: str) -> str:
    return f' class="{classes}"' if " " in classes else f" class={classes}" if classes else ""
