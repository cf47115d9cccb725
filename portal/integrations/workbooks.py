"""Writes tables as Excel workbooks in which every text is a text: nothing is calculated when they are opened."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.cell import Cell, WriteOnlyCell
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_BOLD = Font(bold=True)
_COLUMN_WIDTH = 22
#: What XML cannot hold.
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")


def workbook_of(heading: Sequence[str], rows: Iterable[Sequence[object]], *, title: str) -> bytes:
    """One sheet with a heading that stays in sight. Dates and numbers are such, everything else is text (T168)."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title)
    sheet.freeze_panes = "A2"
    for number in range(1, len(heading) + 1):
        sheet.column_dimensions[get_column_letter(number)].width = _COLUMN_WIDTH
    sheet.append([_cell(sheet, name, font=_BOLD) for name in heading])
    for row in rows:
        sheet.append([_cell(sheet, value) for value in row])
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()


def _cell(sheet: Any, value: Any, font: Font | None = None) -> Cell:
    cell = WriteOnlyCell(sheet, _FORBIDDEN.sub("", value) if isinstance(value, str) else value)
    if isinstance(value, str):
        cell.data_type = "s"  # openpyxl would make a formula of "=..."
    if font is not None:
        cell.font = font
    return cell
