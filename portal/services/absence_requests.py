"""Asking for time off: sending a wish, once, and asking those who decide.

What a wish costs is in absence_pricing.py, the decision over a request in absences.py. Whoever sends is always the
person themselves.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, Select, literal, or_, select
from sqlalchemy.dialects.postgresql import Range

from portal.db import UnitOfWork
from portal.domain.absence_costs import Charge
from portal.domain.absence_types import Unit
from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import RequestFacts
from portal.domain.periods import DayPart, has_gaps
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.substitutes import SubstituteRule
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.services import (
    absence_letters,
    absence_pricing,
    absences,
    access,
    audit,
    entitlements,
    type_rules,
)
from portal.services.absence_letters import VACATION
from portal.services.absence_wishes import OpenDate, Plan, Preview, Wish
from portal.services.approvals import amounts, routes
from portal.services.balances import TypeFacts, type_facts
from portal.services.planned_absences import settling
from portal.services.staffing import checks as staffing
from portal.services.substitutes import naming, reading


@dataclass(frozen=True)
class FormNeeds:
    """Which optional parts the form of a request has."""

    #: Hours of a day.
    hours: bool
    #: Who covers.
    substitutes: bool


def list_offered(uow: UnitOfWork) -> list[tuple[TypeFacts, bool]]:
    """The types that are offered today, and whether each is sickness, which is reported and not asked for."""
    return [(type_facts(row), sick) for row, sick in uow.session.execute(_offered(uow))]


def _offered(uow: UnitOfWork) -> Select[AbsenceType, bool]:
    query = select(AbsenceType, type_rules.is_sickness(uow.today())).where(
        AbsenceType.offered_on(uow.today())
    )
    return query.order_by(AbsenceType.key != VACATION, AbsenceType.name)


def list_types(uow: UnitOfWork) -> list[TypeFacts]:
    return [one for one, _ in list_offered(uow)]


def list_requestable(uow: UnitOfWork) -> list[TypeFacts]:
    return [one for one, sick in list_offered(uow) if not sick]


def form_offer(uow: UnitOfWork) -> tuple[list[TypeFacts], FormNeeds]:
    """The types to ask for, and what a form has to ask by all types of the company, now and later; one statement."""
    rows = uow.session.execute(_offered(uow).add_columns(*_needs())).all()
    needs = FormNeeds(*rows[0][2:]) if rows else FormNeeds(hours=False, substitutes=False)
    return [type_facts(row[0]) for row in rows if not row[1]], needs


def takes_hours(uow: UnitOfWork) -> bool:
    """Whether the company has a type of which hours can be asked for."""
    hours, _covers = _needs()
    return bool(uow.session.scalar(select(hours)))


def _needs() -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    first, later = AbsenceType, AbsenceTypeVersion
    hours = or_(_any(first.unit == Unit.HOUR), _any(later.unit == Unit.HOUR))
    off = SubstituteRule.OFF
    covers = or_(_any(first.substitutes != off), _any(later.substitutes != off))
    return hours, covers


def _any(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    # Of a table of its own: beside a list of types it would ask each of them about itself.
    return select(literal(1)).where(condition).correlate(None).exists()


def dates_between(uow: UnitOfWork, first: date, last: date) -> list[OpenDate]:
    """The actor's own days of a stretch: which are worked, and why others are not."""
    return absence_pricing.dates_between(uow, _who_asks(uow), first, last)


def preview(uow: UnitOfWork, wish: Wish) -> Preview:
    """What the wish would cost the actor, without writing anything. A wish that makes no sense is refused."""
    me = _who_asks(uow)
    plan = absence_pricing.work_out(uow, me, wish)
    away = reading.read_named_away(plan.facts.named_away, plan.parts)
    return replace(absence_pricing.shown(plan), cover_away=away)


def request(uow: UnitOfWork, absence_id: UUID, wish: Wish) -> Absence:
    """Sends the wish. The id comes with the form, so that sending it twice makes one request (T157).

    The person's balance is locked from here to the commit: of two requests that together exceed it, the
    second one waits and is then refused (T153).
    """
    me = _who_asks(uow)
    entitlements.lock(uow, [me])
    sent = sent_before(uow, me, absence_id, wish)
    if sent is not None:
        return sent
    plan = absence_pricing.work_out(uow, me, wish)
    if plan.problem is not None:
        raise plan.problem
    if plan.rules.needs_approval and not plan.kind.at_work:
        staffing.before_asking(uow, me, plan.parts, wish.note, type_id=plan.kind.id)
    covering = naming.find_named(uow, me, plan.rules, wish.substitutes, wish.cover_note)
    absence = write_down(uow, me, absence_id, wish, plan, by=me)
    audit.record(uow, audit.Action.ABSENCE_REQUESTED, subject=absence)
    settling.settle(uow, absence, plan.parts)
    if plan.rules.needs_approval:
        ask_for_approval(uow, absence, plan)
    else:
        absences.accept(uow, absence, plan.kind, rules=plan.rules)
    naming.put_down(uow, absence, covering, wish.cover_note)
    return absence


def ask_for_approval(
    uow: UnitOfWork, absence: Absence, plan: Plan, *, template: str = absence_letters.REQUESTED
) -> None:
    """By the steps that the company lays down for the type, else the line manager; they get their letters."""
    asked = start(uow, absence, plan)
    if asked:
        absence_letters.ask_to_decide(uow, absence, plan.kind, asked, template=template)
    elif absence.status is AbsenceStatus.REQUESTED:
        absence_letters.tell_manager_of_request(uow, absence, plan.kind, template=template)


def start(uow: UnitOfWork, absence: Absence, plan: Plan) -> Collection[UUID]:
    """Whose turn it is first; nobody's without steps.

    Where the steps say that nobody above the owner means yes, it counts at once; nobody decides their own all the same.
    """
    uow.session.flush()
    facts = RequestFacts(
        amount=amounts.in_days(absence.charge, plan.kind.counting),
        notice_days=(absence.start_date - uow.today()).days,
        below_zero=any(year.after < 0 for year in plan.years),
    )

    def breaks_staffing() -> bool:
        found = (
            () if plan.kind.at_work else staffing.caused(uow, absence.employee_id, plan.parts, plan.kind.id)
        )
        return bool(found)

    asked = routes.start(uow, absence, facts, breaks_staffing=breaks_staffing)
    if asked is None and absence.replaces_id is None:
        absences.accept(uow, absence, plan.kind, rules=plan.rules, by_rule=True)
    return asked or ()


def _who_asks(uow: UnitOfWork) -> UUID:
    if uow.actor.employee_id is None or not access.can(uow, Permission.ABSENCE_REQUEST):
        raise Refusal(Reason.NOT_PERMITTED)
    return uow.actor.employee_id


def sent_before(uow: UnitOfWork, me: UUID, absence_id: UUID, wish: Wish) -> Absence | None:
    """The request that this form made already; a form that says something else by now is not sent again."""
    absence = uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one_or_none()
    if absence is None:
        return None
    if absence.employee_id != me:
        raise Refusal(Reason.NOT_FOUND)
    query = select(AbsencePart.date, AbsencePart.part, AbsencePart.starts_minute, AbsencePart.ends_minute)
    written = {
        DayPart(*row) for row in uow.session.execute(query.where(AbsencePart.absence_id == absence.id))
    }
    asked = wish.absence_type_id, wish.note.strip() or None, set(wish.parts())
    if asked != (absence.absence_type_id, absence.note, written):
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return absence


def write_down(uow: UnitOfWork, me: UUID, absence_id: UUID, wish: Wish, plan: Plan, *, by: UUID) -> Absence:
    absence = put_down(uow, me, absence_id, wish, plan, by=by)
    put_parts(uow, absence, plan.cost.charges)
    return absence


def put_down(uow: UnitOfWork, me: UUID, absence_id: UUID, wish: Wish, plan: Plan, *, by: UUID) -> Absence:
    """The absence without its parts, which refer to it."""
    absence = Absence(
        id=absence_id,
        employee_id=me,
        absence_type_id=plan.kind.id,
        status=AbsenceStatus.REQUESTED,
        start_date=wish.start_date,
        end_date=wish.end_date,
        single_days=has_gaps(plan.parts),
        charge=plan.cost.total,
        note=wish.note.strip() or None,
        requested_by_id=by,
        requested_at=uow.clock.now(),
        cancel_by_approval=plan.rules.cancel_needs_approval,
        version=1,
    )
    uow.session.add(absence)
    uow.session.flush()
    return absence


def put_parts(uow: UnitOfWork, absence: Absence, charges: Iterable[Charge]) -> None:
    uow.session.add_all(part_row(absence, charge) for charge in charges)


def part_row(absence: Absence, charge: Charge) -> AbsencePart:
    starts_at, ends_at = charge.part.local_interval
    return AbsencePart(
        absence_id=absence.id,
        employee_id=absence.employee_id,
        date=charge.part.date,
        part=charge.part.part,
        starts_minute=charge.part.starts_minute,
        ends_minute=charge.part.ends_minute,
        during=Range(starts_at, ends_at, bounds="[)"),
        charge=charge.amount,
        live=True,
    )
