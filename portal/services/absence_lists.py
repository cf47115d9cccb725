"""Reads of absences: one's own list, one absence opened, and what waits for the actor's decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus, AbsenceStep, may_take
from portal.domain.periods import Part
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.role import RoleGrant, RolePermission
from portal.services import access, away, balances
from portal.services.away import AwayBeside, AwayColleague
from portal.services.balances import TypeFacts, type_facts

PAGE_SIZE = 25
# Made once: building an alias costs more than running many a query.
_FIRST, _LAST = aliased(AbsencePart), aliased(AbsencePart)
_NOBODY = AwayBeside()


@dataclass(frozen=True)
class AbsenceLine:
    """An absence in a list."""

    id: UUID
    kind: TypeFacts
    status: AbsenceStatus
    start_date: date
    end_date: date
    charge: int
    #: How it begins and ends: a whole day, or only the half of it.
    first_part: Part
    last_part: Part
    requested_at: datetime
    version: int
    can_withdraw: bool
    can_cancel: bool


@dataclass(frozen=True)
class DayCost:
    """One day or half of a day, and what it cost."""

    date: date
    part: Part
    charge: int


@dataclass(frozen=True)
class ShownAbsence:
    """One absence opened. `note` is None for whoever may not read reasons."""

    line: AbsenceLine
    employee_id: UUID
    name: str
    own: bool
    note: str | None
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str | None
    days: list[DayCost]
    can_decide: bool


@dataclass(frozen=True)
class Approver:
    """Who is told of a person's requests, and whether they could decide."""

    name: str
    may_approve: bool


@dataclass(frozen=True)
class WaitingRequest:
    """A request with what one needs to know to decide it."""

    line: AbsenceLine
    employee_id: UUID
    name: str
    own: bool
    #: None where the actor may not read reasons.
    note: str | None
    #: What is left of each year once this and everything else that waits is approved.
    left: dict[int, int]
    #: The first few of the team who are away then, and how many more.
    away: list[AwayColleague]
    more_away: int


@dataclass(frozen=True)
class Waiting:
    """The oldest requests that wait, and how many there are in all."""

    requests: list[WaitingRequest]
    total: int


def list_own(uow: UnitOfWork, year: int | None = None) -> list[AbsenceLine]:
    """The actor's absences, latest first; all of them, or those that touch a year."""
    query = _lines().where(Absence.employee_id == uow.actor.employee_id)
    if year is not None:
        query = query.where(Absence.start_date <= date(year, 12, 31), Absence.end_date >= date(year, 1, 1))
    rows = uow.session.execute(query.order_by(Absence.start_date.desc(), Absence.requested_at.desc()))
    return [_line(uow, *row, may_approve=False) for row in rows]


def line_manager(uow: UnitOfWork) -> Approver | None:
    """Who is told of the actor's requests: their line manager, if there is one who still works here."""
    manager = aliased(Employee)
    approves = exists().where(
        RoleGrant.employee_id == manager.id,
        RoleGrant.role_id == RolePermission.role_id,
        RolePermission.permission == Permission.ABSENCE_APPROVE.value,
    )
    query = (
        select(manager.first_name, manager.last_name, approves)
        .join(Employee, Employee.line_manager_id == manager.id)
        .where(Employee.id == uow.actor.employee_id, manager.active)
    )
    found = uow.session.execute(query).one_or_none()
    return Approver(f"{found[0]} {found[1]}", bool(found[2])) if found else None


def get_absence(uow: UnitOfWork, absence_id: UUID) -> ShownAbsence:
    """An absence that is the actor's own or within their reach; its reason only for who may read it (T87)."""
    decider = aliased(Employee)
    reason, decides = _within(uow, Permission.ABSENCE_VIEW_REASON), _within(uow, Permission.ABSENCE_APPROVE)
    query = (
        _lines()
        .add_columns(Employee, decider.first_name, decider.last_name, reason, decides)
        .join(Employee, Employee.id == Absence.employee_id)
        .outerjoin(decider, decider.id == Absence.decided_by_id)
        .where(Absence.id == absence_id, or_(_within(uow, Permission.ABSENCE_VIEW), _own(uow)))
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    absence, kind, first, last, employee, first_name, last_name, may_read, may_approve = found
    own = absence.employee_id == uow.actor.employee_id
    readable = own or may_read
    line = _line(uow, absence, kind, first, last, may_approve=may_approve)
    return ShownAbsence(
        line=line,
        employee_id=employee.id,
        name=employee.name,
        own=own,
        note=absence.note if readable else None,
        decided_by=f"{first_name} {last_name}" if last_name else None,
        decided_at=absence.decided_at,
        decision_note=absence.decision_note if readable else None,
        days=_days(uow, absence.id),
        can_decide=line.status is AbsenceStatus.REQUESTED and bool(may_approve) and not own,
    )


def list_waiting(uow: UnitOfWork) -> Waiting:
    """What waits within the actor's reach, oldest first; the same few queries for one request and for many."""
    total = func.count().over()
    query = (
        _lines()
        .add_columns(
            Employee.first_name, Employee.last_name, _within(uow, Permission.ABSENCE_VIEW_REASON), total
        )
        .join(Employee, Employee.id == Absence.employee_id)
        .where(Absence.status == AbsenceStatus.REQUESTED, _within(uow, Permission.ABSENCE_APPROVE))
        .order_by(Absence.requested_at, Absence.start_date, Absence.id)
        .limit(PAGE_SIZE)
    )
    rows = uow.session.execute(query).all()
    left = _left_by_absence(uow, [row[0] for row in rows])
    beside = away.away_beside(uow, [row[0].id for row in rows]) if rows else {}
    requests = [
        WaitingRequest(
            line=_line(uow, absence, kind, first, last, may_approve=True),
            employee_id=absence.employee_id,
            name=f"{first_name} {last_name}",
            own=absence.employee_id == uow.actor.employee_id,
            note=absence.note if may_read else None,
            left=left[absence.id],
            away=beside.get(absence.id, _NOBODY).named,
            more_away=beside.get(absence.id, _NOBODY).more,
        )
        for absence, kind, first, last, first_name, last_name, may_read, _ in rows
    ]
    return Waiting(requests, rows[0][-1] if rows else 0)


def _own(uow: UnitOfWork) -> ColumnElement[bool]:
    if uow.actor.employee_id is None:
        return false()
    return Absence.employee_id == uow.actor.employee_id


def _within(uow: UnitOfWork, permission: Permission) -> ColumnElement[bool]:
    return access.employees_within(uow, permission, Absence.employee_id)


def _lines() -> Select[Absence, AbsenceType, Part, Part]:
    """Absences with their type, and the part their first and last day is taken for."""
    first, last = _FIRST, _LAST
    at_start = and_(first.absence_id == Absence.id, first.date == Absence.start_date)
    at_end = and_(last.absence_id == Absence.id, last.date == Absence.end_date)
    return (
        select(Absence, AbsenceType, first.part, last.part)
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .join(first, at_start)
        .join(last, at_end)
    )


def _line(
    uow: UnitOfWork, absence: Absence, kind: AbsenceType, first: Part, last: Part, *, may_approve: bool
) -> AbsenceLine:
    def open_to_actor(step: AbsenceStep, status: AbsenceStatus) -> bool:
        return absence.status is status and may_take(
            step,
            actor_id=uow.actor.employee_id,
            owner_id=absence.employee_id,
            may_approve=may_approve,
            start_date=absence.start_date,
            today=uow.today(),
        )

    return AbsenceLine(
        id=absence.id,
        kind=type_facts(kind),
        status=absence.status,
        start_date=absence.start_date,
        end_date=absence.end_date,
        charge=absence.charge,
        first_part=first,
        last_part=last,
        requested_at=absence.requested_at,
        version=absence.version,
        can_withdraw=open_to_actor(AbsenceStep.WITHDRAW, AbsenceStatus.REQUESTED),
        can_cancel=open_to_actor(AbsenceStep.CANCEL, AbsenceStatus.APPROVED),
    )


def _days(uow: UnitOfWork, absence_id: UUID) -> list[DayCost]:
    query = (
        select(AbsencePart.date, AbsencePart.part, AbsencePart.charge)
        .where(AbsencePart.absence_id == absence_id)
        .order_by(AbsencePart.date, AbsencePart.during)
    )
    return [DayCost(*row) for row in uow.session.execute(query)]


def _left_by_absence(uow: UnitOfWork, absences: Iterable[Absence]) -> dict[UUID, dict[int, int]]:
    """For each request the rest of the years it touches, all waiting requests counted."""
    absences = list(absences)
    if not absences:
        return {}
    people = {absence.employee_id for absence in absences}
    held, waiting = balances.held_by_year(uow, people), balances.reserved_by_year(uow, people)
    return {
        absence.id: {
            year: held[key] - waiting.get(key, 0)
            for year in range(absence.start_date.year, absence.end_date.year + 1)
            if (key := (absence.employee_id, absence.absence_type_id, year)) in held
        }
        for absence in absences
    }
