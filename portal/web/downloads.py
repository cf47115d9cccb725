"""Answers that are files: never a page of ours, whatever their content claims to be."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response, make_response

from portal.domain.spreadsheet_cells import as_text
from portal.web.headers import FILE_POLICY

#: What a browser may show in its own viewer; everything else is saved.
_SHOWN = {"application/pdf", "image/png", "image/jpeg"}


def file_answer(content: bytes, *, content_type: str, file_name: str, shown: bool = False) -> Response:
    """The file under its name (RFC 6266); shown in the browser's viewer only when asked for and harmless."""
    answer = make_response(content)
    kind = "inline" if shown and content_type in _SHOWN else "attachment"
    plain = unicodedata.normalize("NFKD", file_name).encode("ascii", "ignore").decode().replace('"', "")
    answer.headers["Content-Type"] = (
        "text/plain; charset=utf-8" if content_type == "text/plain" else content_type
    )
    answer.headers["Content-Disposition"] = (
        f"{kind}; filename=\"{plain or 'file'}\"; filename*=UTF-8''{quote(file_name, safe='')}"
    )
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer


def csv_answer(heading: Sequence[str], rows: Iterable[Sequence[object]], *, file_name: str) -> Response:
    """A table as CSV that a spreadsheet reads as text (T168)."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow([as_text(cell) for cell in heading])
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    # The mark at the start is how spreadsheets recognise UTF-8.
    return file_answer(
        ("\ufeff" + text.getvalue()).encode(), content_type="text/csv; charset=utf-8", file_name=file_name
    )
