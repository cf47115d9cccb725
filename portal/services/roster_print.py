"""The roster as a PDF: what everybody sees, or the draft for planners, marked as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from portal.db import UnitOfWork
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
from portal.models.roster import Roster
from portal.services import audit
from portal.services.roster_grid import Grid, GridAway, GridPerson, read_grid
from portal.services.rosters import get_roster

_SATURDAY = 6
#: Away, and no more is said; the same sign as in the grids.
AWAY_SIGN = "×"


@dataclass(frozen=True)
class SheetWords:
    """The sheet's own words in the reader's language; the web brings them. Braces hold what is filled in."""

    title: str
    name: str
    hours: str
    on_duty: str
    page: str
    nobody: str
    version: str
    printed: str
    draft: str
    away: str
    vacation: str


@dataclass(frozen=True)
class PrintedRoster:
    """The file and what to call it."""

    file_name: str
    pdf: bytes


def print_roster(
    uow: UnitOfWork, roster_id: UUID, words: SheetWords, *, draft: bool = False
) -> PrintedRoster:
    """Only planners print drafts; what an absence is called is left out for whoever may not know."""
    facts = get_roster(uow, roster_id)
    if not facts.may_print or (draft and not facts.may_edit):
        raise Refusal(Reason.NOT_PERMITTED)
    if not draft and facts.version == 0:
        raise Refusal(Reason.NOT_FOUND)
    grid = read_grid(uow, facts, draft=draft)
    pdf = render_roster(sheet_of(uow, grid, words))
    audit.record(
        uow,
        audit.Action.ROSTER_PRINTED,
        subject=Roster(id=facts.id),  # named, not changed: what is known of it need not be read again
        draft=draft,
        roster_version=facts.version,
    )
    return PrintedRoster(f"{facts.team} {facts.month}{' draft' if draft else ''}.pdf", pdf)


def sheet_of(uow: UnitOfWork, grid: Grid, words: SheetWords) -> RosterSheet:
    """The grid as values for the printer."""
    language, facts = uow.actor.language, grid.facts
    month = str(format_skeleton("yMMMM", facts.start_date, locale=language))
    on_duty = [sum(counts[day] for counts in grid.per_day.values()) for day in range(len(grid.days))]
    return RosterSheet(
        title=f"{words.title} {month}",
        company=uow.company.name,
        subtitle=facts.team,
        days=list(_days(grid, language)),
        lines=[_line(grid, person) for person in grid.people],
        labels=RosterLabels(words.name, words.hours, words.on_duty, words.page, words.nobody),
        daily_totals=[str(count or "") for count in on_duty],
        legend=list(_legend(grid, words)),
        version="" if grid.draft else words.version.replace("{version}", str(facts.version)),
        printed=words.printed.replace("{moment}", _moment(uow, facts.zone)),
        draft=words.draft if grid.draft else None,
        language=language,
    )


def _moment(uow: UnitOfWork, zone: ZoneInfo) -> str:
    """22 Nov 2026, 13:12. Babel's plain English is American, so its pattern is given."""
    local, language = uow.clock.now().astimezone(zone), uow.actor.language
    pattern = "d MMM y" if language == "en" else "medium"
    return f"{format_date(local.date(), pattern, locale=language)}, {local:%H:%M}"


def _days(grid: Grid, language: str) -> Iterator[RosterDay]:
    for day in grid.days:
        holiday = ", ".join(one.name for one in grid.holidays.get(day, ()))
        yield RosterDay(
            date=day,
            label=str(day.day),
            weekday=str(format_date(day, "EEEEEE", locale=language)),
            shaded=day.isoweekday() >= _SATURDAY,
            holiday=holiday or None,
        )


def _line(grid: Grid, person: GridPerson) -> RosterLine:
    colours = {template.code: template.colour for template in grid.templates}
    cells: list[list[RosterCell]] = [[] for _ in grid.days]
    for shift in person.shifts:
        cells[shift.day].append(_cell(shift.code, colours[shift.code]))
    for away in _settled(person):
        cells[away.day].append(RosterCell(*_away(away)[:2], "absence"))
    return RosterLine(
        name=f"{person.last_name} {person.first_name}",
        cells=[tuple(several) if len(several) > 1 else several[0] if several else None for several in cells],
        total=f"{person.paid_minutes // 60}:{person.paid_minutes % 60:02}",
    )


def _legend(grid: Grid, words: SheetWords) -> Iterator[LegendEntry]:
    for template in grid.used_templates():
        cell = _cell(template.code, template.colour)
        yield LegendEntry(cell.code, cell.colour, f"{template.name} {template.clock}")
    found = {_away(away, words) for person in grid.people for away in _settled(person)}
    for code, colour, label in sorted(found):
        yield LegendEntry(code, colour, label, "absence")


def _settled(person: GridPerson) -> Iterator[GridAway]:
    """Paper shows what is agreed, and no wishes; two halves of a day are one mark."""
    seen: set[tuple[int, str | None]] = set()
    for away in person.away:
        if away.certain and (away.day, away.code) not in seen:
            seen.add((away.day, away.code))
            yield away


def _away(away: GridAway, words: SheetWords | None = None) -> tuple[str, str, str]:
    """Code, colour and label; neutral for whoever may not know more."""
    if away.code is None:
        return AWAY_SIGN, "grey", words.away if words else ""
    label = words.vacation if words and away.key == "vacation" else away.name or ""
    code = away.code[:LONGEST_CODE]
    return code, away.colour if away.colour in COLOURS else "grey", label


def _cell(code: str, colour: str) -> RosterCell:
    return RosterCell(code[:LONGEST_CODE], colour if colour in COLOURS else "grey")
