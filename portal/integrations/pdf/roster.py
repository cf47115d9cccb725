"""The roster as a PDF: a month of a team on landscape A4, fast enough to wait for.

render_roster() sets each person's month as one run of text over one drawing per page. With tagged=True it makes a real
table instead, which screen readers can walk through and which takes more than ten times as long.
"""

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal.integrations.pdf import background, layout as measures
from portal.integrations.pdf.faces import EM, text_face
from portal.integrations.pdf.layout import Layout, layout_of
from portal.integrations.pdf.plain_text import one_line
from portal.integrations.pdf.renderer import Assets, render_pdf
from portal.integrations.pdf.runs import LooseBox, RunSetter
from portal.integrations.pdf.sheet import RosterSheet, cells_of, holidays_of

TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "pdf"
_PLACES = re.compile(r"(\{pages?\})")


@dataclass(frozen=True)
class _Row:
    name: str
    note: str
    run: str
    # The name needs letters of another font: its box is clipped, as its width is a guess.
    foreign: bool


@dataclass(frozen=True)
class _Page:
    number: int
    rows: list[_Row]
    totals: str
    footer: str
    loose: list[tuple[str, str]]


def render_roster(sheet: RosterSheet, *, tagged: bool = False) -> bytes:
    """The PDF of a sheet. Needs the typefaces that the set-up makes (FontMissingError otherwise)."""
    return render_table(sheet) if tagged else _render_runs(sheet)


def render_table(sheet: RosterSheet, *, tagged: bool = True) -> bytes:
    """The slow, accessible form: PDF/UA with a tagged table. Untagged it is what the fast form is measured against."""
    html = (
        _environment()
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
    return render_pdf(html, css, _fonts(), tagged=tagged)


def _render_runs(sheet: RosterSheet) -> bytes:
    layout = layout_of(sheet)
    setter = RunSetter(sheet, layout)
    places = _Places()
    weekdays, loose_weekdays = setter.labels([day.weekday for day in sheet.days])
    dates, loose_dates = setter.labels([day.label for day in sheet.days])
    head = [*places.of(loose_weekdays, measures.TITLE_HEIGHT, 13), *places.of(loose_dates, 58, 13)]
    pages = list(_pages(sheet, layout, setter, places, head))
    html = (
        _environment()
        .get_template("roster.html")
        .render(
            sheet=sheet,
            one_line=one_line,
            pages=pages,
            weekdays=weekdays,
            dates=dates,
            holidays=list(holidays_of(sheet)),
        )
    )
    css = _style(
        "roster.css",
        layout=layout,
        m=measures,
        palette=background.PALETTE,
        ink=background.INK,
        pages=pages,
        places=places.rules,
    )
    return render_pdf(
        html, css, _fonts() | {"grid.ttf": (setter.face.data, "font/ttf")} | _drawings(sheet, layout)
    )


def _pages(
    sheet: RosterSheet, layout: Layout, setter: RunSetter, places: "_Places", head: list[tuple[str, str]]
) -> Iterator[_Page]:
    regular = text_face("regular")
    name_limit = layout.name_width / measures.NAME_TYPE * EM
    note_limit = layout.note_width / measures.NOTE_TYPE * EM
    for number, people in enumerate(layout.pages):
        rows, loose = [], list(head)
        for place, line in enumerate(sheet.lines[people.start : people.stop]):
            run, aside = setter.cells(line.cells, line.total)
            loose += places.of(aside, measures.TOP + place * layout.row, layout.row)
            name, note = one_line(line.name), one_line(line.note)
            rows.append(
                _Row(
                    name=regular.fitted(name, name_limit),
                    note=regular.fitted(note, note_limit),
                    run=run,
                    foreign=not (regular.covers(name) and regular.covers(note)),
                )
            )
        totals = ""
        if layout.has_totals and number == len(layout.pages) - 1:
            totals, aside = setter.labels(sheet.daily_totals)
            loose += places.of(aside, layout.bottom(number) - measures.TOTALS_HEIGHT, measures.TOTALS_HEIGHT)
        footer = _numbered(sheet.labels.page, number + 1, len(layout.pages))
        yield _Page(number=number + 1, rows=rows, totals=totals, footer=footer, loose=loose)


def _numbered(template: str, page: int, pages: int) -> str:
    """Filled in by hand: str.format would obey whatever else stands between braces."""
    return one_line(template).replace("{pages}", str(pages)).replace("{page}", str(page))


class _Places:
    """Collects the positions of loose boxes: they go into the style sheet, the texts into the page."""

    def __init__(self) -> None:
        self.rules: list[dict[str, float]] = []

    def of(self, boxes: list[LooseBox], top: float, height: float) -> Iterator[tuple[str, str]]:
        for box in boxes:
            self.rules.append(asdict(box) | {"top": top, "height": height})
            yield f"loose-{len(self.rules)}", box.text


def _drawings(sheet: RosterSheet, layout: Layout) -> Assets:
    return {
        f"page-{number + 1}.svg": (
            background.background(
                layout, number, sheet.days, [line.cells for line in sheet.lines[people.start : people.stop]]
            ),
            "image/svg+xml",
        )
        for number, people in enumerate(layout.pages)
    }


def _fonts() -> dict[str, tuple[bytes, str]]:
    return {f"{weight}.ttf": (text_face(weight).data, "font/ttf") for weight in ("regular", "semibold")}


@cache
def _environment() -> Environment:
    return Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _style(name: str, **values: object) -> str:
    """A style sheet with the numbers of a layout. No text of a person's ever goes into one."""
    return _environment().get_template(name).render(values)
