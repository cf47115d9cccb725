"""The legend under the roster: its entries side by side in lines, each a run of text like the lines above it."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from portal.integrations.pdf.faces import EM
from portal.integrations.pdf.layout import INSET, WIDTH
from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.run_face import GRAIN, LEAD, LOOKS, RunFace
from portal.integrations.pdf.runs import LooseText
from portal.integrations.pdf.sheet import RosterSheet, holidays_of

# Thousandths of the type size.
_CHIP, _TO_TEXT, _BETWEEN, _MOST_TEXT = 2800, 600, 1600, 24_000
#: Names of public holidays are sentences in some languages, and few stand in one month.
_MOST_NAME = 48_000
HOLIDAY = "holiday"


@dataclass(frozen=True)
class Chip:
    """The mark before an entry, in points; `kind` is that of a cell, or HOLIDAY."""

    left: float
    right: float
    colour: str
    kind: str


@dataclass
class LegendLine:
    run: str = ""
    used: int = 0
    chips: list[Chip] = field(default_factory=list)
    loose: list[LooseText] = field(default_factory=list)


def legend_of(sheet: RosterSheet, face: RunFace, type_size: float) -> list[LegendLine]:
    """The lines of the legend, public holidays last. Nothing at all gives no line."""
    unit = type_size / EM
    width = int((WIDTH - 2 * INSET) / unit)
    lines: list[LegendLine] = []
    for code, colour, text, kind in _entries(sheet):
        fitted = face.looks["note"].fitted(one_line(text), _MOST_NAME if kind == HOLIDAY else _MOST_TEXT)
        taken = -(-round(face.looks["note"].width(fitted)) // 10) * 10
        whole = _CHIP + _TO_TEXT + taken
        if not lines or lines[-1].used + whole > width:
            lines.append(LegendLine())
        _append(lines[-1], face, unit, Chip(0, 0, colour, kind), one_line(code), fitted, taken)
    return lines


def _entries(sheet: RosterSheet) -> Iterator[tuple[str, str, str, str]]:
    yield from sheet.legend
    for label, name in holidays_of(sheet):
        yield label, "", name, HOLIDAY


def _append(
    line: LegendLine, face: RunFace, unit: float, chip: Chip, code: str, text: str, taken: int
) -> None:
    left = INSET + line.used * unit
    line.chips.append(Chip(left, left + _CHIP * unit, chip.colour, chip.kind))
    fits = face.looks["code"].covers(code) and face.width(code) < _CHIP
    line.run += face.centred(code, _CHIP) if fits else face.gap(_CHIP)
    if not fits:
        line.loose.append(LooseText(code, round(left, 2), round(_CHIP * unit, 2), 6.0))
    if face.looks["note"].covers(text):
        line.run += face.gap(_TO_TEXT - GRAIN // 2) + LEAD + text + face.gap(_BETWEEN)
    else:
        line.run += face.gap(_TO_TEXT + taken + _BETWEEN)
        start = left + (_CHIP + _TO_TEXT) * unit
        size = round(LOOKS["note"][1] * unit * EM, 2)
        line.loose.append(LooseText(text, round(start, 2), round(taken * unit + 2, 2), size, "note"))
    line.used += _CHIP + _TO_TEXT + taken + _BETWEEN
