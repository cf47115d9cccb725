"""Small rosters for the tests, and what stands in the PDFs made of them."""

from __future__ import annotations

import io
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pypdf

from portal.integrations.pdf.sheet import (
    DayCells,
    LegendEntry,
    RosterCell,
    RosterDay,
    RosterLabels,
    RosterLine,
    RosterSheet,
)

EARLY, NIGHT = RosterCell("E", "blue"), RosterCell("N", "purple")
LEAVE = RosterCell("V", "green", "absence")
COURSE = RosterCell("T1", "teal")
WEEKDAYS = ("Po", "Út", "St", "Čt", "Pá", "So", "Ne")
EMPTY_LINE = RosterLine(name="Ana Nováková", cells=())


def sheet_of(
    lines: Sequence[RosterLine], *, month: int = 10, days: int | None = None, **changes: Any
) -> RosterSheet:
    """A month of 2026 of the given lines; lines shorter than the month are filled with empty days."""
    count = days or monthrange(2026, month)[1]
    first = date(2026, month, 1)
    sheet_days = [day_of(first + timedelta(days=number)) for number in range(count)]
    filled = [replace(line, cells=[*line.cells, *[None] * (count - len(line.cells))]) for line in lines]
    sheet = RosterSheet(
        title="Rozpis služeb říjen 2026",
        company="Acme",
        subtitle="Oddělení 3",
        days=sheet_days,
        lines=filled,
        labels=RosterLabels("Jméno", "Hodiny", "Lidé ve službě", "Strana {page} z {pages}", "Nikdo tu není."),
        legend=(LegendEntry("E", "blue", "Ranní"), LegendEntry("V", "green", "Dovolená", "absence")),
        version="Verze 4",
        printed="Vytištěno 1. 10. 2026",
        language="cs",
    )
    return replace(sheet, **changes)


def day_of(day: date) -> RosterDay:
    return RosterDay(
        date=day, label=str(day.day), weekday=WEEKDAYS[day.weekday()], shaded=day.weekday() > 4,
        holiday="Den vzniku státu" if (day.month, day.day) == (10, 28) else None,
    )  # fmt: skip


def people(count: int, cells: Sequence[DayCells] = (EARLY, None, NIGHT, LEAVE, COURSE)) -> list[RosterLine]:
    return [
        RosterLine(name=f"Osoba {n:03}", note="Sestra", cells=cells, total=f"{n}:30") for n in range(count)
    ]


def has_glyph_of(pdf: bytes, text: str) -> bool:
    """Whether a typeface in the PDF says that one of its shapes reads as this text."""
    fonts = pypdf.PdfReader(io.BytesIO(pdf)).pages[0]["/Resources"].get_object()["/Font"].get_object()  # type: ignore[index]
    tables = (font.get_object()["/ToUnicode"].get_object().get_data() for font in fonts.values())
    return any(f"<{text.encode('utf-16-be').hex()}>".encode() in table for table in tables)


def texts_of(pdf: bytes) -> list[str]:
    """The text of each page, every kind of blank as one space."""
    reader = pypdf.PdfReader(io.BytesIO(pdf))
    return [
        "\n".join(" ".join(line.split()) for line in page.extract_text().splitlines())
        for page in reader.pages
    ]
