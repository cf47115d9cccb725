"""The typefaces of printed pages: Inter from memory, its widths, and a face derived from it whose cells are all alike.

The derived face is what makes rosters fast. Its spaces have chosen widths, so that a whole line of centred codes is
one run of text; everything in it is a whole thousandth of the type size, the unit of a PDF, so nothing drifts.
"""

import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.ttLib.tables._g_l_y_f import Glyph

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
EM = 1000
# Widths are rounded to this, so that what is left of a cell can be halved and made of few spaces.
STEP = 40
GRAIN = STEP // 2
# Real spaces of Unicode: who copies text from the PDF gets blanks. The ordinary one is a whole cell.
_FINE = "\u2000\u2001\u2002\u2003\u2004\u2005\u2006"
_COARSE = "\u2007\u2008\u2009\u200a\u202f\u205f\u3000"
_ALWAYS = frozenset(map(chr, range(0x21, 0x7F)))
# What a letter that Inter lacks may take at most: another font will draw it. Emoji are the widest.
_WIDE, _WIDEST = 1.05, 1.4


class FontMissingError(RuntimeError):
    """The set-up has not made the typefaces."""


@dataclass(frozen=True)
class Face:
    """A font file in memory and the width of each of its characters in thousandths of the type size."""

    data: bytes = field(repr=False)
    widths: Mapping[str, float] = field(repr=False)

    def covers(self, text: str) -> bool:
        return all(map(self.widths.__contains__, text))

    def width(self, text: str) -> float:
        """Never less than the text takes, kerning apart; a character of another font counts as a wide one."""
        widths = self.widths
        return sum(widths[c] if c in widths else (_WIDE if c < "\u2190" else _WIDEST) * EM for c in text)

    def fitted(self, text: str, limit: float) -> str:
        """The text, or as much of it as fits with an ellipsis."""
        if self.width(text) <= limit:
            return text
        room = limit - self.width("…")
        kept = text
        while kept and self.width(kept) > room:
            kept = kept[:-1]
        return kept.rstrip(" \u200d,-–") + "…"


@cache
def text_face(weight: str) -> Face:
    """`regular` or `semibold`."""
    data = _file(weight)
    font = TTFont(io.BytesIO(data), lazy=True)
    scale = EM / font["head"].unitsPerEm
    metrics = font["hmtx"]
    widths = {chr(code): metrics[glyph][0] * scale for code, glyph in font.getBestCmap().items()}
    return Face(data=data, widths=widths)


@dataclass(frozen=True)
class GridFace(Face):
    """The derived face. `cell` is the width of its ordinary space, a multiple of twice STEP."""

    cell: int = 0

    def centred(self, text: str, room: int) -> str:
        """The text between spaces, `room` wide in all; the caller has asked whether it fits."""
        gap = self.gap((room - round(self.width(text))) // 2)
        return f"{gap}{text}{gap}"

    def right(self, text: str, room: int) -> str:
        return self.gap(room - round(self.width(text))) + text

    def gap(self, width: int) -> str:
        """Spaces of exactly this width, which is a multiple of GRAIN."""
        cells, rest = divmod(width, self.cell)
        coarse, fine = divmod(rest // GRAIN, 8)
        most = len(_COARSE)
        return (
            " " * cells
            + _COARSE[-1] * (coarse // most)
            + (_COARSE[coarse % most - 1] if coarse % most else "")
            + (_FINE[fine - 1] if fine else "")
        )


def grid_face(characters: Iterable[str], cell: int) -> GridFace:
    """A face with at least the given characters as far as Inter has them. Built once per set of them and cell."""
    known = text_face("semibold").widths
    return _grid_face(frozenset(characters).intersection(known) - {" "} | _ALWAYS, cell)


@lru_cache(maxsize=16)
def _grid_face(characters: frozenset[str], cell: int) -> GridFace:
    font = TTFont(io.BytesIO(_file("semibold")), lazy=True)
    for table in ("GPOS", "GDEF"):
        del font[table]
    _keep(font, characters)
    scale_upem(font, EM)
    widths = _rounded_widths(font)
    spaces = {" ": cell}
    spaces |= {space: (n + 1) * GRAIN for n, space in enumerate(_FINE)}
    spaces |= {space: (n + 1) * 8 * GRAIN for n, space in enumerate(_COARSE)}
    _add_spaces(font, spaces)
    packed = io.BytesIO()
    font.save(packed)
    return GridFace(data=packed.getvalue(), widths=widths, cell=cell)


def _keep(font: Any, characters: frozenset[str]) -> None:
    options = Options(hinting=False, notdef_outline=True)
    options.recalc_timestamp = False
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[ord(character) for character in characters])
    subsetter.subset(font)
    # The name of the file would otherwise be Inter's, and a viewer might take it for Inter.
    font["name"] = newTable("name")
    font["name"].names = []


def _rounded_widths(font: Any) -> dict[str, float]:
    """Sets every character's width to a multiple of STEP, the shape in its middle."""
    metrics, widths = font["hmtx"].metrics, {}
    for glyph, (width, left) in metrics.items():
        rounded = max(STEP, round(width / STEP) * STEP)
        metrics[glyph] = (rounded, left + (rounded - width) // 2)
    for code, glyph in font.getBestCmap().items():
        widths[chr(code)] = metrics[glyph][0]
    return widths


def _add_spaces(font: Any, spaces: Mapping[str, int]) -> None:
    for number, (character, width) in enumerate(spaces.items()):
        glyph = f"gap{number}"
        font["glyf"][glyph] = Glyph()
        font["hmtx"].metrics[glyph] = (width, 0)
        for table in font["cmap"].tables:
            table.cmap[ord(character)] = glyph


@cache
def _file(weight: str) -> bytes:
    try:
        return (VENDOR / f"print-{weight}.ttf").read_bytes()
    except FileNotFoundError:
        raise FontMissingError(
            f"{VENDOR} holds no print-{weight}.ttf: run `make setup` to get the typefaces."
        ) from None
