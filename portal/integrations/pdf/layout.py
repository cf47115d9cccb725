"""The arithmetic of a roster's pages, in points: how wide the columns are, how tall the rows, who stands on which page.

The text and the drawing behind it are made from the same numbers, so they meet to the hair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from portal.integrations.pdf.faces import EM
from portal.integrations.pdf.sheet import RosterSheet

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 297 * MM, 210 * MM
MARGIN = 10 * MM
WIDTH, HEIGHT = PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT - 2 * MARGIN

TYPE = 7.6  # Codes, dates and sums; names and notes are set in proportion to it.
TITLE_HEIGHT = 45.0
WEEKDAY_HEIGHT, DATE_HEIGHT = 13.0, 14.0
DAYS_HEIGHT = WEEKDAY_HEIGHT + DATE_HEIGHT
TOP = TITLE_HEIGHT + DAYS_HEIGHT
FOOTER_HEIGHT = 17.0
LEGEND_LINE = 14.5
LEGEND_GAP = 9.0
TOTALS_HEIGHT = 17.0
LEAST_ROW, MOST_ROW = 12.8, 22.0
LEAST_NAMES = 142.0
TOTAL_WIDTH = 37.0
INSET = 4.0
MOST_CELL = 60.0
NOTE_SHARE = 0.33
USUAL_DAYS = 31


@dataclass(frozen=True)
class Layout:
    """Where everything is on each page. What ends in `_units` is in thousandths of `type_size`: exact in a PDF."""

    type_size: float
    days: int
    cell_units: int
    total_units: int
    lead_units: int
    row: float
    pages: Sequence[range]
    legend_lines: int
    has_totals: bool
    has_notes: bool

    @property
    def cell(self) -> float:
        return self.cell_units * self.type_size / EM

    @property
    def grid_left(self) -> float:
        return INSET + self.lead_units * self.type_size / EM

    @property
    def grid_right(self) -> float:
        return self.grid_left + self.days * self.cell

    @property
    def name_units(self) -> int:
        """Where the notes begin."""
        return round(self.lead_units * (1 - NOTE_SHARE) / 10) * 10

    def bottom(self, page: int) -> float:
        """Where the last row of a page ends, the row of sums included."""
        totals = TOTALS_HEIGHT if self.has_totals and page == len(self.pages) - 1 else 0
        return TOP + len(self.pages[page]) * self.row + totals

    @property
    def legend_top(self) -> float:
        return HEIGHT - FOOTER_HEIGHT - self.legend_lines * LEGEND_LINE


def measures_of(days: int) -> tuple[float, int]:
    """Type size in points and width of a day in its thousandths, of which both halves can hold a centred code."""
    # More than a month: everything smaller, rather than narrower than its codes.
    type_size = round(TYPE * min(1, USUAL_DAYS / days), 2)
    room = WIDTH - 2 * INSET - LEAST_NAMES - TOTAL_WIDTH
    return type_size, floor(min(room / days, MOST_CELL) / type_size * EM / 80) * 80


def layout_of(sheet: RosterSheet, legend_lines: int) -> Layout:
    type_size, cell_units = measures_of(len(sheet.days))
    total_units = floor(TOTAL_WIDTH / type_size * EM / 40) * 40
    whole = floor((WIDTH - 2 * INSET) / type_size * EM / 10) * 10
    room = HEIGHT - TOP - FOOTER_HEIGHT - (legend_lines * LEGEND_LINE + LEGEND_GAP if legend_lines else 0)
    has_totals = bool(sheet.daily_totals)
    row, pages = _rows(len(sheet.lines), room, TOTALS_HEIGHT if has_totals else 0)
    return Layout(
        type_size=type_size,
        days=len(sheet.days),
        cell_units=cell_units,
        total_units=total_units,
        lead_units=whole - total_units - len(sheet.days) * cell_units,
        row=row,
        pages=pages,
        legend_lines=legend_lines,
        has_totals=has_totals,
        has_notes=any(line.note for line in sheet.lines),
    )


def _rows(people: int, room: float, totals: float) -> tuple[float, Sequence[range]]:
    """Height of a row and who is on which page: as few pages as legible rows allow, and those equally full."""
    most = floor(room / LEAST_ROW)
    count = max(1, ceil(people / most))
    while True:
        each = max(1, ceil(people / count))
        on_last = people - each * (count - 1)
        tallest = min(MOST_ROW, room / each, (room - totals) / max(1, on_last))
        if tallest >= LEAST_ROW:
            # Whole tenths: the same rows on screen and on paper.
            row = floor(tallest * 10) / 10
            return row, [range(start, min(start + each, people)) for start in range(0, max(1, people), each)]
        count += 1
