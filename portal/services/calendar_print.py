"""A month of the calendar on paper: the same people as on the screen, and of each no more than the reader may see."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from portal.db import UnitOfWork
from portal.domain.calendar_spans import Span, SpanKind
from portal.domain.months import Month
from portal.domain.periods import Part
from portal.domain.refusals import Reason, Refusal
from portal.integrations.pdf.roster import render_roster
from portal.integrations.pdf.sheet import (
    COLOURS,
    LONGEST_CODE,
    LegendEntry,
    RosterCell,
    RosterDay,
    RosterLabels,
    RosterLine,
    RosterSheet,
)
from portal.services import team_calendar
from portal.services.absence_letters import CLOSURE, VACATION
from portal.services.balances import TypeFacts
from portal.services.roster_print import AWAY_SIGN
from portal.services.team_calendar import AwayPart, CalendarFilter, PersonMonth, TeamMonth

_SATURDAY = 6


@dataclass(frozen=True)
class CalendarWords:
    """The sheet's own words in the reader's language; the web brings them. Braces hold what is filled in."""

    title: str
    everybody: str
    name: str
    days_away: str
    people_away: str
    page: str
    nobody: str
    printed: str
    away: str
    vacation: str
    closure: str


@dataclass(frozen=True)
class PrintedCalendar:
    """The file and what to call it."""

    file_name: str
    pdf: bytes


def print_month(
    uow: UnitOfWork, month: Month, asked: CalendarFilter, words: CalendarWords
) -> PrintedCalendar:
    """Whoever sees the calendar prints it. What an absence is called is left out where the screen leaves it out."""
    found = team_calendar.team_span(uow, Span(SpanKind.MONTH, month), replace(asked, plans=False))
    if not found.shown:
        raise Refusal(Reason.NOT_FOUND)
    pdf = render_roster(sheet_of(uow, found, words))
    return PrintedCalendar(f"{found.team.name if found.team else words.everybody} {month}.pdf", pdf)


def sheet_of(uow: UnitOfWork, found: TeamMonth, words: CalendarWords) -> RosterSheet:
    """The calendar as values for the printer."""
    days, language = found.span.days(), uow.actor.language
    month = str(format_skeleton("yMMMM", found.span.first_day, locale=language))
    away = [sum(1 for person in found.people if _settled(person, number)) for number in _numbers(days)]
    return RosterSheet(
        title=f"{words.title} {month}",
        company=uow.company.name,
        subtitle=found.team.name if found.team else words.everybody,
        days=list(_days(found, days, language)),
        lines=[_line(person, days) for person in found.people],
        labels=RosterLabels(words.name, words.days_away, words.people_away, words.page, words.nobody),
        daily_totals=[str(count or "") for count in away],
        legend=list(_legend(found, days, words)),
        printed=words.printed.replace("{moment}", _moment(uow)),
        language=language,
    )


def _days(found: TeamMonth, days: list[date], language: str) -> Iterator[RosterDay]:
    """A holiday is named where everybody on the sheet has it."""
    regions = list(found.holidays.values())
    for day in days:
        shared = bool(regions) and all(day in one for one in regions)
        yield RosterDay(
            date=day,
            label=str(day.day),
            weekday=str(format_date(day, "EEEEEE", locale=language)),
            shaded=day.isoweekday() >= _SATURDAY,
            holiday=regions[0][day] if shared else None,
        )


def _line(person: PersonMonth, days: list[date]) -> RosterLine:
    cells: list[tuple[RosterCell, ...] | RosterCell | None] = []
    halves = 0
    for number in _numbers(days):
        parts = _settled(person, number)
        halves += min(2, sum(2 if part.part is Part.FULL else 1 for part in parts))
        several = list(dict.fromkeys(_cell(part.kind) for part in parts))
        full = any(part.part is Part.FULL for part in parts)
        shifts = [] if full else person.shifts.get(number, "").split()
        several += [RosterCell(code[:LONGEST_CODE], "grey") for code in shifts]
        cells.append(tuple(several) if len(several) > 1 else several[0] if several else None)
    total = f"{halves // 2}{'½' if halves % 2 else ''}" if halves else ""
    return RosterLine(name=person.name, cells=cells, total="½" if halves == 1 else total)


def _legend(found: TeamMonth, days: list[date], words: CalendarWords) -> Iterator[LegendEntry]:
    kinds = [
        part.kind for person in found.people for number in _numbers(days) for part in _settled(person, number)
    ]
    named = {kind.id: kind for kind in kinds if kind is not None}
    for kind in sorted(named.values(), key=lambda one: one.code):
        cell = _cell(kind)
        label = {VACATION: words.vacation, CLOSURE: words.closure}.get(kind.key, kind.name)
        yield LegendEntry(cell.code, cell.colour, label, "absence")
    if None in kinds:
        yield LegendEntry(AWAY_SIGN, "grey", words.away, "absence")
    for code, name in found.shifts.items():
        yield LegendEntry(code[:LONGEST_CODE], "grey", name)


def _settled(person: PersonMonth, number: int) -> list[AwayPart]:
    """Paper shows what is agreed, and no wishes."""
    return [part for part in person.away.get(number, ()) if part.approved]


def _cell(kind: TypeFacts | None) -> RosterCell:
    """Neutral for whoever may not know more."""
    if kind is None:
        return RosterCell(AWAY_SIGN, "grey", "absence")
    return RosterCell(kind.code[:LONGEST_CODE], kind.colour if kind.colour in COLOURS else "grey", "absence")


def _numbers(days: list[date]) -> range:
    return range(1, len(days) + 1)


def _moment(uow: UnitOfWork) -> str:
    """22 Nov 2026, 13:12. Babel's plain English is American, so its pattern is given."""
    zone, language = ZoneInfo(uow.actor.time_zone), uow.actor.language
    local = uow.clock.now().astimezone(zone)
    pattern = "d MMM y" if language == "en" else "medium"
    return f"{format_date(local.date(), pattern, locale=language)}, {local:%H:%M}"
