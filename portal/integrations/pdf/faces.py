"""The typeface of printed pages: Inter from memory, and how wide a text in it is."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from fontTools.ttLib import TTFont

VENDOR = Path(__file__).resolve().parents[2] / "static" / "vendor"
# Widths are in thousandths of the type size, the unit of a PDF.
EM = 1000
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
    data = font_file(weight)
    font = TTFont(io.BytesIO(data), lazy=True)
    scale = EM / font["head"].unitsPerEm
    metrics = font["hmtx"]
    widths = {chr(code): metrics[glyph][0] * scale for code, glyph in font.getBestCmap().items()}
    return Face(data=data, widths=widths)


@cache
def font_file(weight: str) -> bytes:
    try:
        return (VENDOR / f"print-{weight}.ttf").read_bytes()
    except FileNotFoundError:
        raise FontMissingError(
            f"{VENDOR} holds no print-{weight}.ttf: run `make setup` to get the typefaces."
        ) from None
