"""What else a wish for time off means: how each day is staffed, what of the balance would lapse, nearby better dates.

Its price and what stands against it are worked out in absence_requests.py. It reads the same few statements, however
large the team is and however many rules there are.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.absence_costs import CountingMethod, charge_of
from portal.domain.better_dates import FURTHEST_DAYS, Dates, best, free_run
from portal.domain.ledger import DatedAmount, rests
from portal.domain.periods import DayPart, bounds, overlap
from portal.domain.staffing import Effect, Headcount, Standing, worst
from portal.domain.staffing_slots import worst_time
from portal.services.absence_wishes import Preview
from portal.services.planned_absences import reckoning
from portal.services.staffing.checks import Breach, breaches
from portal.services.staffing.crowd import Crowd, RuleFacts
from portal.services.staffing.reading import crowd_of
from portal.services.wish_facts import WishFacts
from portal.services.working_time import WorkingTime


@dataclass(frozen=True)
class DayStaffing:
    """How a day would stand with the person away, and by which rule."""

    standing: Standing
    rule: RuleFacts
    count: Headcount


@dataclass(frozen=True)
class Lapsing:
    """What of the balance can be used through a day, before the wish and after it."""

    usable_through: date
    before: int
    after: int


@dataclass(frozen=True)
class Outlook:
    """What the bar beside the form shows. Days without a rule of staffing are left out of `staffing`."""

    staffing: dict[date, DayStaffing]
    breaches: tuple[Breach, ...]
    better: tuple[Dates, ...]
    lapsing: tuple[Lapsing, ...] = ()
    #: By year, what the person plans of the same type besides; only for the person.
    planned: Mapping[int, int] = field(default_factory=dict)

    @property
    def standing(self) -> Standing | None:
        return worst(one.standing for one in self.staffing.values()) if self.staffing else None

    @property
    def blocked(self) -> bool:
        return any(one.rule.rule.effect is Effect.BLOCK for one in self.breaches)


@dataclass(frozen=True)
class _Asked:
    """The person's wish, and their days around it."""

    person_id: UUID
    kind_id: UUID
    parts: Sequence[DayPart]
    counting: CountingMethod
    time: WorkingTime
    held: Mapping[date, Sequence[DayPart]]
    crowd: Crowd

    def shifted(self, days: int) -> list[DayPart]:
        by = timedelta(days=days)
        return [DayPart(one.date + by, one.part, one.starts_minute, one.ends_minute) for one in self.parts]

    def cost(self, parts: Sequence[DayPart]) -> int:
        time, free = self.time, self.time.free
        return sum(
            charge_of(
                *(one, time.scheduled(one.date), free.get(one.date, frozenset()), self.counting),
                *(time.worth(one.date), time.shifts(one.date)),
            )
            for one in parts
        )

    def works(self, day: date) -> bool:
        time, free = self.time, self.time.free.get(day, frozenset())
        return charge_of(DayPart(day), time.scheduled(day), free, shifts=time.shifts(day)) > 0

    def dates(self, shift: int) -> Dates:
        parts = self.shifted(shift)
        first, last = bounds(parts)
        broken = {one.date for one in breaches(self.crowd, self.person_id, parts, self.kind_id)}
        run = free_run(first, last, self.works)
        return Dates(shift, first, last, len(broken), self.cost(parts), run)


def outlook(uow: UnitOfWork, found: Preview, *, movable: bool) -> Outlook:
    """With nearby dates only where the whole stretch can be moved: single days were chosen one by one."""
    facts, lines = found.facts, found.lines
    parts = [line.part for line in lines]
    person_id, rules = facts.person_id, facts.rules
    at_work = facts.kind.at_work
    crowd = Crowd(uow, []) if at_work else crowd_of(uow, facts.begin, facts.end, about=person_id)
    better: tuple[Dates, ...] = ()
    if movable:
        asked = _Asked(person_id, facts.kind.id, parts, facts.kind.counting, facts.time, facts.held, crowd)
        earliest = uow.today() + timedelta(days=rules.notice_days)
        better = tuple(best(asked.dates(0), _others(asked, earliest)))
    breached = breaches(crowd, person_id, parts, facts.kind.id) if rules.needs_approval else []
    charges = [(line.part.date, line.amount) for line in lines]
    return Outlook(
        dict(_staffing(crowd, person_id, parts, facts.kind.id)),
        tuple(breached),
        better,
        tuple(_lapsing(facts, charges, uow.today())) if rules.keeps_balance else (),
        reckoning.beside(uow, facts, parts) if person_id == uow.actor.employee_id else {},
    )


def _lapsing(facts: WishFacts, charges: Sequence[DatedAmount], today: date) -> Iterator[Lapsing]:
    """What is left of each bucket that ends within the next year once the wish has taken its share."""
    before = rests(facts.entries, facts.waiting)
    after = rests(facts.entries, [*facts.waiting, *charges])
    horizon = today + timedelta(days=366)
    for bucket in sorted(before, key=lambda one: one.use_order):
        if before[bucket] > 0 and today <= bucket.usable_through <= horizon:
            yield Lapsing(bucket.usable_through, before[bucket], max(0, after[bucket]))


def _staffing(
    crowd: Crowd, person_id: UUID, parts: Sequence[DayPart], kind_id: UUID
) -> Iterator[tuple[date, DayStaffing]]:
    rules = [rule for rule in crowd.rules if rule.about_type(kind_id)]
    for day in sorted({one.date for one in parts}):
        of_day = []
        for rule in rules:
            if rule.rule.holds_on(day) and crowd.counts_person(rule, person_id, day):
                after = worst_time(rule.rule, crowd.times(rule, day, person_id, parts))
                if after.expected:
                    of_day.append(DayStaffing(rule.rule.standing(after), rule, after))
        if of_day:
            weight = list(Standing)
            yield day, max(of_day, key=lambda one: weight.index(one.standing))


def _others(asked: _Asked, earliest: date) -> Iterator[Dates]:
    """The stretch moved by each number of days, where the person works there and is not away already."""
    for shift in range(-FURTHEST_DAYS, FURTHEST_DAYS + 1):
        parts = asked.shifted(shift) if shift else []
        if not parts or bounds(parts)[0] < earliest:
            continue
        if asked.works(asked.parts[0].date) and not asked.works(parts[0].date):
            continue  # the same days once, not again with the weekend before
        if any(overlap(one, other) for one in parts for other in asked.held.get(one.date, ())):
            continue
        if not all(asked.time.employed(one.date) for one in parts) or not asked.cost(parts):
            continue
        yield asked.dates(shift)
