"""The letters of a publishing: what is new, gone or other for each; and which days off cost something else by it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_skeleton

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.rosters import RosterChanges, ShiftFacts
from portal.models.employee import Employee
from portal.services import absence_letters, outbox
from portal.services.roster_prices import DayPrice, Repriced
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


def tell_of_prices(uow: UnitOfWork, facts: RosterFacts, one: Repriced, days: Sequence[DayPrice]) -> None:
    """To the owner of time off: what each day cost, and what it costs by the published roster."""
    owner, absence, kind = one.owner, one.absence, one.kind
    if not owner.active:
        return

    def amount(charge: int) -> str:
        return absence_letters.amount_text(charge, kind, owner.language)

    outbox.queue_mail(
        uow,
        owner,
        "absence_priced_by_roster",
        team_name=facts.team,
        absence_type=absence_letters.type_name(kind, owner.language),
        period=absence_letters.period(absence.start_date, absence.end_date, owner.language),
        priced_days=[(_day(day, owner), amount(was), amount(now)) for day, was, now in days],
        cost_before=amount(absence.charge - sum(now - was for _, was, now in days)),
        cost_after=amount(absence.charge),
        approved=absence.status is AbsenceStatus.APPROVED,
        link=f"{uow.outside.url}/c/{uow.company.slug}/absences/{absence.id}",
    )


def _day(day: date, reader: Employee) -> str:
    pattern = "EEE d MMM y" if reader.language == "en" else "EEE d. M. y"
    return str(format_date(day, pattern, locale=reader.language))


def _line(facts: RosterFacts, employee: Employee, shift: ShiftFacts) -> str:
    """Mon, Jun 15: E, 06:00–14:30, in the person's language, on the clock of the place of work or their own."""
    zone = ZoneInfo(employee.time_zone or facts.time_zone)
    day = _day(shift.date, employee)
    times = local_times((shift.moments.start_at, shift.moments.end_at), zone)
    return f"{day}: {shift.label}, {times}"
