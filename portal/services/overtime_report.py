"""What became of overtime, by person and month: claimed, approved, taken off, lapsed, and what is on the account.

It holds what its reader could see person by person on the pages of overtime and of the ledger, and no more.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, and_, case, cast, extract, func, select

from portal.db import UnitOfWork
from portal.domain.ledger import EntryKind
from portal.domain.overtime import OvertimeStatus
from portal.domain.permissions import Permission
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.ledger_entry import LedgerEntry
from portal.models.overtime_credit import OvertimeCredit
from portal.services import absence_sight, access
from portal.services.balances import TypeFacts, type_facts
from portal.services.name_order import by_name


@dataclass
class OvertimeMonth:
    """Minutes. Claimed and approved lie in the month in which they were worked, taken and lapsed in their own."""

    claimed: int = 0
    approved: int = 0
    taken: int = 0
    lapsed: int = 0
    #: What is on the account at the end of the month.
    balance: int = 0


@dataclass(frozen=True)
class OvertimeReportLine:
    """One month of one person on one type."""

    name: str
    number: str
    kind: TypeFacts
    month: int
    figures: OvertimeMonth


@dataclass
class _Account:
    before: int = 0
    months: dict[int, OvertimeMonth] = field(default_factory=lambda: defaultdict(OvertimeMonth))
    moved: dict[int, int] = field(default_factory=lambda: defaultdict(int))


def months_of(uow: UnitOfWork, year: int) -> list[OvertimeReportLine]:
    """By name, then type and month; months in which nothing happened are left out."""
    if uow.actor.support is not None:  # the operator's staff are not let in to see hours
        return []
    accounts: dict[tuple[UUID, UUID], _Account] = defaultdict(_Account)
    _add_claims(uow, year, accounts)
    _add_entries(uow, year, accounts)
    lines = []
    for person, row in _people(uow, accounts):
        account, kind = accounts[person.id, row.id], type_facts(row)
        balance = account.before
        for month in range(1, 13):
            balance += account.moved.get(month, 0)
            if month in account.months or month in account.moved:
                figures = account.months[month]
                figures.balance = balance
                lines.append(_line(person, kind, month, figures))
    return lines


def _line(person: Employee, kind: TypeFacts, month: int, figures: OvertimeMonth) -> OvertimeReportLine:
    name = f"{person.first_name} {person.last_name}"
    return OvertimeReportLine(name, person.employee_number or "", kind, month, figures)


def _within(uow: UnitOfWork, employee_id: Any) -> ColumnElement[bool]:
    """Both pages must be open to the reader: the hours, and the ledger with its types."""
    return and_(
        access.employees_within(uow, Permission.ABSENCE_APPROVE, employee_id),
        access.employees_within(uow, Permission.LEDGER_VIEW, employee_id),
    )


def _add_claims(uow: UnitOfWork, year: int, accounts: dict[tuple[UUID, UUID], _Account]) -> None:
    """What nobody took back was claimed, what is booked was approved."""
    row, minutes = OvertimeCredit, func.sum(OvertimeCredit.worked_minutes)
    month = cast(extract("month", row.worked_on), Integer)
    query = (
        select(row.employee_id, row.absence_type_id, month, row.status, cast(minutes, Integer))
        .where(
            extract("year", row.worked_on) == year,
            row.status != OvertimeStatus.DROPPED,
            _within(uow, row.employee_id),
        )
        .group_by(row.employee_id, row.absence_type_id, month, row.status)
    )
    for employee_id, type_id, number, status, amount in uow.session.execute(query):
        figures = accounts[employee_id, type_id].months[number]
        figures.claimed += amount
        if status is OvertimeStatus.BOOKED:
            figures.approved += amount


def _add_entries(uow: UnitOfWork, year: int, accounts: dict[tuple[UUID, UUID], _Account]) -> None:
    """The ledger of the types that take overtime in: up to the year as one sum, then by month."""
    entry = LedgerEntry
    in_year = extract("year", entry.effective_date) == year
    month = case((in_year, cast(extract("month", entry.effective_date), Integer)), else_=0)
    query = (
        select(
            *(entry.employee_id, entry.absence_type_id, month, entry.kind),
            entry.absence_id.is_not(None),
            cast(func.sum(entry.amount), Integer),
        )
        .join(AbsenceType, AbsenceType.id == entry.absence_type_id)
        .where(
            AbsenceType.overtime_months.is_not(None),
            extract("year", entry.effective_date) <= year,
            _within(uow, entry.employee_id),
        )
        .group_by(
            *(entry.employee_id, entry.absence_type_id, month, entry.kind), entry.absence_id.is_not(None)
        )
    )
    for employee_id, type_id, number, kind, of_absence, amount in uow.session.execute(query):
        account = accounts[employee_id, type_id]
        if number == 0:
            account.before += amount
            continue
        account.moved[number] += amount
        if of_absence:
            account.months[number].taken -= amount
        elif kind is EntryKind.EXPIRE:
            account.months[number].lapsed -= amount


def _people(
    uow: UnitOfWork, accounts: dict[tuple[UUID, UUID], _Account]
) -> list[tuple[Employee, AbsenceType]]:
    """By name and type, of those whose types the reader may see."""
    if not accounts:
        return []
    query = (
        select(Employee, AbsenceType)
        .join(AbsenceType, AbsenceType.company_id == Employee.company_id)
        .where(
            Employee.active,
            Employee.id.in_({employee_id for employee_id, _ in accounts}),
            AbsenceType.id.in_({type_id for _, type_id in accounts}),
            absence_sight.sees_type(uow, Employee.id),
        )
        .order_by(*by_name(uow), AbsenceType.name)
    )
    return [(person, kind) for person, kind in uow.session.execute(query) if (person.id, kind.id) in accounts]
