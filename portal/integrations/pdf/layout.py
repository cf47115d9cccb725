"""The arithmetic of a roster's pages, in points: how wide the columns are, how tall the rows, who stands on which page.

The text and the drawing behind it are made from the same numbers, so they meet to the hair.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, floor

from portal.integrations.pdf.faces import EM, STEP, text_face
from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.sheet import RosterSheet, holidays_of

MM = 72 / 25.4
PAGE_WIDTH, PAGE_HEIGHT = 297 * MM, 210 * MM
MARGIN = 10 * MM
WIDTH, HEIGHT = PAGE_WIDTH - 2 * MARGIN, PAGE_HEIGHT - 2 * MARGIN

TYPE = 7.6  # Codes, dates and sums.
NAME_TYPE = 8.2
NOTE_TYPE = 6.6
LEGEND_TYPE = 7.2
TITLE_HEIGHT = 45.0
DAYS_HEIGHT = 27.0
TOP = TITLE_HEIGHT + DAYS_HEIGHT
FOOTER_HEIGHT = 17.0
LEGEND_LINE = 14.0
LEGEND_GAP = 9.0
LEGEND_CHIP = 21.0
LEGEND_BETWEEN = 13.0
LEGEND_TEXT = 170.0
TOTALS_HEIGHT = 17.0
LEAST_ROW, MOST_ROW = 12.8, 22.0
LEAST_NAMES = 146.0
TOTAL_WIDTH = 41.0
MOST_CELL = 60.0
NOTE_SHARE = 0.34
USUAL_DAYS = 31


@dataclass(frozen=True)
class Layout:
    """Where everything is on each page. `cell_units` is the width of a day in thousandths of `type_size`."""

    type_size: float
    cell_units: int
    days: int
    row: float
    pages: Sequence[range]
    legend_lines: int
    has_totals: bool
    has_notes: bool

    @property
    def cell(self) -> float:
        return self.cell_units * self.type_size / EM

    @property
    def total_units(self) -> int:
        """Width of the column of sums, in the units of the cells and no wider than its place."""
        return floor(TOTAL_WIDTH / self.type_size * EM / STEP) * STEP

    @property
    def grid_left(self) -> float:
        return self.grid_right - self.days * self.cell

    @property
    def grid_right(self) -> float:
        return WIDTH - self.total_units * self.type_size / EM

    @property
    def name_width(self) -> float:
        return (self.grid_left - 6) * (1 - NOTE_SHARE if self.has_notes else 1)

    @property
    def note_left(self) -> float:
        return self.name_width + 4

    @property
    def note_width(self) -> float:
        return self.grid_left - 6 - self.note_left

    def bottom(self, page: int) -> float:
        """Where the last row of a page ends, the row of sums included."""
        totals = TOTALS_HEIGHT if self.has_totals and page == len(self.pages) - 1 else 0
        return TOP + len(self.pages[page]) * self.row + totals

    @property
    def legend_top(self) -> float:
        return HEIGHT - FOOTER_HEIGHT - self.legend_lines * LEGEND_LINE


def layout_of(sheet: RosterSheet) -> Layout:
    days = len(sheet.days)
    # More than a month: everything smaller, rather than narrower than its codes.
    type_size = round(TYPE * min(1, USUAL_DAYS / days), 2)
    grid = WIDTH - LEAST_NAMES - TOTAL_WIDTH
    cell_units = floor(min(grid / days, MOST_CELL) / type_size * EM / (2 * STEP)) * 2 * STEP
    legend_lines = _legend_lines(sheet)
    room = HEIGHT - TOP - FOOTER_HEIGHT - (legend_lines * LEGEND_LINE + LEGEND_GAP if legend_lines else 0)
    has_totals = bool(sheet.daily_totals)
    row, pages = _rows(len(sheet.lines), room, TOTALS_HEIGHT if has_totals else 0)
    return Layout(
        type_size=type_size,
        cell_units=cell_units,
        days=days,
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


def _legend_lines(sheet: RosterSheet) -> int:
    """How many lines the legend takes, counted as the page sets it: entries side by side, wrapped whole."""
    face = text_face("regular")
    texts = [entry.text for entry in sheet.legend] + [name for _, name in holidays_of(sheet)]
    if not texts:
        return 0
    lines, used = 1, 0.0
    for text in texts:
        width = LEGEND_CHIP + min(LEGEND_TEXT, face.width(one_line(text)) * LEGEND_TYPE / EM) + LEGEND_BETWEEN
        if used + width > WIDTH and used:
            lines, used = lines + 1, 0.0
        used += width
    return lines
