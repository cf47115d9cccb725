"""Hours worked longer become time off: proposed by the person and decided, or put down for them by who may decide.

Who has to agree is found as for time off, by services/approvals. Booking adds a row to the ledger, reversing it adds
another. Lists are in overtime_lists.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, select

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod
from portal.domain.absences import refuse_own
from portal.domain.approvals import MOST_DAYS, RequestFacts
from portal.domain.ledger import Entry
from portal.domain.overtime import (
    OvertimeRules,
    OvertimeStatus,
    OvertimeStep,
    check_minutes,
    credit,
    next_status,
    reversed_credit,
)
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import terms_on
from portal.models.absence_type import AbsenceType
from portal.models.ledger_entry import LedgerEntry
from portal.models.overtime_credit import OvertimeCredit
from portal.services import access, audit, balances, overtime_letters
from portal.services.approvals import amounts, rejections, routes, turns
from portal.services.approvals.deputising import Principal
from portal.services.approvals.subjects import OVERTIME as CLAIMS
from portal.services.approvals.turns import Turn
from portal.services.ledger_locks import lock
from portal.services.ledger_rows import row_from
from portal.services.ledger_rules import OVERTIME, OVERTIME_REVERSED, other_rule
from portal.services.working_time import terms_of

LONGEST_NOTE = 500


@dataclass(frozen=True)
class Worked:
    """Hours of a day, and what they were for."""

    absence_type_id: UUID
    worked_on: date
    minutes: int
    note: str = ""


def propose(uow: UnitOfWork, credit_id: UUID, worked: Worked) -> OvertimeCredit:
    """By the person themselves; somebody else decides. The same id again changes nothing (T157)."""
    me = uow.actor.employee_id
    if me is None or not access.can(uow, Permission.ABSENCE_REQUEST):
        raise Refusal(Reason.NOT_PERMITTED)
    lock(uow, [me])
    before = _sent_before(uow, credit_id, me, worked)
    if before is not None:
        return before
    row, kind = _put_down(uow, credit_id, me, worked, by=me)
    audit.record(uow, audit.Action.OVERTIME_PROPOSED, subject=row)
    ask(uow, row, kind)
    return row


def book_for(uow: UnitOfWork, credit_id: UUID, employee_id: UUID, worked: Worked) -> OvertimeCredit:
    """Put down for somebody by whoever could decide about it: it counts at once."""
    person = access.employee_for(uow, Permission.ABSENCE_APPROVE, employee_id)
    refuse_own(uow.actor.employee_id, person.id)
    if uow.actor.employee_id is None:
        raise Refusal(Reason.NOT_PERMITTED)
    lock(uow, [person.id])
    before = _sent_before(uow, credit_id, person.id, worked)
    if before is not None:
        return before
    row, kind = _put_down(uow, credit_id, person.id, worked, by=uow.actor.employee_id)
    _post(uow, row, kind)
    decide(uow, row, OvertimeStep.BOOK)
    audit.record(uow, audit.Action.OVERTIME_BOOKED, subject=row)
    overtime_letters.tell_owner(uow, row, kind)
    return row


def approve(uow: UnitOfWork, credit_id: UUID, *, version: int, note: str = "") -> OvertimeCredit:
    """The hours become time off, once all have agreed who have to."""
    turn = _take(uow, credit_id, OvertimeStep.BOOK, version)
    row, kind = turn.request, _kind_of(uow, turn.request.absence_type_id)
    if _others_must_agree(uow, turn, kind):
        return row
    _post(uow, row, kind)
    decide(uow, row, OvertimeStep.BOOK, note)
    row.decided_for_id = turn.in_place_of
    audit.record(uow, audit.Action.OVERTIME_BOOKED, subject=row, **_by(turn))
    overtime_letters.tell_owner(uow, row, kind)
    return row


def decline(uow: UnitOfWork, credit_id: UUID, *, version: int, note: str = "") -> OvertimeCredit:
    """One who says no ends it, whatever others have said before."""
    turn = _take(uow, credit_id, OvertimeStep.DECLINE, version)
    row, kind = turn.request, _kind_of(uow, turn.request.absence_type_id)
    rejections.refuse_without_reason(kind, note)
    routes.decline(uow, turn)
    decide(uow, row, OvertimeStep.DECLINE, note)
    row.decided_for_id = turn.in_place_of
    audit.record(uow, audit.Action.OVERTIME_DECLINED, subject=row, **_by(turn))
    overtime_letters.tell_owner(uow, row, kind)
    return row


def drop(uow: UnitOfWork, credit_id: UUID, *, version: int) -> OvertimeCredit:
    """The person takes back what nobody has decided yet."""
    row = _take(uow, credit_id, OvertimeStep.DROP, version).request
    routes.close(uow, row)
    decide(uow, row, OvertimeStep.DROP)
    audit.record(uow, audit.Action.OVERTIME_DROPPED, subject=row)
    return row


def reverse(uow: UnitOfWork, credit_id: UUID, *, version: int, note: str = "") -> OvertimeCredit:
    """What was booked by mistake is taken out again, unless it was used meanwhile."""
    turn = _take(uow, credit_id, OvertimeStep.REVERSE, version)
    row = turn.request
    given = uow.session.scalars(
        select(LedgerEntry).where(LedgerEntry.overtime_credit_id == row.id, LedgerEntry.amount > 0)
    ).one()
    entries = balances.entries_of(uow, row.employee_id, row.absence_type_id)
    waiting = sum(amount for _, amount in balances.reserved(uow, row.employee_id, row.absence_type_id))
    entry = reversed_credit(balances.entry_from(given), entries, waiting)
    rule = other_rule(OVERTIME_REVERSED, day=row.worked_on.isoformat())
    _add(uow, row, entry, rule, note.strip())
    decide(uow, row, OvertimeStep.REVERSE, note)
    row.decided_for_id = turn.in_place_of
    audit.record(uow, audit.Action.OVERTIME_REVERSED, subject=row, **_by(turn))
    overtime_letters.tell_owner(uow, row, _kind_of(uow, row.absence_type_id))
    return row


def decides(uow: UnitOfWork, acting_for: Sequence[Principal]) -> ColumnElement[bool]:
    """The condition that it is the actor's turn, as themselves or for somebody; never about their own hours."""
    return and_(turns.decides(uow, acting_for, CLAIMS), OvertimeCredit.employee_id != uow.actor.employee_id)


def out_of_turn(uow: UnitOfWork) -> ColumnElement[bool]:
    """The condition that it is somebody else's turn, and the actor may decide all the same."""
    return and_(turns.out_of_turn(uow, CLAIMS), OvertimeCredit.employee_id != uow.actor.employee_id)


def ask(uow: UnitOfWork, row: OvertimeCredit, kind: AbsenceType) -> None:
    """By the steps that the company lays down for overtime on this type, else the line manager."""
    uow.session.flush()
    amount = amounts.in_days(row.worked_minutes, CountingMethod.HOURS)
    # They are worked already: how far ahead somebody asks means nothing here.
    asked = routes.start(uow, row, RequestFacts(amount=amount, notice_days=MOST_DAYS))
    overtime_letters.ask_to_decide(uow, row, kind, asked or ())


def _others_must_agree(uow: UnitOfWork, turn: Turn[OvertimeCredit], kind: AbsenceType) -> bool:
    """Notes the actor's word in the route of the hours, and asks those whose turn it is now."""
    passed = routes.agree(uow, turn)
    if passed is None:
        return False
    step, next_people = passed
    turn.request.version += 1
    audit.record(uow, audit.Action.OVERTIME_STEP_APPROVED, subject=turn.request, step=step, **_by(turn))
    if next_people:
        overtime_letters.ask_to_decide(uow, turn.request, kind, next_people)
    return True


def _by(turn: Turn[OvertimeCredit]) -> dict[str, Any]:
    """In whose place it was decided, or that it was out of turn."""
    facts: dict[str, Any] = {"in_place_of": str(turn.in_place_of) if turn.in_place_of else None}
    return {**facts, "out_of_turn": True} if turn.out_of_turn else facts


def _take(uow: UnitOfWork, credit_id: UUID, step: OvertimeStep, version: int) -> Turn[OvertimeCredit]:
    """The row, locked, if the actor may take the step and nobody was faster (T151, T152)."""
    me = uow.actor.employee_id
    if me is None or uow.actor.support is not None:  # the operator's staff are not let in to see hours
        raise Refusal(Reason.NOT_FOUND)
    turn = turns.find(uow, CLAIMS, credit_id)
    own = turn.request.employee_id == me
    takes_back = own and turn.request.roster_month is None  # what the roster says is nobody's to take back
    if not (takes_back if step is OvertimeStep.DROP else turn.may_decide and not own):
        raise Refusal(Reason.NOT_FOUND)
    lock(uow, [turn.request.employee_id])
    current = uow.session.scalars(
        select(OvertimeCredit)
        .where(OvertimeCredit.id == turn.request.id)
        .with_for_update(key_share=True)
        .execution_options(populate_existing=True)
    ).one()
    try:
        next_status(current.status, step)
    except Refusal as refusal:
        refusal.details["decided_by"] = routes.last_decider(uow, current)
        raise
    if current.version != version:
        raise Refusal(Reason.CHANGED_MEANWHILE, decided_by=routes.last_decider(uow, current))
    return turn


def decide(uow: UnitOfWork, row: OvertimeCredit, step: OvertimeStep, note: str = "") -> None:
    if len(note) > LONGEST_NOTE:
        raise Refusal(Reason.TOO_LONG, field="note", limit=LONGEST_NOTE)
    row.status = next_status(row.status, step)
    row.version += 1
    row.decided_by_id, row.decided_at = uow.actor.employee_id, uow.clock.now()
    row.decision_note = note.strip() or None


def _sent_before(uow: UnitOfWork, credit_id: UUID, owner_id: UUID, worked: Worked) -> OvertimeCredit | None:
    row = uow.session.scalars(select(OvertimeCredit).where(OvertimeCredit.id == credit_id)).one_or_none()
    if row is None:
        return None
    if row.employee_id != owner_id:
        raise Refusal(Reason.NOT_FOUND)
    said = Worked(row.absence_type_id, row.worked_on, row.worked_minutes, row.note or "")
    if said != replace(worked, note=worked.note.strip()):
        raise Refusal(Reason.CHANGED_MEANWHILE)
    return row


def _put_down(
    uow: UnitOfWork, credit_id: UUID, owner_id: UUID, worked: Worked, *, by: UUID
) -> tuple[OvertimeCredit, AbsenceType]:
    """Checked as if it were booked now: nobody proposes what cannot be booked."""
    if len(worked.note) > LONGEST_NOTE:
        raise Refusal(Reason.TOO_LONG, field="note", limit=LONGEST_NOTE)
    kind = _kind_of(uow, worked.absence_type_id)
    if terms_on(terms_of(uow, [owner_id])[owner_id], worked.worked_on) is None:
        raise Refusal(Reason.NO_EMPLOYMENT, field="worked_on", date=worked.worked_on)
    same_day = select(func.coalesce(func.sum(OvertimeCredit.worked_minutes), 0)).where(
        OvertimeCredit.employee_id == owner_id,
        OvertimeCredit.worked_on == worked.worked_on,
        OvertimeCredit.roster_month.is_(None),  # these are of a whole month
        OvertimeCredit.status.in_([OvertimeStatus.PROPOSED, OvertimeStatus.BOOKED]),
    )
    check_minutes(worked.minutes, others=uow.session.scalars(same_day).one())
    _credit(uow, owner_id, kind, worked.worked_on, worked.minutes)
    row = OvertimeCredit(
        id=credit_id,
        employee_id=owner_id,
        absence_type_id=kind.id,
        worked_on=worked.worked_on,
        worked_minutes=worked.minutes,
        status=OvertimeStatus.PROPOSED,
        note=worked.note.strip() or None,
        proposed_by_id=by,
        proposed_at=uow.clock.now(),
        version=1,
    )
    uow.session.add(row)
    uow.session.flush()  # the row of the ledger refers to it
    return row, kind


def _credit(uow: UnitOfWork, owner_id: UUID, kind: AbsenceType, worked_on: date, minutes: int) -> Entry:
    rules = OvertimeRules.of(kind.overtime_months, kind.overtime_cap)
    retired = kind.retired_on is not None and kind.retired_on <= uow.today()
    if rules is None or retired:
        raise Refusal(Reason.OVERTIME_NOT_TAKEN, field="absence_type_id")
    entries = balances.entries_of(uow, owner_id, kind.id)
    return credit(worked_on, minutes, rules, entries, uow.today())


def _post(uow: UnitOfWork, row: OvertimeCredit, kind: AbsenceType) -> None:
    entry = _credit(uow, row.employee_id, kind, row.worked_on, row.worked_minutes)
    rule = other_rule(
        OVERTIME,
        day=row.worked_on.isoformat(),
        minutes=row.worked_minutes,
        months=kind.overtime_months,
        cap=kind.overtime_cap,
        **_sum_of_roster(row),
    )
    _add(uow, row, entry, rule, row.note or "")


def _sum_of_roster(row: OvertimeCredit) -> dict[str, str | int | None]:
    """What the ledger says of hours that the roster planned beyond the contract."""
    if row.roster_month is None:
        return {}
    return {
        "month": row.roster_month.isoformat(),
        "planned": row.planned_minutes,
        "contract": row.contract_minutes,
    }


def _add(uow: UnitOfWork, row: OvertimeCredit, entry: Entry, rule: str, reason: str) -> None:
    uow.session.add(
        row_from(
            uow,
            row.employee_id,
            row.absence_type_id,
            entry,
            rule=rule,
            reason=reason,
            overtime_credit_id=row.id,
        )
    )


def _kind_of(uow: UnitOfWork, type_id: UUID) -> AbsenceType:
    return access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == type_id))
