"""What a printed roster says: plain values, every text already in the reader's language.

It refuses sheets that cannot be printed; how they look is decided in the modules beside it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple

CellKind = Literal["shift", "absence"]
COLOURS = frozenset({"blue", "green", "orange", "purple", "teal", "pink", "yellow", "grey"})
MOST_DAYS = 42
MOST_LINES = 3000
LONGEST_CODE = 3


@dataclass(frozen=True)
class RosterDay:
    """One column. `holiday` is the name of the public holiday, if it is one."""

    date: date
    label: str
    weekday: str
    shaded: bool = False
    holiday: str | None = None


@dataclass(frozen=True)
class RosterCell:
    """One shift or absence of one person on one day; `colour` is one of COLOURS."""

    code: str
    colour: str
    kind: CellKind = "shift"

    def __post_init__(self) -> None:
        if self.colour not in COLOURS:
            raise ValueError(f"{self.colour!r} is not a colour of the roster")
        if not 1 <= len(self.code) <= LONGEST_CODE:
            raise ValueError(f"{self.code!r} is not a code of 1 to {LONGEST_CODE} characters")


# A day holds nothing, one thing, or several: two shifts, or half a day off and a shift.
DayCells = RosterCell | tuple[RosterCell, ...] | None


@dataclass(frozen=True)
class RosterLine:
    """One person's month."""

    name: str
    cells: Sequence[DayCells]
    note: str = ""
    total: str = ""


class LegendEntry(NamedTuple):
    """What a code stands for."""

    code: str
    colour: str
    text: str
    kind: CellKind = "shift"


@dataclass(frozen=True)
class RosterLabels:
    """The sheet's own words. `page` holds {page} and {pages}; `no_lines` is shown when nobody is on the sheet."""

    name_heading: str
    total_heading: str
    totals_row: str
    page: str = "{page} / {pages}"
    no_lines: str = ""


@dataclass(frozen=True)
class RosterSheet:
    """A whole roster. `draft` is the word that marks a draft, None on a published one."""

    title: str
    company: str
    subtitle: str
    days: Sequence[RosterDay]
    lines: Sequence[RosterLine]
    labels: RosterLabels
    daily_totals: Sequence[str] = ()
    legend: Sequence[LegendEntry] = ()
    version: str = ""
    printed: str = ""
    draft: str | None = None
    language: str = "en"

    def __post_init__(self) -> None:
        width = len(self.days)
        if not 1 <= width <= MOST_DAYS:
            raise ValueError(f"a roster has 1 to {MOST_DAYS} days, not {width}")
        if len(self.lines) > MOST_LINES:
            raise ValueError(f"a roster has at most {MOST_LINES} people, not {len(self.lines)}")
        if self.daily_totals and len(self.daily_totals) != width:
            raise ValueError(f"{len(self.daily_totals)} daily totals for {width} days")
        for line in self.lines:
            if len(line.cells) != width:
                raise ValueError(f"{len(line.cells)} cells for {width} days")


def cells_of(day: DayCells) -> tuple[RosterCell, ...]:
    """What stands in one box, as a tuple whatever its form."""
    if day is None:
        return ()
    return (day,) if isinstance(day, RosterCell) else day


def holidays_of(sheet: RosterSheet) -> Iterator[tuple[str, str]]:
    """Label and name of each public holiday, in order."""
    return ((day.label, day.holiday) for day in sheet.days if day.holiday)
