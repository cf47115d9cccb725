"""Turns what people typed into one printable line: a name can neither break a line nor turn the text around."""

import re
import unicodedata

# Joiners and variation selectors shape letters and emoji; every other invisible character is dropped.
_KEPT_INVISIBLE = frozenset("\u200c\u200d\ufe0e\ufe0f")
_SPACES = re.compile(r"\s+")
# Four marks on one letter exist in no language of Europe; forty hide the lines above.
_PILED_MARKS = re.compile(
    r"([\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]{3})[\u0300-\u036f\u0483-\u0489\u20d0-\u20ff]+"
)
# Longer than any column, and short enough that measuring it costs nothing.
_LONGEST = 300


def one_line(text: str, *, longest: int | None = _LONGEST) -> str:
    """Composed, without line breaks, control characters, direction overrides and unpaired surrogates."""
    text = text[:longest]
    if text.isascii() and text.isprintable():
        return text
    text = unicodedata.normalize("NFC", text)
    text = "".join(map(_visible, text))
    return _PILED_MARKS.sub(r"\1", _SPACES.sub(" ", text)).strip()


def _visible(character: str) -> str:
    kept = character.isprintable() or character.isspace() or character in _KEPT_INVISIBLE
    return character if kept else ""
