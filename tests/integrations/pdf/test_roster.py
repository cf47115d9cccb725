"""The printed roster says what the sheet says: every person once and whole, sums, legend, page numbers, draft mark."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pypdf
import pytest

from portal.integrations.pdf import faces
from portal.integrations.pdf.faces import FontMissingError
from portal.integrations.pdf.renderer import render_pdf
from portal.integrations.pdf.roster import render_roster
from portal.integrations.pdf.sheet import RosterCell, RosterLine
from tests.integrations.pdf.roster_sheets import (
    COURSE,
    EARLY,
    LEAVE,
    NIGHT,
    has_glyph_of,
    people,
    sheet_of,
    texts_of,
)


@pytest.mark.parametrize(("count", "pages"), [(0, 1), (1, 1), (12, 1), (30, 1), (40, 2), (200, 7), (500, 16)])
def test_everybody_is_on_exactly_one_page_whole(count: int, pages: int) -> None:
    texts = texts_of(render_roster(sheet_of(people(count))))
    assert len(texts) == pages
    lines = [line for text in texts for line in text.splitlines() if line.startswith("Osoba")]
    assert lines == [f"Osoba {n:03} Sestra E N V T1 {n}:30" for n in range(count)]


@pytest.mark.parametrize(("month", "days"), [(2, 28), (2, 29), (4, 30), (10, 31), (10, 7), (10, 42)])
def test_each_page_repeats_the_head_with_every_day(month: int, days: int) -> None:
    texts = texts_of(render_roster(sheet_of(people(60), month=month, days=days)))
    assert len(texts) > 1
    for number, text in enumerate(texts, 1):
        assert "Rozpis služeb říjen 2026" in text
        heading = next(line for line in text.splitlines() if line.startswith("Jméno"))
        assert len(heading.split()) == days + 2
        assert f"Strana {number} z {len(texts)}" in text
        assert "Ranní" in text
        assert "Acme · Verze 4 · Vytištěno 1. 10. 2026" in text


def test_the_daily_sums_stand_once_at_the_end() -> None:
    sums = [str(100 + n) for n in range(31)]
    texts = texts_of(render_roster(sheet_of(people(60), daily_totals=sums)))
    assert "Lidé ve službě " + " ".join(sums) in texts[-1]
    assert not any("Lidé ve službě" in text for text in texts[:-1])


@pytest.mark.parametrize("total", ["−12:30", "152:00", "0:00", "1 152:30", "123456789012:00", "١٥٢"])
def test_a_sum_never_loses_a_figure_or_its_sign(total: str) -> None:
    line = replace(people(1)[0], total=total)
    assert total in texts_of(render_roster(sheet_of([line])))[0]


def test_a_draft_says_so_in_words_on_every_page() -> None:
    draft, final = (render_roster(sheet_of(people(60), draft=word)) for word in ("Návrh", None))
    assert all("NÁVRH" in text for text in texts_of(draft))
    assert not any("NÁVRH" in text.upper() for text in texts_of(final))


def test_a_public_holiday_is_named() -> None:
    assert "28 Den vzniku státu" in texts_of(render_roster(sheet_of(people(1))))[0]


def test_two_shifts_on_a_day_are_both_shown_and_more_are_counted() -> None:
    line = RosterLine("Eve", cells=[(EARLY, NIGHT), (EARLY, NIGHT, COURSE), (LEAVE, EARLY)])
    text = texts_of(render_roster(sheet_of([line])))[0]
    assert "Eve E N E V E" in text
    assert "+2" in text


@pytest.mark.parametrize("code", ["WWW", "🌙", "夜", "Č1", "ÚÚ8", "I"])
def test_a_code_of_any_letters_is_printed_and_moves_nothing(code: str) -> None:
    line = RosterLine("Eve", cells=[RosterCell(code, "grey"), EARLY], total="8:00")
    pdf = render_roster(sheet_of([line]))
    text = texts_of(pdf)[0]
    # The typefaces of the machine may lack the letter: it is then an empty frame, and still that letter when copied.
    assert code in text or has_glyph_of(pdf, code)
    assert re.search(r"Eve.* E 8:00", text)


def test_a_long_name_ends_in_an_ellipsis_before_the_note() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorff-Nováková Přemyslava"
    text = texts_of(render_roster(sheet_of([RosterLine(name, note="Sestra", cells=[EARLY])])))[0]
    assert re.search(r"^Wolfeschlegel\w+… Sestra E$", text, re.MULTILINE)


def test_an_empty_roster_says_so() -> None:
    assert "Nikdo tu není." in texts_of(render_roster(sheet_of([])))[0]


@pytest.mark.parametrize("tagged", [False, True])
def test_the_document_names_itself(tagged: bool) -> None:
    reader = pypdf.PdfReader(io.BytesIO(render_roster(sheet_of(people(2)), tagged=tagged)))
    assert reader.metadata is not None
    assert reader.metadata.title == "Rozpis služeb říjen 2026"
    assert reader.metadata.author == "Acme"
    assert reader.root_object["/Lang"] == "cs"


def test_the_tagged_form_is_a_table_with_the_same_people() -> None:
    pdf = render_roster(sheet_of(people(40), draft="Návrh", daily_totals=["7"] * 31), tagged=True)
    root: Any = pypdf.PdfReader(io.BytesIO(pdf)).root_object
    assert root["/MarkInfo"]["/Marked"]
    assert b"pdfuaid" in root["/Metadata"].get_data()
    assert "/StructTreeRoot" in root
    text = "\n".join(texts_of(pdf))
    assert all(text.count(f"Osoba {n:03}") == 1 for n in range(40))
    assert "NÁVRH" in text
    assert "Strana 2 z 2" in text


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: RosterCell("E", "red"),
        lambda: RosterCell("", "blue"),
        lambda: RosterCell("LONG", "blue"),
        lambda: replace(sheet_of([]), days=()),
        lambda: replace(sheet_of([]), daily_totals=["1"]),
        lambda: replace(sheet_of(people(1)), lines=[RosterLine("Eve", cells=[EARLY])]),
    ],
)
def test_a_sheet_that_cannot_be_printed_is_refused(wrong: Callable[[], object]) -> None:
    with pytest.raises(ValueError, match=r"."):
        wrong()


def test_missing_typefaces_are_named(monkeypatch: pytest.MonkeyPatch, tmp_path: object) -> None:
    monkeypatch.setattr(faces, "VENDOR", tmp_path)
    faces.font_file.cache_clear()
    with pytest.raises(FontMissingError, match="make setup"):
        faces.font_file("regular")


def test_a_drawing_for_a_page_that_is_not_there_stops_the_rendering() -> None:
    with pytest.raises(ValueError, match="argument 2 is longer"):
        render_pdf("<p>one page", "", {}, under=[b"", b""])
