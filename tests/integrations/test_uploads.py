"""Uploads through the whole inspection: what every kind has in common, and plain text; the others have own files."""

from collections.abc import Callable

import pytest

from portal.domain.refusals import Reason
from portal.integrations.file_types import ALLOWED, inspect
from tests.integrations import uploads as build
from tests.integrations.uploads import LIMIT, assert_refused

GOOD: dict[str, Callable[[], bytes]] = {
    "rules.pdf": build.pdf,
    "rules.docx": build.docx,
    "plan.xlsx": build.xlsx,
    "rules.odt": build.odt,
    "plan.ods": lambda: build.archive(build.odf_parts(build.ODS)),
    "photo.jpg": lambda: build.picture("JPEG"),
    "photo.jpeg": lambda: build.picture("JPEG"),
    "logo.png": lambda: build.picture("PNG"),
    "people.csv": "jméno;příjmení\r\nEva;Žižková\r\n".encode,
    "bom.csv": lambda: b"\xef\xbb\xbfname,team\r\n",
    "note.txt": lambda: b"a note\n" * 200 + b"about <script> and <html>, further down",
    "math.txt": b"5 < 7".strip,
}


def test_every_allowed_kind_is_tried() -> None:
    assert {name.rpartition(".")[2] for name in GOOD} == set(ALLOWED)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_file_is_accepted(name: str) -> None:
    data = GOOD[name]()
    accepted = inspect(name, data, max_bytes=LIMIT)
    extension = name.rpartition(".")[2]
    assert (accepted.safe_name, accepted.extension) == (name, extension)
    assert accepted.content_type == ALLOWED[extension]
    if not accepted.content_type.startswith("image/"):
        assert accepted.content == data


def test_nothing_is_no_file() -> None:
    """T161: 0 bytes."""
    assert_refused("a.pdf", b"", Reason.FILE_EMPTY)


def test_a_file_over_the_limit_is_refused_unread() -> None:
    """T161: too large; a declared length is refused before, by the server."""
    assert_refused("a.pdf", b"x" * (LIMIT + 1), Reason.FILE_TOO_LARGE)


@pytest.mark.parametrize(
    "name", ["a.svg", "a.html", "a.docm", "a.exe", "a.zip", "a.gif", "a.pdf.exe", "a.xlsm", "a.js"]
)
def test_a_kind_that_is_not_listed_is_refused(name: str) -> None:
    """T161: SVG, docm and all others, even when the content is that of an allowed kind."""
    assert_refused(name, build.pdf(), Reason.FILE_TYPE_NOT_ALLOWED)


def test_a_name_without_an_ending_is_refused() -> None:
    assert_refused("README", b"x", Reason.FILE_NAME_INVALID)


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.pdf", "a.png", "a.docx"])
def test_the_antivirus_test_file_is_refused(name: str) -> None:
    """T161: EICAR, whatever it is called, and at any place."""
    assert_refused(name, build.eicar(), Reason.FILE_HAS_ACTIVE_CONTENT)
    assert_refused(name, b"x" * 5000 + build.eicar(), Reason.FILE_HAS_ACTIVE_CONTENT)


CONTENT: dict[str, Callable[[], bytes]] = {
    ".pdf": build.pdf,
    ".docx": build.docx,
    ".xlsx": build.xlsx,
    ".odt": build.odt,
    ".jpg": lambda: build.picture("JPEG"),
    ".png": lambda: build.picture("PNG"),
}


@pytest.mark.parametrize("content", CONTENT)
@pytest.mark.parametrize("ending", [*CONTENT, ".txt"])
def test_one_kind_is_not_taken_for_another(ending: str, content: str) -> None:
    """T161: the name says one thing, the content another."""
    if ending != content:
        assert_refused(f"a{ending}", CONTENT[content](), Reason.FILE_CONTENT_MISMATCH)


@pytest.mark.parametrize("ending", [*CONTENT, ".txt", ".csv"])
@pytest.mark.parametrize(
    "page",
    [b"<html><script>alert(1)</script></html>", b"<svg onload='alert(1)'/>", b"GIF89a=1;alert(1)"],
    ids=["html", "svg", "GIF and script"],
)
def test_a_page_in_disguise_is_refused(ending: str, page: bytes) -> None:
    """T161: html as .pdf, SVG as anything, the GIF that is also a script."""
    assert_refused(f"a{ending}", page, Reason.FILE_CONTENT_MISMATCH)


@pytest.mark.parametrize(
    "text",
    [
        b"\xef\xbb\xbf\n <!DOCTYPE html><p>",
        b"<!-- --><script>",
        b"<?xml version='1.0'?><a/>",
        b"name\n<script>alert(1)</script>",
        b"a\x00b",
        b"\x1b]0;x\x07",
        b"{\\rtf1 x}",
        b"#!/bin/sh\nid",
    ],
)
def test_text_that_is_more_than_text_is_refused(text: bytes) -> None:
    assert_refused("a.txt", text, Reason.FILE_CONTENT_MISMATCH)
    assert_refused("a.csv", text, Reason.FILE_CONTENT_MISMATCH)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32", "cp1250"])
def test_text_in_another_encoding_is_unreadable(encoding: str) -> None:
    assert_refused("a.csv", "žluť".encode(encoding), Reason.FILE_UNREADABLE)
