"""Counts for each rule and date who would work and who is away. Reading it all is in reading.py.

Somebody works on a date when a published shift says so; where no published roster of their teams covers the date,
when their contract does and no holiday frees them. Types that count as work, such as working from home, are no
absence here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.absence_costs import charge_of
from portal.domain.holidays import HolidayPart
from portal.domain.periods import DayPart
from portal.domain.staffing import Headcount, StaffingRule
from portal.domain.working_patterns import EmploymentTerms, terms_on
from portal.services.holiday_book import Region
from portal.services.working_time import holidays_in

#: What half of a shift is, for somebody whose contract says nothing of that weekday.
_USUAL_MINUTES = 480
_NOTHING_FREE: frozenset[HolidayPart] = frozenset()


@dataclass(frozen=True)
class RuleFacts:
    """A rule with whom it counts, by id and by name; None: no matter."""

    id: UUID
    name: str
    rule: StaffingRule
    team_id: UUID | None = None
    team: str | None = None
    site_id: UUID | None = None
    site: str | None = None
    field_id: UUID | None = None
    field: str | None = None
    field_value: str | None = None


class AwayPart(NamedTuple):
    """A part of a day on which somebody is away, or would like to be."""

    part: DayPart
    approved: bool
    absence_id: UUID


@dataclass
class Member:
    """Somebody whom a rule may count."""

    terms: dict[EmploymentTerms, Region] = field(default_factory=dict)
    teams: list[tuple[UUID, date, date | None]] = field(default_factory=list)
    values: dict[UUID, str] = field(default_factory=dict)

    def in_team(self, team_id: UUID, day: date) -> bool:
        return any(
            one == team_id and begun <= day and (end is None or day <= end) for one, begun, end in self.teams
        )


@dataclass
class Crowd:
    """Who belongs to the rules within a stretch of dates, with their work and their absences."""

    uow: UnitOfWork
    rules: list[RuleFacts]
    people: dict[UUID, Member] = field(default_factory=dict)
    away: dict[tuple[UUID, date], list[AwayPart]] = field(default_factory=dict)
    shifts: set[tuple[UUID, date]] = field(default_factory=set)
    rosters: list[tuple[UUID, date, date]] = field(default_factory=list)
    _free: dict[tuple[Region, int], dict[date, frozenset[HolidayPart]]] = field(default_factory=dict)
    _counts: dict[tuple[UUID, date], Headcount] = field(default_factory=dict)

    def headcount(self, rule: RuleFacts, day: date, *, without_wishes_of: UUID | None = None) -> Headcount:
        """Of everybody whom the rule counts on that day; what one person only asks for can be left out."""
        total = Headcount()
        for person_id, member in self.people.items():
            if counts(rule, member, day):
                one = self._count(person_id, member, day)
                if person_id == without_wishes_of and one.waiting:
                    one = Headcount(one.expected, one.away)
                total = total.plus(one)
        return total

    def counts_person(self, rule: RuleFacts, person_id: UUID, day: date) -> bool:
        member = self.people.get(person_id)
        return member is not None and counts(rule, member, day)

    def would_take(self, person_id: UUID, parts: Iterable[DayPart]) -> int:
        """How much of a person's day these parts of one date would take away beside what is agreed already."""
        parts = list(parts)
        member = self.people[person_id]
        minutes, free = self._work(person_id, member, parts[0].date)
        count = self._count(person_id, member, parts[0].date)
        asked = sum(charge_of(part, minutes, free) for part in parts)
        return min(asked, count.expected - count.away)

    def _count(self, person_id: UUID, member: Member, day: date) -> Headcount:
        key = person_id, day
        if key not in self._counts:
            minutes, free = self._work(person_id, member, day)
            expected = charge_of(DayPart(day), minutes, free) if minutes else 0
            away = waiting = 0
            for part, approved, _absence_id in self.away.get(key, ()) if expected else ():
                amount = charge_of(part, minutes, free)
                away, waiting = (away + amount, waiting) if approved else (away, waiting + amount)
            away = min(expected, away)
            self._counts[key] = Headcount(expected, away, min(expected - away, waiting))
        return self._counts[key]

    def _work(self, person_id: UUID, member: Member, day: date) -> tuple[int, frozenset[HolidayPart]]:
        terms = terms_on(member.terms, day)
        if terms is None:
            return 0, _NOTHING_FREE
        minutes = terms.scheduled(day)
        if (person_id, day) in self.shifts:
            return minutes or _USUAL_MINUTES, _NOTHING_FREE
        if self._rostered(member, day) and (person_id, day) not in self.away:
            return 0, _NOTHING_FREE
        return minutes, self._free_in(member.terms[terms], day)

    def _rostered(self, member: Member, day: date) -> bool:
        return any(first <= day <= last and member.in_team(team, day) for team, first, last in self.rosters)

    def _free_in(self, region: Region, day: date) -> frozenset[HolidayPart]:
        key = region, day.year
        if key not in self._free:
            found = holidays_in(self.uow, region, [day.year])
            self._free[key] = {on: frozenset(one.part for one in several) for on, several in found.items()}
        return self._free[key].get(day, _NOTHING_FREE)


def counts(rule: RuleFacts, member: Member, day: date) -> bool:
    """Whether the rule counts this person on that day, should they work then."""
    if rule.team_id is not None and not member.in_team(rule.team_id, day):
        return False
    if rule.site_id is not None:
        terms = terms_on(member.terms, day)
        if terms is None or terms.site_id != rule.site_id:
            return False
    return rule.field_id is None or member.values.get(rule.field_id) == rule.field_value
