"""Makes rosters of any size for the benchmark of the PDF: the same names, shifts and holidays on every run."""

import random
from calendar import monthrange
from datetime import date, timedelta

from portal.integrations.pdf.sheet import (
    DayCells,
    LegendEntry,
    RosterCell,
    RosterDay,
    RosterLabels,
    RosterLine,
    RosterSheet,
)

FIRST = (
    "Ana",
    "Mats",
    "Eve",
    "Otto",
    "Jiří",
    "Kateřina",
    "Jürgen",
    "Zoë",
    "Žofie",
    "Bogdan",
    "Ludmila",
    "Søren",
)
LAST = (
    "Nováková",
    "Müller",
    "Dvořák",
    "Černý-Šťastná",
    "Weiß",
    "Procházková",
    "Łukasiewicz",
    "Horáčková",
    "Kim",
)
EARLY, LATE, NIGHT = RosterCell("E", "blue"), RosterCell("L", "orange"), RosterCell("N", "purple")
LEAVE = RosterCell("V", "green", "absence")
SICK = RosterCell("S", "pink", "absence")
TRAINING = RosterCell("T1", "teal")
LEGEND = (
    LegendEntry("E", "blue", "Early 06:00–14:00"),
    LegendEntry("L", "orange", "Late 14:00–22:00"),
    LegendEntry("N", "purple", "Night 22:00–06:00"),
    LegendEntry("T1", "teal", "Training"),
    LegendEntry("V", "green", "Vacation", "absence"),
    LegendEntry("S", "pink", "Sick", "absence"),
)
WEEKDAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su")


def sample_roster(people: int, year: int = 2026, month: int = 10, draft: str | None = None) -> RosterSheet:
    """A month of a hospital that works around the clock."""
    source = random.Random(people)
    first = date(year, month, 1)
    days = [day_of(first + timedelta(days=number)) for number in range(monthrange(year, month)[1])]
    lines = [line_of(source, number, len(days)) for number in range(people)]
    on_duty = [
        sum(1 for line in lines if isinstance(cell := line.cells[n], RosterCell) and cell.kind == "shift")
        for n in range(len(days))
    ]
    return RosterSheet(
        title=f"Roster {first:%B %Y}",
        company="Acme",
        subtitle="Ward 3, Brno",
        version="Version 4",
        printed=f"Printed {year}-{month:02}-01 08:15",
        draft=draft,
        days=days,
        lines=lines,
        daily_totals=[str(count) for count in on_duty],
        legend=LEGEND,
        labels=RosterLabels(
            name_heading="Name",
            total_heading="Hours",
            totals_row="People on duty",
            page="Page {page} of {pages}",
        ),
    )


def day_of(day: date) -> RosterDay:
    holiday = "Statehood Day" if (day.month, day.day) == (10, 28) else None
    return RosterDay(
        date=day,
        label=str(day.day),
        weekday=WEEKDAYS[day.weekday()],
        shaded=day.weekday() > 4,
        holiday=holiday,
    )


def line_of(source: random.Random, number: int, days: int) -> RosterLine:
    """Five days on, two off, now and then a week of vacation."""
    cells: list[DayCells] = []
    while len(cells) < days:
        kind = source.choice((EARLY, EARLY, LATE, LATE, NIGHT, LEAVE, TRAINING))
        cells += [kind] * (2 if kind in (TRAINING, NIGHT) else 5) + [None] * 2
    cells = cells[-days:]
    if number % 7 == 0:
        cells[source.randrange(days)] = SICK
    worked = sum(1 for cell in cells if isinstance(cell, RosterCell) and cell.kind == "shift")
    name = f"{LAST[number % len(LAST)]} {FIRST[number * 5 % len(FIRST)]}"
    note = ("Nurse", "Head nurse", "Physician", "Orderly")[number % 4]
    return RosterLine(name=name, note=note, cells=cells, total=f"{worked * 8}:00")
