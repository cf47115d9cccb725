"""File names from outside: what is left of a hostile one."""

import pytest

from portal.domain.refusals import Reason, Refusal
from portal.integrations.file_types import safe_name


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("House rules.pdf", "House rules.pdf"),
        ("Dovolená – žádost.PDF", "Dovolená – žádost.pdf"),
        ("就業規則.docx", "就業規則.docx"),
        ("../../etc/passwd.txt", "passwd.txt"),
        ("C:\\Users\\eve\\rules.pdf", "rules.pdf"),
        ("/etc/cron.d/x.csv", "x.csv"),
        ("a\r\nSet-Cookie: x=1.pdf", "aSet-Cookie_ x=1.pdf"),
        ('a"; filename="b.pdf', "a__ filename=_b.pdf"),
        ("a\x00.pdf", "a.pdf"),
        ("...hidden.pdf", "hidden.pdf"),
        ("trailing . . .pdf", "trailing.pdf"),
        ("a   b\t.pdf", "a b.pdf"),
        ("CON.pdf", "_CON.pdf"),
        ("nul.tar.pdf", "_nul.tar.pdf"),
        ("lpt1.pdf", "_lpt1.pdf"),
        ("`$(id)`.pdf", "__(id)_.pdf"),
        ("e\u0301.pdf", "é.pdf"),
        ("a\u200b\ufeffb.pdf", "ab.pdf"),
    ],
)
def test_it_keeps_what_is_safe(sent: str, kept: str) -> None:
    assert safe_name(sent)[0] == kept


def test_a_name_that_reads_backwards_shows_its_true_ending() -> None:
    """A right-to-left override makes "rules\u202efdp.exe" look like "rulesexe.pdf"; without it the truth is seen."""
    assert safe_name("rules\u202efdp.exe") == ("rulesfdp.exe", "exe")
    assert safe_name("rules\u2066.exe\u2069.pdf") == ("rules.exe.pdf", "pdf")


def test_an_alternate_stream_is_no_pdf() -> None:
    assert safe_name("rules.pdf:evil.exe")[1] == "exe"


@pytest.mark.parametrize("letter", ["a", "ž", "就", "😀"])
def test_a_long_name_keeps_its_ending(letter: str) -> None:
    """At most 120 characters and 240 bytes, never cut inside a character."""
    name, extension = safe_name(letter * 400 + ".docx")
    assert (name[-5:], extension) == (".docx", "docx")
    assert len(name) <= 120
    assert len(name.encode()) <= 240
    assert set(name[:-5]) == {letter}


@pytest.mark.parametrize(
    "sent",
    ["", ".", "..", "pdf", ".pdf", "  .pdf", "---.pdf", "a.", "a.pd f", "a.ž", "\u202e.pdf", "a/", "a.b/"],
)
def test_a_name_without_a_stem_or_an_ending_is_refused(sent: str) -> None:
    with pytest.raises(Refusal) as refused:
        safe_name(sent)
    assert refused.value.reason == Reason.FILE_NAME_INVALID
