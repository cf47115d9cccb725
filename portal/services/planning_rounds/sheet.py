"""A round on one sheet: who wants which days, where that breaks rules of staffing, and the proposal.

As many statements for ten people as for a thousand. What granting would cost is worked out in pricing.py.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import product
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import and_, func, select

from portal.db import UnitOfWork
from portal.domain.periods import DayPart
from portal.domain.permissions import Permission
from portal.domain.planning_rounds import Bid, Limit, RoundStatus, Verdict, propose
from portal.domain.staffing import PERSON, Effect, Span
from portal.domain.staffing_slots import Spans, goes
from portal.models.absence_type import AbsenceType
from portal.models.employee import Employee, Employment
from portal.models.planned_absence import PlannedAbsence
from portal.models.planning_round import PlanningChoice, PlanningRound
from portal.services import access
from portal.services.balances import TypeFacts, type_facts
from portal.services.name_order import by_name
from portal.services.planning_rounds import rounds
from portal.services.planning_rounds.rounds import RoundLine
from portal.services.staffing.crowd import Crowd
from portal.services.staffing.reading import crowd_of


@dataclass(frozen=True)
class SheetPerson:
    """Somebody of the round, with what past rounds gave them."""

    id: UUID
    name: str
    active: bool
    employed_since: date | None
    #: Conflicts won in past rounds, and the first day of the last round in which.
    won: int = 0
    last_won: date | None = None


@dataclass(frozen=True)
class SheetWish:
    """A wish, and what the round makes of it."""

    row: PlannedAbsence
    type: AbsenceType
    person: SheetPerson
    kind: TypeFacts
    granted: bool
    by_hand: bool
    contested: bool
    late: bool
    #: Whoever runs the round decides nothing about themselves.
    own: bool
    #: The rule of staffing that speaks against it, and on which day.
    rule_name: str | None = None
    rule_date: date | None = None
    #: That rule lets nobody past without the right to.
    blocked: bool = False

    @property
    def id(self) -> UUID:
        return self.row.id

    @property
    def parts(self) -> list[DayPart]:
        return self.row.parts


@dataclass(frozen=True)
class Sheet:
    """Everybody by name, and the wishes by person and day."""

    row: PlanningRound
    line: RoundLine
    people: list[SheetPerson]
    wishes: list[SheetWish]

    @property
    def conflicts(self) -> list[SheetWish]:
        return [one for one in self.wishes if one.contested]


def read(uow: UnitOfWork, round_id: UUID) -> Sheet:
    """Open: with the proposal of today. Decided: as it was decided."""
    row, line = rounds.get_round(uow, round_id)
    people = _people(uow, row)
    found = [
        (wish, kind, people[wish.employee_id], choice)
        for wish, kind, choice in _wishes(uow, row)
        if wish.employee_id in people
    ]
    is_open = row.status is RoundStatus.OPEN
    wishes = _weighed(uow, row, found) if is_open else [_decided(uow, *one) for one in found]
    by_name_and_day = {person_id: position for position, person_id in enumerate(people)}
    wishes.sort(key=lambda one: (by_name_and_day[one.person.id], one.row.start_date))
    return Sheet(row, line, [one for one in people.values() if one.active], wishes)


def _people(uow: UnitOfWork, row: PlanningRound) -> dict[UUID, SheetPerson]:
    since = (
        select(func.min(Employment.start_date))
        .where(Employment.employee_id == Employee.id)
        .correlate(Employee)
        .scalar_subquery()
    )
    query = (
        select(Employee.id, Employee.first_name, Employee.last_name, Employee.active, since)
        .where(
            Employee.id.in_(rounds.members(row)),
            access.employees_within(uow, Permission.ABSENCE_ENTER, Employee.id),
        )
        .order_by(*by_name(uow), Employee.id)
    )
    won = _past_wins(uow, row)
    return {
        person_id: SheetPerson(person_id, f"{first} {last}", active, begun, *won.get(person_id, (0, None)))
        for person_id, first, last, active, begun in uow.session.execute(query)
    }


def _past_wins(uow: UnitOfWork, row: PlanningRound) -> dict[UUID, tuple[int, date | None]]:
    """What was undone was never won."""
    query = (
        select(PlanningChoice.employee_id, func.count(), func.max(PlanningRound.start_date))
        .join(PlanningRound, PlanningRound.id == PlanningChoice.round_id)
        .where(
            PlanningRound.status == RoundStatus.PUBLISHED,
            PlanningRound.id != row.id,
            PlanningChoice.granted,
            PlanningChoice.contested,
        )
        .group_by(PlanningChoice.employee_id)
    )
    return {person_id: (count, last) for person_id, count, last in uow.session.execute(query)}


def _wishes(uow: UnitOfWork, row: PlanningRound) -> Sequence[Any]:
    """Each with what is decided about it by hand; once the round is over, those alone that it has decided."""
    is_open = row.status is RoundStatus.OPEN
    chosen = and_(PlanningChoice.planned_absence_id == PlannedAbsence.id, PlanningChoice.round_id == row.id)
    query = (
        select(PlannedAbsence, AbsenceType, PlanningChoice)
        .join(AbsenceType, AbsenceType.id == PlannedAbsence.absence_type_id)
        .join(PlanningChoice, chosen, isouter=is_open)
    )
    if is_open:
        query = query.where(rounds.of_round(row))
    return uow.session.execute(query.execution_options(populate_existing=True)).all()


def _weighed(uow: UnitOfWork, row: PlanningRound, found: Sequence[Any]) -> list[SheetWish]:
    if not found:
        return []
    crowd = crowd_of(uow, row.start_date, row.end_date)
    me = uow.actor.employee_id
    others = [one for one in found if one[0].employee_id != me]
    limits, takes = _weights(crowd, others)
    bids = [
        Bid(
            wish.id,
            wish.weight,
            wish.planned_at,
            takes.get(wish.id, {}),
            person.won,
            person.last_won,
            person.employed_since,
            is_late(uow, row, wish.planned_at),
            choice.granted if choice else None,
        )
        for wish, _kind, person, choice in others
    ]
    verdicts = propose(bids, limits, row.tie_break)
    names = {str(rule.id): rule for rule in crowd.rules}
    return [
        _proposed(wish, kind, person, verdicts.get(wish.id), names) for wish, kind, person, _choice in found
    ]


def _weights(crowd: Crowd, found: Sequence[Any]) -> tuple[dict[Any, Limit], dict[UUID, dict[Any, int]]]:
    """Every rule at each time of each day, and of which of them a wish takes a person away."""
    by_day: dict[date, list[tuple[PlannedAbsence, Span]]] = {}
    for wish, kind, _person, _choice in found:
        for part in () if kind.at_work else wish.parts:
            by_day.setdefault(part.date, []).append((wish, part.minutes))
    limits: dict[Any, Limit] = {}
    takes: dict[UUID, dict[Any, int]] = {}
    for day, several in by_day.items():
        for rule in (one for one in crowd.rules if one.rule.holds_on(day)):
            asked = [(wish, span) for wish, span in several if rule.about_type(wish.absence_type_id)]
            wanted: dict[UUID, Spans] = {}
            for wish, span in asked:
                wanted[wish.employee_id] = (*wanted.get(wish.employee_id, ()), span)
            times, counted = crowd.times_of_all(rule, day, wanted)
            for slot, (wish, span) in product(times, asked):
                if wish.employee_id in counted and goes((counted[wish.employee_id][0], (span,)), slot.span):
                    key = day.isoformat(), str(rule.id), slot.span
                    limits[key] = Limit(rule.rule, slot.count)
                    takes.setdefault(wish.id, {})[key] = PERSON
    return limits, takes


def _proposed(
    wish: PlannedAbsence,
    kind: AbsenceType,
    person: SheetPerson,
    verdict: Verdict | None,
    rules: Mapping[str, Any],
) -> SheetWish:
    if verdict is None:
        return SheetWish(wish, kind, person, type_facts(kind), False, False, False, late=False, own=True)
    day, rule_id, _span = verdict.against if isinstance(verdict.against, tuple) else (None, None, None)
    rule = rules[rule_id] if rule_id else None
    return SheetWish(
        wish,
        kind,
        person,
        type_facts(kind),
        verdict.granted,
        verdict.bid.granted_by_hand is not None,
        verdict.contested,
        late=verdict.bid.late,
        own=False,
        rule_name=rule.name if rule else None,
        rule_date=date.fromisoformat(day) if day else None,
        blocked=rule is not None and rule.rule.effect is Effect.BLOCK,
    )


def _decided(
    uow: UnitOfWork, wish: PlannedAbsence, kind: AbsenceType, person: SheetPerson, choice: PlanningChoice
) -> SheetWish:
    return SheetWish(
        wish,
        kind,
        person,
        type_facts(kind),
        choice.granted,
        choice.by_hand,
        choice.contested,
        late=False,
        own=wish.employee_id == uow.actor.employee_id,
        rule_name=choice.rule_name,
        rule_date=choice.rule_date,
    )


def is_late(uow: UnitOfWork, row: PlanningRound, planned_at: datetime) -> bool:
    """Planned after the last day of the deadline, by the clock of the company."""
    return planned_at.astimezone(ZoneInfo(uow.company.time_zone)).date() > row.deadline
