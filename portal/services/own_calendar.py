"""One's own month or year: what one has off, which published shifts one works, which days are free."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.calendar_spans import Span
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.shift import PublishedShift, ShiftTemplate
from portal.services.balances import TypeFacts, type_facts
from portal.services.substitutes import answering
from portal.services.team_calendar import AwayPart
from portal.services.working_time import WorkingTime, working_time


@dataclass
class OwnDay:
    """What there is on a day."""

    away: list[AwayPart] = field(default_factory=list)
    shifts: list[tuple[str, str]] = field(default_factory=list)
    #: For whom one covers.
    covers: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class OwnSpan:
    """The days of a stretch on which there is something, and the free ones of the person's site."""

    span: Span
    today: date
    days: dict[date, OwnDay]
    time: WorkingTime
    kinds: list[TypeFacts]

    def holiday(self, day: date) -> str:
        return ", ".join(one.name for one in self.time.holidays.get(day, ()))


def own_span(uow: UnitOfWork, span: Span) -> OwnSpan:
    """The actor's own days; five statements."""
    me = uow.actor.employee_id
    days: dict[date, OwnDay] = {}
    kinds: dict[str, TypeFacts] = {}
    if me is None:
        return OwnSpan(span, uow.today(), days, WorkingTime((), {}, {}), [])
    parts = (
        select(AbsencePart.date, AbsencePart.part, Absence.status, AbsenceType)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            AbsencePart.live,
            AbsencePart.employee_id == me,
            AbsencePart.date.between(span.first_day, span.last_day),
        )
        .order_by(AbsencePart.during)
    )
    for day, part, status, row in uow.session.execute(parts):
        kind = kinds.setdefault(row.key, type_facts(row))
        days.setdefault(day, OwnDay()).away.append(AwayPart(kind, status is AbsenceStatus.APPROVED, part))
    shifts = (
        select(PublishedShift.date, ShiftTemplate.code, ShiftTemplate.name)
        .join(ShiftTemplate, ShiftTemplate.id == PublishedShift.shift_template_id)
        .where(PublishedShift.employee_id == me, PublishedShift.date.between(span.first_day, span.last_day))
        .order_by(PublishedShift.during)
    )
    for day, code, name in uow.session.execute(shifts):
        days.setdefault(day, OwnDay()).shifts.append((code, name))
    for day, name in answering.covers_by_day(uow, span.first_day, span.last_day):
        days.setdefault(day, OwnDay()).covers.append(name)
    time = working_time(uow, me, span.first_day, span.last_day)
    return OwnSpan(span, uow.today(), days, time, list(kinds.values()))
