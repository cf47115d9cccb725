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
from portal.integrations.pdf.run_face import BOX_END, CELL, LEAD, LOOKS, Look, RunFace
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


@dataclass(frozen=True)
class _Box:
    """One day. `alone` is set when a single letter is all of it, which needs no spaces beside another such box."""

    run: str
    alone: str = ""
    loose: tuple[LooseText, ...] = ()


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

    def _whole(self, name: str, note: str, boxes: list[_Box], total: str) -> Run:
        layout = self._layout
        loose: list[LooseText] = []
        run, used = "", 0
        columns: tuple[tuple[Look, str, int, int], ...] = (
            ("name", name, 0, layout.name_units if layout.has_notes else layout.lead_units),
            ("note", note, layout.name_units, layout.lead_units - layout.name_units),
        )
        for look, text, start, width in columns:
            part, taken, aside = self._beside(text, look, start, width - _APART)
            loose += aside
            if part:
                # The space that makes a note of what follows must stand right before it.
                run += (self._face.gap(start - used - 10) + LEAD if look == "note" else "") + part
                used = start + taken
        run += self._days(boxes, layout.lead_units - used)
        for day, box in enumerate(boxes):
            loose += self._placed(box.loose, day)
        sum_run, sum_aside = self._total(total)
        return run + sum_run, loose + sum_aside

    def _days(self, boxes: list[_Box], before: int) -> str:
        """The boxes of a line with the space before them. A letter alone becomes a box behind an empty one or a box."""
        face = self._face
        parts, in_boxes = [face.gap(before)], False
        if before > face.cell + _EDGE:
            parts, in_boxes = [face.gap(before - face.cell), CELL], True
        for box in boxes:
            if in_boxes and box.alone:
                parts.append(box.alone)
            else:
                parts.append(box.run)
                in_boxes = box.run == CELL
        return "".join(parts)

    def _beside(self, text: str, look: Look, start: int, limit: int) -> tuple[str, int, list[LooseText]]:
        """A name or note as it fits its column; the ellipsis is by measure."""
        face = self._face.looks[look]
        fitted = face.fitted(text, limit)
        if not fitted or face.covers(fitted):
            return fitted, round(face.width(fitted)), []
        unit = self._layout.type_size / EM
        size = round(self._layout.type_size * LOOKS[look][1], 2)
        return "", 0, [LooseText(fitted, round(INSET + start * unit, 2), round(limit * unit, 2), size, look)]

    def _total(self, text: str) -> Run:
        """Flush right in its column; a longer one is set smaller, as a sum without its first figure would be wrong."""
        face, layout = self._face, self._layout
        room = layout.total_units
        if not text:
            return "", []
        if face.looks["code"].covers(text) and face.width(text) <= room - _EDGE:
            return face.gap(room - face.width(text)) + text, []
        return "", [self._shrunk(text, layout.grid_right, room)]

    def _set_day(self, day: DayCells) -> _Box:
        codes = [one_line(cell.code) for cell in cells_of(day)]
        if not codes:
            return _Box(CELL)
        if len(codes) == 1:
            return self._set_code(codes[0], self._layout.cell_units)
        room = self._layout.cell_units // 2
        halves = [
            self._set_code(code, room)
            for code in (codes[0], codes[1] if len(codes) == 2 else f"+{len(codes) - 1}")
        ]
        loose = [replace(text, left=n * text.width) for n, half in enumerate(halves) for text in half.loose]
        return _Box("".join([half.run for half in halves]), loose=tuple(loose))

    def _set_code(self, text: str, room: int) -> _Box:
        face = self._face
        if text and face.looks["code"].covers(text) and face.width(text) <= room - _EDGE:
            return _Box(
                face.centred(text, room), alone=text + BOX_END if len(text) == 1 and room == face.cell else ""
            )
        empty = CELL if room == face.cell else face.gap(room)
        if not text:
            return _Box(empty)
        return _Box(empty, loose=(self._shrunk(text, 0, room),))

    def _shrunk(self, text: str, left: float, room: int) -> LooseText:
        width = room * self._layout.type_size / EM
        natural = max(1.0, text_face("semibold").width(text))
        size = max(_SMALLEST, min(self._layout.type_size, (width - 1.2) / natural * EM))
        return LooseText(text, round(left, 2), round(width, 2), round(size, 1))

    def _placed(self, boxes: tuple[LooseText, ...], day: int) -> Iterator[LooseText]:
        for box in boxes:
            yield replace(box, left=round(self._layout.grid_left + day * self._layout.cell + box.left, 2))


def characters_of(sheet: RosterSheet) -> set[str]:
    """Every character that a run of the sheet may hold."""
    labels = sheet.labels
    texts = [labels.name_heading, labels.total_heading, labels.totals_row, *sheet.daily_totals]
    for day in sheet.days:
        texts += [day.label, day.weekday, day.holiday or ""]
    for entry in sheet.legend:
        texts += [entry.code, entry.text]
    for line in sheet.lines:
        texts += [line.name, line.note, line.total]
    found = set(one_line("".join(texts), longest=None))
    codes = {
        cell.code for line in sheet.lines for day in line.cells if day is not None for cell in cells_of(day)
    }
    return found.union(*map(one_line, codes))
