"""What an absence for many people would do to the rules of staffing: all of them go at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.periods import DayPart, bounds
from portal.domain.staffing import Effect
from portal.domain.staffing_slots import Spans, broken_by, goes
from portal.services.staffing import checks
from portal.services.staffing.checks import Breach
from portal.services.staffing.crowd import Crowd, RuleFacts
from portal.services.staffing.reading import crowd_of, hold_all


@dataclass(frozen=True)
class GroupBreaches:
    """By date and rule as the day would be then; and for each person the days on which they are one too many."""

    days: tuple[Breach, ...] = ()
    by_person: Mapping[UUID, tuple[Breach, ...]] = field(default_factory=dict)
    #: A rule that blocks, past which the actor may not go for everybody: nothing of it is entered.
    blocked: Breach | None = None

    @property
    def asks(self) -> bool:
        """Whether somebody has to have seen the days, and say why."""
        return any(one.rule.rule.effect is not Effect.INFO for one in self.days)


NOTHING_BROKEN = GroupBreaches()


def breaches(
    uow: UnitOfWork, wanted: Mapping[UUID, Sequence[DayPart]], type_id: UUID, *, lock: bool
) -> GroupBreaches:
    """Against what is agreed now. With a lock nobody else is let past the same rules meanwhile (T151)."""
    parts = [part for several in wanted.values() for part in several]
    if not parts:
        return NOTHING_BROKEN
    first, last = bounds(parts)
    if lock:
        hold_all(uow, first, last)
    crowd = crowd_of(uow, first, last)
    on: dict[date, dict[UUID, Spans]] = {}
    for person_id, several in wanted.items():
        for part in several:
            of_day = on.setdefault(part.date, {})
            of_day[person_id] = (*of_day.get(person_id, ()), part.minutes)
    days: list[Breach] = []
    by_person: dict[UUID, list[Breach]] = {}
    for day in sorted(on):
        for rule in crowd.rules:
            if rule.rule.holds_on(day) and rule.about_type(type_id):
                _add(crowd, rule, day, on[day], days, by_person)
    found = {person_id: tuple(several) for person_id, several in by_person.items()}
    return GroupBreaches(tuple(days), found, checks.not_passed(uow, found))


def _add(
    crowd: Crowd,
    rule: RuleFacts,
    day: date,
    wanted: Mapping[UUID, Spans],
    days: list[Breach],
    by_person: dict[UUID, list[Breach]],
) -> None:
    times, asks = crowd.times_of_all(rule, day, wanted)
    count = broken_by(rule.rule, times)
    if count is None:
        return
    breach = Breach(rule, day, count)
    days.append(breach)
    broken = [slot.span for slot in times if rule.rule.is_broken_by(slot.count, slot.more)]
    for person_id, asked in asks.items():
        if any(goes(asked, span) for span in broken):
            by_person.setdefault(person_id, []).append(breach)
