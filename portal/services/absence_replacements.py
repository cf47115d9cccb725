"""Asking for something else instead of an approved absence: one request that replaces it when it is approved.

Until then the old one counts and holds its days; whoever decides sees both and what the difference costs. The moment
of the exchange is in absence_swaps.py, changing what nobody has decided yet in absence_changes.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_changes import added_days, changed_days, only_shrinks, reservations
from portal.domain.absence_costs import Charge
from portal.domain.absences import AbsenceStep
from portal.domain.periods import DayPart, overlap
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence
from portal.services import (
    absence_changes,
    absence_letters,
    absence_pricing,
    absence_requests,
    absence_swaps,
    absences,
    access,
    audit,
    closures,
)
from portal.services.absence_wishes import Plan, Preview, Wish
from portal.services.staffing import checks as staffing


@dataclass(frozen=True)
class Comparison:
    """The new dates worked out, beside what the old ones cost."""

    preview: Preview
    charge_before: int

    @property
    def difference(self) -> int:
        """What it costs more; below zero: less."""
        return self.preview.total - self.charge_before


def wish_of(uow: UnitOfWork, absence_id: UUID) -> tuple[Absence, Wish]:
    """The actor's own approved absence as a wish, to look at."""
    mine = Absence.employee_id == uow.actor.employee_id
    absence = access.one_or_refuse(uow, select(Absence).where(Absence.id == absence_id, mine, ~Absence.sick))
    absences.refuse_decided(uow, absence, AbsenceStep.REPLACE)
    closures.refuse_giving_up(uow, absence)
    return absence, replace(absence_changes.as_wish(uow, absence), note="")


def preview(uow: UnitOfWork, absence_id: UUID, wish: Wish) -> Comparison:
    """What it would cost instead; writes nothing."""
    old, _ = wish_of(uow, absence_id)
    wish = replace(wish, absence_type_id=old.absence_type_id)
    plan = _work_out(uow, old, absence_changes.parts_of(uow, old.id), wish)
    return Comparison(absence_pricing.shown(plan), old.charge)


def ask(uow: UnitOfWork, new_id: UUID, absence_id: UUID, wish: Wish, *, version: int) -> Absence:
    """The same `new_id` again changes nothing (T157); of two that see the same version one wins (T152).

    What only becomes shorter was agreed to already, and what nobody approves counts at once.
    """
    mine = Absence.employee_id == uow.actor.employee_id
    old = access.one_or_refuse(uow, select(Absence).where(Absence.id == absence_id, mine))
    wish = replace(wish, absence_type_id=old.absence_type_id)
    sent = absence_requests.sent_before(uow, old.employee_id, new_id, wish)
    if sent is not None:
        return sent
    old = absences.take(uow, absence_id, AbsenceStep.REPLACE, version).request
    if absence_swaps.find_waiting(uow, old.id) is not None:
        raise Refusal(Reason.CHANGE_WAITS)
    before = absence_changes.parts_of(uow, old.id)
    plan = _work_out(uow, old, before, wish)
    if plan.problem is not None:
        raise plan.problem
    agreed = _is_agreed(old, before, plan)
    if not agreed and not plan.kind.at_work:
        staffing.before_asking(uow, old.employee_id, plan.parts, wish.note, type_id=plan.kind.id)
    absence = _put_down(uow, new_id, old, before, wish, plan)
    audit.record(uow, audit.Action.ABSENCE_CHANGE_ASKED, subject=absence)
    if agreed:
        replaced = absence_swaps.swap(uow, absence)
        absences.accept(uow, absence, plan.kind, rules=plan.rules, instead_of=replaced)
    else:
        absence_requests.ask_for_approval(uow, absence, plan, template=absence_letters.REPLACING)
    return absence


def _work_out(uow: UnitOfWork, old: Absence, before: Sequence[DayPart], wish: Wish) -> Plan:
    """As if the old one had been given up. Days that are over stay as they are, and notice counts for what is added."""
    plan = absence_pricing.work_out(uow, old.employee_id, wish, in_time=False, instead_of=old.id)
    moved = changed_days(before, plan.parts)
    if not moved:
        raise Refusal(Reason.ALREADY_SO, field="start_date")
    if moved[0] <= uow.today():
        return replace(plan, problem=Refusal(Reason.CHANGE_OF_PAST_DAYS, field="start_date"))
    added = added_days(before, plan.parts)
    earliest = uow.today() + timedelta(days=plan.rules.notice_days)
    if plan.problem is None and plan.rules.notice_days and added and added[0] < earliest:
        too_late = Refusal(Reason.NOTICE_TOO_SHORT, field="start_date", earliest=earliest)
        return replace(plan, problem=too_late)
    return plan


def _is_agreed(old: Absence, before: Sequence[DayPart], plan: Plan) -> bool:
    """Nobody has to be asked, unless days are given up that its owner cannot cancel alone."""
    if old.cancel_by_approval and added_days(plan.parts, before):
        return False
    return only_shrinks(before, plan.parts) or not plan.rules.needs_approval


def _put_down(
    uow: UnitOfWork, new_id: UUID, old: Absence, before: Sequence[DayPart], wish: Wish, plan: Plan
) -> Absence:
    """A request whose days are held where the old one does not hold them, and which reserves only the difference."""
    absence = absence_requests.put_down(uow, old.employee_id, new_id, wish, plan, by=old.employee_id)
    absence.replaces_id = old.id
    absence.changed_from = absence_changes.written(before)
    uow.session.flush()
    held = reservations([one.amount for one in plan.cost.charges], old.charge)
    for charge, reserved in zip(plan.cost.charges, held, strict=True):
        row = absence_requests.part_row(absence, charge)
        row.live, row.reserves = not _covered(charge, before), reserved
        uow.session.add(row)
    uow.session.flush()
    return absence


def _covered(charge: Charge, before: Iterable[DayPart]) -> bool:
    return any(one.date == charge.part.date and overlap(one, charge.part) for one in before)
