"""What a wish for time off is judged by: the type and its rules, the person's work, absences and account.

Read in four statements, whatever the wish is and however many people there are, and handed on: what is worked out from
it asks nothing again. Whoever is to write holds the person's balance before this is read.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, func, or_, select

from portal.db import UnitOfWork
from portal.domain.absence_types import TypeRules, rules_on
from portal.domain.absences import AbsenceStatus
from portal.domain.better_dates import FURTHEST_DAYS
from portal.domain.carried_ahead import carried_ahead
from portal.domain.entitlement_plans import Plan
from portal.domain.ledger import DatedAmount, Entry, EntryKind, release
from portal.domain.periods import EARLIEST_DATE, LATEST_DATE, DayPart
from portal.domain.planned_absences import PlannedStatus
from portal.domain.refusals import Reason, Refusal
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType, AbsenceTypeVersion
from portal.models.entitlement_plan import AgreedEntitlement, EntitlementPlan
from portal.models.ledger_entry import LedgerEntry
from portal.models.planned_absence import PlannedAbsence
from portal.services import accruals, balances, type_rules, worked_time
from portal.services.accruals import Known
from portal.services.away import TeamAway, mates_beside, read_mates_beside
from portal.services.balance_ahead import LOOK_AHEAD
from portal.services.entitlement_plans import plan_in
from portal.services.substitutes.reading import named_away
from portal.services.working_time import WorkingTime, working_time_beside

#: A stretch beside weekends: so many days further are asked for, to see how long the time off becomes.
BESIDE = timedelta(days=FURTHEST_DAYS + 15)


@dataclass(frozen=True)
class WishFacts:
    """Of one person, one type and one stretch of days."""

    person_id: UUID
    kind: AbsenceType
    #: By the first day of the wish.
    rules: TypeRules
    #: Also of the days around the wish, from `begin` through `end`.
    time: WorkingTime
    begin: date
    end: date
    mates: TeamAway
    #: When those are away whom the wish names to cover, as substitutes.reading reads it.
    named_away: Sequence[Sequence[Any]] | None
    #: What is in the way, by date.
    held: Mapping[date, Sequence[DayPart]]
    #: What else the person plans of this type; plans that are over are left out.
    planned: Sequence[PlannedAbsence]
    #: What requests that wait would take; of a type without a balance nothing is read.
    waiting: list[DatedAmount] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    #: The plans of the type by the day from which they hold.
    plans: Mapping[date, tuple[UUID, Plan]] = field(default_factory=dict)
    #: All that decides what a plan gives the person.
    earning: Known = field(default_factory=Known)

    def ahead(self, through: date, today: date) -> list[Entry]:
        """What is not posted yet and will be by a day, where requests may use it."""
        if not self.kind.uses_future_accrual or not self.plans or through <= today:
            return []
        last = min(through, today + LOOK_AHEAD)
        due = accruals.due_from(self.earning, [self.person_id], {self.kind.id: self.plans}, last, today)
        return [one.entry for _person, _type, one in due]

    def carried(
        self, ahead: Iterable[Entry], charges: Iterable[DatedAmount], through: date, today: date
    ) -> list[Entry]:
        """What years to come will begin with, where requests may use it."""
        if not self.kind.uses_future_accrual or not self.plans or through <= today:
            return []
        plans = [plan for _, plan in self.plans.values()]
        known, taken = [*self.entries, *ahead], [*self.waiting, *charges]
        return carried_ahead(plans, known, taken, today=today, through=min(through, today + LOOK_AHEAD))


@dataclass(frozen=True)
class _Type:
    kind: AbsenceType
    rules: TypeRules
    plans: Mapping[date, tuple[UUID, Plan]]
    agreed: tuple[tuple[date, int | None], ...]
    planned: Sequence[PlannedAbsence]


def read(
    uow: UnitOfWork,
    person_id: UUID,
    type_id: UUID,
    first: date,
    last: date,
    *,
    instead_of: UUID | None = None,
    named: Sequence[str] = (),
) -> WishFacts:
    """`instead_of`: an absence that gives way, with its time and with what it has taken. `named`: who is to cover."""
    of_type = _type(uow, person_id, type_id, first)
    begin, end = max(EARLIEST_DATE, first - BESIDE), min(LATEST_DATE, last + BESIDE)
    people = func.json_build_array(
        mates_beside(uow, person_id, first, last), named_away(uow, named, first, last)
    )
    time, found = working_time_beside(uow, person_id, begin, end, people)
    mates, covers = found or (None, None)
    held, waiting = _parts(uow, person_id, type_id, begin, end, but=instead_of)
    facts = WishFacts(
        person_id,
        of_type.kind,
        of_type.rules,
        time,
        begin,
        end,
        read_mates_beside(mates),
        covers,
        held,
        of_type.planned,
    )
    if not of_type.rules.keeps_balance:
        return facts
    rows = _rows(uow, person_id, type_id)
    entries = [balances.entry_from(row) for row in rows]
    if instead_of is not None:
        entries += release(balances.entry_from(row) for row in rows if row.absence_id == instead_of)
    earning = _earning(uow, person_id, of_type, time, rows)
    return replace(facts, waiting=waiting, entries=entries, plans=of_type.plans, earning=earning)


def _type(uow: UnitOfWork, person_id: UUID, type_id: UUID, first: date) -> _Type:
    """The type with all that hangs on it and on the person: few of each, so every pair is read."""
    version, plan, agreed, meant = AbsenceTypeVersion, EntitlementPlan, AgreedEntitlement, PlannedAbsence
    open_plan = and_(meant.status == PlannedStatus.PLANNED, meant.end_date >= uow.today())
    query = (
        select(AbsenceType, version, plan, agreed, meant)
        .outerjoin(version, version.absence_type_id == AbsenceType.id)
        .outerjoin(plan, plan.absence_type_id == AbsenceType.id)
        .outerjoin(agreed, and_(agreed.absence_type_id == AbsenceType.id, agreed.employee_id == person_id))
        .outerjoin(
            meant, and_(meant.absence_type_id == AbsenceType.id, meant.employee_id == person_id, open_plan)
        )
        .where(AbsenceType.id == type_id)
    )
    rows = uow.session.execute(query).all()
    if not rows:
        raise Refusal(Reason.NOT_FOUND)
    kind: AbsenceType = rows[0][0]
    versions, planned, own, meant_days = (_there(row[place] for row in rows) for place in (1, 2, 3, 4))
    dated = [(one.valid_from, type_rules.rules_in(one)) for one in versions]
    takes_overtime = kind.overtime_months is not None
    rules = replace(rules_on(type_rules.rules_in(kind), dated, first), takes_overtime=takes_overtime)
    plans = {one.valid_from: (one.id, plan_in(one, kind.counting)) for one in planned}
    agreements = sorted((one.valid_from, one.yearly_amount) for one in own)
    return _Type(
        kind,
        rules,
        dict(sorted(plans.items())),
        tuple(agreements),
        sorted(meant_days, key=lambda one: one.start_date),
    )


def _there(found: Iterable[Any]) -> set[Any]:
    return {one for one in found if one is not None}


def _parts(
    uow: UnitOfWork, person_id: UUID, type_id: UUID, begin: date, end: date, *, but: UUID | None
) -> tuple[dict[date, list[DayPart]], list[DatedAmount]]:
    """The person's time around the wish, and what waits of the type on whatever day."""
    part = AbsencePart
    waits = and_(
        Absence.status == AbsenceStatus.REQUESTED, Absence.absence_type_id == type_id, part.charge > 0
    )
    around = and_(part.live, part.date.between(begin, end))
    query = (
        select(part, waits.label("waits"), around.label("around"), balances.RESERVES)
        .join(Absence, Absence.id == part.absence_id)
        .where(part.employee_id == person_id, Absence.employee_id == person_id, or_(waits, around))
    )
    held: dict[date, list[DayPart]] = {}
    waiting: list[DatedAmount] = []
    for row, waits_now, is_around, reserves in uow.session.execute(query):
        if waits_now:
            waiting.append((row.date, int(reserves)))
        if is_around and row.absence_id != but:
            held.setdefault(row.date, []).append(
                DayPart(row.date, row.part, row.starts_minute, row.ends_minute)
            )
    return held, waiting


def _rows(uow: UnitOfWork, person_id: UUID, type_id: UUID) -> Sequence[LedgerEntry]:
    query = select(LedgerEntry).where(
        LedgerEntry.employee_id == person_id, LedgerEntry.absence_type_id == type_id
    )
    return uow.session.scalars(query).all()


def _earning(
    uow: UnitOfWork, person_id: UUID, of_type: _Type, time: WorkingTime, rows: Iterable[LedgerEntry]
) -> Known:
    plans = [plan for _, plan in of_type.plans.values()]
    if not plans or not of_type.kind.uses_future_accrual:
        return Known()
    key = person_id, of_type.kind.id
    by_work = worked_time.by_worked_time(plans)
    terms = worked_time.rostered(uow, plans, {person_id: list(time.employments)}, uow.today() + LOOK_AHEAD)
    given: dict[tuple[UUID, date], tuple[int, bool]] = {}
    moved = []
    for row in rows:
        if row.plan_id is None:
            moved.append(balances.entry_from(row))
        elif row.period_start is not None:
            amount, accrued = given.get((row.plan_id, row.period_start), (0, False))
            now = accrued or row.kind is EntryKind.ACCRUE
            given[row.plan_id, row.period_start] = (amount + row.amount, now)
    return Known(
        terms,
        {key: of_type.agreed},
        {person_id: given},
        {key: moved},
        worked_time.not_worked(uow, [person_id], terms) if by_work else {},
    )
