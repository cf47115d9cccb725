"""Files made to keep a worker busy: each is answered in the time that one upload may take."""

import io
import os
import resource
import time
from collections.abc import Callable

import pytest
from PIL import Image

from portal.domain.refusals import Reason, Refusal
from portal.integrations.file_types import inspect
from portal.integrations.file_types.images import MOST_PIXELS
from tests.integrations import uploads as build

MB = 1024 * 1024
# 1.5 s of work for the check, and what it takes to start a process and load a parser.
MOST_CPU_SECONDS = 2.6


def cpu_seconds() -> float:
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + children.ru_utime + children.ru_stime


def elements(count: int) -> str:
    """So different from one another that no rule about compression catches them."""
    return "".join(f"<b{number}/>" for number in range(count))


def many_scans() -> bytes:
    """A progressive JPEG of 24 million pixels whose last scan comes thousands of times."""
    written = io.BytesIO()
    Image.new("L", (4800, 4800)).save(written, "JPEG", progressive=True, quality=1)
    data = written.getvalue()
    last = data.rindex(b"\xff\xda")
    scan = data[last:-2]
    return data[:last] + scan * (8 * MB // len(scan)) + data[-2:]


def wrong_table(objects: int) -> bytes:
    """Every entry of the table is wrong, so that a parser searches the whole file for each object."""
    table = b"".join(b"%010d 00000 n \n" % 20 for _ in range(objects))
    content = b"%PDF-1.7\n" + b"x" * (9 * MB) + b"\n"
    return content + b"xref\n0 %d\n%strailer\n<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF\n" % (
        objects, table, objects, len(content),
    )  # fmt: skip


def table_of(unit: bytes, size: int = 10 * MB) -> bytes:
    return unit * (size // len(unit))


SLOW: dict[str, tuple[str, Callable[[], bytes]]] = {
    "PDF: streams that never end": ("a.pdf", lambda: b"%PDF-1.7\n" + table_of(b"stream\n") + b"%%EOF"),
    "PDF: hex spelling": ("a.pdf", lambda: b"%PDF-1.7\n" + table_of(b"#4a") + b"%%EOF"),
    "PDF: brackets": ("a.pdf", lambda: build.pdf_with(more=(table_of(b"["),))),
    "PDF: a table that is wrong": ("a.pdf", lambda: wrong_table(20_000)),
    "PDF: no table": ("a.pdf", lambda: b"%PDF-1.7\n" + table_of(b"1 0 obj\n<<>>\nendobj\n") + b"%%EOF"),
    "PDF: a bomb of objects": ("a.pdf", lambda: build.packed_pdf(b"[" + b"<</A 1>>" * 7_500_000 + b"]")),
    "PDF: an open string": ("a.pdf", lambda: build.pdf_with(more=(b"(" + table_of(b"("),))),
    "PNG: the most pixels": ("a.png", lambda: build.picture("PNG", size=(4898, 4898), mode="RGBA")),
    "JPEG: thousands of scans": ("a.jpg", many_scans),
    "docx: elements": ("a.docx", lambda: build.docx({"word/x.rels": f"<a>{elements(4_000_000)}</a>"})),
    "docx: a long beginning": ("a.docx", lambda: build.docx({"word/x.xml": f"<!--{elements(4_000_000)}--><a/>"})),
    "docx: depth": ("a.docx", lambda: build.docx({"word/x.rels": elements(900_000).replace("/", "")})),
    "odt: elements": ("a.odt", lambda: build.odt(elements(4_000_000))),
    "text: brackets": ("a.txt", lambda: table_of(b"<")),
    "text: spaces": ("a.txt", lambda: table_of(b" ")),
}  # fmt: skip


@pytest.mark.parametrize("case", SLOW)
def test_it_is_answered_in_time(case: str) -> None:
    """T161: whatever the answer is, it costs no more than a limited time of one processor."""
    name, built = SLOW[case]
    data = built()
    assert len(data) < 12 * MB
    begin = cpu_seconds()
    try:
        inspect(name, data, max_bytes=12 * MB)
    except Refusal as refusal:
        assert refusal.reason in {  # noqa: PT017 - either answer is good, if it comes in time.
            Reason.FILE_UNREADABLE,
            Reason.FILE_TOO_LARGE,
            Reason.FILE_CONTENT_MISMATCH,
        }
    assert cpu_seconds() - begin < MOST_CPU_SECONDS


def test_the_largest_good_files_have_time_enough() -> None:
    """The limits refuse attacks and not people: a scan of full size and a long document pass."""
    side = int(MOST_PIXELS**0.5)
    noise = Image.frombytes("L", (side, side), os.urandom(side * side))
    written = io.BytesIO()
    noise.convert("RGB").save(written, "JPEG", quality=60)
    assert inspect("scan.jpg", written.getvalue(), max_bytes=25 * MB).content
    assert inspect("long.pdf", build.pdf(pages=1500), max_bytes=25 * MB).content


def test_the_child_sees_none_of_our_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """What breaks out of a parser finds no password of the database in its environment."""
    from portal.integrations.file_types import apart  # noqa: PLC0415 - only this test looks inside.

    monkeypatch.setenv("DATABASE_URL", "postgresql://secret")
    monkeypatch.setenv("STAFFROOM_SMTP_PASSWORD", "secret")
    assert set(apart._bare_environment()) <= {"PATH", "LD_LIBRARY_PATH"}
