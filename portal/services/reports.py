"""Reports on time off as tables: balances and liabilities at a date, absence by month, who is away.

A report holds what its reader may see on the pages, person by person, and no more; so does the file made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, Subquery, and_, cast, extract, func, or_, select, true

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.ledger_entry import LedgerEntry
from portal.models.team import Site
from portal.services import absence_sight, access, audit
from portal.services.balances import TypeFacts, type_facts
from portal.services.name_order import by_name
from portal.services.team_calendar import AwayPart


class Report(StrEnum):
    """What can be asked for."""

    BALANCES = "balances"
    LIABILITIES = "liabilities"
    MONTHS = "months"
    AWAY = "away"
    OVERTIME = "overtime"


@dataclass(frozen=True)
class BalanceLine:
    """What one person has left of one type on a date, in thousandths of a day."""

    id: UUID
    name: str
    number: str
    site: str
    kind: TypeFacts
    held: int
    #: Waiting for a decision, up to the date.
    requested: int
    #: Minutes of an average working day by the contract of that date.
    day_minutes: int

    @property
    def left(self) -> int:
        return self.held - self.requested


@dataclass
class LiabilityLine:
    """What is owed at a site of one type: days that people still have, and the hours they are worth."""

    site: str
    kind: TypeFacts
    people: int = 0
    held: int = 0
    minutes: int = 0


@dataclass(frozen=True)
class MonthLine:
    """Approved days of one type by month."""

    kind: TypeFacts
    months: tuple[int, ...]

    @property
    def total(self) -> int:
        return sum(self.months)


@dataclass(frozen=True)
class AwayLine:
    """Somebody who is away on the day; without a kind for whoever may not know why."""

    name: str
    job_title: str
    part: AwayPart


def balances_at(uow: UnitOfWork, day: date) -> list[BalanceLine]:
    """By name; what is usable on that day, from the ledger alone. One statement."""
    held, waiting = _held_on(day), _waiting_in_year_of(day)
    query = (
        select(Employee, Site.name, Employment, AbsenceType, held.c.amount, waiting.c.amount)
        .join(held, held.c.employee_id == Employee.id)
        .join(AbsenceType, AbsenceType.id == held.c.absence_type_id)
        .outerjoin(
            waiting,
            and_(waiting.c.employee_id == Employee.id, waiting.c.absence_type_id == AbsenceType.id),
        )
        .outerjoin(Employment, and_(Employment.employee_id == Employee.id, _on(day)))
        .outerjoin(Site, Site.id == Employment.site_id)
        .where(
            Employee.active,
            access.employees_within(uow, Permission.LEDGER_VIEW, Employee.id),
            absence_sight.sees_type(uow, Employee.id),
        )
        .order_by(*by_name(uow), AbsenceType.name)
    )
    return [_balance(*row) for row in uow.session.execute(query)]


def _waiting_in_year_of(day: date) -> Subquery:
    """What is asked for in the year up to that day, by person and type."""
    return (
        select(
            Absence.employee_id,
            Absence.absence_type_id,
            cast(func.sum(AbsencePart.charge), Integer).label("amount"),
        )
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .where(
            Absence.status == AbsenceStatus.REQUESTED,
            AbsencePart.date <= day,
            extract("year", AbsencePart.date) == day.year,
        )
        .group_by(Absence.employee_id, Absence.absence_type_id)
        .subquery()
    )


def _held_on(day: date) -> Subquery:
    """What the ledger has that is usable on that day, by person and type."""
    return (
        select(
            LedgerEntry.employee_id,
            LedgerEntry.absence_type_id,
            cast(func.sum(LedgerEntry.amount), Integer).label("amount"),
        )
        .where(
            LedgerEntry.effective_date <= day,
            LedgerEntry.usable_from <= day,
            LedgerEntry.usable_through >= day,
        )
        .group_by(LedgerEntry.employee_id, LedgerEntry.absence_type_id)
        .subquery()
    )


def liabilities_at(uow: UnitOfWork, day: date) -> list[LiabilityLine]:
    """By site and type: what people have that is not yet taken. A debt of one person is no relief for another."""
    found: dict[tuple[str, UUID], LiabilityLine] = {}
    for line in balances_at(uow, day):
        if line.held > 0:
            sums = found.setdefault((line.site, line.kind.id), LiabilityLine(line.site, line.kind))
            sums.people += 1
            sums.held += line.held
            sums.minutes += line.held * line.day_minutes // 1000
    return sorted(found.values(), key=lambda one: (one.site, one.kind.name))


def months_of(uow: UnitOfWork, year: int) -> list[MonthLine]:
    """Approved time by type and month, of the people whose types the reader may see."""
    month = cast(extract("month", AbsencePart.date), Integer)
    amount = cast(func.sum(AbsencePart.charge), Integer)
    query = (
        select(AbsenceType, month, amount)
        .join(Absence, Absence.absence_type_id == AbsenceType.id)
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .where(
            Absence.status == AbsenceStatus.APPROVED,
            AbsencePart.live,
            AbsencePart.date.between(date(year, 1, 1), date(year, 12, 31)),
            access.employees_within(uow, Permission.ABSENCE_VIEW, AbsencePart.employee_id),
            absence_sight.sees_opened(uow, AbsencePart.employee_id),
        )
        .group_by(AbsenceType.company_id, AbsenceType.id, month)
    )
    kinds: dict[UUID, tuple[TypeFacts, list[int]]] = {}
    for row, number, charged in uow.session.execute(query):
        kinds.setdefault(row.id, (type_facts(row), [0] * 12))[1][number - 1] = charged
    lines = [MonthLine(kind, tuple(months)) for kind, months in kinds.values()]
    return sorted(lines, key=lambda one: (-one.total, one.kind.name))


def away_on(uow: UnitOfWork, day: date) -> list[AwayLine]:
    """Who is away, as the calendar of everybody says it."""
    may_see = absence_sight.sees_kind(uow, AbsencePart.employee_id, AbsencePart.date)
    query = (
        select(Employee, AbsencePart.part, Absence.status, AbsenceType, and_(true(), may_see))
        .join(AbsencePart, AbsencePart.employee_id == Employee.id)
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .where(
            Employee.active,
            AbsencePart.live,
            AbsencePart.date == day,
            access.employees_within(uow, Permission.CALENDAR_VIEW, Employee.id),
        )
        .order_by(*by_name(uow), AbsencePart.during)
    )
    found = []
    for person, part, status, row, visible in uow.session.execute(query):
        kind = type_facts(row) if visible else None
        away = AwayPart(kind, status is AbsenceStatus.APPROVED, part)
        found.append(AwayLine(f"{person.first_name} {person.last_name}", person.job_title or "", away))
    return found


def record_export(uow: UnitOfWork, report: Report, *, kind: str, rows: int, day: date) -> None:
    """What left the portal, of when, and how much of it."""
    audit.record(
        uow, audit.Action.REPORT_EXPORTED, report=str(report), kind=kind, lines=rows, on=day.isoformat()
    )


def _balance(
    person: Employee, site: str | None, terms: Employment | None, kind: Any, held: int, requested: int | None
) -> BalanceLine:
    return BalanceLine(
        id=person.id,
        name=f"{person.first_name} {person.last_name}",
        number=person.employee_number or "",
        site=site or "",
        kind=type_facts(kind),
        held=held,
        requested=requested or 0,
        day_minutes=terms.working_pattern.usual_day if terms else 0,
    )


def _on(day: date) -> Any:
    return and_(Employment.start_date <= day, or_(Employment.end_date.is_(None), Employment.end_date >= day))
