"""Absences that somebody enters for somebody else: they count at once, on record, and the person is told.

The rules of the type hold as for the person themselves, but for the notice: who enters it may come late with it.
Asking for oneself is in absence_requests.py.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.absences import refuse_own
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.models.employee import Employee
from portal.services import (
    absence_effects,
    absence_letters,
    absence_pricing,
    absence_requests,
    absences,
    access,
    audit,
    entitlements,
)
from portal.services.absence_wishes import Preview, Wish
from portal.services.staffing import checks as staffing


def person_for(uow: UnitOfWork, employee_id: UUID) -> Employee:
    """Somebody within reach who is not the actor."""
    person = access.employee_for(uow, Permission.ABSENCE_ENTER, employee_id)
    refuse_own(uow.actor.employee_id, person.id)
    return person


def preview(uow: UnitOfWork, employee_id: UUID, wish: Wish) -> Preview:
    """What it would cost the person; writes nothing."""
    person = person_for(uow, employee_id)
    plan = absence_pricing.work_out(uow, person.id, wish, in_time=False)
    return absence_pricing.shown(plan)


def enter(
    uow: UnitOfWork, absence_id: UUID, employee_id: UUID, wish: Wish, *, breaches_seen: bool = False
) -> Absence:
    """Puts it down as approved. The same `absence_id` again changes nothing (T157)."""
    person = person_for(uow, employee_id)
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    entitlements.lock(uow, [person.id])
    before = absence_requests.sent_before(uow, person.id, absence_id, wish)
    if before is not None:
        return before
    plan = absence_pricing.work_out(uow, person.id, wish, in_time=False)
    if plan.problem is not None:
        raise plan.problem
    facts: dict[str, Any] = {}
    if plan.rules.needs_approval and not plan.kind.at_work:
        facts = staffing.before_counting(
            uow, person.id, plan.parts, type_id=plan.kind.id, note=wish.note, accepted=breaches_seen
        )
    by = uow.actor.employee_id
    absence = absence_requests.write_down(uow, person.id, absence_id, wish, plan, by=by)
    absences.count(uow, absence, plan.kind, rules=plan.rules)
    absence.decided_by_id = by
    audit.record(uow, audit.Action.ABSENCE_ENTERED, subject=absence, **facts)
    absence_effects.counts_now(uow, absence)
    absence_letters.tell_of_entry(uow, absence, plan.kind)
    return absence
