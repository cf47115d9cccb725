"""Text as a cell of a table that spreadsheets open: never a formula."""

#: Spreadsheets take a cell that begins with one of these for a formula.
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")


def as_text(cell: object) -> str:
    """The cell so that no spreadsheet takes it for a formula, also after blanks."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA_STARTS) else text
