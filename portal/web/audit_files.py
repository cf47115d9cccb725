"""The audit log as a file in each of its formats, for pages that send one and for the job that makes a long one."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator
from datetime import date

from flask_babel import gettext as _

from portal.db import UnitOfWork
from portal.domain.spreadsheet_text import marked
from portal.integrations.workbooks import CONTENT_TYPE, workbook_of
from portal.services import audit_export
from portal.services.audit_export import Extract
from portal.web.audit_table import HEADING, row_of

Writer = Callable[[UnitOfWork, Extract], Iterator[str | bytes]]
MEDIA_TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": CONTENT_TYPE, "jsonl": "application/x-ndjson"}


def file_name(uow: UnitOfWork, kind: str, day: date) -> str:
    return f"{_('audit-log')}-{uow.company.slug}-{day.isoformat()}.{kind}"


def written(uow: UnitOfWork, extract: Extract, kind: str) -> Iterator[bytes]:
    """The file page by page, in the language of whoever is told."""
    for part in _WRITERS[kind](uow, extract):
        yield part.encode() if isinstance(part, str) else part


def _csv(uow: UnitOfWork, extract: Extract) -> Iterator[str]:
    """For spreadsheets, in the reader's words; every cell is text (T168)."""
    text = io.StringIO()
    writer = csv.writer(text)
    text.write("\ufeff")  # by this mark spreadsheets recognise UTF-8
    writer.writerow([marked(str(cell)) for cell in HEADING])
    for events, names in audit_export.as_told(uow, extract):
        for event, digest in events:
            writer.writerow([marked(cell) for cell in row_of(uow, event, digest, names)])
        yield text.getvalue()
        text.seek(0)
        text.truncate()
    yield text.getvalue()


def _workbook(uow: UnitOfWork, extract: Extract) -> Iterator[bytes]:
    """The same table; every text is a text (T168)."""
    rows = (
        [event.seq, *row_of(uow, event, digest, names)[1:]]
        for events, names in audit_export.as_told(uow, extract)
        for event, digest in events
    )
    yield workbook_of([str(cell) for cell in HEADING], rows, title=_("Audit log"))


_WRITERS: dict[str, Writer] = {"csv": _csv, "xlsx": _workbook, "jsonl": audit_export.as_lines}
