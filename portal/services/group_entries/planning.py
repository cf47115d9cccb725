"""What an absence for many people would do to each of them. Nothing is written; as many statements for ten people
as for a thousand.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from sqlalchemy import ARRAY, Uuid, any_, func, literal, select

from portal.db import UnitOfWork
from portal.domain.absence_costs import Cost, cost_of
from portal.domain.absence_types import TypeRules, check_wish
from portal.domain.absences import AbsenceStatus
from portal.domain.group_entries import beside
from portal.domain.holidays import FreeTime
from portal.domain.ledger import DatedAmount, Entry, consumption
from portal.domain.periods import DayPart, Part, expand
from portal.domain.refusals import Reason, Refusal
from portal.domain.working_patterns import EmploymentTerms, scheduled_minutes, terms_on
from portal.models.absence import Absence, AbsencePart
from portal.models.absence_type import AbsenceType
from portal.models.ledger_entry import LedgerEntry
from portal.services import access, balance_ahead, balances, type_rules
from portal.services.balances import TypeFacts, type_facts
from portal.services.group_entries.staffing import NOTHING_BROKEN, GroupBreaches, breaches
from portal.services.holiday_book import HolidayBook, book_of
from portal.services.holiday_days import Region
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
    held: Mapping[UUID, list[DayPart]]
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
    uow: UnitOfWork, type_id: UUID, stretch: tuple[date, date], wanted: Sequence[tuple[UUID, str, GroupWish]]
) -> list[PersonPlan]:
    """Each with days of their own, of one type and within one stretch of dates; in order, so that of several of one
    person each takes what the ones before it left. As many statements for ten as for a thousand.
    """
    ground = _ground(uow, [person_id for person_id, _name, _wish in wanted], GroupWish(type_id, *stretch))
    held = {person_id: list(parts) for person_id, parts in ground.held.items()}
    taken: dict[UUID, list[Entry]] = {}
    found = []
    for person_id, name, wish in wanted:
        parts = expand(wish.start_date, wish.end_date, first_part=wish.first_part, last_part=wish.last_part)
        earned = [
            one
            for one in ground.entries.get(person_id, [])
            if one.amount < 0 or one.effective_date <= wish.end_date
        ]
        own = {person_id: [*earned, *taken.get(person_id, ())]}
        one = _person(replace(ground, entries=own, held=held), wish, parts, person_id, name)
        against = check_wish(
            ground.rules, parts, start_date=wish.start_date, end_date=wish.end_date, today=wish.start_date
        )
        if one.entered and against is not None and against.reason is not Reason.NOTICE_TOO_SHORT:
            one = replace(one, problem=against)
        if one.entered:
            taken.setdefault(person_id, []).extend(one.entries)
            held.setdefault(person_id, []).extend(parts)
        found.append(one)
    return found


def _ground(uow: UnitOfWork, ids: Sequence[UUID], wish: GroupWish) -> _Ground:
    kind = access.one_or_refuse(uow, select(AbsenceType).where(AbsenceType.id == wish.absence_type_id))
    rules = type_rules.rules_of(uow, kind, wish.start_date)
    keeps = rules.keeps_balance
    entries = _entries(uow, ids, kind.id) if keeps else {}
    if keeps:
        for person_id, ahead in balance_ahead.expected(uow, ids, kind, wish.end_date).items():
            entries.setdefault(person_id, []).extend(ahead)
    return _Ground(
        kind,
        rules,
        terms_of(uow, ids, (wish.start_date, wish.end_date)),
        regions_of_sites(uow),
        book_of(uow),
        _held(uow, ids, wish),
        entries,
        _reserved(uow, ids, kind.id) if keeps else {},
    )


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
            holidays=_free(ground, person_id, terms, wanted),
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
        taken = consumption(entries, cost.by_date(), reserved=waiting, overdraft=ground.rules.overdraft)
    except Refusal as problem:
        problem.details["counting"] = ground.kind.counting
        return PersonPlan(person_id, name, cost, left, None, kept, problem)
    return PersonPlan(person_id, name, cost, left, left - cost.total, kept, None, tuple(taken))


def _is_here(terms: Sequence[EmploymentTerms], wish: GroupWish, day: date) -> bool:
    holding = terms_on(terms, day)
    return holding is not None and (wish.site_id is None or holding.site_id == wish.site_id)


def _free(
    ground: _Ground, person_id: UUID, terms: Sequence[EmploymentTerms], parts: Sequence[DayPart]
) -> dict[date, FreeTime]:
    found = {}
    for part in parts:
        holding = terms_on(terms, part.date)
        if holding is not None:
            found[part.date] = ground.book.free(ground.regions[holding.site_id], part.date, person_id)
    return found


def _held(uow: UnitOfWork, ids: Sequence[UUID], wish: GroupWish) -> dict[UUID, list[DayPart]]:
    query = select(
        AbsencePart.employee_id,
        AbsencePart.date,
        AbsencePart.part,
        AbsencePart.starts_minute,
        AbsencePart.ends_minute,
    ).where(
        AbsencePart.live,
        AbsencePart.date.between(wish.start_date, wish.end_date),
        AbsencePart.employee_id == any_(literal(list(ids), ARRAY(Uuid))),
    )
    found: dict[UUID, list[DayPart]] = {}
    for person_id, day, part, starts, ends in uow.session.execute(query):
        found.setdefault(person_id, []).append(DayPart(day, part, starts, ends))
    return found


def _entries(uow: UnitOfWork, ids: Sequence[UUID], type_id: UUID) -> dict[UUID, list[Entry]]:
    query = select(LedgerEntry).where(
        LedgerEntry.absence_type_id == type_id,
        LedgerEntry.employee_id == any_(literal(list(ids), ARRAY(Uuid))),
    )
    found: dict[UUID, list[Entry]] = {}
    for row in uow.session.scalars(query):
        found.setdefault(row.employee_id, []).append(balances.entry_from(row))
    return found


def _reserved(uow: UnitOfWork, ids: Sequence[UUID], type_id: UUID) -> dict[UUID, list[DatedAmount]]:
    query = (
        select(Absence.employee_id, AbsencePart.date, func.sum(balances.RESERVES))
        .join(AbsencePart, AbsencePart.absence_id == Absence.id)
        .where(
            Absence.status == AbsenceStatus.REQUESTED,
            Absence.absence_type_id == type_id,
            Absence.employee_id == any_(literal(list(ids), ARRAY(Uuid))),
            AbsencePart.charge > 0,
        )
        .group_by(Absence.employee_id, AbsencePart.date)
    )
    found: dict[UUID, list[DatedAmount]] = {}
    for person_id, day, amount in uow.session.execute(query):
        found.setdefault(person_id, []).append((day, int(amount)))
    return found
