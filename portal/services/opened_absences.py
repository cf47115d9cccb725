"""One absence opened: what it is, what happened to it, and what the actor may do about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, not_, or_, select
from sqlalchemy.orm import aliased

from portal.db import UnitOfWork
from portal.domain.absences import ACTIVE, AbsenceStatus, AbsenceStep, may_take
from portal.domain.periods import Part
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.employee import Employee, Employment
from portal.services import absence_sight, access, closures
from portal.services.absence_lists import LINES, AbsenceLine, line_of
from portal.services.approvals import deputising, shown_routes, turns
from portal.services.approvals.shown_routes import ShownStep
from portal.services.freed_shifts import holes
from portal.services.freed_shifts.holes import Hole
from portal.services.staffing import checks as staffing
from portal.services.staffing.checks import Breach
from portal.services.substitutes import reading
from portal.services.substitutes.reading import ShownSubstitute


@dataclass(frozen=True)
class DayCost:
    """One day or part of a day, and what it cost."""

    date: date
    part: Part
    charge: int
    #: Minutes of the day, where it is from a time to a time.
    starts_minute: int | None = None
    ends_minute: int | None = None
    #: Whether it was given back since.
    given_back: bool = False
    #: Agreed and possible days a week, where it is a day of a flexible week.
    flexible: tuple[int, int] | None = None


@dataclass(frozen=True)
class ShownAbsence:
    """One absence opened. `note` is None for whoever may not read reasons."""

    line: AbsenceLine
    employee_id: UUID
    name: str
    own: bool
    note: str | None
    decided_by: str | None
    #: In whose place, when a deputy decided.
    decided_for: str | None
    decided_at: datetime | None
    decision_note: str | None
    #: Why its owner wants to give it up.
    cancel_note: str | None
    #: When others were asked too, because nobody had decided; of a request with a route, the route says it.
    escalated_at: datetime | None
    days: list[DayCost]
    can_decide: bool
    #: It waits, and the actor may let somebody else decide.
    can_hand_over: bool
    #: Days that the actor may give back while the rest stays.
    returnable: list[date]
    #: Decided by a right of their own, though it is the turn of others.
    out_of_turn: bool
    #: Empty: whoever's right reaches the person decides.
    route: list[ShownStep]
    #: The days that would break a rule of staffing; only for whoever may decide.
    breaches: list[Breach]
    #: Who covers, what they need to know (None where the actor may not read it), and whether the actor may name some.
    substitutes: list[ShownSubstitute]
    cover_note: str | None
    may_name: bool
    #: The published shifts that approving would free, for whoever may decide; and those that it has freed.
    holes: list[Hole]
    fallen_open: list[Hole]
    #: The request that waits to take its place, or that did.
    replaced_by: UUID | None = None
    #: The planning round in which it was determined.
    planning_round: str | None = None


def get_absence(uow: UnitOfWork, absence_id: UUID) -> ShownAbsence:
    """An absence that is the actor's own or within their reach; its reason only for who may read it (T87)."""
    found = _find(uow, absence_id)
    absence, kind, first, last, employee, decided_by, decided_for, route, any_rule, covers, *rest = found
    planned, fallen_open, replaced_by, closure, planning_round, *rights = rest
    may_read, may_cancel, its_turn, may_decide, overrules, sees_kind, may_hand_over, may_enter = (
        bool(right) for right in rights
    )
    own = absence.employee_id == uow.actor.employee_id
    readable = own or ((may_read or its_turn) and sees_kind)
    may_cancel = may_cancel and (closure is None or may_enter)
    line = line_of(
        uow, absence, kind, first, last, may_approve=may_cancel, sees_kind=sees_kind, closure=closure
    )
    days = _days(uow, absence.id)
    can_decide = line.status is AbsenceStatus.REQUESTED and bool(may_decide or overrules) and not own
    breaches = staffing.of_waiting(uow, [absence]) if can_decide and any_rule else {}
    return ShownAbsence(
        line=line,
        employee_id=employee.id,
        name=employee.name,
        own=own,
        note=absence.note if readable else None,
        decided_by=decided_by.name if decided_by else None,
        decided_for=decided_for.name if decided_for else None,
        decided_at=absence.decided_at,
        escalated_at=absence.escalated_at,
        decision_note=absence.decision_note if readable else None,
        cancel_note=absence.cancel_note if readable else None,
        days=days,
        returnable=[] if own and closure else _returnable(uow, absence, days, may_approve=may_cancel),
        can_decide=can_decide,
        can_hand_over=line.status is AbsenceStatus.REQUESTED and may_hand_over and not own,
        out_of_turn=overrules and not may_decide,
        route=shown_routes.read(route),
        breaches=breaches.get(absence.id, []),
        substitutes=reading.read(covers),
        cover_note=absence.cover_note if own or may_read or its_turn else None,
        holes=holes.read(planned) if can_decide else [],
        fallen_open=holes.read(fallen_open),
        may_name=_may_name(uow, absence, own=own, may_enter=may_enter),
        replaced_by=replaced_by,
        planning_round=planning_round,
    )


def _may_name(uow: UnitOfWork, absence: Absence, *, own: bool, may_enter: bool) -> bool:
    stands = absence.status in ACTIVE and absence.end_date >= uow.today() and not absence.sick
    allowed = access.can(uow, Permission.ABSENCE_REQUEST) if own else may_enter
    return stands and allowed and absence.group_entry_id is None


def _find(uow: UnitOfWork, absence_id: UUID) -> Any:
    """The absence with its people and what the actor may do about it; refused as not found out of reach."""
    decider, principal = aliased(Employee), aliased(Employee)
    acting_for = deputising.principals(uow)
    its_turn, may_decide = turns.asked(uow, acting_for), turns.decides(uow, acting_for)
    rights = {
        "may_read": deputising.within(uow, acting_for, Permission.ABSENCE_VIEW_REASON),
        "may_cancel": deputising.within(uow, acting_for),
        "its_turn": its_turn,
        "may_decide": may_decide,
        "overrules": turns.out_of_turn(uow),
        "sees_kind": absence_sight.sees_opened(uow, Absence.employee_id),
        "may_hand_over": _within(uow, Permission.ABSENCE_OVERRULE),
        "may_enter": _within(uow, Permission.ABSENCE_ENTER),
    }
    labelled = (right.label(name) for name, right in rights.items())
    query = (
        LINES.add_columns(Employee, decider, principal, shown_routes.column(), staffing.any_rule())
        .add_columns(
            *(reading.column(uow), holes.column(uow), holes.fallen_open(uow)),
            *(_replaced_by(), closures.name_of(), closures.round_of()),
        )
        .add_columns(*labelled)
        .join(Employee, Employee.id == Absence.employee_id)
        .outerjoin(decider, decider.id == Absence.decided_by_id)
        .outerjoin(principal, principal.id == Absence.decided_for_id)
        .where(
            Absence.id == absence_id,
            or_(_within(uow, Permission.ABSENCE_VIEW), _own(uow), may_decide, its_turn),
        )
    )
    found = uow.session.execute(query).one_or_none()
    if found is None:
        raise Refusal(Reason.NOT_FOUND)
    return found


def _replaced_by() -> ColumnElement[UUID]:
    other = aliased(Absence)
    return (
        select(other.id)
        .where(other.replaces_id == Absence.id, other.status.in_(ACTIVE))
        .correlate(Absence)
        .scalar_subquery()
        .label("replaced_by")
    )


def _returnable(uow: UnitOfWork, absence: Absence, days: list[DayCost], *, may_approve: bool) -> list[date]:
    """Of a single day nothing would be left: that one is cancelled."""
    live = [one.date for one in days if not one.given_back]
    if absence.sick or absence.status is not AbsenceStatus.APPROVED or len(live) < 2:
        return []
    return [
        day
        for day in live
        if may_take(
            AbsenceStep.GIVE_BACK,
            actor_id=uow.actor.employee_id,
            owner_id=absence.employee_id,
            may_approve=may_approve,
            start_date=day,
            today=uow.today(),
            cancel_by_approval=absence.cancel_by_approval,
        )
    ]


def _own(uow: UnitOfWork) -> ColumnElement[bool]:
    if uow.actor.employee_id is None:
        return false()
    return Absence.employee_id == uow.actor.employee_id


def _within(uow: UnitOfWork, permission: Permission) -> ColumnElement[bool]:
    return access.employees_within(uow, permission, Absence.employee_id)


def _days(uow: UnitOfWork, absence_id: UUID) -> list[DayCost]:
    query = (
        select(
            AbsencePart.date,
            AbsencePart.part,
            AbsencePart.charge,
            AbsencePart.starts_minute,
            AbsencePart.ends_minute,
            # Days of a waiting request that another absence still holds are not given back.
            and_(
                not_(AbsencePart.live),
                Absence.status.in_(ACTIVE),
                or_(Absence.replaces_id.is_(None), Absence.status == AbsenceStatus.APPROVED),
            ),
            Employment.agreed_days,
            Employment.pattern,
        )
        .join(Absence, Absence.id == AbsencePart.absence_id)
        .outerjoin(Employment, _terms_of_that_day())
        .where(AbsencePart.absence_id == absence_id)
        .order_by(AbsencePart.date, AbsencePart.during)
    )
    return [
        DayCost(*row[:-2], flexible=_flexible(row[-2], row[-1], row.charge))
        for row in uow.session.execute(query)
    ]


def _terms_of_that_day() -> ColumnElement[bool]:
    return and_(
        Employment.employee_id == Absence.employee_id,
        Employment.start_date <= AbsencePart.date,
        or_(Employment.end_date.is_(None), Employment.end_date >= AbsencePart.date),
        not_(Employment.by_roster),
    )


def _flexible(agreed: int | None, pattern: list[int] | None, charge: int) -> tuple[int, int] | None:
    """By the terms of today: which share of the agreed days a possible one is."""
    return (agreed, sum(minutes > 0 for minutes in pattern)) if agreed and pattern and charge else None
