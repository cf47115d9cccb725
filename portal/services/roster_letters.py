"""The letter to everybody for whom publishing changes something: what is new, what is gone, what was and is."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from portal.db import UnitOfWork
from portal.domain.rosters import RosterChanges, ShiftFacts
from portal.models.employee import Employee
from portal.services import outbox
from portal.services.rosters import RosterFacts
from portal.services.shift_rules import local_times


def tell_of_changes(uow: UnitOfWork, facts: RosterFacts, employee: Employee, changed: RosterChanges) -> None:
    """One letter per person and publishing. Who left is not written to."""
    if not employee.active:
        return
    outbox.queue_mail(
        uow,
        employee,
        "roster_published",
        team_name=facts.team,
        period=str(format_skeleton("yMMMM", facts.start_date, locale=employee.language)),
        added=[_line(facts, employee, shift) for shift in changed.added],
        removed=[_line(facts, employee, shift) for shift in changed.removed],
        changed=[
            (_line(facts, employee, one.was), _line(facts, employee, one.now)) for one in changed.changed
        ],
        link=f"{uow.outside.url}/c/{uow.company.slug}/shifts?month={facts.month}",
    )


def _line(facts: RosterFacts, employee: Employee, shift: ShiftFacts) -> str:
    """Mon, Jun 15: E, 06:00–14:30, in the person's language, on the clock of the place of work or their own."""
    zone = ZoneInfo(employee.time_zone or facts.time_zone)
    pattern = "EEE d MMM y" if employee.language == "en" else "EEE d. M. y"
    day = format_date(shift.date, pattern, locale=employee.language)
    times = local_times((shift.moments.start_at, shift.moments.end_at), zone)
    return f"{day}: {shift.label}, {times}"
