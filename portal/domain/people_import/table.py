"""From the bytes of a CSV file to rows of text: encoding, delimiter, size. Meanings are in columns.py."""

import codecs
import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from portal.domain.people_import.columns import recognised
from portal.domain.refusals import Reason, Refusal

MOST_ROWS = 20_000
MOST_BYTES = 20 * 1024 * 1024
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class Table:
    """The header and the rows under it, each with the number that a spreadsheet shows beside it."""

    header: tuple[str, ...]
    rows: tuple[tuple[int, list[str]], ...]


def read_table(data: bytes) -> Table:
    """Read the whole file or refuse it: too large, no known encoding, no table."""
    if len(data) > MOST_BYTES:
        raise Refusal(Reason.IMPORT_TOO_LARGE, field="file", limit=MOST_ROWS)
    text = _decode(data)
    numbered = _records(text, _delimiter(text))
    first = next(numbered, None)
    if first is None:
        raise Refusal(Reason.IMPORT_UNREADABLE, field="file", row=1)
    rows: list[tuple[int, list[str]]] = []
    for row in numbered:
        if len(rows) == MOST_ROWS:
            raise Refusal(Reason.IMPORT_TOO_LARGE, field="file", limit=MOST_ROWS)
        rows.append(row)
    return Table(tuple(first[1]), tuple(rows))


def _decode(data: bytes) -> str:
    """UTF-8, with or without a mark, or UTF-16 with one, as spreadsheets save it.

    Older one-byte encodings are not guessed: a name in the wrong letters would be stored without anyone noticing.
    """
    marked = data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    try:
        return data.decode("utf-16" if marked else "utf-8-sig")
    except UnicodeDecodeError:
        raise Refusal(Reason.IMPORT_ENCODING_UNKNOWN, field="file") from None


def _delimiter(text: str) -> str:
    """The one under which most columns of the first line are known."""
    header = next((line for line in StringIO(text, newline="") if line.strip()), "")
    return max(_DELIMITERS, key=lambda one: recognised(next(csv.reader([header], delimiter=one), [])))


def _records(text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Rows that hold anything, numbered from 1 with the empty ones counted."""
    reader = csv.reader(StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for number, record in enumerate(reader, start=1):
            if any(cell.strip() for cell in record):
                yield number, record
    except csv.Error:
        raise Refusal(Reason.IMPORT_UNREADABLE, field="file", row=number + 1) from None
