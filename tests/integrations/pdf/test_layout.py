"""Pages of any roster: nobody is left out, torn or set over the legend, and columns stay inside the paper."""

from __future__ import annotations

import io

import pytest
from fontTools.ttLib import TTFont

from portal.integrations.pdf.layout import HEIGHT, INSET, LEAST_ROW, LEGEND_GAP, WIDTH, layout_of
from portal.integrations.pdf.run_face import CELL, run_face
from tests.integrations.pdf.roster_sheets import people, sheet_of


@pytest.mark.parametrize("legend_lines", [0, 1, 4])
@pytest.mark.parametrize("sums", [(), ["7"] * 31])
def test_rows_and_sums_end_above_the_legend(sums: list[str], legend_lines: int) -> None:
    for count in range(130):
        layout = layout_of(sheet_of(people(count, cells=()), daily_totals=sums), legend_lines)
        assert [person for page in layout.pages for person in page] == list(range(count))
        assert layout.row >= LEAST_ROW
        assert layout.legend_top < HEIGHT
        assert len({len(page) for page in layout.pages[:-1]}) <= 1
        for page in range(len(layout.pages)):
            assert layout.bottom(page) + (LEGEND_GAP if legend_lines else 0) <= layout.legend_top + 0.001


@pytest.mark.parametrize("days", range(1, 43))
def test_the_columns_fill_the_paper_and_halve_evenly(days: int) -> None:
    layout = layout_of(sheet_of([], days=days), 1)
    assert layout.cell_units % 80 == layout.total_units % 40 == layout.lead_units % 10 == 0
    end = layout.grid_right + layout.total_units * layout.type_size / 1000
    assert WIDTH - INSET - 0.2 < end <= WIDTH - INSET
    assert layout.grid_left > 130


def test_a_gap_is_exactly_as_wide_as_asked_and_makes_a_code_of_what_follows() -> None:
    face = run_face("", 2480)
    advances = {
        character: width for character, width in advances_of(face.data).items() if character.isspace()
    }
    for width in range(20, 9000, 10):
        gap = face.gap(width)
        assert sum(advances[space] for space in gap) == width
        assert gap[-1] not in (CELL, "\u00a0")


def advances_of(data: bytes) -> dict[str, int]:
    font = TTFont(io.BytesIO(data))
    return {chr(code): font["hmtx"][glyph][0] for code, glyph in font.getBestCmap().items()}
