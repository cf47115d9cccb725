"""Changing a request that nobody has decided yet: other days, other parts, another note. Its type stays.

Whoever decides sees what it was before, and agrees again unless it only became shorter. What is approved already is
given back in part (absences.py), or added to by a request of its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from uuid import UUID

from sqlalchemy import delete, select

from portal.db import UnitOfWork
from portal.domain.absence_changes import only_shrinks
from portal.domain.absences import AbsenceStep
from portal.domain.periods import DayPart, Part, has_gaps
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.services import absence_letters, absence_pricing, absence_requests, absences, access, audit
from portal.services.absence_wishes import Plan, Preview, Wish
from portal.services.approvals import routes
from portal.services.staffing import checks as staffing
from portal.services.substitutes import naming


def wish_of(uow: UnitOfWork, absence_id: UUID, *, version: int | None = None) -> tuple[Absence, Wish]:
    """The actor's own waiting request as they asked for it; without a version it is only looked at."""
    if version is None:
        absence = _own_waiting(uow, absence_id)
    else:
        absence = absences.take(uow, absence_id, AbsenceStep.CHANGE, version).request
    if absence.replaces_id is not None:  # it is withdrawn, and another one asked for
        raise Refusal(Reason.NOT_PERMITTED)
    return absence, as_wish(uow, absence)


def as_wish(uow: UnitOfWork, absence: Absence) -> Wish:
    """The absence as it was asked for."""
    parts = parts_of(uow, absence.id)
    return Wish(
        absence.absence_type_id,
        absence.start_date,
        absence.end_date,
        first_part=parts[0].part,
        last_part=parts[-1].part if len(parts) > 1 else Part.FULL,
        note=absence.note or "",
        days=tuple(parts) if absence.single_days or parts[0].part is Part.FROM_TO else (),
    )


def preview(uow: UnitOfWork, absence_id: UUID, wish: Wish) -> Preview:
    """What it would cost as changed; writes nothing."""
    absence, _ = wish_of(uow, absence_id)
    wish = replace(wish, absence_type_id=absence.absence_type_id)
    tried = uow.session.begin_nested()
    try:
        plan = _work_out(uow, absence, wish)
    finally:
        tried.rollback()
    return absence_pricing.shown(plan)


def change(uow: UnitOfWork, absence_id: UUID, wish: Wish, *, version: int) -> Absence:
    """Asks for something else instead. Of a change and a decision at once one wins (T152)."""
    absence, before = wish_of(uow, absence_id, version=version)
    old = parts_of(uow, absence.id)
    wish = replace(wish, absence_type_id=absence.absence_type_id)
    if (wish.parts(), wish.note.strip()) == (old, before.note):
        return absence
    with (
        uow.session.begin_nested()
    ):  # what is refused leaves its days as they are, for the page that says why
        plan = _work_out(uow, absence, wish)
        if plan.problem is not None:
            raise plan.problem
        _ask_rules(uow, absence, plan, old, wish.note)
    absence_requests.put_parts(uow, absence, plan.cost.charges)
    absence.start_date, absence.end_date = plan.parts[0].date, plan.parts[-1].date
    absence.single_days = has_gaps(plan.parts)
    absence.charge = plan.cost.total
    absence.note = wish.note.strip() or None
    absence.changed_from = written(old)
    absence.version += 1
    uow.session.flush()
    audit.record(uow, audit.Action.ABSENCE_CHANGED, subject=absence)
    if plan.parts != old:
        naming.ask_again(uow, absence)
    _ask_again(uow, absence, plan, only_shorter=set(plan.parts) <= set(old))
    return absence


def _ask_rules(uow: UnitOfWork, absence: Absence, plan: Plan, old: list[DayPart], note: str) -> None:
    """As a new request does; what only becomes shorter breaks nothing that it did not break before."""
    if plan.rules.needs_approval and not plan.kind.at_work and not only_shrinks(old, plan.parts):
        staffing.before_asking(uow, absence.employee_id, plan.parts, note, type_id=plan.kind.id)


def _ask_again(uow: UnitOfWork, absence: Absence, plan: Plan, *, only_shorter: bool) -> None:
    """Who has agreed to more has agreed to less; anything else is asked anew, by the steps and people of today."""
    if only_shorter:
        absence_letters.tell_of_shortening(uow, absence, plan.kind, routes.whose_turn(uow, absence))
        return
    routes.forget(uow, absence)
    absence.escalated_at = None
    absence_requests.ask_for_approval(uow, absence, plan, template=absence_letters.CHANGED)


def _work_out(uow: UnitOfWork, absence: Absence, wish: Wish) -> Plan:
    """Without its own days in the way, and without what they reserve."""
    uow.session.execute(delete(AbsencePart).where(AbsencePart.absence_id == absence.id))
    return absence_pricing.work_out(uow, absence.employee_id, wish)


def _own_waiting(uow: UnitOfWork, absence_id: UUID) -> Absence:
    mine = Absence.employee_id == uow.actor.employee_id
    absence = access.one_or_refuse(uow, select(Absence).where(Absence.id == absence_id, mine, ~Absence.sick))
    absences.refuse_decided(uow, absence, AbsenceStep.CHANGE)
    return absence


def parts_of(uow: UnitOfWork, absence_id: UUID) -> list[DayPart]:
    """The days and parts that it holds, in order."""
    part = AbsencePart
    query = select(part.date, part.part, part.starts_minute, part.ends_minute)
    rows = uow.session.execute(query.where(part.absence_id == absence_id, part.live).order_by(part.during))
    return [DayPart(*row) for row in rows]


def written(parts: Iterable[DayPart]) -> str:
    rows = [[one.date.isoformat(), one.part.value, one.starts_minute, one.ends_minute] for one in parts]
    return json.dumps(rows, separators=(",", ":"))
