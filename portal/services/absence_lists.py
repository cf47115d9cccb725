"""Lists of absences. One opened is in opened_absences.py, waiting ones are in absence_approvals.py."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import ACTIVE, AbsenceStatus, AbsenceStep, may_take
from portal.domain.periods import DayPart, Part
from portal.domain.permissions import Permission
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.line_management import LineManagement
from portal.services import closures, line_managers
from portal.services.balances import TypeFacts, type_facts
from portal.services.hidden_kinds import hidden
from portal.services.permission_holders import holding


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
    #: Only some of the days from the first to the last.
    single_days: bool
    requested_at: datetime
    version: int
    can_withdraw: bool
    can_cancel: bool
    #: Only somebody else can give it up; since when its owner has asked for that.
    can_ask_to_cancel: bool = False
    cancel_asked_at: datetime | None = None
    #: A report of sickness: it has steps of its own.
    sick: bool = False
    can_change: bool = False
    #: Approved, and its owner may ask for other days instead.
    can_replace: bool = False
    #: It takes the place of an approved absence, whose days are in `changed_from`.
    replaces_id: UUID | None = None
    #: What a waiting request said before its owner changed it; empty: it was not changed.
    changed_from: tuple[DayPart, ...] = ()
    #: The closure that made it, which only HR can take back.
    closure: str | None = None


@dataclass(frozen=True)
class Approver:
    """Who is told of a person's requests, and whether they could decide."""

    name: str
    may_approve: bool


def list_own(uow: UnitOfWork, year: int | None = None) -> list[AbsenceLine]:
    """The actor's absences, latest first; all of them, or those that touch a year."""
    query = LINES.add_columns(closures.name_of()).where(Absence.employee_id == uow.actor.employee_id)
    if year is not None:
        query = query.where(Absence.start_date <= date(year, 12, 31), Absence.end_date >= date(year, 1, 1))
    rows = uow.session.execute(query.order_by(Absence.start_date.desc(), Absence.requested_at.desc()))
    return [line_of(uow, *row[:4], may_approve=False, closure=row[4]) for row in rows]


def line_manager(uow: UnitOfWork) -> Approver | None:
    """Who is told of the actor's requests: their line manager, if there is one who still works here."""
    manager = aliased(Employee)
    approves = manager.id.in_(holding(Permission.ABSENCE_APPROVE))
    query = (
        select(manager.first_name, manager.last_name, approves)
        .join(LineManagement, LineManagement.manager_id == manager.id)
        .where(
            line_managers.leads(LineManagement, uow.actor.employee_id, uow.today()),
            manager.active,
        )
    )
    found = uow.session.execute(query).one_or_none()
    return Approver(f"{found[0]} {found[1]}", bool(found[2])) if found else None


def line_of(
    uow: UnitOfWork,
    absence: Absence,
    kind: AbsenceType,
    first: Part,
    last: Part,
    *,
    may_approve: bool,
    sees_kind: bool = True,
    closure: str | None = None,
) -> AbsenceLine:
    """A row of LINES as lists show it, with what the actor may do about it."""
    facts = type_facts(kind)
    return AbsenceLine(
        id=absence.id,
        kind=facts if sees_kind else hidden(facts),
        status=absence.status,
        start_date=absence.start_date,
        end_date=absence.end_date,
        charge=absence.charge,
        first_part=first,
        last_part=last,
        single_days=absence.single_days,
        requested_at=absence.requested_at,
        version=absence.version,
        cancel_asked_at=absence.cancel_asked_at if absence.status is AbsenceStatus.APPROVED else None,
        sick=absence.sick and sees_kind,
        replaces_id=absence.replaces_id,
        changed_from=changed_from(absence.changed_from) if absence.status in ACTIVE else (),
        closure=closure,
        **_steps(uow, absence, may_approve=may_approve, closed=closure is not None),
    )


def _steps(uow: UnitOfWork, absence: Absence, *, may_approve: bool, closed: bool) -> dict[str, bool]:
    """What the actor may do about it. What a closure made is given up by others alone, and not moved."""
    own = absence.employee_id == uow.actor.employee_id

    def may(step: AbsenceStep, status: AbsenceStatus) -> bool:
        return (
            not absence.sick
            and absence.status is status
            and may_take(
                step,
                actor_id=uow.actor.employee_id,
                owner_id=absence.employee_id,
                may_approve=may_approve,
                start_date=absence.start_date,
                today=uow.today(),
                cancel_by_approval=absence.cancel_by_approval,
            )
        )

    requested, approved = AbsenceStatus.REQUESTED, AbsenceStatus.APPROVED
    moves = may(AbsenceStep.REPLACE, approved) and absence.end_date > uow.today()
    return {
        "can_withdraw": may(AbsenceStep.WITHDRAW, requested),
        "can_change": may(AbsenceStep.CHANGE, requested) and absence.replaces_id is None,
        "can_cancel": may(AbsenceStep.CANCEL, approved) and not (own and closed),
        "can_ask_to_cancel": may(AbsenceStep.ASK_TO_CANCEL, approved) and not closed,
        "can_replace": moves and not closed,
    }


def changed_from(text: str | None) -> tuple[DayPart, ...]:
    """As absence_changes.py writes it."""
    rows = json.loads(text) if text else []
    return tuple(DayPart(date.fromisoformat(day), Part(part), *minutes) for day, part, *minutes in rows)


_FIRST, _LAST = aliased(AbsencePart), aliased(AbsencePart)
#: Absences with their type, and the part their first and last day is taken for. Built once: putting it together
#: costs more than running it.
LINES = (
    select(Absence, AbsenceType, _FIRST.part, _LAST.part)
    .join(AbsenceType, AbsenceType.id == Absence.absence_type_id)
    .join(_FIRST, and_(_FIRST.absence_id == Absence.id, _FIRST.date == Absence.start_date))
    .join(_LAST, and_(_LAST.absence_id == Absence.id, _LAST.date == Absence.end_date))
)
