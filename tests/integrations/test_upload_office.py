"""Word, Excel and OpenDocument uploads: documents pass; programs, outside content and odd archives do not."""

import zipfile
from collections.abc import Callable

import pytest

from portal.domain.refusals import Reason
from portal.integrations.file_types import inspect
from tests.integrations import uploads as build
from tests.integrations.uploads import LIMIT, assert_refused, relationship

Build = Callable[[], bytes]
EVIL = "https://evil.example/"
DTD = '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>'
DTD_UTF16 = f'<?xml version="1.0" encoding="utf-16"?>{DTD}'.encode("utf-16")

GOOD: dict[str, tuple[str, Build]] = {
    "a link to click": (
        "a.docx",
        lambda: build.docx(relationships=relationship("hyperlink", "https://x.example/")),
    ),
    "a picture": ("a.docx", lambda: build.docx({"word/media/image1.png": b"x"})),
    "printer settings": ("a.xlsx", lambda: build.xlsx({"xl/printerSettings/printerSettings1.bin": b"x"})),
    "a link in odt": ("a.odt", lambda: build.odt('<text:a xlink:href="https://x.example/">x</text:a>')),
    "a picture in odt": ("a.odt", lambda: build.odt('<draw:image xlink:href="Pictures/1.png"/>')),
}


@pytest.mark.parametrize("case", GOOD)
def test_a_document_is_accepted_unchanged(case: str) -> None:
    name, built = GOOD[case]
    data = built()
    assert inspect(name, data, max_bytes=LIMIT).content == data


ACTIVE: dict[str, tuple[str, Build]] = {
    "T161: docm called docx": ("a.docx", lambda: build.docx(macro=True)),
    "macros": ("a.docx", lambda: build.docx({"word/vbaProject.bin": b"x"})),
    "macros in capitals": ("a.docx", lambda: build.docx({"WORD/VBAPROJECT.BIN": b"x"})),
    "ActiveX": ("a.docx", lambda: build.docx({"word/activeX/activeX1.xml": "<a/>"})),
    "OLE object": ("a.docx", lambda: build.docx({"word/embeddings/oleObject1.bin": b"x"})),
    "Excel 4 macros": ("a.xlsx", lambda: build.xlsx({"xl/macrosheets/s1.xml": "<a/>"})),
    "a template from outside": (
        "a.docx",
        lambda: build.docx(relationships=relationship("attachedTemplate", EVIL)),
    ),
    "a picture from outside": ("a.docx", lambda: build.docx(relationships=relationship("image", EVIL))),
    "outside in another case": (
        "a.docx",
        lambda: build.docx(relationships=relationship("image", EVIL, "eXternal")),
    ),
    "a link that runs": (
        "a.docx",
        lambda: build.docx(relationships=relationship("hyperlink", "JavaScript:alert(1)")),
    ),
    "DTD": ("a.docx", lambda: build.docx({"word/document.xml": DTD})),
    "DTD in UTF-16": ("a.docx", lambda: build.docx({"word/document.xml": DTD_UTF16})),
    "DTD in relationships": ("a.docx", lambda: build.docx({"_rels/.rels": DTD})),
    "DTD in odt": ("a.odt", lambda: build.archive(build.odf_parts() | {"content.xml": DTD})),
    "macros in odt": ("a.odt", lambda: build.archive(build.odf_parts() | {"Basic/Standard/M.xml": "<a/>"})),
    "an event in odt": ("a.odt", lambda: build.odt('<script:event-listener xlink:href="x"/>')),
    "a picture from outside in odt": ("a.odt", lambda: build.odt(f'<draw:image xlink:href="{EVIL}"/>')),
    "a link that runs in odt": (
        "a.odt",
        lambda: build.odt('<text:a xlink:href="javascript:alert(1)">x</text:a>'),
    ),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_what_runs_or_reaches_out_is_refused(case: str) -> None:
    """T161: .docm and its relatives."""
    name, built = ACTIVE[case]
    assert_refused(name, built(), Reason.FILE_HAS_ACTIVE_CONTENT)


def flipped() -> bytes:
    data = build.archive(
        build.ooxml_parts() | {"word/media/a.dat": b"y" * 99}, compression=zipfile.ZIP_STORED
    )
    return data.replace(b"yyyy", b"yYyy", 1)


UNREADABLE: dict[str, Build] = {
    "XML that is none": lambda: build.docx({"word/document.xml": "no xml"}),
    "relationships cut off": lambda: build.docx({"_rels/.rels": "<a><b>"}),
    "a way out": lambda: build.docx({"../../evil.xml": "<a/>"}),
    "a Windows way out": lambda: build.docx({"..\\evil.xml": "<a/>"}),
    "an absolute path": lambda: build.docx({"/etc/evil.xml": "<a/>"}),
    "too many entries": lambda: build.docx({f"word/{number}.xml": "<a/>" for number in range(3000)}),
    "one name twice": lambda: build.docx({"WORD/document.xml": "<a/>"}),
    "another compression": lambda: build.archive(build.ooxml_parts(), compression=zipfile.ZIP_BZIP2),
    "cut": lambda: build.docx()[:-40],
    "a byte flipped": flipped,
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_an_odd_archive_is_refused(case: str) -> None:
    assert_refused("a.docx", UNREADABLE[case](), Reason.FILE_UNREADABLE)


@pytest.mark.parametrize("size", [20_000_000, 200_000_000], ids=["by its ratio", "by its size"])
def test_a_bomb_is_refused(size: int) -> None:
    assert_refused("a.docx", build.docx({"word/media/a.dat": bytes(size)}), Reason.FILE_TOO_LARGE)


MISMATCH: dict[str, Build] = {
    "any archive": lambda: build.archive({"a.txt": "x"}),
    "a script before": lambda: b"PK\x03\x04#!/bin/sh\n" + build.docx(),
    "a script behind": lambda: build.docx() + b"#!/bin/sh\n",
    "two archives": lambda: build.docx() + build.archive({"a": "b"}),
    "ods called docx": lambda: build.archive(build.odf_parts(build.ODS)),
}


@pytest.mark.parametrize("case", MISMATCH)
def test_what_is_not_just_a_document_is_refused(case: str) -> None:
    """T161: polyglots of archives, which are read from their end."""
    assert_refused("a.docx", MISMATCH[case](), Reason.FILE_CONTENT_MISMATCH)


def test_a_text_is_no_spreadsheet() -> None:
    assert_refused("a.ods", build.odt(), Reason.FILE_CONTENT_MISMATCH)
