"""Takes a file as people choose it, a CSV or an Excel workbook, and makes a CSV of it: everything after reads that."""

from __future__ import annotations

from portal.integrations.file_types import workbook_rows

MOST_WORKBOOK_BYTES = 20 * 1024 * 1024
_ARCHIVE = b"PK\x03\x04"


def as_csv(file_name: str, data: bytes) -> bytes:
    """The bytes of a CSV file; a workbook is inspected as any upload and read in a process of its own."""
    if file_name.lower().endswith(".xlsx") or data.startswith(_ARCHIVE):
        return workbook_rows(file_name, data, max_bytes=MOST_WORKBOOK_BYTES)
    return data
