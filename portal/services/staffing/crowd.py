"""Counts for each rule and time of a date who would work and who is away. Reading it all is in reading.py.

Somebody works on a date when a published shift says so; where no published roster of their teams covers the date,
when their contract does and no holiday frees them. A rule for some hours of the day counts shifts at their times; a
contract says how much and not when, so it counts at any hour. Types that count as work, such as working from home, are
no absence here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple
from uuid import UUID

from portal.db import UnitOfWork
from portal.domain.holidays import NOTHING_FREE, FreeTime, free_time, working_spans
from portal.domain.periods import DayPart
from portal.domain.staffing import WHOLE_DAY, Headcount, RulePart, Span, StaffingRule
from portal.domain.staffing_slots import Asked, PersonDay, Slot, Spans, slots, worst_time
from portal.domain.working_patterns import EmploymentTerms, terms_on
from portal.services.holiday_book import book_of
from portal.services.holiday_days import Region
from portal.services.working_time import holidays_in


class Named(NamedTuple):
    """A person or a type of absence that a rule names. `email` is None for a type, `key` for a person."""

    part: RulePart
    id: UUID
    name: str
    email: str | None = None
    key: str | None = None


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
    named: tuple[Named, ...] = ()

    def ids(self, part: RulePart) -> frozenset[UUID]:
        return frozenset(one.id for one in self.named if one.part is part)

    def of(self, part: RulePart) -> list[Named]:
        return [one for one in self.named if one.part is part]

    def about_type(self, type_id: UUID) -> bool:
        """Whether absences of that type count for it; what counts as work is left out before."""
        types = self.ids(RulePart.TYPE)
        return not types or type_id in types


class AwayPart(NamedTuple):
    """A part of a day on which somebody is away, or would like to be."""

    part: DayPart
    approved: bool
    absence_id: UUID
    type_id: UUID


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
    #: The hours of published shifts on the date on which they start, and on the one on which they end.
    shifts: dict[tuple[UUID, date], list[Span]] = field(default_factory=dict)
    shifts_from_before: dict[tuple[UUID, date], list[Span]] = field(default_factory=dict)
    rosters: list[tuple[UUID, date, date]] = field(default_factory=list)
    _free: dict[tuple[Region, int], dict[date, FreeTime]] = field(default_factory=dict)
    _work: dict[tuple[UUID, date, bool], Spans] = field(default_factory=dict)
    _whom: dict[UUID, _Whom] = field(default_factory=dict)
    #: Dates nearby that may be better share most of their days.
    _asked: dict[tuple[UUID, date, UUID, Spans], list[Slot]] = field(default_factory=dict)

    def headcount(self, rule: RuleFacts, day: date) -> Headcount:
        """How the day stands: at its worst time, as things are."""
        return worst_time(rule.rule, self._times(rule, day, {})[0])

    def times(self, rule: RuleFacts, day: date, person_id: UUID, parts: Sequence[DayPart]) -> list[Slot]:
        """The times of the day if somebody whom the rule counts were away for these parts of it too.

        What this one only asks for is left out: it is what is asked about.
        """
        wanted = tuple(part.minutes for part in parts if part.date == day)
        key = rule.id, day, person_id, wanted
        if key not in self._asked:
            self._asked[key] = self._times(rule, day, {person_id: wanted})[0]
        return self._asked[key]

    def times_of_all(
        self, rule: RuleFacts, day: date, wanted: Mapping[UUID, Spans]
    ) -> tuple[list[Slot], dict[UUID, Asked]]:
        """The same for several who would go at once, with those of them whom the rule counts."""
        return self._times(rule, day, wanted)

    def counts_person(self, rule: RuleFacts, person_id: UUID, day: date) -> bool:
        member = self.people.get(person_id)
        return member is not None and counts(rule, self._who(rule), person_id, member, day)

    def _times(
        self, rule: RuleFacts, day: date, wanted: Mapping[UUID, Spans]
    ) -> tuple[list[Slot], dict[UUID, Asked]]:
        people: list[PersonDay] = []
        asks: dict[UUID, Asked] = {}
        who = self._who(rule)
        for person_id, member in self.people.items():
            if not counts(rule, who, person_id, member, day):
                continue
            one = self._person_day(rule, who, person_id, member, day)
            if person_id in wanted:
                one = PersonDay(one.work, one.away)
                asks[person_id] = one, wanted[person_id]
            people.append(one)
        return slots(people, rule.rule.window, asks=list(asks.values())), asks

    def _person_day(
        self, rule: RuleFacts, who: _Whom, person_id: UUID, member: Member, day: date
    ) -> PersonDay:
        work = self._working(person_id, member, day, by_hour=rule.rule.hours is not None)
        parts = self.away.get((person_id, day)) if work else None
        if not parts:
            return PersonDay(work)
        counted = [one for one in parts if not who.types or one.type_id in who.types]
        return PersonDay(
            work,
            tuple(one.part.minutes for one in counted if one.approved),
            tuple(one.part.minutes for one in counted if not one.approved),
        )

    def _who(self, rule: RuleFacts) -> _Whom:
        if rule.id not in self._whom:
            self._whom[rule.id] = _Whom(*(rule.ids(part) for part in _WHOM_PARTS))
        return self._whom[rule.id]

    def _working(self, person_id: UUID, member: Member, day: date, *, by_hour: bool) -> Spans:
        key = person_id, day, by_hour
        if key not in self._work:
            self._work[key] = self._spans(person_id, member, day, by_hour=by_hour)
        return self._work[key]

    def _spans(self, person_id: UUID, member: Member, day: date, *, by_hour: bool) -> Spans:
        terms = terms_on(member.terms, day)
        if terms is None:
            return ()
        at = person_id, day
        if by_hour and (at in self.shifts or at in self.shifts_from_before):
            return (*self.shifts_from_before.get(at, ()), *self.shifts.get(at, ()))
        if at in self.shifts:
            return (WHOLE_DAY,)
        if self._rostered(member, day) and at not in self.away:
            return ()
        if not terms.scheduled(day):
            return ()
        return working_spans(self._free_in(member.terms[terms], person_id, day))

    def _rostered(self, member: Member, day: date) -> bool:
        return any(first <= day <= last and member.in_team(team, day) for team, first, last in self.rosters)

    def _free_in(self, place: Region, person_id: UUID, day: date) -> FreeTime:
        region = book_of(self.uow).region_for(place, person_id)
        key = region, day.year
        if key not in self._free:
            found = holidays_in(self.uow, region, [day.year])
            self._free[key] = free_time(one for several in found.values() for one in several)
        return self._free[key].get(day, NOTHING_FREE)


class _Whom(NamedTuple):
    """What a rule names, ready to be asked for every person and day."""

    counted: frozenset[UUID]
    excepted: frozenset[UUID]
    types: frozenset[UUID]


_WHOM_PARTS = (RulePart.COUNTED, RulePart.EXCEPTED, RulePart.TYPE)


def counts(rule: RuleFacts, who: _Whom, person_id: UUID, member: Member, day: date) -> bool:
    """Whether the rule counts this person on that day, should they work then."""
    if person_id in who.excepted or (who.counted and person_id not in who.counted):
        return False
    if rule.team_id is not None and not member.in_team(rule.team_id, day):
        return False
    if rule.site_id is not None:
        terms = terms_on(member.terms, day)
        if terms is None or terms.site_id != rule.site_id:
            return False
    return rule.field_id is None or member.values.get(rule.field_id) == rule.field_value
