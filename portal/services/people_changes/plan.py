"""What a change of many people would do, person by person: the same for the page, the digest and the job."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from portal.db import UnitOfWork
from portal.domain.line_managers import closing, last_day_of_change, manager_on
from portal.domain.people_changes import TEAM_KINDS, TERM_KINDS, ChangeKind
from portal.domain.refusals import Reason, Refusal
from portal.models.team import Site
from portal.services import employments, line_managers, roles, sign_in_policy
from portal.services.people_changes import people, targets
from portal.services.people_changes.asked import Asked, Chosen
from portal.services.people_changes.people import Person
from portal.services.people_changes.targets import Target


@dataclass(frozen=True, slots=True)
class Line:
    """One person: what becomes of what, or why not. `already` is no obstacle, only nothing to do."""

    id: UUID
    name: str
    email: str
    before: str = ""
    after: str = ""
    problem: Reason | None = None

    @property
    def already(self) -> bool:
        return self.problem is Reason.ALREADY_SO

    @property
    def doable(self) -> bool:
        return self.problem is None


@dataclass(frozen=True)
class Plan:
    """All lines: first whom it cannot be done to, then who changes, then who is like that already."""

    asked: Asked
    target: Target
    lines: tuple[Line, ...]

    @property
    def doable(self) -> list[Line]:
        return [line for line in self.lines if line.doable]

    @property
    def blocked(self) -> list[Line]:
        return [line for line in self.lines if not (line.doable or line.already)]

    @property
    def digest(self) -> str:
        """Two plans with the same digest do the same."""
        return hashlib.sha256(repr((self.asked, self.lines)).encode()).hexdigest()


Judge = Callable[[Person], Line]


def plan(uow: UnitOfWork, chosen: Chosen, asked: Asked) -> Plan:
    """Refuses what nobody could be given; what one person cannot be given is said in their line."""
    target = targets.find(uow, asked)
    chosen_people = people.found(uow, chosen, asked.kind, asked.from_day)
    if not chosen_people:
        raise Refusal(Reason.NOBODY_CHOSEN)
    judge = _judge(uow, asked, target, chosen_people)
    lines = [_judged(person, judge) for person in chosen_people]
    return Plan(asked, target, tuple(sorted(lines, key=_place)))


def _judged(person: Person, judge: Judge) -> Line:
    if not person.reached:
        return _line(person, Reason.NOT_PERMITTED)
    if not person.active:
        return _line(person, Reason.PERSON_LEFT)
    return judge(person)


def _judge(uow: UnitOfWork, asked: Asked, target: Target, chosen: Sequence[Person]) -> Judge:
    if asked.kind in TEAM_KINDS:
        return _teams(uow, asked, target, chosen)
    if asked.kind in TERM_KINDS:
        return _terms(uow, asked, target, chosen)
    makers = {
        ChangeKind.MANAGER: _manager,
        ChangeKind.GIVE_ROLE: _role_given,
        ChangeKind.TAKE_ROLE: _role_taken,
        ChangeKind.INVITE: _invitation,
        ChangeKind.LEAVE: _leaving,
    }
    return makers[asked.kind](uow, asked, target, chosen)


def _teams(uow: UnitOfWork, asked: Asked, target: Target, chosen: Sequence[Person]) -> Judge:
    held = people.teams_of(uow, _ids(chosen), asked.from_day)

    def judge(person: Person) -> Line:
        now = held.get(person.id, {})
        after = targets.teams_after(asked, target, now)
        if set(after) == set(now):
            return _line(person, Reason.ALREADY_SO)
        return _change(person, ", ".join(sorted(now.values())), ", ".join(sorted(after.values())))

    return judge


def _terms(uow: UnitOfWork, asked: Asked, _target: Target, chosen: Sequence[Person]) -> Judge:
    segments = people.segments_of(uow, _ids(chosen))
    sites = dict(uow.session.execute(select(Site.id, Site.name)).all())
    day = asked.from_day or uow.today()

    def judge(person: Person) -> Line:
        own = segments.get(person.id, [])
        if own and not any(one.end_date is None or one.end_date >= day for one in own):
            return _line(person, Reason.NO_EMPLOYMENT)
        now = employments.terms_at(own, day)
        after = targets.terms_after(asked, now)
        if own and after == now:
            return _line(person, Reason.ALREADY_SO)
        return _change(person, *(targets.terms_text(asked, one, sites) for one in (now, after)))

    return judge


def _manager(uow: UnitOfWork, asked: Asked, target: Target, chosen: Sequence[Person]) -> Judge:
    day = asked.from_day or uow.today()
    above = line_managers.everybody_from(uow, day)
    until = {one: last_day_of_change(above.get(one, ()), day, uow.today()) for one in _ids(chosen)}
    circle = closing(above, target.id, until, day) if target.id else frozenset()

    def judge(person: Person) -> Line:
        if manager_on(above.get(person.id, ()), day) == target.id:
            return _line(person, Reason.ALREADY_SO)
        if person.id in circle:
            return _line(person, Reason.MANAGER_CYCLE)
        return _change(person, person.manager, target.label)

    return judge


def _role_given(uow: UnitOfWork, _asked: Asked, target: Target, chosen: Sequence[Person]) -> Judge:
    held = people.holding(uow, _ids(chosen), target.needed_id)
    return lambda person: (
        _line(person, Reason.ALREADY_SO) if person.id in held else _change(person, "", target.label)
    )


def _role_taken(uow: UnitOfWork, _asked: Asked, target: Target, chosen: Sequence[Person]) -> Judge:
    held = people.holding(uow, _ids(chosen), target.needed_id)
    kept = _kept(uow, held, [target.key])

    def judge(person: Person) -> Line:
        if person.id not in held:
            return _line(person, Reason.ALREADY_SO)
        return _line(person, kept[person.id]) if person.id in kept else _change(person, target.label, "")

    return judge


def _invitation(uow: UnitOfWork, _asked: Asked, _target: Target, chosen: Sequence[Person]) -> Judge:
    inside = people.with_access(uow, _ids(chosen))
    return lambda person: _line(person, Reason.ALREADY_SO if person.id in inside else None)


def _leaving(uow: UnitOfWork, asked: Asked, _target: Target, chosen: Sequence[Person]) -> Judge:
    segments = people.segments_of(uow, _ids(chosen))
    last_day = asked.last_day or uow.today()
    losing = {one.id for one in chosen if one.reached and one.active} - {uow.actor.employee_id}
    kept = _kept(uow, losing, list(roles.KEPT))

    def judge(person: Person) -> Line:
        own = segments.get(person.id, [])
        ends = own[-1].end_date if own else None
        if person.id == uow.actor.employee_id:
            return _line(person, Reason.NOT_ONESELF)
        if own and own[0].start_date > last_day:
            return _line(person, Reason.NO_EMPLOYMENT)
        if ends is not None and ends < last_day + timedelta(days=1) and last_day > uow.today():
            return _line(person, Reason.ALREADY_SO)
        if person.id in kept:
            return _line(person, kept[person.id])
        return _change(person, ends.isoformat() if ends else "", last_day.isoformat())

    return judge


def _kept(uow: UnitOfWork, losing: set[UUID], keys: Sequence[str]) -> dict[UUID, Reason]:
    """Who cannot lose it: the last ones who hold admin or HR, and who keeps the password for emergencies."""
    found: dict[UUID, Reason] = {}
    for key in keys:
        holders = roles.holders(uow, key) if key in roles.KEPT else set()
        if holders and holders <= losing:
            found |= dict.fromkeys(holders, roles.KEPT[key])
    policy = sign_in_policy.current(uow) if set(keys) & roles.KEPT.keys() else None
    if policy is not None and policy.sso_required and policy.break_glass_id in losing:
        found[policy.break_glass_id] = Reason.SSO_BREAK_GLASS_KEPT
    return found


def _place(line: Line) -> int:
    return 0 if not (line.doable or line.already) else 1 if line.doable else 2


def _ids(chosen: Sequence[Person]) -> list[UUID]:
    return [one.id for one in chosen]


def _line(person: Person, problem: Reason | None) -> Line:
    return Line(person.id, person.name, person.email, problem=problem)


def _change(person: Person, before: str, after: str) -> Line:
    return Line(person.id, person.name, person.email, before, after)
