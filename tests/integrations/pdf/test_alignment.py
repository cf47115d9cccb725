"""The text of a roster stands on the drawing behind it, measured in the finished PDF, not by what placed it."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from typing import Any

import pypdf
import pytest
from pypdf.generic import ContentStream

from portal.integrations.pdf.background import PALETTE
from portal.integrations.pdf.roster import render_roster
from portal.integrations.pdf.sheet import RosterCell, RosterLine, RosterSheet
from tests.integrations.pdf.roster_sheets import COURSE, EARLY, LEAVE, NIGHT, sheet_of

Matrix = tuple[float, float, float, float, float, float]
# A pixel of a 300 dpi printer.
PIXEL = 72 / 300


@pytest.mark.parametrize("days", [14, 28, 30, 31, 42])
def test_every_code_stands_in_the_middle_of_its_chip(days: int) -> None:
    wide = RosterCell("M8", "orange")
    cells = [EARLY, EARLY, wide, NIGHT, None, NIGHT, (EARLY, NIGHT), EARLY, COURSE, COURSE, EARLY]
    line = RosterLine("Příliš žluťoučký", note="Kůň", cells=cells, total="152:00")
    page = first_page(sheet_of([line, RosterLine("", cells=cells)], days=days, legend=()))
    middles = sorted(chip_middles(page))
    # Narrow fingers of type, not spaces: the outlines of E, N and the like stand in the middle of their width.
    codes = sorted(word_middles(page, {"E", "N", "M8", "T1"}))
    assert len(codes) == 2 * 11
    assert len(middles) == len(codes)
    for (row, x), (code_row, code_x) in zip(middles, codes, strict=True):
        assert abs(x - code_x) < PIXEL
        assert abs(row - code_row) < 6


def test_a_bar_of_an_absence_spans_its_days() -> None:
    page = first_page(sheet_of([RosterLine("Eve", cells=[LEAVE] * 5)], legend=()))
    codes = [x for _, x in word_middles(page, {"V"})]
    (bar,) = [stroke for stroke in strokes(page) if stroke[0] == PALETTE["green"][0]]
    cell = codes[1] - codes[0]
    assert abs(bar[1] - (codes[0] - cell / 2)) < 1
    assert abs(bar[2] - (codes[-1] + cell / 2)) < 1


def first_page(sheet: RosterSheet) -> pypdf.PageObject:
    return pypdf.PdfReader(io.BytesIO(render_roster(sheet))).pages[0]


def word_middles(page: pypdf.PageObject, words: set[str]) -> Iterator[tuple[float, float]]:
    """Row (from the top) and horizontal middle of each of these words, by the widths that the PDF declares."""
    for row, x, text, ends in shown_lines(page):
        for match in re.finditer(r"\S+", text):
            if match[0] in words and x + ends[match.start()] > 100:
                yield -row, x + (ends[match.start()] + outline_end(match[0], ends, match.start())) / 2


def outline_end(word: str, ends: list[float], start: int) -> float:
    """Where a word ends: a letter in a cell of its own is as far from its left edge as from the next cell."""
    single = ends[start + 1] - ends[start]
    if len(word) == 1 and start + 2 < len(ends) and single > 10:
        return ends[start + 2]
    return ends[start + len(word)]


def shown_lines(page: pypdf.PageObject) -> Iterator[tuple[float, float, str, list[float]]]:
    """Baseline, left edge, text and the place of each character from that edge, for each string shown."""
    named: Any = page["/Resources"].get_object()
    fonts = {name: font_of(font.get_object()) for name, font in named["/Font"].items()}
    stack: list[Matrix] = []
    matrix: Matrix = (1, 0, 0, 1, 0, 0)
    text_matrix: Matrix = matrix
    size, font = 0.0, ""
    for operands, operator in ContentStream(page.get_contents(), page.pdf).operations:
        if operator == b"q":
            stack.append(matrix)
        elif operator == b"Q":
            matrix = stack.pop()
        elif operator == b"cm":
            matrix = multiplied(tuple(map(float, operands)), matrix)
        elif operator == b"Tf":
            font, size = operands[0], float(operands[1])
        elif operator == b"Tm":
            text_matrix = tuple(map(float, operands))  # type: ignore[assignment]
        elif operator == b"TJ":
            whole = multiplied(text_matrix, matrix)
            yield whole[5], whole[4], *laid_out(operands[0], fonts[font], size / 1000 * whole[0])


def laid_out(
    parts: Any, font: tuple[dict[int, float], dict[int, str]], unit: float
) -> tuple[str, list[float]]:
    """Text of a shown string, and where each of its characters begins and the last one ends."""
    widths, letters = font
    text, ends = "", [0.0]
    for part in parts:
        if isinstance(part, (int, float)):
            ends[-1] -= float(part) * unit
            continue
        data = part.original_bytes
        for glyph in (int.from_bytes(data[n : n + 2], "big") for n in range(0, len(data), 2)):
            text += letters[glyph]
            ends.append(ends[-1] + widths[glyph] * unit)
    return text, ends


def font_of(font: Any) -> tuple[dict[int, float], dict[int, str]]:
    """Widths and letters of a font's glyphs."""
    widths: dict[int, float] = {}
    listed = list(font["/DescendantFonts"][0].get_object()["/W"].get_object())
    while listed:
        start, following = int(listed.pop(0)), listed.pop(0).get_object()
        if isinstance(following, list):
            widths |= {start + n: float(width) for n, width in enumerate(following)}
        else:
            width = float(listed.pop(0))
            widths |= dict.fromkeys(range(start, int(following) + 1), width)
    table = font["/ToUnicode"].get_object().get_data().decode("latin-1")
    pairs = re.findall(r"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", table.split("endcodespacerange")[1])
    return widths, {int(glyph, 16): bytes.fromhex(text).decode("utf-16-be") for glyph, text in pairs}


def multiplied(a: tuple[float, ...], b: tuple[float, ...]) -> Any:
    return (
        a[0] * b[0] + a[1] * b[2], a[0] * b[1] + a[1] * b[3],
        a[2] * b[0] + a[3] * b[2], a[2] * b[1] + a[3] * b[3],
        a[4] * b[0] + a[5] * b[2] + b[4], a[4] * b[1] + a[5] * b[3] + b[5],
    )  # fmt: skip


def chip_middles(page: pypdf.PageObject) -> Iterator[tuple[float, float]]:
    """Row and middle of each round chip; neighbouring ones are the dashes of one stroke."""
    fills = {fill for fill, _ in PALETTE.values()}
    for colour, left, right, y, dash in strokes(page):
        if colour in fills and dash:
            period, start = sum(dash), left
            while start < right:
                yield -y, start + dash[0] / 2
                start += period


def strokes(page: pypdf.PageObject) -> Iterator[tuple[str, float, float, float, tuple[float, ...]]]:
    """Colour, both ends, height on the page and dashes of each stroke, in the page's points."""
    yield from _strokes(
        page, ContentStream(page.get_contents(), page.pdf), page["/Resources"], (1, 0, 0, 1, 0, 0)
    )


def _strokes(page: pypdf.PageObject, content: ContentStream, resources: Any, matrix: Any) -> Iterator[Any]:
    stack: list[Any] = []
    colour, dash = "", ()
    start: tuple[float, float] = (0, 0)
    for operands, operator in content.operations:
        if operator == b"q":
            stack.append((matrix, colour, dash))
        elif operator == b"Q":
            matrix, colour, dash = stack.pop()
        elif operator == b"cm":
            matrix = multiplied(tuple(map(float, operands)), matrix)
        elif operator == b"RG":
            colour = "#" + "".join(f"{round(float(part) * 255):02x}" for part in operands)
        elif operator == b"d":
            dash = tuple(float(part) * matrix[0] for part in operands[0])
        elif operator == b"m":
            start = (float(operands[0]), float(operands[1]))
        elif operator == b"l":
            left = multiplied((1, 0, 0, 1, *start), matrix)
            right = multiplied((1, 0, 0, 1, float(operands[0]), float(operands[1])), matrix)
            yield colour, left[4], right[4], left[5], dash
        elif operator == b"Do":
            form = resources["/XObject"][operands[0]].get_object()
            inner = multiplied(tuple(map(float, form.get("/Matrix", (1, 0, 0, 1, 0, 0)))), matrix)
            yield from _strokes(page, ContentStream(form, page.pdf), form.get("/Resources", resources), inner)
