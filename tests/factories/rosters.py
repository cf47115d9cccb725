"""Rosters and shifts, made through the services as planners make them."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import Range

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.months import Month
from portal.domain.periods import Part
from portal.domain.shift_times import ShiftTimes
from portal.models import Absence, AbsencePart, PublishedShift, Shift, ShiftTemplate
from portal.services import roster_publishing, rosters, shift_templates, shifts
from portal.services.shifts import Cell
from tests.factories.absences import vacation

JUNE = Month(2026, 6)


def template_id(uow: UnitOfWork, code: str) -> UUID:
    return uow.session.scalars(select(ShiftTemplate.id).where(ShiftTemplate.code == code)).one()


def make_template(uow: UnitOfWork, code: str, starts: str, ends: str, break_minutes: int = 0) -> UUID:
    """From two times of the clock, such as 22:00 and 06:00."""
    times = ShiftTimes.between(_minute(starts), _minute(ends), break_minutes)
    made = shift_templates.create(uow, code=code, name=f"Shift {code}", colour="teal", times=times)
    return made.id


def plan(uow: UnitOfWork, roster_id: UUID, employee_id: UUID, day: date, code: str) -> Shift:
    shift = shifts.add(uow, roster_id, Cell(employee_id, day), template_id(uow, code))
    uow.session.flush()
    return shift


def draft(uow: UnitOfWork, team_id: UUID, *planned: tuple[UUID, date, str], month: Month = JUNE) -> UUID:
    """The month's draft with a few shifts in it."""
    roster_id = rosters.create(uow, team_id, month)
    for employee_id, day, code in planned:
        plan(uow, roster_id, employee_id, day, code)
    return roster_id


def publish(uow: UnitOfWork, roster_id: UUID) -> None:
    seen = roster_publishing.preview(uow, roster_id)
    roster_publishing.publish(uow, roster_id, version=seen.facts.version, seen=seen.seen)
    uow.session.flush()


def drafted(uow: UnitOfWork, roster_id: UUID) -> list[Shift]:
    query = select(Shift).where(Shift.roster_id == roster_id).order_by(Shift.date, Shift.during)
    return list(uow.session.scalars(query.execution_options(populate_existing=True)))


def shared(uow: UnitOfWork, roster_id: UUID) -> list[PublishedShift]:
    query = select(PublishedShift).where(PublishedShift.roster_id == roster_id).order_by(PublishedShift.date)
    return list(uow.session.scalars(query.execution_options(populate_existing=True)))


def take_off(
    uow: UnitOfWork,
    employee_id: UUID,
    day: date,
    part: Part = Part.FULL,
    status: AbsenceStatus = AbsenceStatus.APPROVED,
) -> Absence:
    """A day or half of a day off, without the ledger behind it."""
    absence = Absence(
        employee_id=employee_id,
        absence_type_id=vacation(uow).id,
        status=status,
        start_date=day,
        end_date=day,
        charge=1000,
        requested_by_id=employee_id,
        requested_at=uow.clock.now(),
    )
    uow.session.add(absence)
    uow.session.flush()
    noon, midnight = time(12), time()
    start = datetime.combine(day, noon if part is Part.PM else midnight)
    end = (
        datetime.combine(day, noon)
        if part is Part.AM
        else datetime.combine(day + timedelta(days=1), midnight)
    )
    uow.session.add(
        AbsencePart(
            absence_id=absence.id,
            employee_id=employee_id,
            date=day,
            part=part,
            during=Range(start, end, bounds="[)"),
            charge=1000,
        )
    )
    uow.session.flush()
    return absence


def _minute(clock: str) -> int:
    hour, minute = clock.split(":")
    return int(hour) * 60 + int(minute)
