"""The decisions over a request for time off: approve, reject, withdraw, cancel.

Each is one atomic step that names the version it saw. Sending a request is in absence_requests.py,
lists are in absence_lists.py.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStep, may_take, next_status, refuse_own
from portal.domain.periods import DayPart, has_gaps
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.services import (
    absence_effects,
    absence_letters,
    absence_postings,
    absence_swaps,
    access,
    audit,
    closures,
    entitlements,
    type_rules,
)
from portal.services.approvals import rejections, routes, turns
from portal.services.approvals.subjects import ABSENCES
from portal.services.approvals.turns import Turn
from portal.services.staffing import checks as staffing
from portal.services.substitutes import letters as cover_letters

LONGEST_DECISION_NOTE = 1000


_GIVES_UP = {AbsenceStep.CANCEL, AbsenceStep.GIVE_BACK, AbsenceStep.REPLACE, AbsenceStep.ASK_TO_CANCEL}


def approve(
    uow: UnitOfWork, absence_id: UUID, *, version: int, note: str = "", breaches_seen: bool = False
) -> Absence:
    """Grants the request and posts what it takes, date by date, to the buckets that expire first.

    `breaches_seen` says that the actor has looked at the days that would break a rule of staffing.
    """
    turn = take(uow, absence_id, AbsenceStep.APPROVE, version)
    absence = turn.request
    kind = _kind_of(uow, absence)
    if _others_must_agree(uow, turn, kind):
        return absence
    replaced = absence_swaps.swap(uow, absence)
    facts = _against_staffing(uow, absence, kind, note=note, seen=breaches_seen)
    absence_postings.consume(uow, absence, kind, type_rules.rules_of(uow, kind, absence.start_date))
    _decide(uow, absence, AbsenceStep.APPROVE, note)
    absence.decided_for_id = turn.in_place_of
    audit.record(uow, audit.Action.ABSENCE_APPROVED, subject=absence, **_out_of_turn(turn), **facts)
    absence_effects.counts_now(uow, absence, decided=True, instead_of=replaced)
    absence_letters.tell_owner_of_decision(uow, absence, kind, approved=True)
    return absence


def accept(
    uow: UnitOfWork,
    absence: Absence,
    kind: AbsenceType,
    *,
    rules: TypeRules,
    instead_of: Absence | None = None,
    by_rule: bool = False,
) -> None:
    """A request that nobody has to approve counts at once. The caller has checked it, and holds its balance.

    `by_rule`: of a type that is approved, because its steps found nobody above the owner.
    """
    count(uow, absence, kind, rules=rules)
    facts = {"by_rule": True} if by_rule else {}
    audit.record(uow, audit.Action.ABSENCE_APPROVED, subject=absence, **facts)
    absence_effects.counts_now(uow, absence, instead_of=instead_of)
    absence_letters.tell_manager_of_absence(uow, absence, kind)


def count(uow: UnitOfWork, absence: Absence, kind: AbsenceType, *, rules: TypeRules) -> None:
    """Posts what a request takes and makes it an approved absence. The caller records it and tells people."""
    uow.session.flush()
    absence_postings.consume(uow, absence, kind, rules)
    absence.status = next_status(absence.status, AbsenceStep.APPROVE)
    absence.version += 1
    absence.decided_at = uow.clock.now()


def reject(uow: UnitOfWork, absence_id: UUID, *, version: int, note: str = "") -> Absence:
    """Declines the request; its time and its reservation are free again."""
    turn = take(uow, absence_id, AbsenceStep.REJECT, version)
    absence = turn.request
    kind = _kind_of(uow, absence)
    rejections.refuse_without_reason(kind, note)
    routes.decline(uow, turn)
    _decide(uow, absence, AbsenceStep.REJECT, note)
    absence.decided_for_id = turn.in_place_of
    _let_go(uow, absence)
    audit.record(uow, audit.Action.ABSENCE_REJECTED, subject=absence, **_out_of_turn(turn))
    cover_letters.tell_all(uow, absence, cover_letters.ENDED)
    absence_letters.tell_owner_of_decision(uow, absence, kind, approved=False)
    return absence


def withdraw(uow: UnitOfWork, absence_id: UUID, *, version: int) -> Absence:
    """The owner takes back what nobody has decided yet."""
    absence = take(uow, absence_id, AbsenceStep.WITHDRAW, version).request
    routes.close(uow, absence)
    _decide(uow, absence, AbsenceStep.WITHDRAW)
    _let_go(uow, absence)
    audit.record(uow, audit.Action.ABSENCE_WITHDRAWN, subject=absence)
    cover_letters.tell_all(uow, absence, cover_letters.ENDED)
    absence_letters.tell_manager_of_withdrawal(uow, absence, _kind_of(uow, absence))
    return absence


def cancel(uow: UnitOfWork, absence_id: UUID, *, version: int, note: str = "") -> Absence:
    """Gives up an approved absence and releases exactly what it consumed.

    Its owner may do that before it begins, an approver at any time.
    """
    turn = take(uow, absence_id, AbsenceStep.CANCEL, version)
    absence = turn.request
    absence_swaps.drop_waiting(uow, absence)
    absence_postings.give_back(uow, absence)
    _decide(uow, absence, AbsenceStep.CANCEL, note)
    absence.decided_for_id = turn.in_place_of
    _let_go(uow, absence)
    audit.record(uow, audit.Action.ABSENCE_CANCELLED, subject=absence)
    absence_effects.given_up(uow, absence)
    kind = _kind_of(uow, absence)
    if absence.employee_id == uow.actor.employee_id:
        absence_letters.tell_manager_of_withdrawal(uow, absence, kind)
    else:
        absence_letters.tell_owner_of_cancellation(uow, absence, kind)
    return absence


def give_back(uow: UnitOfWork, absence_id: UUID, days: Collection[date], *, version: int) -> Absence:
    """Gives back some days of an approved absence and releases exactly what they consumed; the rest stays.

    Nobody has to agree: it only shrinks. Owners give back days to come, an approver any. All days is cancelling.
    """
    if not days:
        raise Refusal(Reason.MISSING, field="days")
    absence = take(uow, absence_id, AbsenceStep.GIVE_BACK, version, first_day=min(days)).request
    query = select(AbsencePart).where(AbsencePart.absence_id == absence.id, AbsencePart.live)
    parts = uow.session.scalars(query.order_by(AbsencePart.date)).all()
    given_back = [part for part in parts if part.date in days]
    kept = [part for part in parts if part.date not in days]
    if {part.date for part in given_back} != set(days):
        raise Refusal(Reason.CHANGED_MEANWHILE)
    if not kept:
        return cancel(uow, absence_id, version=version)
    absence_swaps.drop_waiting(uow, absence)
    absence_postings.give_back(uow, absence, days)
    for part in given_back:
        part.live = False
    absence.start_date, absence.end_date = kept[0].date, kept[-1].date
    absence.single_days = has_gaps([DayPart(part.date) for part in kept])
    absence.charge = sum(part.charge for part in kept)
    absence.version += 1
    facts = sorted(day.isoformat() for day in days)
    audit.record(uow, audit.Action.ABSENCE_DAYS_GIVEN_BACK, subject=absence, given_back=facts)
    absence_effects.given_up(uow, absence)
    absence_letters.tell_of_days_given_back(uow, absence, _kind_of(uow, absence), sorted(days))
    return absence


def _others_must_agree(uow: UnitOfWork, turn: Turn[Absence], kind: AbsenceType) -> bool:
    """Notes the actor's word in the route of the request, and asks those whose turn it is now."""
    passed = routes.agree(uow, turn)
    if passed is None:
        return False
    step, next_people = passed
    turn.request.version += 1
    facts = {"step": step, "in_place_of": turn.in_place_of and str(turn.in_place_of), **_out_of_turn(turn)}
    audit.record(uow, audit.Action.ABSENCE_STEP_APPROVED, subject=turn.request, **facts)
    absence_letters.ask_to_decide(uow, turn.request, kind, next_people)
    return True


def _against_staffing(
    uow: UnitOfWork, absence: Absence, kind: AbsenceType, *, note: str, seen: bool
) -> dict[str, Any]:
    """The last word before it counts: the rules of staffing, held until the transaction ends."""
    if kind.at_work:
        return {}
    query = select(AbsencePart).where(AbsencePart.absence_id == absence.id, AbsencePart.live)
    parts = [
        DayPart(row.date, row.part, row.starts_minute, row.ends_minute) for row in uow.session.scalars(query)
    ]
    return staffing.before_counting(
        uow, absence.employee_id, parts, type_id=absence.absence_type_id, note=note, accepted=seen
    )


def _out_of_turn(turn: Turn[Absence]) -> dict[str, bool]:
    return {"out_of_turn": True} if turn.out_of_turn else {}


def take(
    uow: UnitOfWork,
    absence_id: UUID,
    step: AbsenceStep,
    version: int | None,
    *,
    first_day: date | None = None,
) -> Turn[Absence]:
    """The absence, locked, if the actor may take the step and nobody was faster (T151, T152, T158).

    A step that is about a part of it names the first day of that part. Without a version it is only looked at.
    """
    turn = turns.find(uow, ABSENCES, absence_id)
    if turn.request.sick:  # it has steps of its own, in services/sickness
        raise Refusal(Reason.NOT_PERMITTED)
    if step in (AbsenceStep.APPROVE, AbsenceStep.REJECT):
        refuse_own(uow.actor.employee_id, turn.request.employee_id)
    if step in _GIVES_UP:
        closures.refuse_giving_up(uow, turn.request)
    entitlements.lock(uow, [turn.request.employee_id])
    current = _as_seen(uow, turn.request, step, version)
    allowed = may_take(
        step,
        actor_id=uow.actor.employee_id,
        owner_id=current.employee_id,
        may_approve=turn.may_decide,
        start_date=first_day or current.start_date,
        today=uow.today(),
        cancel_by_approval=current.cancel_by_approval,
    )
    if not allowed and current.cancel_by_approval and step in (AbsenceStep.CANCEL, AbsenceStep.GIVE_BACK):
        raise Refusal(Reason.CANCEL_NEEDS_APPROVAL)
    if not allowed:
        raise Refusal(Reason.NOT_PERMITTED)
    return turn


def refuse_decided(uow: UnitOfWork, absence: Absence, step: AbsenceStep) -> None:
    """Refused with the name of who was faster, when the step is not open any more."""
    try:
        next_status(absence.status, step)
    except Refusal as refusal:
        refusal.details["decided_by"] = routes.last_decider(uow, absence)
        raise


def _as_seen(uow: UnitOfWork, absence: Absence, step: AbsenceStep, version: int | None) -> Absence:
    """One winner: the row is read again under a lock, with the status and version of the form as conditions.

    Like UPDATE ... WHERE status = ... AND version = ..., but the change stays visible to the audit log.
    """
    query = (
        select(Absence)
        .where(Absence.id == absence.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    )
    current = uow.session.scalars(query).one()
    refuse_decided(uow, current, step)
    if version is not None and current.version != version:
        raise Refusal(Reason.CHANGED_MEANWHILE, decided_by=routes.last_decider(uow, current))
    return current


def _decide(uow: UnitOfWork, absence: Absence, step: AbsenceStep, note: str = "") -> None:
    if len(note) > LONGEST_DECISION_NOTE:
        raise Refusal(Reason.TOO_LONG, field="note", limit=LONGEST_DECISION_NOTE)
    absence.status = next_status(absence.status, step)
    absence.version += 1
    absence.decided_by_id = uow.actor.employee_id
    absence.decided_at = uow.clock.now()
    absence.decision_note = note.strip() or None


def _let_go(uow: UnitOfWork, absence: Absence) -> None:
    """The time of a closed absence may be asked for again."""
    for part in uow.session.scalars(select(AbsencePart).where(AbsencePart.absence_id == absence.id)):
        part.live = False


def _kind_of(uow: UnitOfWork, absence: Absence) -> AbsenceType:
    query = select(AbsenceType).where(AbsenceType.id == absence.absence_type_id)
    return access.one_or_refuse(uow, query)
