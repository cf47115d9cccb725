"""Sets a line of the roster as one run of text, and names the few boxes that cannot be part of a run.

A code that Inter has no letters for, or that is too wide for its box, would push everything after it aside; such a
box is left empty in the run and set by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from portal.integrations.pdf.faces import EM, STEP, GridFace, grid_face, text_face
from portal.integrations.pdf.layout import Layout
from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.sheet import DayCells, RosterSheet, cells_of

_SMALLEST = 3.6


@dataclass(frozen=True)
class LooseBox:
    """A text set by itself: middle of its box from the left, and a size at which it fits. Points."""

    text: str
    left: float
    width: float
    size: float


class RunSetter:
    """Sets the lines of one sheet in one derived face."""

    def __init__(self, sheet: RosterSheet, layout: Layout) -> None:
        self._layout = layout
        self.face: GridFace = grid_face(_characters(sheet), layout.cell_units)
        # Hundreds of boxes hold one of a dozen things.
        self._box = cache(self._box_run)
        self._plain_box = cache(self._plain)

    def cells(self, cells: Sequence[DayCells], total: str) -> tuple[str, list[LooseBox]]:
        """The run of a person's line, its sum at the right, and what could not be part of it."""
        set_box = self._box
        boxes = [set_box(cell) for cell in cells]
        loose = [box for number, (_, aside) in enumerate(boxes) for box in self._moved(aside, number)]
        return "".join([run for run, _ in boxes]) + self.total(total), loose

    def labels(self, texts: Sequence[str], total: str = "") -> tuple[str, list[LooseBox]]:
        """The same for dates, weekdays and daily sums."""
        boxes = [self._plain_box(text, self._layout.cell_units) for text in texts]
        loose = [box for number, (_, aside) in enumerate(boxes) for box in self._moved(aside, number)]
        return "".join([run for run, _ in boxes]) + self.total(total), loose

    def total(self, text: str) -> str:
        """Flush right in the column of sums; a sum that is no number of any kind is cut to its place."""
        room = self._layout.total_units
        text = "".join(c for c in one_line(text) if c in self.face.widths or c == " ").replace(" ", "")
        while self.face.width(text) > room - STEP:
            text = text[1:]
        return self.face.right(text, room) if text else ""

    def _box_run(self, day: DayCells) -> tuple[str, tuple[LooseBox, ...]]:
        codes = [cell.code for cell in cells_of(day)]
        if len(codes) > 2:
            codes = [codes[0], f"+{len(codes) - 1}"]
        room = self._layout.cell_units // max(1, len(codes))
        parts = [self._plain(code, room) for code in codes]
        aside: list[LooseBox] = []
        for number, (_, loose) in enumerate(parts):
            aside += self._moved(loose, number * room / self._layout.cell_units)
        return "".join(run for run, _ in parts) or self.face.gap(room), tuple(aside)

    def _plain(self, text: str, room: int) -> tuple[str, tuple[LooseBox, ...]]:
        text = one_line(text)
        face, size = self.face, self._layout.type_size
        if text and face.covers(text) and face.width(text) <= room - STEP:
            return face.centred(text, room), ()
        width = room * size / EM
        natural = max(1.0, text_face("semibold").width(text))
        fits = max(_SMALLEST, min(size, (width - 1.2) / natural * EM))
        aside = (LooseBox(text, 0, width, round(fits, 1)),) if text else ()
        return face.gap(room), aside

    def _moved(self, boxes: Sequence[LooseBox], days: float) -> Iterator[LooseBox]:
        for box in boxes:
            yield LooseBox(box.text, box.left + days * self._layout.cell, box.width, box.size)


def _characters(sheet: RosterSheet) -> set[str]:
    """Every character that the runs of a sheet may hold."""
    found: set[str] = set()
    for day in sheet.days:
        found.update(day.label, day.weekday)
    for text in sheet.daily_totals:
        found.update(text)
    for entry in {cell for line in sheet.lines for day in line.cells for cell in cells_of(day)}:
        found.update(one_line(entry.code))
    for line in sheet.lines:
        found.update(line.total)
    return found
