"""Text on its way into a spreadsheet and back: what looks like a formula stays text, and comes back as it was."""

#: Spreadsheets take a cell that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
_MARK = "'"


def marked(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula, also after blanks (ASVS 1.2.10)."""
    return f"{_MARK}{text}" if _is_taken_for_formula(text) else text


def unmarked(text: str) -> str:
    """What `marked` was given; other text, with an apostrophe of its own or without, stays as it is."""
    rest = text[len(_MARK) :]
    return rest if text.startswith(_MARK) and _is_taken_for_formula(rest) else text


def _is_taken_for_formula(text: str) -> bool:
    # Marks before it count too, so that a text that was typed with one is not mistaken for ours.
    return text.lstrip(f" {_MARK}").startswith(_FORMULA_STARTS)
