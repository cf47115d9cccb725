"""Writes rows of month grids, people x days: 9,300 cells are joined in Python, a loop in Jinja takes twice as long.

Every text is escaped where a chip is made; the classes are those of static/css/grid.css. Shading of days is left
to <col>, and end tags that HTML does not need are left out: a page of 300 people weighs a third less.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from datetime import date
from functools import lru_cache

from markupsafe import Markup, escape  # noqa: TID251  # chip() escapes, row() takes nothing but chips

_SATURDAY = 6
#: What an attribute may hold without quotes, and no more than what we write.
_BARE = re.compile(r"[a-z-]+")


@lru_cache(maxsize=4096)
def chip(code: str, classes: str, *, said: str = "", title: str = "") -> Markup:
    """The mark of one thing in a cell: its code, and in words what the colour or the pattern says."""
    named = Markup(' title="{}"').format(title) if title else ""
    heard = Markup("<i>, {}</i>").format(said) if said else ""
    opening = Markup("<b class={}") if _BARE.fullmatch(classes) else Markup('<b class="{}"')
    return Markup("{}{}>{}{}</b>").format(opening.format(classes), named, code, heard)


def row(length: int, chips: Iterable[tuple[int, Markup]], *, classes: Sequence[str] = ()) -> Markup:
    """The cells of a row of `length` days; each chip goes into the cell of its day, counted from 0.

    `classes` shades the days of this row alone, where people of one page have different holidays.
    """
    cells = [_opening(one) for one in classes] or ["<td>"] * length
    for day, mark in chips:
        if type(mark) is not Markup:
            raise TypeError(f"not made by chip(): {mark!r}")
        cells[day] += str.__str__(mark)
    return Markup("".join(cells))  # noqa: S704  # nothing but chips


@lru_cache(maxsize=64)
def _opening(classes: str) -> str:
    return (
        f'<td class="{escape(classes)}">'
        if " " in classes
        else f"<td class={classes}>"
        if classes
        else "<td>"
    )


def plain_row(values: Iterable[object]) -> Markup:
    """A row of numbers, such as totals; 0 and "" stay empty."""
    return Markup("").join(Markup("<td>{}").format(escape(value or "")) for value in values)


def day_classes(day: date, today: date, holidays: Container[date]) -> str:
    """h for a public holiday, w for a weekend, t for today."""
    kind = "h" if day in holidays else "w" if day.isoweekday() >= _SATURDAY else ""
    return f"{kind} t".strip() if day == today else kind
