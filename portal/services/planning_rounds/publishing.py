"""Publishes a round in one transaction, and undoes it as one.

Granted wishes become absences that count at once: the employer determines the leave, and who did so and when stays on
each. Or they become requests, as the round says. What has a problem stays a plan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID, uuid4

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absences import AbsenceStatus
from portal.domain.group_entries import GroupKind
from portal.domain.periods import Part
from portal.domain.planned_absences import PlannedStatus
from portal.domain.planning_rounds import Outcome, RoundStatus
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee
from portal.models.group_entry import GroupEntry
from portal.models.planned_absence import PlannedAbsence
from portal.models.planning_round import PlanningChoice, PlanningRound
from portal.models.staffing import StaffingRule
from portal.services import absence_pricing, absence_requests, audit, type_rules
from portal.services.absence_wishes import Wish
from portal.services.approvals import routes
from portal.services.balances import type_facts
from portal.services.group_entries import doing
from portal.services.group_entries.planning import GroupPlan
from portal.services.ledger_locks import lock
from portal.services.planning_rounds import letters, rounds
from portal.services.planning_rounds import sheet as sheets
from portal.services.planning_rounds.pricing import Priced, PricedWish, price
from portal.services.planning_rounds.sheet import Sheet


def publish(uow: UnitOfWork, round_id: UUID, *, seen: str) -> PlanningRound:
    """Refused when it would do something else than was looked at; then nothing is written."""
    row = rounds.take(uow, round_id)
    lock(uow, list(uow.session.scalars(select(PlannedAbsence.employee_id).where(rounds.of_round(row)))))
    rules = select(StaffingRule.id).order_by(StaffingRule.id).with_for_update(key_share=True)
    uow.session.execute(rules)
    sheet = sheets.read(uow, round_id)
    priced = price(uow, sheet)
    if priced.seen != seen:
        raise Refusal(Reason.CHANGED_MEANWHILE)
    row.status, row.published_at = RoundStatus.PUBLISHED, uow.clock.now()
    row.published_by_id = uow.actor.employee_id
    became = _became(uow, row, priced.entered)
    _note_choices(uow, row, sheet, priced)
    for one in priced.entered:
        _close(uow, one.wish.row, PlannedStatus.GRANTED, became[one.wish.id])
    for wish in priced.refused:
        _close(uow, wish.row, PlannedStatus.REFUSED, None)
    uow.session.flush()
    broken = sorted(
        {f"{one.wish.rule_name} {one.wish.rule_date}" for one in priced.entered if one.wish.rule_name}
    )
    people = len({one.wish.person.id for one in priced.entered})
    facts = {"broken_rules": broken} if broken else {}
    audit.record(uow, audit.Action.PLANNING_ROUND_PUBLISHED, subject=row, people=people, **facts)
    _tell_decided(uow, row, priced)
    return row


def undo(uow: UnitOfWork, round_id: UUID) -> int:
    """Absences are cancelled, requests withdrawn, wishes are wishes again; how many people's."""
    row = rounds.take(uow, round_id, RoundStatus.PUBLISHED)
    query = (
        select(PlannedAbsence)
        .join(PlanningChoice, PlanningChoice.planned_absence_id == PlannedAbsence.id)
        .where(
            PlanningChoice.round_id == row.id,
            PlannedAbsence.status.in_([PlannedStatus.GRANTED, PlannedStatus.REFUSED]),
        )
    )
    wishes = uow.session.scalars(query).all()
    lock(uow, [one.employee_id for one in wishes])
    became = [one.absence_id for one in wishes if one.absence_id is not None]
    _withdraw(uow, became)
    entries = select(GroupEntry.id).where(
        GroupEntry.id.in_(select(Absence.group_entry_id).where(Absence.id.in_(became))),
        GroupEntry.undone_at.is_(None),
    )
    for entry_id in uow.session.scalars(entries).all():
        doing.undo(uow, entry_id, with_round=True)
    for wish in wishes:
        wish.status, wish.closed_at, wish.absence_id = PlannedStatus.PLANNED, None, None
        wish.version += 1
    row.status, row.undone_at, row.undone_by_id = (
        RoundStatus.UNDONE,
        uow.clock.now(),
        uow.actor.employee_id,
    )
    uow.session.flush()
    people = {one.employee_id for one in wishes}
    audit.record(uow, audit.Action.PLANNING_ROUND_UNDONE, subject=row, people=len(people))
    told = _people(uow, list(people))
    letters.tell(uow, row, [one for one in told.values() if one.active], letters.UNDONE)
    return len(people)


def _became(uow: UnitOfWork, row: PlanningRound, entered: Sequence[PricedWish]) -> dict[UUID, UUID]:
    """By wish, the absence that it is now; type by type, as absences for many are entered."""
    became = {one.wish.id: uuid4() for one in entered}
    kinds = {one.wish.type.id: one.wish.type for one in entered}
    for type_id in sorted(kinds):
        of_type = [one for one in entered if one.wish.type.id == type_id]
        entry = _entry(uow, row, kinds[type_id], len({one.wish.person.id for one in of_type}))
        asks = (
            row.outcome is Outcome.REQUESTS
            and type_rules.rules_of(uow, kinds[type_id], row.start_date).needs_approval
        )
        if asks:
            for one in of_type:
                _ask(uow, entry, one, became[one.wish.id])
            continue
        lines = tuple(replace(one.plan, absence_id=became[one.wish.id]) for one in of_type)
        doing.write(uow, entry, GroupPlan(type_facts(kinds[type_id]), lines))
    return became


def _entry(uow: UnitOfWork, row: PlanningRound, kind: AbsenceType, people: int) -> GroupEntry:
    entry = GroupEntry(
        id=uuid4(),
        kind=GroupKind.PLANNING,
        name=row.name,
        absence_type_id=kind.id,
        site_id=row.site_id,
        start_date=row.start_date,
        end_date=row.end_date,
        first_part=Part.FULL,
        last_part=Part.FULL,
        people=people,
        author_id=uow.actor.employee_id,
    )
    uow.session.add(entry)
    uow.session.flush()
    return entry


def _ask(uow: UnitOfWork, entry: GroupEntry, one: PricedWish, absence_id: UUID) -> None:
    """As if the person had asked; whoever decides is told of all that waits by the nightly letter, not one by one."""
    row, by = one.wish.row, uow.actor.employee_id
    if by is None:
        raise Refusal(Reason.NOT_PERMITTED)
    wish = Wish(
        row.absence_type_id, row.start_date, row.end_date, row.first_part, row.last_part, row.note or ""
    )
    plan = absence_pricing.work_out(uow, row.employee_id, wish, in_time=False)
    absence = absence_requests.write_down(uow, row.employee_id, absence_id, wish, plan, by=by)
    absence.group_entry_id = entry.id
    absence_requests.start(uow, absence, plan)


def _withdraw(uow: UnitOfWork, absence_ids: Sequence[UUID]) -> None:
    """Requests that nobody has decided yet."""
    waiting = select(Absence).where(Absence.id.in_(absence_ids), Absence.status == AbsenceStatus.REQUESTED)
    for absence in uow.session.scalars(waiting).all():
        routes.close(uow, absence)
        absence.status, absence.version = AbsenceStatus.WITHDRAWN, absence.version + 1
        absence.decided_by_id, absence.decided_at = uow.actor.employee_id, uow.clock.now()
        parts = select(AbsencePart).where(AbsencePart.absence_id == absence.id)
        for part in uow.session.scalars(parts).all():
            part.live = False
    uow.session.flush()


def _note_choices(uow: UnitOfWork, row: PlanningRound, sheet: Sheet, priced: Priced) -> None:
    """What was decided about each, for the page, and for fairness in rounds to come. Problems are nobody's win."""
    left = {one.wish.id for one in priced.left}
    query = select(PlanningChoice).where(PlanningChoice.round_id == row.id)
    known = {one.planned_absence_id: one for one in uow.session.scalars(query)}
    for one in sheet.wishes:
        choice = known.get(one.id)
        if one.own or one.id in left:
            if choice is not None:
                uow.session.delete(choice)
            continue
        if choice is None:
            choice = PlanningChoice(
                round_id=row.id, planned_absence_id=one.id, employee_id=one.person.id, by_hand=False
            )
            uow.session.add(choice)
        choice.granted, choice.contested = one.granted, one.contested
        choice.rule_name, choice.rule_date = one.rule_name, one.rule_date


def _close(uow: UnitOfWork, wish: PlannedAbsence, status: PlannedStatus, absence_id: UUID | None) -> None:
    wish.status, wish.closed_at, wish.absence_id = status, uow.clock.now(), absence_id
    wish.version += 1


def _tell_decided(uow: UnitOfWork, row: PlanningRound, priced: Priced) -> None:
    decided: dict[UUID, list[tuple[PlannedAbsence, AbsenceType, bool]]] = {}
    for one in priced.entered:
        decided.setdefault(one.wish.person.id, []).append((one.wish.row, one.wish.type, True))
    for wish in priced.refused:
        decided.setdefault(wish.person.id, []).append((wish.row, wish.type, False))
    letters.tell_decided(uow, row, _people(uow, list(decided)), decided)


def _people(uow: UnitOfWork, ids: Sequence[UUID]) -> dict[UUID, Employee]:
    query = select(Employee).where(Employee.id.in_(ids)).order_by(Employee.email)
    return {one.id: one for one in uow.session.scalars(query)}
