"""Draws everything of a page that is not text, as one SVG with one path per colour: shading, lines, chips, bars.

A path costs the PDF writer by its points, so a chip is a thick stroke of two points. Shifts are round chips, absences
are square bars with a line under them: they differ without their colour too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from portal.integrations.pdf.layout import DAYS_HEIGHT, HEIGHT, TITLE_HEIGHT, TOP, WIDTH, Layout
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
INK = "#1b2330"
RULE, WEEK_RULE, STRONG_RULE = "#dfe3e9", "#b4bbc6", "#5b6675"
WEEKEND, HOLIDAY, HEAD = "#f0f2f6", "#fdeee4", "#e9edf3"
HOLIDAY_RING = "#c2410c"
CHIP_HEIGHT = 11.0
CHIP_WIDTH = 30.0


@dataclass
class _Drawing:
    """Strokes gathered by their look; SVG text at the end."""

    strokes: dict[tuple[str, float, str], list[str]] = field(default_factory=lambda: defaultdict(list))

    def line(self, x: float, y: float, to_x: float, colour: str, width: float, cap: str = "butt") -> None:
        self.strokes[colour, width, cap].append(f"M{x:.2f} {y:.2f}H{to_x:.2f}")

    def upright(self, x: float, y: float, to_y: float, colour: str, width: float) -> None:
        self.strokes[colour, width, "butt"].append(f"M{x:.2f} {y:.2f}V{to_y:.2f}")

    def box(self, x: float, y: float, width: float, height: float, colour: str) -> None:
        self.line(x, y + height / 2, x + width, colour, round(height, 2))

    def svg(self) -> bytes:
        paths = "".join(
            f'<path stroke="{colour}" stroke-width="{width:g}" stroke-linecap="{cap}" d="{"".join(parts)}"/>'
            for (colour, width, cap), parts in self.strokes.items()
        )
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH:.3f} {HEIGHT:.3f}" fill="none">'
        return f"{head}{paths}</svg>".encode()


def background(
    layout: Layout, page: int, days: Sequence[RosterDay], rows: Iterable[Sequence[DayCells]]
) -> bytes:
    """The SVG behind one page. Later strokes lie over earlier ones of another look."""
    drawing = _Drawing()
    _columns(drawing, layout, page, days)
    _rules(drawing, layout, page, days)
    for number, cells in enumerate(rows):
        _row(drawing, layout, TOP + (number + 0.5) * layout.row, cells)
    return drawing.svg()


def _columns(drawing: _Drawing, layout: Layout, page: int, days: Sequence[RosterDay]) -> None:
    drawing.box(0, TITLE_HEIGHT, WIDTH, DAYS_HEIGHT, HEAD)
    bottom = layout.bottom(page)
    for number, day in enumerate(days):
        left = layout.grid_left + number * layout.cell
        if day.holiday or day.shaded:
            drawing.box(left, TOP, layout.cell, bottom - TOP, HOLIDAY if day.holiday else WEEKEND)
            drawing.box(left, TITLE_HEIGHT, layout.cell, DAYS_HEIGHT, "#f8d9c4" if day.holiday else "#dbe0e8")
        if day.holiday:
            middle = left + layout.cell / 2
            reach = 2.2
            y = TITLE_HEIGHT + DAYS_HEIGHT * 0.68
            drawing.line(middle - reach, y, middle + reach, HOLIDAY_RING, 12.4, "round")
            drawing.line(middle - reach, y, middle + reach, "#ffffff", 10.8, "round")


def _rules(drawing: _Drawing, layout: Layout, page: int, days: Sequence[RosterDay]) -> None:
    bottom, rows = layout.bottom(page), len(layout.pages[page])
    for number in range(1, rows):
        y = TOP + number * layout.row
        drawing.line(0, y, WIDTH, RULE, 0.5)
    for number, day in enumerate(days):
        x = layout.grid_left + number * layout.cell
        monday = number == 0 or day.date.weekday() == 0
        drawing.upright(x, TITLE_HEIGHT, bottom, WEEK_RULE if monday else RULE, 0.7 if monday else 0.4)
    drawing.upright(layout.grid_right, TITLE_HEIGHT, bottom, WEEK_RULE, 0.7)
    drawing.line(0, TOP, WIDTH, STRONG_RULE, 1)
    drawing.line(0, bottom, WIDTH, STRONG_RULE, 1)
    rows_end = TOP + rows * layout.row
    if rows and rows_end < bottom:
        drawing.line(0, rows_end, WIDTH, STRONG_RULE, 1)


def _row(drawing: _Drawing, layout: Layout, y: float, cells: Sequence[DayCells]) -> None:
    for left, right, cell in _pieces(layout, cells):
        fill, deep = PALETTE[cell.colour]
        height = round(min(CHIP_HEIGHT, layout.row - 2.2), 2)
        if cell.kind == "absence":
            drawing.line(left + 0.6, y, right - 0.6, fill, height)
            drawing.line(left + 0.6, y + height / 2 - 0.6, right - 0.6, deep, 1.2)
        else:
            spare = max(0.9, (right - left - CHIP_WIDTH) / 2)
            reach = min(spare + height / 2, (right - left) / 2 - 0.1)
            drawing.line(left + reach, y, right - reach, fill, height, "round")


def _pieces(layout: Layout, cells: Sequence[DayCells]) -> Iterator[tuple[float, float, RosterCell]]:
    """What is drawn in a row: halves where a day holds two things, one bar over days of the same absence."""
    start: int | None = None
    for number, day in enumerate(cells):
        held = cells_of(day)
        left = layout.grid_left + number * layout.cell
        if len(held) > 1:
            half = layout.cell / 2
            yield left, left + half, held[0]
            yield left + half, left + layout.cell, held[1]
        elif held and held[0].kind == "absence":
            start = number if start is None else start
            if number + 1 == len(cells) or cells[number + 1] != day:
                yield layout.grid_left + start * layout.cell, left + layout.cell, held[0]
                start = None
        elif held:
            yield left, left + layout.cell, held[0]
