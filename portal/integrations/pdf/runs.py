"""Sets a line of the roster as one run of text, and names the few texts that cannot be part of a run.

A text that Inter has no letters for, or a code too wide for its box, would push everything after it aside; its place
is left empty in the run and it is set by itself.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache

from portal.integrations.pdf.faces import EM, text_face
from portal.integrations.pdf.layout import INSET, Layout
from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.run_face import LEAD, LOOKS, Look, RunFace
from portal.integrations.pdf.sheet import DayCells, RosterLine, RosterSheet, cells_of

_SMALLEST = 3.6
# Between a text and the code beside it, and between a code and the edge of its box. Thousandths of the type size.
_APART = 120
_EDGE = 40


@dataclass(frozen=True)
class LooseText:
    """A text set by itself, in points. A code is centred in its box; a name or note starts at its left."""

    text: str
    left: float
    width: float
    size: float
    look: Look = "code"


Run = tuple[str, list[LooseText]]


class RunSetter:
    """Sets the lines of one sheet."""

    def __init__(self, layout: Layout, face: RunFace) -> None:
        self._layout = layout
        self._face = face
        # Hundreds of boxes hold one of a dozen things.
        self._day = cache(self._set_day)
        self._label = cache(self._set_code)

    def person(self, line: RosterLine) -> Run:
        boxes = [self._day(day) for day in line.cells]
        return self._whole(one_line(line.name), one_line(line.note), boxes, one_line(line.total))

    def labels(self, texts: Sequence[str], name: str = "", total: str = "") -> Run:
        """A line of dates, weekdays or daily sums."""
        boxes = [self._label(one_line(text), self._layout.cell_units) for text in texts]
        return self._whole(one_line(name), "", boxes, one_line(total))

    def _whole(self, name: str, note: str, boxes: list[tuple[str, tuple[LooseText, ...]]], total: str) -> Run:
        layout = self._layout
        loose: list[LooseText] = []
        run, used = "", 0
        for look, text, start, width in (
            ("name", name, 0, layout.name_units if layout.has_notes else layout.lead_units),
            ("note", note, layout.name_units, layout.lead_units - layout.name_units),
        ):
            part, taken, aside = self._beside(text, look, start, width - _APART)
            loose += aside
            if part:
                # The space that makes a note of what follows must stand right before it.
                run += (self._face.gap(start - used - 10) + LEAD if look == "note" else "") + part
                used = start + taken
        run += self._face.gap(layout.lead_units - used)
        for day, (_, aside) in enumerate(boxes):
            loose += self._placed(aside, day)
        return run + "".join([box for box, _ in boxes]) + self._total(total), loose

    def _beside(self, text: str, look: Look, start: int, limit: int) -> tuple[str, int, list[LooseText]]:
        """A name or note as it fits its column; the ellipsis is by measure."""
        face = self._face.looks[look]
        fitted = face.fitted(text, limit)
        if not fitted or face.covers(fitted):
            return fitted, round(face.width(fitted)), []
        unit = self._layout.type_size / EM
        size = round(self._layout.type_size * LOOKS[look][1], 2)
        return "", 0, [LooseText(fitted, round(INSET + start * unit, 2), round(limit * unit, 2), size, look)]

    def _total(self, text: str) -> str:
        """Flush right in its column; what is too long for it loses its beginning, so that it stays a column."""
        face, room = self._face, self._layout.total_units
        text = "".join(character for character in text if character in face.looks["code"].widths)
        while face.width(text) > room - _EDGE:
            text = text[1:]
        return face.gap(room - face.width(text)) + text if text else ""

    def _set_day(self, day: DayCells) -> tuple[str, tuple[LooseText, ...]]:
        codes = [one_line(cell.code) for cell in cells_of(day)]
        if len(codes) > 2:
            codes = [codes[0], f"+{len(codes) - 1}"]
        room = self._layout.cell_units // max(1, len(codes))
        parts = [self._set_code(code, room) for code in codes]
        aside = [replace(box, left=n * box.width) for n, (_, boxes) in enumerate(parts) for box in boxes]
        return "".join([run for run, _ in parts]) or self._face.gap(room), tuple(aside)

    def _set_code(self, text: str, room: int) -> tuple[str, tuple[LooseText, ...]]:
        face, size = self._face, self._layout.type_size
        if text and face.looks["code"].covers(text) and face.width(text) <= room - _EDGE:
            return face.centred(text, room), ()
        width = room * size / EM
        natural = max(1.0, text_face("semibold").width(text))
        fits = max(_SMALLEST, min(size, (width - 1.2) / natural * EM))
        return face.gap(room), (LooseText(text, 0, round(width, 2), round(fits, 1)),) if text else ()

    def _placed(self, boxes: Sequence[LooseText], day: int) -> Iterator[LooseText]:
        for box in boxes:
            yield replace(box, left=round(self._layout.grid_left + day * self._layout.cell + box.left, 2))


def characters_of(sheet: RosterSheet) -> set[str]:
    """Every character that a run of the sheet may hold."""
    labels = sheet.labels
    texts = [labels.name_heading, labels.total_heading, labels.totals_row, *sheet.daily_totals]
    for day in sheet.days:
        texts += [day.label, day.weekday, day.holiday or ""]
    for entry in sheet.legend:
        texts += [entry[0], entry[2]]
    for line in sheet.lines:
        texts += [line.name, line.note, line.total]
    found = set(one_line("".join(texts), longest=None))
    codes = {cell.code for line in sheet.lines for day in line.cells if day is not None for cell in cells_of(day)}
    return found.union(*map(one_line, codes))
