"""Says what stands in each cell of the calendar. How cells are written and escaped is in web/cells.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import LazyString
from flask_babel import gettext as _
from markupsafe import Markup, escape  # noqa: TID251  # Escapes shift codes; Markup is named as a type.

from portal.domain.periods import Part
from portal.services.team_calendar import AwayPart, PersonMonth
from portal.web import cells
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
    planned: str
    halves: Mapping[Part, LazyString]


def look_of(days: Sequence[date], today: date) -> Look:
    return Look(days, today, _("Away"), _("requested"), _("planned"), HALVES)


def day_classes(look: Look, holidays: Mapping[date, str]) -> list[str]:
    """The shading of each day at a site; worked out once for everybody who works there."""
    return [cells.day_classes(day, look.today, holidays) for day in look.days]


def row_cells(look: Look, person: PersonMonth, classes: Sequence[str]) -> Markup:
    """The cells of one person's month: chips for absences, plain letters for shifts on the other days."""
    chips = [
        (number - 1, _chip(look, person, number, part))
        for number, parts in person.away.items()
        for part in parts
    ]
    chips += [
        (number - 1, escape(code)) for number, code in person.shifts.items() if number not in person.away
    ]
    return cells.row(len(look.days), chips, classes=classes)


def _chip(look: Look, person: PersonMonth, number: int, part: AwayPart) -> Markup:
    kind = part.kind
    settled = " p" if part.planned else "" if part.approved else " q"
    half = _HALF_CLASSES.get(part.part, "")
    classes = f"c-{kind.colour if kind else 'grey'}{settled}{half}{_joins(person, number, part)}"
    said = [] if part.part is Part.FULL else [str(look.halves[part.part])]
    if not part.approved:
        said.append(look.planned if part.planned else look.requested)
    if part.closure:
        said.append(part.closure)
    if part.cover:
        said.append(_("covered by %(names)s", names=part.cover))
    title = ", ".join([type_label(kind) if kind else look.away, *said])
    return cells.chip(kind.code if kind else AWAY_SIGN, classes, said=", ".join(said), title=title)


def _joins(person: PersonMonth, number: int, part: AwayPart) -> str:
    """Whether the bar goes on in the next cell and comes from the one before."""
    if part.part is not Part.FULL:
        return ""
    goes_on = " j" if part in person.away.get(number + 1, ()) else ""
    comes_on = " k" if part in person.away.get(number - 1, ()) else ""
    return goes_on + comes_on
