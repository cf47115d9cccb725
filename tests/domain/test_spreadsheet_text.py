"""Cells that look like formulas leave as text and come back as they were."""

import pytest

from portal.domain.spreadsheet_text import marked, unmarked

FORMULAS = ["=HYPERLINK(1)", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", "\0=1", " =1", "+420 601 123 456"]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_looks_like_a_formula_gets_an_apostrophe(text):
    """T168."""
    assert marked(text) == f"'{text}"


@pytest.mark.parametrize(
    "text", [*FORMULAS, "", "'", "'=1", "''=1", "O'Neill", "'tis", '"=1"', "Jiří", "a=1"]
)
def test_every_text_comes_back_as_it_was(text):
    assert unmarked(marked(text)) == text
