"""A face derived from Inter in which a whole line of the roster is one run of text: name, note, codes and sum.

Its spaces have chosen widths, so that codes stand centred in equal cells. Letters change their look by what stands
before them: after a space that leads a note they are small, after a gap they are a code's semibold letters, else a
name's. Every width is a whole thousandth of the type size, the unit of a PDF, so nothing drifts along the line.
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

Look = Literal["name", "note", "code"]
# Weight, size and grain of each look. What is left of a cell beside a code is halved and made of few spaces, so
# codes take the coarsest grain; a name's letters move by less than a twentieth of a point.
LOOKS: Mapping[Look, tuple[str, float, int]] = {
    "name": ("regular", 1.08, 10),
    "note": ("regular", 0.87, 10),
    "code": ("semibold", 1.0, 40),
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
_ALWAYS = frozenset(map(chr, range(0x20, 0x7F))) | frozenset("·–…")


@dataclass(frozen=True)
class RunFace:
    """The font file, and the widths of its characters in each look. `cell` is a multiple of 80."""

    data: bytes
    cell: int
    looks: Mapping[Look, Face]

    def gap(self, width: int) -> str:
        """Spaces of exactly this width, a multiple of half a GRAIN. At its end letters become a code's."""
        cells, rest = divmod(width, self.cell)
        grains, odd = divmod(rest, GRAIN)
        coarse, fine = divmod(grains, 8)
        most = len(_COARSE)
        # The odd half comes first: at the end it would turn what follows into a note.
        return (
            (LEAD if odd else "")
            + _COARSE[-1] * (coarse // most)
            + (_COARSE[coarse % most - 1] if coarse % most else "")
            + (_FINE[fine - 1] if fine else "")
            + CELL * cells
        )

    def centred(self, text: str, room: int) -> str:
        gap = self.gap((room - self.width(text)) // 2)
        return f"{gap}{text}{gap}"

    def width(self, text: str, look: Look = "code") -> int:
        return round(self.looks[look].width(text))


def run_face(characters: Iterable[str], cell: int) -> RunFace:
    """A face with at least the given characters, as far as Inter has them; kept for the next sheet alike."""
    letters = frozenset(filter(_stands_alone, characters)) & text_face("regular").widths.keys()
    data, looks = _base(_ALWAYS.union(letters))
    return RunFace(data=_with_cell(data, cell), cell=cell, looks=looks)


def _stands_alone(character: str) -> bool:
    """Spaces have other widths here, and accents of their own would need to be placed."""
    return character == " " or not (character.isspace() or "\u0300" <= character <= "\u036f")


@lru_cache(maxsize=8)
def _base(letters: frozenset[str]) -> tuple[bytes, dict[Look, Face]]:
    """The font before it is known how wide a cell is."""
    shapes, metrics, cmap = {".notdef": TTGlyphPen(None).glyph()}, {".notdef": (500, 0)}, {}
    names: dict[Look, list[str]] = {look: [] for look in LOOKS}
    widths: dict[Look, dict[str, float]] = {look: {} for look in LOOKS}
    for letter in sorted(letters):
        for look in LOOKS:
            glyph = f"u{ord(letter):04X}.{look}"
            shapes[glyph], metrics[glyph] = _shape(letter, look)
            names[look].append(glyph)
            widths[look][letter] = metrics[glyph][0]
        cmap[ord(letter)] = f"u{ord(letter):04X}.name"
    for number, (space, width) in enumerate((_WIDTHS | {CELL: EM}).items()):
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
    gaps = [cmap[ord(space)] for space in (*_FINE, *_COARSE, CELL)]
    addOpenTypeFeaturesFromString(builder.font, _rules(names, gaps, cmap[ord(LEAD)]), tables=["GSUB"])
    packed = io.BytesIO()
    builder.save(packed)
    return packed.getvalue(), {look: Face(data=b"", widths=widths[look]) for look in LOOKS}


def _rules(names: Mapping[Look, list[str]], gaps: list[str], lead: str) -> str:
    """How a letter's look follows from the glyph before it."""
    name, note, code = (" ".join(names[look]) for look in ("name", "note", "code"))
    return f"""
        @name = [{name}]; @note = [{note}]; @code = [{code}]; @gap = [{" ".join(gaps)}];
        lookup as_note {{ sub @name by @note; }} as_note;
        lookup as_code {{ sub @name by @code; }} as_code;
        feature calt {{
            lookup looks {{
                sub [{lead} @note] @name' lookup as_note;
                sub [@gap @code] @name' lookup as_code;
            }} looks;
        }} calt;
    """


@cache
def _shape(letter: str, look: Look) -> tuple[Any, tuple[int, int]]:
    """A letter's outline at its look's size, in the middle of its rounded width."""
    weight, size, grain = LOOKS[look]
    font = _source(weight)
    glyphs, glyph = font.getGlyphSet(), font.getBestCmap()[ord(letter)]
    scale = size * EM / font["head"].unitsPerEm
    natural = glyphs[glyph].width * scale
    width = max(grain, round(natural / grain) * grain)
    # Accented letters are made of two glyphs, which are not in the new font: they are drawn out.
    outline = DecomposingRecordingPen(glyphs)
    glyphs[glyph].draw(outline)
    pen = TTGlyphPen(None)
    outline.replay(TransformPen(pen, (scale, 0, 0, scale, (width - natural) / 2, 0)))
    shape = pen.glyph()
    left = shape.xMin if hasattr(shape, "xMin") else 0
    return shape, (width, left)


@lru_cache(maxsize=16)
def _with_cell(data: bytes, cell: int) -> bytes:
    font = TTFont(io.BytesIO(data), lazy=True)
    font["hmtx"].metrics[font.getBestCmap()[ord(CELL)]] = (cell, 0)
    packed = io.BytesIO()
    font.save(packed)
    return packed.getvalue()


@cache
def _source(weight: str) -> Any:
    return TTFont(io.BytesIO(font_file(weight)), lazy=True)
