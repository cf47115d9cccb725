"""The writer of grid rows: few bytes, and nothing of a text becomes markup (T122)."""

from __future__ import annotations

from datetime import date

import pytest
from markupsafe import Markup  # noqa: TID251  # the type that a row must have

from portal.web import cells

ATTACK = "\"><script>alert(1)</script>'"


def test_a_chip_is_as_short_as_html_allows():
    assert cells.chip("E", "c-blue") == "<b class=c-blue>E</b>"
    assert cells.chip("E", "c-blue q") == '<b class="c-blue q">E</b>'
    assert (
        cells.chip("E", "c-blue", said="draft", title="Draft")
        == '<b class=c-blue title="Draft">E<i>, draft</i></b>'
    )


@pytest.mark.parametrize("where", ["code", "classes", "said", "title"])
def test_no_text_breaks_out_of_a_chip(where):
    written = cells.chip(**{"code": "E", "classes": "c-blue", where: ATTACK})
    assert "<script" not in written and 'class="c-blue"><' not in written
    assert written.count("<b ") == 1


@pytest.mark.parametrize("classes", ["c-blue\tonclick=x", "c-blue/onclick=x", "c=1", "C"])
def test_classes_without_quotes_are_letters_and_hyphens_alone(classes):
    assert 'class="' in cells.chip("E", classes)


def test_a_row_puts_each_chip_into_the_cell_of_its_day():
    early, late = cells.chip("E", "c-blue"), cells.chip("L", "c-orange")
    assert cells.row(3, [(1, early), (1, late)]) == f"<td><td>{early}{late}<td>"
    assert isinstance(cells.row(3, []), Markup)


def test_a_row_takes_nothing_but_chips():
    with pytest.raises(TypeError):
        cells.row(1, [(0, "<b>E</b>")])


def test_totals_leave_out_zero_and_are_text():
    assert cells.plain_row([0, 12, ATTACK]).startswith("<td><td>12<td>&#34;&gt;&lt;script")


@pytest.mark.parametrize(("day", "classes"), [(15, ""), (20, "w"), (17, "h"), (21, "h"), (16, "t")])
def test_days_are_told_apart(day, classes):
    holidays = {date(2026, 6, 17), date(2026, 6, 21)}
    assert cells.day_classes(date(2026, 6, day), date(2026, 6, 16), holidays) == classes
