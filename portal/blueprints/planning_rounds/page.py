"""What the sheet draws: people by days, or by weeks where the round is long, with counts below."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from flask_babel import format_date
from flask_babel import gettext as _
from markupsafe import Markup  # noqa: TID251  # Only the type of what web/cells.py has written and escaped.

from portal.domain.months import days_between
from portal.services.planning_rounds.sheet import Sheet, SheetWish
from portal.web import absence_words, cells, planned_words

#: A longer round is drawn by weeks.
_MOST_DAYS = 31
_SATURDAY = 6


@dataclass(frozen=True)
class Column:
    """A day, or the days of a week."""

    label: str
    note: str
    title: str
    classes: str
    days: tuple[date, ...]


@dataclass(frozen=True)
class SheetPage:
    """The grid, worked out. People who planned nothing are counted and not drawn."""

    columns: list[Column]
    by_weeks: bool
    rows: list[tuple[str, Markup]]
    wanted: Markup
    granted: Markup
    without: int


def sheet_page(sheet: Sheet) -> SheetPage:
    days = list(days_between(sheet.row.start_date, sheet.row.end_date))
    by_weeks = len(days) > _MOST_DAYS
    columns = _weeks(days) if by_weeks else [_day(day) for day in days]
    place = {day: number for number, column in enumerate(columns) for day in column.days}
    by_person: dict[str, list[SheetWish]] = {}
    names: dict[str, str] = {}
    for wish in sheet.wishes:
        by_person.setdefault(str(wish.person.id), []).append(wish)
        names[str(wish.person.id)] = wish.person.name
    rows = [(names[key], _row(columns, place, several)) for key, several in by_person.items()]
    open_wishes = [wish for wish in sheet.wishes if not wish.own]
    return SheetPage(
        columns,
        by_weeks,
        rows,
        cells.plain_row(_most(columns, place, sheet.wishes)),
        cells.plain_row(_most(columns, place, [wish for wish in open_wishes if wish.granted])),
        len({str(one.id) for one in sheet.people} - by_person.keys()),
    )


def _row(columns: Sequence[Column], place: dict[date, int], wishes: Sequence[SheetWish]) -> Markup:
    drawn: dict[int, SheetWish] = {}
    for wish in wishes:
        for part in wish.parts:
            if part.date in place and part.date.isoweekday() < _SATURDAY:
                drawn.setdefault(place[part.date], wish)
    return cells.row(
        len(columns),
        [(number, _chip(wish)) for number, wish in sorted(drawn.items())],
        classes=[column.classes for column in columns],
    )


def _chip(wish: SheetWish) -> Markup:
    granted = wish.granted or wish.own
    classes = f"c-{wish.kind.colour}" if granted else "c-grey p"
    if wish.contested and granted:
        classes += " n"
    stands = _("your own") if wish.own else _("granted") if wish.granted else _("not granted")
    if wish.contested:
        stands = f"{stands}, {_('not everybody can have it')}"
    when = absence_words.period(wish.row.start_date, wish.row.end_date)
    weight = planned_words.WEIGHTS[wish.row.weight]
    return cells.chip(
        str(wish.row.weight), classes, said=stands, title=f"{wish.person.name}: {when}, {weight}, {stands}"
    )


def _most(columns: Sequence[Column], place: dict[date, int], wishes: Sequence[SheetWish]) -> list[int]:
    """Of each column the day with the most people."""
    by_day: dict[date, set[str]] = {}
    for wish in wishes:
        for part in wish.parts:
            if part.date in place and part.date.isoweekday() < _SATURDAY:
                by_day.setdefault(part.date, set()).add(str(wish.person.id))
    return [max(len(by_day.get(day, ())) for day in column.days) for column in columns]


def _day(day: date) -> Column:
    classes = "w" if day.isoweekday() >= _SATURDAY else ""
    weekday = str(format_date(day, "EEEEEE", rebase=False))
    return Column(weekday, str(day.day), absence_words.label_of_day(day), classes, (day,))


def _weeks(days: Sequence[date]) -> list[Column]:
    found: dict[date, list[date]] = {}
    for day in days:
        found.setdefault(day - timedelta(days=day.isoweekday() - 1), []).append(day)
    return [
        Column(
            str(format_date(several[0], "MMM", rebase=False)) if position == 0 or several[0].day <= 7 else "",
            str(monday.isocalendar().week),
            absence_words.period(several[0], several[-1]),
            "",
            tuple(several),
        )
        for position, (monday, several) in enumerate(found.items())
    ]
