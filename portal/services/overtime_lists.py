"""Hours worked longer, as pages show them: one's own, somebody's, and what waits. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.overtime import OvertimeRules, OvertimeStatus
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.overtime_credit import OvertimeCredit
from portal.services import access, balances, overtime
from portal.services.approvals import deputising
from portal.services.balances import TypeFacts, type_facts

PAGE_SIZE = 100


@dataclass(frozen=True)
class OvertimeLine:
    """Hours of one day. The reason is there only for who may read it: the person, and who decides."""

    id: UUID
    employee_id: UUID
    name: str
    kind: TypeFacts
    worked_on: date
    minutes: int
    status: OvertimeStatus
    note: str
    proposed_at: datetime
    #: Who decided, and what they wrote; empty: nobody yet.
    decided_by: str
    decided_at: datetime | None
    decision_note: str
    version: int


@dataclass(frozen=True)
class OvertimeKind:
    """A type that takes overtime in, and what it makes of it."""

    facts: TypeFacts
    rules: OvertimeRules


@dataclass(frozen=True)
class Lines:
    """The newest or oldest ones, and how many there are in all."""

    lines: list[OvertimeLine]
    total: int


def kinds(uow: UnitOfWork) -> list[OvertimeKind]:
    """The types on which hours can be booked today."""
    offered = or_(AbsenceType.retired_on.is_(None), AbsenceType.retired_on > uow.today())
    query = select(AbsenceType).where(AbsenceType.overtime_months.is_not(None), offered)
    found = [
        (type_facts(row), OvertimeRules.of(row.overtime_months, row.overtime_cap))
        for row in uow.session.scalars(query.order_by(AbsenceType.name))
    ]
    return [OvertimeKind(facts, rules) for facts, rules in found if rules is not None]


def of_person(uow: UnitOfWork, employee_id: UUID) -> Lines:
    """Their hours, the newest first. The caller has looked who may see them."""
    return _lines(uow, OvertimeCredit.employee_id == employee_id, newest=True)


def waiting(uow: UnitOfWork) -> Lines:
    """What waits for the actor, as themselves or in the place of somebody, oldest first."""
    condition = overtime.decides(uow, deputising.principals(uow))
    proposed = OvertimeCredit.status == OvertimeStatus.PROPOSED
    return _lines(uow, condition & proposed, newest=False)


def on_account(
    uow: UnitOfWork, employee_id: UUID, taking_in: Sequence[OvertimeKind]
) -> list[balances.Balance]:
    """What these types hold for the person, by the day on which it lapses."""
    taken_in = {one.facts.id for one in taking_in}
    return [one for one in balances.balances_of(uow, employee_id) if one.kind.id in taken_in]


def person_for(uow: UnitOfWork, employee_id: UUID) -> Employee:
    """Somebody within reach of who may put hours down for them; never oneself."""
    if uow.actor.support is not None:  # nor may the database role of the operator's staff read hours
        raise Refusal(Reason.NOT_FOUND)
    person = access.employee_for(uow, Permission.ABSENCE_APPROVE, employee_id)
    if person.id == uow.actor.employee_id:
        raise Refusal(Reason.OWN_REQUEST)
    return person


def _lines(uow: UnitOfWork, condition: ColumnElement[bool], *, newest: bool) -> Lines:
    if uow.actor.support is not None:
        raise Refusal(Reason.NOT_FOUND)
    owner, decider, row = aliased(Employee), aliased(Employee), OvertimeCredit
    order = (row.worked_on.desc(), row.proposed_at.desc()) if newest else (row.proposed_at, row.worked_on)
    query = (
        select(
            row,
            AbsenceType,
            *(owner.first_name, owner.last_name, decider.first_name, decider.last_name),
            func.count().over().label("total"),
        )
        .join(AbsenceType, AbsenceType.id == row.absence_type_id)
        .join(owner, owner.id == row.employee_id)
        .outerjoin(decider, decider.id == row.decided_by_id)
        .where(condition)
        .order_by(*order, row.id)
        .limit(PAGE_SIZE)
    )
    found = uow.session.execute(query).all()
    lines = [
        OvertimeLine(
            id=credit.id,
            employee_id=credit.employee_id,
            name=f"{first} {last}",
            kind=type_facts(kind),
            worked_on=credit.worked_on,
            minutes=credit.worked_minutes,
            status=credit.status,
            note=credit.note or "",
            proposed_at=credit.proposed_at,
            decided_by=f"{by_first} {by_last}" if by_last else "",
            decided_at=credit.decided_at,
            decision_note=credit.decision_note or "",
            version=credit.version,
        )
        for credit, kind, first, last, by_first, by_last, _ in found
    ]
    return Lines(lines, found[0].total if found else 0)
