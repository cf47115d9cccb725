"""Workbooks read as tables: values as people would type them, formulas as text, limits on everything."""

from __future__ import annotations

import csv
import io
from datetime import date, datetime, time, timedelta

import pytest

from portal.domain.refusals import Reason, Refusal
from portal.integrations.file_types import workbook, workbook_rows
from tests.fixtures.workbooks import with_false_size, with_part
from tests.fixtures.workbooks import workbook as made

LIMIT = 20 * 1024 * 1024


def rows(data: bytes, name: str = "people.xlsx") -> list[list[str]]:
    return list(csv.reader(io.StringIO(workbook_rows(name, data, max_bytes=LIMIT).decode())))


def refused(data: bytes, name: str = "people.xlsx") -> Reason:
    with pytest.raises(Refusal) as found:
        rows(data, name)
    assert found.value.field == "file"
    return found.value.reason


def test_values_are_written_as_people_type_them():
    values = (
        1001.0,
        37.5,
        date(2026, 3, 1),
        datetime(2026, 3, 1, 0, 0),  # noqa: DTZ001  # Excel knows no zones
        time(7, 30),
        timedelta(hours=37.5),
        True,
        "Jiří",
    )
    assert rows(made(("a", "b", "c", "d", "e", "f", "g", "h"), values))[1] == [
        "1001", "37.5", "2026-03-01", "2026-03-01", "07:30", "37:30", "yes", "Jiří",
    ]  # fmt: skip


def test_a_formula_is_text_and_never_its_result():
    """T168: neither calculated here nor taken from what somebody else has calculated."""
    data = made(("email", "name"), ("eve@acme.example", '=HYPERLINK("https://evil.example","x")'))
    assert rows(data)[1][1] == '\'=HYPERLINK("https://evil.example","x")'


def test_rows_keep_the_numbers_that_excel_shows_and_the_width_of_the_heading():
    assert rows(made(("a", "b", "c"), (), ("x",), ("y", None, "z"))) == [
        ["a", "b", "c"],
        [],
        ["x", "", ""],
        ["y", "", "z"],
    ]


def test_what_a_file_says_of_its_own_size_is_not_believed():
    data = made(("a",), ("x",))
    assert with_false_size(data) != data
    assert rows(with_false_size(data)) == [["a"], ["x"]]


def test_more_rows_or_columns_than_a_list_of_people_has_are_refused():
    """T168."""
    many = ((f"n{number}",) for number in range(workbook.MOST_ROWS))
    assert refused(made(("a",), *many)) is Reason.IMPORT_TOO_LARGE
    assert refused(made(["a"] * (workbook.MOST_COLUMNS + 1))) is Reason.IMPORT_TOO_LARGE
    assert refused(made(*[()] * 0)) is Reason.IMPORT_UNREADABLE


def test_a_workbook_is_inspected_as_any_upload():
    """T161: macros, addresses outside, bombs, other kinds, nothing at all."""
    good = made(("a",), ("x",))
    assert refused(with_part(good, "xl/vbaProject.bin", lambda _: "x")) is Reason.FILE_HAS_ACTIVE_CONTENT
    outside = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r9"'
        ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/externalLinkPath"'
        ' Target="https://evil.example/x.xlsx" TargetMode="External"/></Relationships>'
    )
    external = with_part(good, "xl/externalLinks/_rels/externalLink1.xml.rels", lambda _: outside)
    assert refused(external) is Reason.FILE_HAS_ACTIVE_CONTENT
    bomb = with_part(good, "xl/sharedStrings.xml", lambda text: text + " " * 200_000_000)
    assert refused(bomb) is Reason.FILE_TOO_LARGE
    assert refused(b"") is Reason.FILE_EMPTY
    assert refused(b"email,first_name\n") is Reason.FILE_CONTENT_MISMATCH
    assert refused(good, "people.csv") is Reason.FILE_CONTENT_MISMATCH
    assert refused(good, "people.xlsm") is Reason.FILE_TYPE_NOT_ALLOWED
    assert refused(good[:-30]) is Reason.FILE_UNREADABLE
