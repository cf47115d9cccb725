"""The first sheet of an Excel workbook as CSV: plain values only, nothing calculated, nothing looked up.

A formula is handed on as the text it is, never as its last result: that was calculated by somebody else.
"""

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from openpyxl import load_workbook

from portal.domain.refusals import Reason, Refusal
from portal.domain.spreadsheet_text import marked

MOST_ROWS = 20_001
MOST_COLUMNS = 200
MOST_CHARACTERS = 20 * 1024 * 1024
#: Rows that hold nothing cost time too; a sheet whose rows lie further down is not a list of people.
_LAST_ROW = 100_000


def check(data: bytes, _content_type: str) -> bytes:
    """The sheet in UTF-8, each row where it stood. The archive was inspected before, as an upload."""
    book = load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False, rich_text=False)
    if not book.worksheets:
        raise _unreadable()
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its own size may be wrong
    written = io.StringIO()
    writer = csv.writer(written)
    for row in _rows(sheet):
        writer.writerow([marked(cell) for cell in row])  # as our own CSV files have it
        if written.tell() > MOST_CHARACTERS:
            raise _too_large()
    return written.getvalue().encode()


def _rows(sheet: Any) -> Iterator[list[str]]:
    width = filled = 0
    for number, cells in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS + 1), start=1):
        row = _without_end([_text(value) for value in cells])
        if len(row) > MOST_COLUMNS or number > _LAST_ROW:
            raise _too_large()
        if row:
            filled += 1
            width = width or len(row)
        if filled > MOST_ROWS:
            raise _too_large()
        # Excel leaves out empty cells at the end, where CSV has its commas.
        yield row + [""] * (width - len(row)) if row else []
    if not filled:
        raise _unreadable()


def _text(value: Any) -> str:
    """The value as people would type it into the columns of an import."""
    if value is None:
        return ""
    written = next((write for kind, write in _WRITTEN if isinstance(value, kind)), str)
    return written(value)


def _hours(value: timedelta) -> str:
    minutes = round(value.total_seconds() / 60)
    return f"{minutes // 60}:{minutes % 60:02d}"


def _number(value: float | Decimal) -> str:
    return f"{value:.4f}".rstrip("0").rstrip(".")


#: The first kind that fits: a bool is an int too, and a datetime a date.
_WRITTEN: tuple[tuple[type | tuple[type, ...], Callable[[Any], str]], ...] = (
    (bool, lambda value: "yes" if value else "no"),
    (datetime, lambda value: value.date().isoformat()),
    (date, date.isoformat),
    (time, lambda value: f"{value:%H:%M}"),
    (timedelta, _hours),
    ((float, Decimal), _number),
)


def _without_end(row: list[str]) -> list[str]:
    while row and not row[-1].strip():
        row.pop()
    return row


def _too_large() -> Refusal:
    return Refusal(Reason.IMPORT_TOO_LARGE, limit=MOST_ROWS - 1)


def _unreadable() -> Refusal:
    return Refusal(Reason.IMPORT_UNREADABLE)
