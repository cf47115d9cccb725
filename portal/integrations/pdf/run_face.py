"""A face derived from Inter in which a whole line of the roster is one run of text: name, note, codes and sum.

Its spaces have chosen widths, so that codes stand centred in equal cells. Letters change their look by what stands
before them: after a space that leads a note they are small; after an empty cell they have a cell to themselves; after
any other gap they are a code's semibold letters, else a name's. Every width is a whole thousandth of the type size,
the unit of a PDF, so nothing drifts along the line.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any, Literal

from fontTools.feaLib.builder import addOpenTypeFeaturesFromString
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

from portal.integrations.pdf.faces import EM, Face, font_file, text_face

Look = Literal["name", "note", "code", "box"]
# Weight, size and grain of each look; a box is as wide as a cell. What is left of a cell beside a code is halved and
# made of few spaces, so codes take the coarsest grain; a name's letters move by less than a twentieth of a point.
LOOKS: Mapping[Look, tuple[str, float, int]] = {
    "name": ("regular", 1.08, 10),
    "note": ("regular", 0.87, 10),
    "code": ("semibold", 1.0, 40),
    "box": ("semibold", 1.0, 0),
}
GRAIN = 20
# Real spaces of Unicode, so that who copies text from the PDF gets blanks. The ordinary one stays one between words.
CELL = "\u3000"
LEAD = "\u00a0"
_FINE = "\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
_COARSE = "\u2007\u2008\u2009\u200a\u202f\u205f"
_WIDTHS = (
    {LEAD: GRAIN // 2}
    | {space: (n + 1) * GRAIN for n, space in enumerate(_FINE)}
    | {space: (n + 1) * 8 * GRAIN for n, space in enumerate(_COARSE)}
)
# Ends a letter's own cell, so that two of them do not read as one word.
BOX_END = _COARSE[3]
# Latin letters with all their accents, so that one face serves the sheets of all teams: making it costs as much as
# setting a hundred people with it.
_ALWAYS = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xC0, 0x180)])) | frozenset("·–…")


@dataclass(frozen=True)
class RunFace:
    """The font file, and the widths of its characters in each look. `cell` is a multiple of 80."""

    data: bytes
    cell: int
    looks: Mapping[Look, Face]

    def gap(self, width: int) -> str:
        """Spaces of exactly this width, a multiple of half a GRAIN. At its end letters become a code's."""
        cells, rest = divmod(width, self.cell)
        if cells and rest < GRAIN:
            # A whole cell at the end would make boxes of the letters behind it.
            cells, rest = cells - 1, rest + self.cell
        grains, odd = divmod(rest, GRAIN)
        coarse, fine = divmod(grains, 8)
        most = len(_COARSE)
        return (
            CELL * cells
            + (LEAD if odd else "")
            + _COARSE[-1] * (coarse // most)
            + (_COARSE[coarse % most - 1] if coarse % most else "")
            + (_FINE[fine - 1] if fine else "")
        )

    def centred(self, text: str, room: int) -> str:
        gap = self.gap((room - self.width(text)) // 2)
        return f"{gap}{text}{gap}"

    def width(self, text: str, look: Look = "code") -> int:
        return round(self.looks[look].width(text))


def run_face(characters: Iterable[str], cell: int) -> RunFace:
    """A face with at least the given characters, as far as Inter has them; kept for the next sheet alike."""
    letters = _ALWAYS.union(filter(_stands_alone, characters))
    return _built(letters.intersection(text_face("regular").widths), cell)


def _stands_alone(character: str) -> bool:
    """Spaces have other widths here, and accents of their own would need to be placed."""
    return character == " " or not (character.isspace() or "\u0300" <= character <= "\u036f")


@lru_cache(maxsize=8)
def _built(letters: frozenset[str], cell: int) -> RunFace:
    shapes, metrics, cmap = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": (500, 0)}, {}
    names: dict[Look, list[str]] = {look: [] for look in LOOKS}
    widths: dict[Look, dict[str, float]] = {look: {} for look in LOOKS}
    for letter in sorted(letters):
        for look in LOOKS:
            glyph = f"u{ord(letter):04X}.{look}"
            shapes[glyph], metrics[glyph] = _shape(letter, look, cell if look == "box" else 0)
            if look == "box":
                metrics[glyph] = (cell - _WIDTHS[BOX_END], metrics[glyph][1])
            names[look].append(glyph)
            widths[look][letter] = metrics[glyph][0]
        cmap[ord(letter)] = f"u{ord(letter):04X}.name"
    for number, (space, width) in enumerate((_WIDTHS | {CELL: cell}).items()):
        glyph = f"gap{number}"
        shapes[glyph], metrics[glyph], cmap[ord(space)] = TTGlyphPen(None).glyph(), (width, 0), glyph
    builder = FontBuilder(EM, isTTF=True)
    builder.setupGlyphOrder(list(shapes))
    builder.setupCharacterMap(cmap)
    builder.setupGlyf(shapes)
    builder.setupHorizontalMetrics(metrics)
    source = _source("regular")["hhea"]
    scale = EM / _source("regular")["head"].unitsPerEm
    ascent, descent = round(source.ascent * scale), round(source.descent * scale)
    builder.setupHorizontalHeader(ascent=ascent, descent=descent)
    builder.setupNameTable({"familyName": "Staffroom Run", "styleName": "Regular"})
    builder.setupOS2(sTypoAscender=ascent, sTypoDescender=descent, usWinAscent=ascent, usWinDescent=-descent)
    builder.setupPost(keepGlyphNames=False)
    gaps = [cmap[ord(space)] for space in (*_FINE, *_COARSE)]
    rules = _rules(names, gaps, lead=cmap[ord(LEAD)], cell=cmap[ord(CELL)], end=cmap[ord(BOX_END)])
    addOpenTypeFeaturesFromString(builder.font, rules, tables=["GSUB"])
    packed = io.BytesIO()
    builder.save(packed)
    looks = {look: Face(data=b"", widths=widths[look]) for look in LOOKS}
    return RunFace(data=packed.getvalue(), cell=cell, looks=looks)


def _rules(names: Mapping[Look, list[str]], gaps: list[str], *, lead: str, cell: str, end: str) -> str:
    """How a letter's look follows from the glyph before it."""
    name, note, code, box = (" ".join(glyphs) for glyphs in names.values())
    return f"""
        @name = [{name}]; @note = [{note}]; @code = [{code}]; @box = [{box}]; @gap = [{" ".join(gaps)}];
        lookup as_note {{ sub @name by @note; }} as_note;
        lookup as_code {{ sub @name by @code; }} as_code;
        lookup as_box {{ sub @name by @box; }} as_box;
        feature calt {{
            lookup looks {{
                sub [{lead} @note] @name' lookup as_note;
                sub @box {end} @name' lookup as_box;
                sub {cell} @name' lookup as_box;
                sub [@gap @code] @name' lookup as_code;
            }} looks;
        }} calt;
    """


def _shape(letter: str, look: Look, fixed: int) -> tuple[Any, tuple[int, int]]:
    """A letter's outline at its look's size, in the middle of its rounded width, or of a fixed one."""
    weight, size, grain = LOOKS[look]
    font = _source(weight)
    glyphs, glyph = font.getGlyphSet(), font.getBestCmap()[ord(letter)]
    scale = size * EM / font["head"].unitsPerEm
    natural = glyphs[glyph].width * scale
    width = fixed or max(grain, round(natural / grain) * grain)
    # Accented letters are made of two glyphs, which are not in the new font: they are drawn out.
    outline = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(outline)
    pen = TTGlyphPen(None)
    outline.replay(TransformPen(pen, (scale, 0, 0, scale, (width - natural) / 2, 0)))
    shape = pen.glyph()
    shape.recalcBounds(None)
    # A left bearing other than the outline's would make readers of the font move the outline.
    return shape, (width, shape.xMin)


@cache
def _source(weight: str) -> Any:
    return TTFont(io.BytesIO(font_file(weight)), lazy=True)
