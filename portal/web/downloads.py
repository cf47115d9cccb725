"""Answers that are files: never a page of ours, whatever their content claims to be."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote

from flask import Response, make_response, render_template

from portal.domain.spreadsheet_text import marked
from portal.integrations.workbooks import CONTENT_TYPE, workbook_of
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


def picture_answer(content: bytes | None, *, etag: str, content_type: str, lasting: bool) -> Response:
    """A picture for <img>, kept by this browser alone; None when it has it already. `lasting`: its address names it."""
    answer = make_response(content or b"", 304 if content is None else 200)
    answer.set_etag(etag)
    answer.headers["Content-Type"] = content_type
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Cache-Control"] = "private, max-age=86400" if lasting else "private, no-cache"
    return answer


def initials_answer(name: str) -> Response:
    """In the place of a photo that cannot be opened now: the initials, until the next look."""
    answer = make_response(render_template("people/initials.svg", name=name))
    answer.headers["Content-Type"] = "image/svg+xml; charset=utf-8"
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    answer.headers["Cache-Control"] = "no-store"
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


def workbook_answer(
    heading: Sequence[str], rows: Iterable[Sequence[object]], *, title: str, file_name: str
) -> Response:
    """A table as an Excel workbook in which every text is a text (T168)."""
    return file_answer(
        workbook_of(heading, rows, title=title), content_type=CONTENT_TYPE, file_name=file_name
    )


def as_text(cell: object) -> str:
    """The cell so that no spreadsheet takes it for a formula, also after blanks."""
    return marked("" if cell is None else str(cell))


def stream_answer(parts: Iterable[bytes], *, file_name: str) -> Response:
    """A file too large to hold, part by part, under a plain name of ours."""
    answer = Response(parts, mimetype="application/octet-stream")
    answer.headers["Content-Disposition"] = f'attachment; filename="{file_name}"'
    answer.headers["Content-Security-Policy"] = FILE_POLICY
    return answer
