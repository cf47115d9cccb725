"""What an absence for many people would do to each of them. Nothing is written; as many statements for ten people
as for a thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.absence_costs import Cost, cost_of
from portal.domain.absence_types import TypeRules, check_wish
from portal.domain.group_entries import beside
from portal.domain.holidays import HolidayPart
from portal.domain.ledger import DatedAmount, Entry, consumption
from portal.domain.periods import DayPart, Part, expand
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import EmploymentTerms, scheduled_minutes, terms_on
from portal.models.absence_type import AbsenceType
from portal.services import access, balance_ahead, type_rules
from portal.services.balances import TypeFacts, type_facts
from portal.services.group_entries import taken
from portal.services.group_entries.staffing import NOTHING_BROKEN, GroupBreaches, breaches
from portal.services.holiday_book import HolidayBook, Region, book_of
from portal.services.holiday_effects import regions_of_sites
from portal.services.working_time import terms_of


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


@dataclass(frozen=True)
class _Ground:
    """What is known of everybody, read at once."""

    kind: AbsenceType
    rules: TypeRules
    terms: Mapping[UUID, list[EmploymentTerms]]
    regions: Mapping[UUID | None, Region]
    book: HolidayBook
    held: dict[UUID, list[DayPart]]
    entries: Mapping[UUID, list[Entry]]
    reserved: Mapping[UUID, list[DatedAmount]]


def plan(
    uow: UnitOfWork, people: Sequence[tuple[UUID, str]], wish: GroupWish, *, lock: bool = False
) -> GroupPlan:
    """Refused where it makes no sense for anybody. With a lock the rules of staffing are held till the end."""
    parts = expand(wish.start_date, wish.end_date, first_part=wish.first_part, last_part=wish.last_part)
    ground = _ground(uow, [person_id for person_id, _name in people], wish)
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
    grounds = _grounds(uow, kinds, [person_id for person_id, _name, _wish in wanted], stretch)
    spent: dict[tuple[UUID, UUID], list[Entry]] = {}
    found = []
    for person_id, name, wish in wanted:
        ground = grounds[wish.absence_type_id]
        parts = expand(wish.start_date, wish.end_date, first_part=wish.first_part, last_part=wish.last_part)
        earned = [
            one
            for one in ground.entries.get(person_id, [])
            if one.amount < 0 or one.effective_date <= wish.end_date
        ]
        before = spent.setdefault((ground.kind.id, person_id), [])
        one = _person(replace(ground, entries={person_id: [*earned, *before]}), wish, parts, person_id, name)
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


def _ground(uow: UnitOfWork, ids: Sequence[UUID], wish: GroupWish) -> _Ground:
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == wish.absence_type_id))
    return _grounds(uow, [kind], ids, (wish.start_date, wish.end_date))[kind.id]


def _grounds(
    uow: UnitOfWork, kinds: Sequence[AbsenceType], ids: Sequence[UUID], stretch: tuple[date, date]
) -> dict[UUID, _Ground]:
    """By type. What is held is one for all of them: nobody is away twice at a time."""
    rules = type_rules.rules_of_several(uow, kinds, stretch[0])
    kept = [kind for kind in kinds if rules[kind.id].keeps_balance]
    entries = taken.entries(uow, ids, [kind.id for kind in kept]) if kept else {}
    reserved = taken.reserved(uow, ids, [kind.id for kind in kept]) if kept else {}
    for kind in kept:
        for person_id, ahead in balance_ahead.expected(uow, ids, kind, stretch[1]).items():
            entries.setdefault(kind.id, {}).setdefault(person_id, []).extend(ahead)
    terms, regions, book = terms_of(uow, ids, stretch), regions_of_sites(uow), book_of(uow)
    held = taken.held(uow, ids, stretch)
    return {
        kind.id: _Ground(
            kind,
            rules[kind.id],
            terms,
            regions,
            book,
            held,
            entries.get(kind.id, {}),
            reserved.get(kind.id, {}),
        )
        for kind in kinds
    }


def _person(
    ground: _Ground, wish: GroupWish, parts: Sequence[DayPart], person_id: UUID, name: str
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
            holidays=_free(ground, terms, wanted),
            method=ground.kind.counting,
        )
    except Refusal as problem:
        return refused(problem)
    if not ground.rules.keeps_balance:
        return PersonPlan(person_id, name, cost, None, None, kept, None)
    entries, waiting = ground.entries.get(person_id, []), ground.reserved.get(person_id, [])
    first = cost.by_date()[0][0]
    left = sum(one.amount for one in entries if one.bucket.usable_on(first))
    left -= sum(amount for day, amount in waiting if day.year == first.year)
    try:
        used = consumption(entries, cost.by_date(), reserved=waiting, overdraft=ground.rules.overdraft)
    except Refusal as problem:
        problem.details["counting"] = ground.kind.counting
        return PersonPlan(person_id, name, cost, left, None, kept, problem)
    return PersonPlan(person_id, name, cost, left, left - cost.total, kept, None, tuple(used))


def _is_here(terms: Sequence[EmploymentTerms], wish: GroupWish, day: date) -> bool:
    holding = terms_on(terms, day)
    return holding is not None and (wish.site_id is None or holding.site_id == wish.site_id)


def _free(
    ground: _Ground, terms: Sequence[EmploymentTerms], parts: Sequence[DayPart]
) -> dict[date, frozenset[HolidayPart]]:
    found = {}
    for part in parts:
        holding = terms_on(terms, part.date)
        if holding is not None:
            found[part.date] = ground.book.free(ground.regions[holding.site_id], part.date)
    return found
