"""Filters that forms put on typed text before anything is checked."""

from __future__ import annotations

import unicodedata

_CONTROLS = {"Cc", "Cf", "Zl", "Zp"}


def one_line(text: str | None) -> str | None:
    """Without what nobody types: control and invisible characters, spaces around and in a row."""
    if text is None:
        return None
    kept = "".join(" " if unicodedata.category(sign) in _CONTROLS else sign for sign in text)
    return " ".join(kept.split())
