"""Hours worked longer, as pages show them: one's own, somebody's, and what waits. Nothing here writes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Subquery, and_, case, extract, false, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import refuse_own
from portal.domain.months import Month
from portal.domain.overtime import OvertimeRules, OvertimeStatus
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.overtime_credit import OvertimeCredit
from portal.services import access, balances, overtime
from portal.services.approvals import deputising, shown_routes
from portal.services.approvals.deputising import Principal
from portal.services.approvals.shown_routes import ShownStep
from portal.services.approvals.subjects import OVERTIME
from portal.services.balances import TypeFacts, type_facts

PAGE_SIZE = 100


@dataclass(frozen=True)
class RosterSum:
    """What hours of a roster are the difference of: minutes of a month."""

    month: Month
    planned: int
    contract: int
    holiday: int
    #: Of the difference, what had been booked or declined before.
    settled: int


@dataclass(frozen=True)
class OvertimeLine:
    """Hours of one day, or what the roster of a month planned beyond the contract.

    The reason is there only for who may read it: the person, and who decides.
    """

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
    #: Whoever declines them has to say why.
    no_needs_note: bool = False
    #: In whose place, when a deputy decided; else empty.
    decided_for: str = ""
    #: It is the reader's turn; else it is listed for whoever may decide out of turn.
    its_turn: bool = False
    #: The reader may hand it over to another approver.
    can_hand_over: bool = False
    #: None: proposed or put down by people.
    roster: RosterSum | None = None
    #: Empty: whoever's right reaches the person decides.
    route: list[ShownStep] = field(default_factory=list)


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
    query = select(AbsenceType).where(
        AbsenceType.overtime_months.is_not(None), AbsenceType.offered_on(uow.today())
    )
    found = [
        (
            type_facts(row),
            OvertimeRules.of(row.overtime_months, row.overtime_cap, of_roster=row.overtime_of_roster),
        )
        for row in uow.session.scalars(query.order_by(AbsenceType.name))
    ]
    return [OvertimeKind(facts, rules) for facts, rules in found if rules is not None]


def takes_rosters(taking_in: Sequence[OvertimeKind]) -> bool:
    """Whether what rosters plan beyond the contract is proposed."""
    return any(one.rules.of_roster for one in taking_in)


def of_person(uow: UnitOfWork, employee_id: UUID) -> Lines:
    """Their hours, the newest first. The caller has looked who may see them."""
    return _lines(uow, employee_id, false(), false())[0]


def own_and_waiting(uow: UnitOfWork) -> tuple[Lines, Lines]:
    """The actor's own, newest first, and what waits for them, as themselves or for somebody, oldest first."""
    me = uow.actor.employee_id
    if me is None:
        raise Refusal(Reason.NOT_FOUND)
    proposed = OvertimeCredit.status == OvertimeStatus.PROPOSED
    its_turn = overtime.decides(uow, deputising.principals(uow))
    return _lines(uow, me, and_(proposed, or_(its_turn, overtime.out_of_turn(uow))), its_turn)


def find_waiting(uow: UnitOfWork, credit_id: UUID) -> OvertimeLine | None:
    """One that waits for the actor; None: it does not, or not for them."""
    me = uow.actor.employee_id
    if me is None:
        return None
    its_turn = and_(
        OvertimeCredit.status == OvertimeStatus.PROPOSED, overtime.decides(uow, deputising.principals(uow))
    )
    found = _lines(uow, None, and_(OvertimeCredit.id == credit_id, its_turn), its_turn)[1]
    return found.lines[0] if found.lines else None


def waiting_count(uow: UnitOfWork, acting_for: Sequence[Principal]) -> ColumnElement[int]:
    """A column: how many proposals wait for the actor, as themselves or for somebody."""
    proposed = OvertimeCredit.status == OvertimeStatus.PROPOSED
    if uow.actor.support is not None:  # their database role may not read hours
        return literal(0).label("overtime_waiting")
    query = (
        select(func.count()).select_from(OvertimeCredit).where(proposed, overtime.decides(uow, acting_for))
    )
    return query.scalar_subquery().label("overtime_waiting")


def on_account(
    uow: UnitOfWork, employee_id: UUID, taking_in: Sequence[OvertimeKind]
) -> list[balances.Balance]:
    """What these types hold for the person, by the day on which it lapses."""
    taken_in = {one.facts.id for one in taking_in}
    return [one for one in balances.balances_of(uow, employee_id) if one.kind.id in taken_in]


def person_for(uow: UnitOfWork, employee_id: UUID) -> tuple[Employee, bool]:
    """Somebody within reach of who may put hours down for them, and whether the actor sees their balances too."""
    if uow.actor.support is not None:  # nor may the database role of the operator's staff read hours
        raise Refusal(Reason.NOT_FOUND)
    sees_balance = access.employees_within(uow, Permission.LEDGER_VIEW, Employee.id)
    within = access.employees_within(uow, Permission.ABSENCE_APPROVE, Employee.id)
    query = select(Employee, sees_balance).where(Employee.id == employee_id, within)
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    refuse_own(uow.actor.employee_id, employee_id)
    return found[0], bool(found[1])


def _lines(
    uow: UnitOfWork, owner_id: UUID | None, also: ColumnElement[bool], its_turn: ColumnElement[bool]
) -> tuple[Lines, Lines]:
    """Of one person the newest, and of what else meets a condition the oldest; one statement."""
    if uow.actor.support is not None:
        raise Refusal(Reason.NOT_FOUND)
    owner, decider, principal = (aliased(Employee) for _ in range(3))
    row, placed = OvertimeCredit, _placed(owner_id, also)
    query = (
        select(
            row,
            AbsenceType,
            *(owner.first_name, owner.last_name, decider.first_name, decider.last_name),
            *(placed.c.own, placed.c.total, its_turn.label("its_turn"), shown_routes.column(OVERTIME)),
            *(principal.first_name.label("for_first"), principal.last_name.label("for_last")),
            access.employees_within(uow, Permission.ABSENCE_OVERRULE, row.employee_id).label("hands_over"),
        )
        .join(placed, placed.c.id == row.id)
        .join(AbsenceType, AbsenceType.id == row.absence_type_id)
        .join(owner, owner.id == row.employee_id)
        .outerjoin(decider, decider.id == row.decided_by_id)
        .outerjoin(principal, principal.id == row.decided_for_id)
        .where(placed.c.place <= PAGE_SIZE)
        .order_by(placed.c.place)
    )
    found = uow.session.execute(query).all()
    return _listed([one for one in found if one.own]), _listed([one for one in found if not one.own])


def _placed(owner_id: UUID | None, also: ColumnElement[bool]) -> Subquery:
    """One's own credits and those that meet the condition, each with its place in its list and how many there are."""
    row = OvertimeCredit
    own = row.employee_id == owner_id if owner_id is not None else false()
    order = case(
        (own, -extract("epoch", row.worked_on)),
        else_=extract("epoch", row.proposed_at),
    )
    return (
        select(
            row.id,
            own.label("own"),
            func.row_number().over(partition_by=own, order_by=(order, row.id)).label("place"),
            func.count().over(partition_by=own).label("total"),
        )
        .where(or_(own, also))
        .subquery()
    )


def _listed(rows: Sequence[Any]) -> Lines:
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
            decided_for=f"{more.for_first} {more.for_last}" if more.for_last else "",
            its_turn=bool(more.its_turn),
            can_hand_over=credit.status is OvertimeStatus.PROPOSED and bool(more.hands_over),
            no_needs_note=kind.rejection_needs_note,
            roster=_sum(credit),
            route=shown_routes.read(more.route),
        )
        for more in rows
        for credit, kind, first, last, by_first, by_last, *_ in [more]
    ]
    return Lines(lines, rows[0].total if rows else 0)


def _sum(credit: OvertimeCredit) -> RosterSum | None:
    if credit.roster_month is None:
        return None
    planned, contract = credit.planned_minutes or 0, credit.contract_minutes or 0
    settled = planned - contract - credit.worked_minutes
    month = Month.of(credit.roster_month)
    return RosterSum(month, planned, contract, credit.holiday_minutes or 0, settled)
