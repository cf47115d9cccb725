"""What the calendar's template draws: headings, weeks, rows of cells, counts and the legend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask_babel import format_date
from markupsafe import Markup  # noqa: TID251  # Only the type of what grid.py has written and escaped.

from portal.blueprints.calendar.grid import day_classes, look_of, row_cells
from portal.domain.calendar_spans import Span, SpanKind
from portal.domain.months import Month
from portal.services.balances import TypeFacts
from portal.services.holiday_days import Region
from portal.services.team_calendar import PER_PAGE, CalendarFilter, PersonMonth, TeamMonth, TeamName


@dataclass(frozen=True)
class Heading:
    """The top of a column."""

    day: date
    weekday: str
    classes: str
    #: The holiday's name where everybody shown has it.
    holiday: str


@dataclass(frozen=True)
class Week:
    """A calendar week and how many of the month's days lie in it."""

    number: int
    span: int


@dataclass(frozen=True)
class Row:
    """A person and the cells of their month."""

    name: str
    job_title: str
    cells: Markup


@dataclass(frozen=True)
class Holiday:
    """A free day for the legend; `partly` where not everybody shown has it."""

    day: date
    name: str
    partly: bool


@dataclass(frozen=True)
class Band:
    """A month over the columns of a quarter or year."""

    month: Month
    span: int


@dataclass(frozen=True)
class CalendarPage:
    """Everything the template needs, worked out."""

    span: Span
    asked: CalendarFilter
    shown: bool
    #: The months over the columns; none where there is only one.
    bands: list[Band]
    total: int
    number: int
    pages: int
    teams: list[TeamName]
    team: TeamName | None
    headings: list[Heading]
    weeks: list[Week]
    rows: list[Row]
    counts: list[int]
    holidays: list[Holiday]
    #: Closures of somebody on the page, with the first and the last of their days.
    closures: list[tuple[str, date, date]]
    kinds: list[TypeFacts]
    shifts: dict[str, str]
    #: Whether somebody is shown as away without a type, and whether anything is only requested.
    anonymous: bool
    unsettled: bool
    #: Whether anything is only planned.
    planned: bool
    #: Where the first of the people is on the sheets of a month, which hold more people than a year on the screen.
    sheet: int


def calendar_page(found: TeamMonth, today: date) -> CalendarPage:
    days = found.span.days()
    months = found.span.months()
    look = look_of(days, today)
    classes = {region: day_classes(look, holidays) for region, holidays in found.holidays.items()}
    shared = _shared(found.holidays)
    parts = [part for person in found.people for several in person.away.values() for part in several]
    return CalendarPage(
        span=found.span,
        asked=found.asked,
        shown=found.shown,
        bands=[Band(month, len(month.days())) for month in months] if len(months) > 1 else [],
        total=found.total,
        number=found.asked.page,
        pages=-(-found.total // found.per_page),
        teams=found.teams,
        team=found.team,
        headings=[
            Heading(day, _weekday(day), shading, shared.get(day, ""))
            for day, shading in zip(days, day_classes(look, shared), strict=True)
        ],
        weeks=_weeks(days) if len(months) == 1 else [],
        rows=[
            Row(person.name, person.job_title, row_cells(look, person, classes[person.region]))
            for person in found.people
        ],
        counts=_counts(found.people, len(days)),
        holidays=_holidays(found.holidays, shared),
        closures=_closures(found.people, days),
        kinds=found.kinds,
        shifts=found.shifts,
        anonymous=any(part.kind is None for part in parts),
        unsettled=any(not part.approved and not part.planned for part in parts),
        planned=any(part.planned for part in parts),
        sheet=(found.asked.page - 1) * found.per_page // PER_PAGE[SpanKind.MONTH] + 1,
    )


def _weekday(day: date) -> str:
    """Two letters: Mo, Tu."""
    return str(format_date(day, "EEEEEE", rebase=False))


def _weeks(days: list[date]) -> list[Week]:
    weeks: dict[int, int] = {}
    for day in days:
        number = day.isocalendar().week
        weeks[number] = weeks.get(number, 0) + 1
    return [Week(number, span) for number, span in weeks.items()]


def _counts(people: list[PersonMonth], length: int) -> list[int]:
    """How many people are away on each day, if only for half of it; requests count too, plans do not."""
    counts = [0] * length
    for person in people:
        for number, parts in person.away.items():
            counts[number - 1] += not all(part.planned for part in parts)
    return counts


def _shared(holidays: Mapping[Region, Mapping[date, str]]) -> dict[date, str]:
    """The holidays that all regions on the page have, by the name of the first."""
    regions = list(holidays.values())
    if not regions:
        return {}
    return {day: name for day, name in regions[0].items() if all(day in other for other in regions)}


def _holidays(holidays: Mapping[Region, Mapping[date, str]], shared: Mapping[date, str]) -> list[Holiday]:
    listed = {(day, name) for region in holidays.values() for day, name in region.items()}
    return [Holiday(day, name, partly=day not in shared) for day, name in sorted(listed)]


def _closures(people: list[PersonMonth], days: list[date]) -> list[tuple[str, date, date]]:
    """By name, from the first to the last day on which anybody here is off for it."""
    found: dict[str, set[int]] = {}
    for person in people:
        for number, parts in person.away.items():
            for part in parts:
                if part.closure:
                    found.setdefault(part.closure, set()).add(number)
    dated = [(name, days[min(one) - 1], days[max(one) - 1]) for name, one in found.items()]
    return sorted(dated, key=lambda one: one[1:])
