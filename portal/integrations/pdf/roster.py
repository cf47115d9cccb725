"""The roster as a PDF: a month of a team on landscape A4, fast enough to wait for.

render_roster() sets each person's month as one run of text over one drawing per page. With tagged=True it makes a real
table instead, which screen readers can walk through and which takes more than ten times as long.
"""

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.integrations.pdf import background
from portal.integrations.pdf import layout as measures
from portal.integrations.pdf.faces import text_face
from portal.integrations.pdf.layout import Layout, layout_of
from portal.integrations.pdf.legend import Chip, legend_of
from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.renderer import render_pdf
from portal.integrations.pdf.run_face import run_face
from portal.integrations.pdf.runs import LooseText, RunSetter, characters_of
from portal.integrations.pdf.sheet import RosterSheet, cells_of, holidays_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
_PLACES = re.compile(r"(\{pages?\})")


@dataclass(frozen=True)
class _Placed:
    """A text set by itself, and where its line is on the page."""

    text: LooseText
    top: float
    height: float


@dataclass(frozen=True)
class _Page:
    """A page: `lines` is a line of text per person."""

    number: int
    lines: str
    sums: str
    footer: str
    loose: list[_Placed]


def render_roster(sheet: RosterSheet, *, tagged: bool = False) -> bytes:
    """The PDF of a sheet. Needs the typefaces that the set-up makes (FontMissingError otherwise)."""
    return render_table(sheet) if tagged else _render_runs(sheet)


def render_table(sheet: RosterSheet, *, tagged: bool = True) -> bytes:
    """The slow, accessible form: PDF/UA with a tagged table. Untagged it is what the fast form is measured against."""
    html = (
        environment()
        .get_template("roster_table.html")
        .render(
            sheet=sheet,
            cells_of=cells_of,
            one_line=one_line,
            holidays=list(holidays_of(sheet)),
            page_label=_PLACES.split(one_line(sheet.labels.page)),
        )
    )
    css = _style("roster_table.css", palette=background.PALETTE)
    return render_pdf(html, css, embedded_fonts(), tagged=tagged)


def _render_runs(sheet: RosterSheet) -> bytes:
    type_size, cell_units = measures.measures_of(len(sheet.days))
    face = run_face(characters_of(sheet), cell_units)
    legend = legend_of(sheet, face, type_size)
    layout = layout_of(sheet, len(legend))
    setter = RunSetter(layout, face)
    labels = sheet.labels
    weekdays, loose_weekdays = setter.labels([day.weekday for day in sheet.days])
    dates, loose_dates = setter.labels(
        [day.label for day in sheet.days], labels.name_heading, labels.total_heading
    )
    fixed = [_Placed(text, measures.TITLE_HEIGHT, measures.WEEKDAY_HEIGHT) for text in loose_weekdays]
    fixed += [
        _Placed(text, measures.TOP - measures.DATE_HEIGHT, measures.DATE_HEIGHT) for text in loose_dates
    ]
    for number, line in enumerate(legend):
        top = layout.legend_top + number * measures.LEGEND_LINE
        fixed += [_Placed(text, top, measures.LEGEND_LINE) for text in line.loose]
    pages = [_page(sheet, layout, setter, number, fixed) for number in range(len(layout.pages))]
    html = (
        environment()
        .get_template("roster.html")
        .render(
            sheet=sheet,
            one_line=one_line,
            pages=pages,
            weekdays=weekdays,
            dates=dates,
            legend="\n".join(line.run for line in legend),
        )
    )
    css = _style("roster.css", layout=layout, m=measures, look=background, pages=pages)
    chips = [line.chips for line in legend]
    fonts = embedded_fonts() | {"run.ttf": (face.data, "font/ttf")}
    return render_pdf(html, css, fonts, under=_drawings(sheet, layout, chips))


def _page(sheet: RosterSheet, layout: Layout, setter: RunSetter, number: int, fixed: list[_Placed]) -> _Page:
    people = layout.pages[number]
    runs, loose = [], list(fixed)
    for place, line in enumerate(sheet.lines[people.start : people.stop]):
        run, aside = setter.person(line)
        runs.append(run)
        loose += [_Placed(text, measures.TOP + place * layout.row, layout.row) for text in aside]
    sums = ""
    if layout.has_totals and number == len(layout.pages) - 1:
        sums, aside = setter.labels(sheet.daily_totals, sheet.labels.totals_row)
        top = layout.bottom(number) - measures.TOTALS_HEIGHT
        loose += [_Placed(text, top, measures.TOTALS_HEIGHT) for text in aside]
    return _Page(
        number=number + 1,
        lines="\n".join(runs),
        sums=sums,
        footer=_numbered(sheet.labels.page, number + 1, len(layout.pages)),
        loose=loose,
    )


def _numbered(template: str, page: int, pages: int) -> str:
    """Filled in by hand: str.format would obey whatever else stands between braces."""
    return one_line(template).replace("{pages}", str(pages)).replace("{page}", str(page))


def _drawings(sheet: RosterSheet, layout: Layout, chips: list[list[Chip]]) -> list[bytes]:
    return [
        background.draw(
            layout,
            number,
            sheet.days,
            [line.cells for line in sheet.lines[people.start : people.stop]],
            chips,
        )
        for number, people in enumerate(layout.pages)
    ]


def embedded_fonts() -> dict[str, tuple[bytes, str]]:
    return {f"{weight}.ttf": (text_face(weight).data, "font/ttf") for weight in ("regular", "semibold")}


@cache
def environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(name: str, **values: object) -> str:
    """A style sheet with the numbers of a layout. No text of a person's ever goes into one."""
    return environment().get_template(name).render(values)
