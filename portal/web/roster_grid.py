"""What the roster's templates draw: columns, rows of cells, totals and the legend, worked out from a Grid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup  # noqa: TID251  # only the type of what cells.py has written

from portal.domain.periods import Part
from portal.services.roster_grid import Grid, GridAway, GridPerson
from portal.services.shift_templates import TemplateFacts
from portal.web import cells
from portal.web.absence_words import HALVES
from portal.web.filters import hours

#: Somebody is away, and the reader may not know why; the same sign as in the calendar.
AWAY_SIGN = "×"
_HALF_CLASSES = {Part.AM: " am", Part.PM: " pm"}


@dataclass(frozen=True)
class Column:
    """A day."""

    day: date
    weekday: str
    classes: str
    #: The name of the public holiday, if it is one.
    holiday: str


@dataclass(frozen=True)
class Row:
    """A person."""

    id: UUID
    name: str
    job_title: str
    cells: Markup
    hours: str


@dataclass(frozen=True)
class Total:
    """How many people work a shift on each day."""

    template: TemplateFacts
    cells: Markup
    total: int


@dataclass(frozen=True)
class AwayEntry:
    """A kind of time off for the legend."""

    code: str
    colour: str
    label: str


@dataclass(frozen=True)
class RosterPage:
    """Everything the template needs, worked out."""

    columns: list[Column]
    rows: list[Row]
    totals: list[Total]
    hours: str
    away: list[AwayEntry]
    holidays: list[Column]
    #: Nothing is published yet: every shift is drawn as a draft, and no single one says so.
    all_draft: bool


def roster_page(grid: Grid, today: date, only: Iterable[UUID] | None = None) -> RosterPage:
    """The page; with `only`, the rows of these people and all totals."""
    wanted = None if only is None else set(only)
    writer = RowWriter(grid, today)
    columns = [_column(grid, day, today) for day in grid.days]
    return RosterPage(
        columns=columns,
        rows=[writer.row(person) for person in grid.people if wanted is None or person.id in wanted],
        totals=[
            Total(one, cells.plain_row(counts), sum(counts))
            for one in grid.used_templates()
            for counts in [grid.per_day[one.code]]
        ],
        hours=hours(grid.paid_minutes),
        away=_away_legend(grid),
        holidays=[column for column in columns if column.holiday],
        all_draft=writer.all_draft,
    )


class RowWriter:
    """Writes the rows of one grid; words and colours are looked up once."""

    def __init__(self, grid: Grid, today: date) -> None:
        self.all_draft = grid.draft and grid.facts.version == 0
        self._length = len(grid.days)
        self._days, self._today, self._own_holidays = grid.days, today, grid.own_holidays
        self._colours = {template.code: template.colour for template in grid.templates}
        self._written: dict[tuple[object, ...], Markup] = {}
        self._asked, self._draft, self._clash = _("requested"), _("not published"), _("on a day off")

    def row(self, person: GridPerson) -> Row:
        return Row(
            id=person.id,
            name=person.name,
            job_title=person.job_title or "",
            cells=cells.row(self._length, self._chips(person), classes=self._shading(person)),
            hours=hours(person.paid_minutes),
        )

    def _shading(self, person: GridPerson) -> list[str]:
        """Of a row of its own where other days are free for this person; else that of the columns will do."""
        free = self._own_holidays.get(person.id)
        return [] if free is None else [cells.day_classes(day, self._today, free) for day in self._days]

    def _chips(self, person: GridPerson) -> Iterator[tuple[int, Markup]]:
        """Few kinds of chips make thousands: each kind is written once."""
        written = self._written
        days_off = {away.day for away in person.away if away.certain and away.part is Part.FULL}
        for day, code, unpublished in person.shifts:
            kind = (code, unpublished and not self.all_draft, day in days_off)
            chip = written.get(kind)
            if chip is None:
                chip = written[kind] = self._shift(*kind)
            yield day, chip
        for away in person.away:
            chip = written.get(away[1:])
            if chip is None:
                chip = written[away[1:]] = self._away(away)
            yield away.day, chip

    def _shift(self, code: str, draft: bool, clash: bool) -> Markup:
        classes = f"c-{self._colours[code]}"
        if not (draft or clash):
            return cells.chip(code, classes)
        classes += (" q" if draft else "") + (" n" if clash else "")
        said = [self._draft] * draft + [self._clash] * clash
        return cells.chip(code, classes, said=", ".join(said), title=", ".join(said))

    def _away(self, away: GridAway) -> Markup:
        said = [str(HALVES[away.part])] if away.part in HALVES else []
        if not away.certain:
            said.append(self._asked)
        classes = (
            f"c-{away.colour or 'grey'} a{_HALF_CLASSES.get(away.part, '')}{'' if away.certain else ' q'}"
        )
        title = ", ".join([away_label(away), *said])
        return cells.chip(away.code or AWAY_SIGN, classes, said=", ".join(said), title=title)


def away_label(away: GridAway) -> str:
    """The type of time off for who may know it, else that the person is away."""
    if away.code is None:
        return _("Away")
    return _("Vacation") if away.key == "vacation" else away.name or ""


def clock(moment: datetime, zone: ZoneInfo) -> str:
    """06:00 by the clock of the place of work."""
    return f"{moment.astimezone(zone):%H:%M}"


def _column(grid: Grid, day: date, today: date) -> Column:
    named = ", ".join(holiday.name for holiday in grid.holidays.get(day, ()))
    return Column(
        day=day,
        weekday=str(format_date(day, "EEEEEE", rebase=False)),
        classes=cells.day_classes(day, today, grid.holidays),
        holiday=named,
    )


def _away_legend(grid: Grid) -> list[AwayEntry]:
    kinds = {away[3:]: away for person in grid.people for away in person.away}
    entries = {
        AwayEntry(one.code or AWAY_SIGN, one.colour or "grey", away_label(one)) for one in kinds.values()
    }
    return sorted(entries, key=lambda entry: entry.label)
