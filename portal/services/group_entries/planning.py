"""What an absence for many people would do to each of them. Nothing is written; as many statements for ten people
as for a thousand.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.absence_costs import Cost, cost_of
from portal.domain.absence_types import check_wish
from portal.domain.carried_ahead import refuse_short_of_carried
from portal.domain.group_entries import beside
from portal.domain.holidays import FreeTime
from portal.domain.ledger import Entry, consumption
from portal.domain.periods import DayPart, Part, expand
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import (
    EmploymentTerms,
    day_shifts,
    day_worth,
    scheduled_minutes,
    terms_on,
)
from portal.models.absence_type import AbsenceType
from portal.services.balances import TypeFacts, type_facts
from portal.services.group_entries.ground import Ground, ground_of, grounds_of
from portal.services.group_entries.staffing import NOTHING_BROKEN, GroupBreaches, breaches


@dataclass(frozen=True)
class GroupWish:
    """What many people get."""

    absence_type_id: UUID
    start_date: date
    end_date: date
    first_part: Part = Part.FULL
    last_part: Part = Part.FULL
    name: str = ""
    #: What people have entered already stays, and only the rest is entered. Else they are left out.
    beside_others: bool = False
    #: Of whoever is employed for a part of it only, or works elsewhere then, that part. Else they are left out.
    site_id: UUID | None = None
    partly: bool = False
    #: Rules of staffing are asked; a closure is the company's own decision that nobody is there.
    asks_rules: bool = True


@dataclass(frozen=True)
class PersonPlan:
    """One person: what it costs, what is left before and after (None: no balance is kept), or why not."""

    employee_id: UUID
    name: str
    cost: Cost
    before: int | None
    after: int | None
    #: Some of it is taken by absences that stay.
    kept: bool
    problem: Refusal | None
    entries: tuple[Entry, ...] = ()
    #: What of `before` the end of a year that is not settled yet will carry over.
    carried: int = 0
    #: Of the absence that it becomes; None: any.
    absence_id: UUID | None = None

    @property
    def entered(self) -> bool:
        return self.problem is None


@dataclass(frozen=True)
class GroupPlan:
    """Everybody, by name: whom it is entered for, and who is left out."""

    kind: TypeFacts
    lines: tuple[PersonPlan, ...]
    staffing: GroupBreaches = NOTHING_BROKEN

    @property
    def entered(self) -> list[PersonPlan]:
        return [one for one in self.lines if one.entered]

    @property
    def left_out(self) -> list[PersonPlan]:
        return [one for one in self.lines if not one.entered]

    @property
    def seen(self) -> str:
        """What a page has shown, so that a yes to something else is noticed."""
        entered = self.entered
        broken = len(self.staffing.days)
        return f"{len(self.lines)}-{len(entered)}-{sum(one.cost.total for one in entered)}-{broken}"


def plan(
    uow: UnitOfWork, people: Sequence[tuple[UUID, str]], wish: GroupWish, *, lock: bool = False
) -> GroupPlan:
    """Refused where it makes no sense for anybody. With a lock the rules of staffing are held till the end."""
    parts = expand(wish.start_date, wish.end_date, first_part=wish.first_part, last_part=wish.last_part)
    stretch = wish.start_date, wish.end_date
    ground = ground_of(uow, [person_id for person_id, _name in people], wish.absence_type_id, stretch)
    if ground.rules.sickness:  # that whole teams are ill is for each of them to report, or HR for each
        raise Refusal(Reason.SICKNESS_IS_REPORTED, field="absence_type_id")
    against = check_wish(
        ground.rules, parts, start_date=wish.start_date, end_date=wish.end_date, today=wish.start_date
    )
    if against is not None and against.reason is not Reason.NOTICE_TOO_SHORT:
        raise against
    lines = tuple(_person(ground, wish, parts, *person) for person in people)
    staffing = NOTHING_BROKEN
    if wish.asks_rules and ground.rules.needs_approval and not ground.kind.at_work:
        wanted = {
            one.employee_id: [charge.part for charge in one.cost.charges] for one in lines if one.entered
        }
        staffing = breaches(uow, wanted, ground.kind.id, lock=lock)
    return GroupPlan(type_facts(ground.kind), lines, staffing)


def plan_each(
    uow: UnitOfWork,
    kinds: Sequence[AbsenceType],
    stretch: tuple[date, date],
    wanted: Sequence[tuple[UUID, str, GroupWish]],
) -> list[PersonPlan]:
    """Each with days of their own within one stretch of dates; in order, so that of several of one person and type
    each takes what the ones before it left. As many statements for ten people, and but for what is still to be earned
    for ten types, as for one.
    """
    grounds = grounds_of(uow, [person_id for person_id, _name, _wish in wanted], kinds, stretch)
    spent: dict[tuple[UUID, UUID], list[Entry]] = {}
    found = []
    for person_id, name, wish in wanted:
        ground = grounds[wish.absence_type_id]
        parts = expand(wish.start_date, wish.end_date, first_part=wish.first_part, last_part=wish.last_part)
        earned = [
            one for one in ground.moved(person_id) if one.amount < 0 or one.effective_date <= wish.end_date
        ]
        before = spent.setdefault((ground.kind.id, person_id), [])
        own = {person_id: [*earned, *before]}
        one = _person(replace(ground, entries=own, ahead={}), wish, parts, person_id, name)
        against = check_wish(
            ground.rules, parts, start_date=wish.start_date, end_date=wish.end_date, today=wish.start_date
        )
        if one.entered and against is not None and against.reason is not Reason.NOTICE_TOO_SHORT:
            one = replace(one, problem=against)
        if one.entered:
            before.extend(one.entries)
            ground.held.setdefault(person_id, []).extend(parts)
        found.append(one)
    return found


def _person(
    ground: Ground, wish: GroupWish, parts: Sequence[DayPart], person_id: UUID, name: str
) -> PersonPlan:
    terms = ground.terms.get(person_id, [])
    held = ground.held.get(person_id, [])
    here = [one for one in parts if _is_here(terms, wish, one.date)]
    wanted = beside(here, held)
    kept = wanted != here

    def refused(problem: Refusal) -> PersonPlan:
        return PersonPlan(person_id, name, Cost(()), None, None, kept, problem)

    if not here or (len(here) < len(parts) and not wish.partly):
        return refused(Refusal(Reason.NO_EMPLOYMENT, date=wish.start_date))
    if kept and not wish.beside_others:
        return refused(Refusal(Reason.ABSENCE_OVERLAPS))
    try:
        cost = cost_of(
            wanted,
            scheduled=lambda day: scheduled_minutes(terms, day),
            holidays=_free(ground, person_id, terms, wanted),
            method=ground.kind.counting,
            worth=lambda day: day_worth(terms, day),
            shifts=lambda day: day_shifts(terms, day),
        )
    except Refusal as problem:
        return refused(problem)
    if not ground.rules.keeps_balance:
        return PersonPlan(person_id, name, cost, None, None, kept, None)
    charges, waiting = cost.by_date(), ground.reserved.get(person_id, [])
    known, carried = ground.moved(person_id), ground.carried(person_id, charges)
    left, brought = ground.left(person_id, charges, carried)
    try:
        used = consumption([*known, *carried], charges, reserved=waiting, overdraft=ground.rules.overdraft)
        refuse_short_of_carried([*known, *carried], [*known, *ground.carried(person_id, ())], charges)
    except Refusal as problem:
        problem.details["counting"] = ground.kind.counting
        return PersonPlan(person_id, name, cost, left, None, kept, problem, carried=brought)
    return PersonPlan(
        person_id, name, cost, left, left - cost.total, kept, None, tuple(used), carried=brought
    )


def _is_here(terms: Sequence[EmploymentTerms], wish: GroupWish, day: date) -> bool:
    holding = terms_on(terms, day)
    return holding is not None and (wish.site_id is None or holding.site_id == wish.site_id)


def _free(
    ground: Ground, person_id: UUID, terms: Sequence[EmploymentTerms], parts: Sequence[DayPart]
) -> dict[date, FreeTime]:
    found = {}
    for part in parts:
        holding = terms_on(terms, part.date)
        if holding is not None:
            found[part.date] = ground.book.free(ground.regions[holding.site_id], part.date, person_id)
    return found
