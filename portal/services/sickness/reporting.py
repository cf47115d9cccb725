"""Reporting sickness, for oneself or for somebody else: it counts at once, and other time off gives way to it."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_costs import Charge
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.employee import Employee
from portal.services import absence_effects, absence_pricing, absence_requests, absences, access, audit
from portal.services.absence_wishes import Plan, Wish
from portal.services.balances import TypeFacts, type_facts
from portal.services.ledger_locks import lock
from portal.services.sickness import displacing, letters
from portal.services.sickness.displacing import Displaced


@dataclass(frozen=True)
class SickPreview:
    """What a report would do; `problem` is what would refuse it."""

    kind: TypeFacts
    #: Days of work, in the unit of the type.
    total: int
    displaced: list[Displaced]
    problem: Refusal | None


@dataclass(frozen=True)
class Reported:
    """The report, and what gave way to it."""

    absence: Absence
    displaced: list[Displaced]


def kinds(uow: UnitOfWork) -> list[TypeFacts]:
    """The types that can be reported."""
    return [one for one, sick in absence_requests.list_offered(uow) if sick]


def person_for(uow: UnitOfWork, employee_id: UUID | None = None) -> Employee:
    """Who is ill: the actor, or somebody whom they may report."""
    me = uow.actor.employee_id
    if employee_id is not None and employee_id != me:
        return access.employee_for(uow, Permission.SICKNESS_REPORT, employee_id)
    if me is None or not access.can(uow, Permission.ABSENCE_REQUEST):
        raise Refusal(Reason.NOT_PERMITTED)
    return access.one_or_refuse(uow, select(Employee).where(Employee.id == me))


def preview(uow: UnitOfWork, wish: Wish, employee_id: UUID | None = None) -> SickPreview:
    """What it would cost and which time off would give way; writes nothing."""
    person = person_for(uow, employee_id)
    plan = absence_pricing.work_out(uow, person.id, wish, reported=True)
    displaced = displacing.would_displace(uow, person.id, plan.parts)
    return SickPreview(type_facts(plan.kind), plan.cost.total, displaced, problem_of(plan))


def report(uow: UnitOfWork, absence_id: UUID, wish: Wish, employee_id: UUID | None = None) -> Reported:
    """Puts it down. The id comes with the form: sent twice, it is one report (T157)."""
    person, by = person_for(uow, employee_id), uow.actor.employee_id
    if by is None:
        raise Refusal(Reason.NOT_PERMITTED)
    lock(uow, [person.id])
    before = absence_requests.sent_before(uow, person.id, absence_id, wish)
    if before is not None:
        return Reported(before, displacing.displaced_by(uow, before.id))
    plan = absence_pricing.work_out(uow, person.id, wish, reported=True)
    refuse_problem_of(plan)
    absence = absence_requests.put_down(uow, person.id, absence_id, wish, plan, by=by)
    absence.sick = True
    uow.session.flush()
    displaced, _ = prolong(uow, absence, plan)
    absences.count(uow, absence, plan.kind, rules=plan.rules)
    audit.record(uow, audit.Action.ABSENCE_REPORTED, subject=absence)
    absence_effects.counts_now(uow, absence)
    letters.tell_of_report(uow, absence)
    return Reported(absence, displaced)


def problem_of(plan: Plan) -> Refusal | None:
    """What refuses a report. Who is ill on free days is ill all the same: that costs nothing, and is a fact."""
    problem = plan.problem
    return None if problem is not None and problem.reason is Reason.ABSENCE_COSTS_NOTHING else problem


def refuse_problem_of(plan: Plan) -> None:
    problem = problem_of(plan)
    if problem is not None:
        raise problem


def prolong(uow: UnitOfWork, absence: Absence, plan: Plan) -> tuple[list[Displaced], list[Charge]]:
    """Adds the parts of a plan to a report; days that nobody works cost nothing and count all the same."""
    displaced = displacing.give_way(uow, absence, plan.parts)
    priced = {charge.part: charge for charge in plan.cost.charges}
    charges = [priced.get(part, Charge(part, 0)) for part in plan.parts]
    absence_requests.put_parts(uow, absence, charges)
    uow.session.flush()
    return displaced, charges
