"""Reports of sickness as HR and managers see them, and one opened. Nothing here writes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.permissions import Permission
from portal.domain.sickness import ProofState, SickState, may_undo, state_of
from portal.models.absence import Absence
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.services import absence_proofs, access
from portal.services.absence_sight import sees_sickness, waits_for_acceptance
from portal.services.balances import TypeFacts, type_facts
from portal.services.name_order import by_name
from portal.services.sickness import displacing
from portal.services.sickness.displacing import Displaced

PAGE_SIZE = 50


class Show(StrEnum):
    """Which reports are listed."""

    WAITING = "waiting"
    RUNNING = "running"
    ALL = "all"


@dataclass(frozen=True)
class SickLine:
    """A report in the list."""

    id: UUID
    employee_id: UUID
    name: str
    kind: TypeFacts
    state: SickState
    start_date: date
    end_date: date
    #: Calendar days, as sick pay and certificates count them.
    days: int
    version: int
    #: The day by which a proof has to be there; None: it needs none.
    proof_due_on: date | None
    #: None for whoever may not know whether there is one.
    proof: ProofState | None
    #: It lasts as long as the rules allow in a row, or nearly.
    alarmed: bool
    own: bool
    can_accept: bool


@dataclass(frozen=True)
class SickPage:
    """A page of the list."""

    lines: list[SickLine]
    total: int
    waiting: int


@dataclass(frozen=True)
class ShownReport:
    """What the page of an absence says of a report, and what the reader may do about it."""

    state: SickState
    days: int
    accepted_through: date | None
    accepted_by: str | None
    accepted_at: datetime | None
    reported_by: str | None
    displaced: list[Displaced]
    can_accept: bool
    can_change: bool
    can_undo: bool


def list_reports(uow: UnitOfWork, show: Show = Show.WAITING, page: int = 1) -> SickPage:
    """Those whom the reader's right reaches, the latest first; five statements for any number."""
    within = access.employees_within(uow, Permission.SICKNESS_VIEW, Absence.employee_id)
    manages = access.employees_within(uow, Permission.SICKNESS_MANAGE, Absence.employee_id)
    query = (
        select(Absence, AbsenceType, Employee, manages.label("manages"), func.count().over().label("total"))
        .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
        .join(Employee, Employee.id == Absence.employee_id)
        .where(Absence.sick, within, *_shown(uow, show))
        .order_by(Absence.start_date.desc(), *by_name(uow), Absence.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    rows = uow.session.execute(query).all()
    due = absence_proofs.due_dates(uow, [(row[0], row[1]) for row in rows])
    proofs = absence_proofs.states_of(uow, due, list(due))
    lines = [
        _line(uow, absence, kind, person, bool(manages), (due[absence.id], proofs[absence.id]))
        for absence, kind, person, manages, _ in rows
    ]
    waiting = select(func.count(Absence.id)).where(Absence.sick, within, waits_for_acceptance())
    return SickPage(lines, rows[0].total if rows else 0, uow.session.scalar(waiting) or 0)


def shown(uow: UnitOfWork, absence_id: UUID) -> ShownReport | None:
    """None for whoever may not know that it is one, and for every other absence."""
    reporter, accepter = aliased(Employee), aliased(Employee)
    rights = (Permission.SICKNESS_MANAGE, Permission.SICKNESS_REPORT)
    manages, changes = (access.employees_within(uow, one, Absence.employee_id) for one in rights)
    query = (
        select(Absence, reporter, accepter, manages.label("m"), changes.label("c"))
        .join(reporter, reporter.id == Absence.requested_by_id)
        .outerjoin(accepter, accepter.id == Absence.accepted_by_id)
        .where(Absence.id == absence_id, Absence.sick, sees_sickness(uow, Absence.employee_id))
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        return None
    absence, reported_by, accepted_by, may_manage, may_change = found
    own = absence.employee_id == uow.actor.employee_id
    state = state_of(absence.status, absence.accepted_through, absence.end_date)
    open_ = state is not SickState.UNDONE
    return ShownReport(
        state=state,
        days=(absence.end_date - absence.start_date).days + 1,
        accepted_through=absence.accepted_through,
        accepted_by=accepted_by.name if absence.accepted_by_id is not None else None,
        accepted_at=absence.accepted_at,
        reported_by=None if reported_by.id == absence.employee_id else reported_by.name,
        displaced=displacing.displaced_by(uow, absence.id),
        can_accept=open_ and state is not SickState.ACCEPTED and bool(may_manage) and not own,
        can_change=open_ and (own or bool(may_change)),
        can_undo=open_
        and may_undo(absence.accepted_through, own=own, reports=bool(may_change), manages=bool(may_manage)),
    )


def _shown(uow: UnitOfWork, show: Show) -> list[ColumnElement[bool]]:
    if show is Show.WAITING:
        return [waits_for_acceptance()]
    if show is Show.RUNNING:
        today = uow.today()
        return [
            Absence.status == AbsenceStatus.APPROVED,
            Absence.start_date <= today,
            Absence.end_date >= today,
        ]
    return []


def _line(
    uow: UnitOfWork,
    absence: Absence,
    kind: AbsenceType,
    person: Employee,
    manages: bool,
    proof: tuple[date | None, ProofState],
) -> SickLine:
    state = state_of(absence.status, absence.accepted_through, absence.end_date)
    own = person.id == uow.actor.employee_id
    return SickLine(
        id=absence.id,
        employee_id=person.id,
        name=person.name,
        kind=type_facts(kind),
        state=state,
        start_date=absence.start_date,
        end_date=absence.end_date,
        days=(absence.end_date - absence.start_date).days + 1,
        version=absence.version,
        proof_due_on=proof[0],
        proof=proof[1] if manages or own else None,
        alarmed=absence.alarmed_at is not None,
        own=own,
        can_accept=manages and not own and state in (SickState.REPORTED, SickState.EXTENDED),
    )
