"""Each report as a table of plain values, the same for the page and the file; and the bars of its chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask_babel import gettext as _

from portal.db import UnitOfWork
from portal.services import overtime_report, reports
from portal.services.balances import TypeFacts
from portal.services.reports import MonthLine, Report
from portal.web import absence_words, report_words
from portal.web.filters import days

CHART_HEIGHT = 160
_MONTH_WIDTH = 56
_BAR = 36


@dataclass(frozen=True)
class Bar:
    """A piece of a column of the chart, in the units of its drawing."""

    x: int
    y: float
    height: float
    colour: str
    title: str


@dataclass(frozen=True)
class Table:
    """Days and hours are numbers, so that a spreadsheet can add them up."""

    heading: list[str]
    rows: list[Sequence[str | float]]
    bars: list[Bar]
    #: What the colours of the bars mean.
    legend: Sequence[TypeFacts] = ()


def table_of(uow: UnitOfWork, report: Report, day: date) -> Table:
    match report:
        case Report.BALANCES:
            return _balances(uow, day)
        case Report.LIABILITIES:
            return _liabilities(uow, day)
        case Report.MONTHS:
            return _months(uow, day.year)
        case Report.AWAY:
            return _away(uow, day)
        case Report.OVERTIME:
            return _overtime(uow, day.year)


def _balances(uow: UnitOfWork, day: date) -> Table:
    heading = [_("Name"), _("Employee number"), _("Site"), _("Type"), _("Balance in days")]
    heading += [_("Requested in days"), _("Left in days")]
    rows: list[Sequence[str | float]] = [
        (
            *(line.name, line.number, line.site, absence_words.type_label(line.kind)),
            *(line.held / 1000, line.requested / 1000, line.left / 1000),
        )
        for line in reports.balances_at(uow, day)
    ]
    return Table(heading, rows, [])


def _liabilities(uow: UnitOfWork, day: date) -> Table:
    heading = [_("Site"), _("Type"), _("People"), _("Days"), _("Hours")]
    rows: list[Sequence[str | float]] = [
        (
            *(line.site, absence_words.type_label(line.kind), line.people),
            *(line.held / 1000, round(line.minutes / 60, 2)),
        )
        for line in reports.liabilities_at(uow, day)
    ]
    return Table(heading, rows, [])


def _months(uow: UnitOfWork, year: int) -> Table:
    lines = reports.months_of(uow, year)
    rows: list[Sequence[str | float]] = [
        (
            absence_words.type_label(line.kind),
            *(amount / 1000 for amount in line.months),
            line.total / 1000,
        )
        for line in lines
    ]
    return Table(
        [_("Type"), *report_words.months(), _("Total")], rows, _bars(lines), [line.kind for line in lines]
    )


def _away(uow: UnitOfWork, day: date) -> Table:
    rows: list[Sequence[str | float]] = [
        (line.name, line.job_title, absence_words.away_words(line.part)) for line in reports.away_on(uow, day)
    ]
    return Table([_("Name"), _("Job title"), _("Away")], rows, [])


def _overtime(uow: UnitOfWork, year: int) -> Table:
    """In hours, so that a spreadsheet can add them up."""
    heading = [_("Name"), _("Employee number"), _("Type"), _("Month"), _("Claimed (h)"), _("Approved (h)")]
    heading += [_("Taken (h)"), _("Lapsed (h)"), _("On the account (h)")]
    rows: list[Sequence[str | float]] = [
        (
            *(line.name, line.number, absence_words.type_label(line.kind), f"{year}-{line.month:02d}"),
            *(_hours(line.figures.claimed), _hours(line.figures.approved), _hours(line.figures.taken)),
            *(_hours(line.figures.lapsed), _hours(line.figures.balance)),
        )
        for line in overtime_report.months_of(uow, year)
    ]
    return Table(heading, rows, [])


def _hours(minutes: int) -> float:
    return round(minutes / 60, 2)


def _bars(lines: Sequence[MonthLine]) -> list[Bar]:
    """Stacked columns, as high as the fullest month."""
    highest = max((sum(line.months[number] for line in lines) for number in range(12)), default=0)
    bars = []
    for number, month in enumerate(report_words.months()):
        y = float(CHART_HEIGHT)
        for line in lines:
            height = line.months[number] / highest * CHART_HEIGHT if highest else 0
            if height > 0:
                y -= height
                title = f"{month}, {absence_words.type_label(line.kind)}: {days(line.months[number])}"
                x = number * _MONTH_WIDTH + (_MONTH_WIDTH - _BAR) // 2
                bars.append(Bar(x, round(y, 1), round(height, 1), line.kind.colour, title))
    return bars
