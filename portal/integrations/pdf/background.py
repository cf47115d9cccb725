"""Draws everything of a page that is not text, as operators of a PDF, one path per look: shading, lines, chips, bars.

All of it is thick strokes of two points, and what repeats is their dashes, so a page is some ten kilobytes. Shifts are
round chips, absences are square bars with a line under them: they differ without colour too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from typing import NamedTuple

from portal.integrations.pdf.layout import (
    DATE_HEIGHT,
    DAYS_HEIGHT,
    LEGEND_LINE,
    MARGIN,
    PAGE_HEIGHT,
    TITLE_HEIGHT,
    TOP,
    WIDTH,
    Layout,
)
from portal.integrations.pdf.legend import HOLIDAY, Chip
from portal.integrations.pdf.sheet import DayCells, RosterCell, RosterDay, cells_of

# Fill, and the line under an absence. The ink on them is #1b2330: every fill keeps it above 9 to 1.
PALETTE = {
    "blue": ("#c5dafb", "#4b7fd0"),
    "green": ("#c4ecd0", "#3c9a60"),
    "orange": ("#ffd9b3", "#d9822b"),
    "purple": ("#dfd3fa", "#8662cf"),
    "teal": ("#bdebe9", "#24908c"),
    "pink": ("#fbd0e2", "#cf5089"),
    "yellow": ("#fbeaa2", "#b8930b"),
    "grey": ("#dcdfe5", "#7b8494"),
}
INK, SOFT_INK = "#1b2330", "#4a5567"
RULE, WEEK_RULE, STRONG_RULE = "#dfe3e9", "#b4bbc6", "#5b6675"
WEEKEND, FEAST, HEAD = "#f0f2f6", "#fdeee4", "#e9edf3"
HOLIDAY_RING = "#c2410c"
CHIP_HEIGHT = 11.0
CHIP_WIDTH = 30.0


class _Look(NamedTuple):
    """How a stroke is drawn; `dash` is the length of each dash and of each gap."""

    colour: str
    width: float
    cap: str = "butt"
    dash: tuple[float, float] | None = None

    def operators(self) -> str:
        """Sets the look, in the operators of PDF 1.7, 8.4.4 and 8.6.8."""
        red, green, blue = (int(self.colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
        dash = f"{self.dash[0]:.3f} {self.dash[1]:.3f}" if self.dash else ""
        cap = 1 if self.cap == "round" else 0
        return f"{red:.3f} {green:.3f} {blue:.3f} RG {self.width:.2f} w {cap} J [{dash}] 0 d"


class _Drawing:
    """Strokes gathered by their look. Points count from the top left corner inside the margins, as in the style."""

    def __init__(self) -> None:
        self._strokes: dict[_Look, list[str]] = defaultdict(list)

    def across(self, x: float, y: float, to_x: float, look: _Look) -> None:
        self._strokes[look].append(f"{x:.2f} {y:.2f} m {to_x:.2f} {y:.2f} l")

    def down(self, x: float, y: float, to_y: float, look: _Look) -> None:
        self._strokes[look].append(f"{x:.2f} {y:.2f} m {x:.2f} {to_y:.2f} l")

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.across(x, y + height / 2, x + width, _Look(colour, height))

    def operators(self) -> bytes:
        """The whole drawing, which leaves the state of the page as it found it."""
        paths = [f"{look.operators()} {' '.join(parts)} S" for look, parts in self._strokes.items()]
        place = f"q 1 0 0 -1 {MARGIN:.3f} {PAGE_HEIGHT - MARGIN:.3f} cm"
        return "\n".join([place, *paths, "Q"]).encode()


def draw(
    layout: Layout,
    page: int,
    days: Sequence[RosterDay],
    rows: Iterable[Sequence[DayCells]],
    legend: Sequence[Sequence[Chip]] = (),
) -> bytes:
    """The drawing under the text of one page. Later strokes lie over earlier ones of another look."""
    drawing = _Drawing()
    _columns(drawing, layout, page, days)
    _rules(drawing, layout, page, days)
    for number, cells in enumerate(rows):
        _row(drawing, layout, TOP + (number + 0.5) * layout.row, cells)
    for number, chips in enumerate(legend):
        y = layout.legend_top + (number + 0.5) * LEGEND_LINE
        for chip in chips:
            _legend_chip(drawing, y, chip)
    return drawing.operators()


def _columns(drawing: _Drawing, layout: Layout, page: int, days: Sequence[RosterDay]) -> None:
    drawing.box(0, TITLE_HEIGHT, WIDTH, DAYS_HEIGHT, HEAD)
    bottom = layout.bottom(page)
    for number, day in enumerate(days):
        left = layout.grid_left + number * layout.cell
        if day.holiday or day.shaded:
            drawing.box(left, TOP, layout.cell, bottom - TOP, FEAST if day.holiday else WEEKEND)
            drawing.box(left, TITLE_HEIGHT, layout.cell, DAYS_HEIGHT, "#f8d9c4" if day.holiday else "#dbe0e8")
        if day.holiday:
            _ring(drawing, left + layout.cell / 2, TOP - DATE_HEIGHT + (DATE_HEIGHT - 2) / 2)


def _rules(drawing: _Drawing, layout: Layout, page: int, days: Sequence[RosterDay]) -> None:
    bottom, rows_end = layout.bottom(page), TOP + len(layout.pages[page]) * layout.row
    height = bottom - TITLE_HEIGHT
    # All lines of a kind are the dashes of one stroke, as thick as the lines are long.
    if rows_end > TOP:
        drawing.down(
            WIDTH / 2, TOP + layout.row - 0.25, rows_end - 1, _Look(RULE, WIDTH, dash=(0.5, layout.row - 0.5))
        )
    between = _Look(RULE, height, dash=(0.4, layout.cell - 0.4))
    drawing.across(layout.grid_left - 0.2, TITLE_HEIGHT + height / 2, layout.grid_right - 1, between)
    for number, day in enumerate(days):
        if number == 0 or day.date.weekday() == 0:
            x = layout.grid_left + number * layout.cell
            drawing.down(x, TITLE_HEIGHT, bottom, _Look(WEEK_RULE, 0.7))
    drawing.down(layout.grid_right, TITLE_HEIGHT, bottom, _Look(WEEK_RULE, 0.7))
    for y in {TOP, rows_end, bottom}:
        drawing.across(0, y, WIDTH, _Look(STRONG_RULE, 1))


class _Marks(NamedTuple):
    """Neighbouring days with the same thing in them: one bar of an absence, or so many chips."""

    left: float
    right: float
    days: int
    cell: RosterCell


def _row(drawing: _Drawing, layout: Layout, y: float, cells: Sequence[DayCells]) -> None:
    height = min(CHIP_HEIGHT, layout.row - 2.2)
    for left, right, count, cell in _marks(layout, cells):
        _mark(drawing, (left, right), y, height, cell.colour, cell.kind, count)


def _marks(layout: Layout, cells: Sequence[DayCells]) -> Iterator[_Marks]:
    """What is drawn in a row. A day that holds two things is cut in halves."""
    start = 0
    for day, neighbours in groupby(cells):
        count = sum(1 for _ in neighbours)
        left = layout.grid_left + start * layout.cell
        held = cells_of(day)[:2]
        if len(held) == 1:
            yield _Marks(left, left + count * layout.cell, count, held[0])
        elif held:
            half = layout.cell / 2
            for number in range(count * 2):
                yield _Marks(left + number * half, left + (number + 1) * half, 1, held[number % 2])
        start += count


def _mark(
    drawing: _Drawing,
    span: tuple[float, float],
    y: float,
    height: float,
    colour: str,
    kind: str,
    count: int = 1,
) -> None:
    (left, right), (fill, deep) = span, PALETTE[colour]
    if kind == "absence":
        drawing.across(left + 0.6, y, right - 0.6, _Look(fill, height))
        drawing.across(left + 0.6, y + height / 2 - 0.6, right - 0.6, _Look(deep, 1.2))
        return
    # The chips of neighbouring days are the dashes of one stroke, round at their ends.
    each = (right - left) / count
    spare = max(0.9, (each - CHIP_WIDTH) / 2)
    reach = min(spare + height / 2, each / 2 - 0.1)
    look = _Look(fill, height, "round", (each - 2 * reach, 2 * reach))
    drawing.across(left + reach, y, right - reach, look)


def _legend_chip(drawing: _Drawing, y: float, chip: Chip) -> None:
    if chip.kind == HOLIDAY:
        _ring(drawing, (chip.left + chip.right) / 2, y)
    else:
        _mark(drawing, (chip.left, chip.right), y, CHIP_HEIGHT, chip.colour, chip.kind)


def _ring(drawing: _Drawing, middle: float, y: float) -> None:
    for colour, width in ((HOLIDAY_RING, 12.4), ("#ffffff", 10.8)):
        drawing.across(middle - 2.4, y, middle + 2.4, _Look(colour, width, "round"))
