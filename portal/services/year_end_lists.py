"""Runs of year ends and their lines, a page at a time. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select

from portal.db import UnitOfWork
from portal.domain.year_ends import LineOutcome, RunStatus
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.year_end import YearEndLine, YearEndRun
from portal.services import access, entitlement_plans
from portal.services.balances import TypeFacts, type_facts

PAGE_SIZE = 50


@dataclass(frozen=True)
class RunLine:
    """One run in the list."""

    id: UUID
    kind: TypeFacts
    year: int
    status: RunStatus
    people: int
    made_at: datetime
    posted_at: datetime | None


@dataclass(frozen=True)
class PersonLine:
    """What a run does for one person."""

    employee_id: UUID
    name: str
    rest: int
    held_back: int
    carried: int
    protected: int
    lapsed: int
    owed: int
    written_off: int
    outcome: LineOutcome


@dataclass(frozen=True)
class RunPage:
    """A run with its sums and one page of people."""

    run: RunLine
    lines: list[PersonLine]
    page: int
    pages: int
    carried: int
    lapsed: int
    owed: int
    changed: int


def runs(uow: UnitOfWork) -> list[RunLine]:
    """Those that were not dropped, the latest first."""
    query = (
        select(YearEndRun, AbsenceType)
        .join(AbsenceType, AbsenceType.id == YearEndRun.absence_type_id)
        .where(YearEndRun.status != RunStatus.DROPPED)
        .order_by(YearEndRun.created_at.desc())
        .limit(PAGE_SIZE)
    )
    return [_run(row, kind) for row, kind in uow.session.execute(query)]


def types(uow: UnitOfWork) -> list[tuple[TypeFacts, date]]:
    """The types that have a plan, and since when."""
    first = entitlement_plans.first_days(uow)
    rows = uow.session.scalars(
        select(AbsenceType).where(AbsenceType.id.in_(list(first))).order_by(AbsenceType.key)
    )
    return [(type_facts(row), first[row.id]) for row in rows]


def get(uow: UnitOfWork, run_id: UUID, page: int) -> RunPage:
    """The page of people, whoever loses most first."""
    row = access.one_or_refuse(uow, select(YearEndRun).where(YearEndRun.id == run_id))
    kind = uow.session.scalars(select(AbsenceType).where(AbsenceType.id == row.absence_type_id)).one()
    line = YearEndLine
    carried, lapsed, owed, changed, total = uow.session.execute(
        select(
            func.coalesce(func.sum(line.carried + line.protected), 0),
            func.coalesce(func.sum(line.lapsed), 0),
            func.coalesce(func.sum(line.owed), 0),
            func.count().filter(line.outcome == LineOutcome.CHANGED),
            func.count(),
        ).where(line.run_id == row.id)
    ).one()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    query = (
        select(line, Employee.first_name, Employee.last_name)
        .join(Employee, Employee.id == line.employee_id)
        .where(line.run_id == row.id)
        .order_by(line.lapsed.desc(), Employee.last_name, Employee.first_name, line.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    lines = [_person(one, f"{first} {last}") for one, first, last in uow.session.execute(query)]
    return RunPage(_run(row, kind), lines, page, pages, int(carried), int(lapsed), int(owed), changed)


def _run(row: YearEndRun, kind: AbsenceType) -> RunLine:
    facts = type_facts(kind)
    return RunLine(row.id, facts, row.year, row.status, row.people, row.created_at, row.posted_at)


def _person(line: YearEndLine, name: str) -> PersonLine:
    return PersonLine(
        line.employee_id,
        name,
        line.rest,
        line.held_back,
        line.carried,
        line.protected,
        line.lapsed,
        line.owed,
        line.written_off,
        line.outcome,
    )
