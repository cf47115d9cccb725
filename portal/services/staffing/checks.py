"""Asks the rules of staffing: while somebody chooses dates, when they send, when somebody approves or enters.

Against a rule counts what is agreed; what only waits is shown, and whoever is approved first is first.
What nobody has to approve, such as a sick day, is never held up by a rule.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, select

from portal.db import UnitOfWork
from portal.domain.periods import DayPart, bounds
from portal.domain.permissions import Permission
from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import Effect, Headcount, Override, RulePart
from portal.domain.staffing_slots import broken_by
from portal.models.absence import Absence
from portal.models.staffing import StaffingRule
from portal.services import access
from portal.services.staffing.crowd import Crowd, RuleFacts
from portal.services.staffing.reading import crowd_of, hold

#: So many days of rules the log names.
_NOTED = 100


@dataclass(frozen=True)
class Breach:
    """A date on which a request breaks a rule, as the day would be then."""

    rule: RuleFacts
    date: date
    count: Headcount


def caused(
    uow: UnitOfWork, employee_id: UUID, parts: Sequence[DayPart], type_id: UUID, *, lock: bool = False
) -> list[Breach]:
    """What the absence would break, by date. With a lock nobody else is let past the same rules meanwhile (T151)."""
    if not parts:
        return []
    first, last = bounds(parts)
    if lock:
        hold(uow, employee_id, first, last)
    return breaches(crowd_of(uow, first, last, about=employee_id), employee_id, parts, type_id)


def breaches(crowd: Crowd, employee_id: UUID, parts: Sequence[DayPart], type_id: UUID) -> list[Breach]:
    """The one evaluation of all moments: of each date and rule the worst time at which it would be broken."""
    found = []
    rules = [rule for rule in crowd.rules if rule.about_type(type_id)]
    ordered = sorted(parts, key=lambda part: part.date)
    for day, several in groupby(ordered, key=lambda part: part.date):
        of_day = list(several)
        for rule in rules:
            if not rule.rule.holds_on(day) or not crowd.counts_person(rule, employee_id, day):
                continue
            count = broken_by(rule.rule, crowd.times(rule, day, employee_id, of_day))
            if count is not None:
                found.append(Breach(rule, day, count))
    return found


def any_rule() -> ColumnElement[bool]:
    """A column: whether there is anything to ask. Companies without rules need not pay for the question."""
    return select(StaffingRule.id).exists().label("any_staffing_rule")


def of_waiting(uow: UnitOfWork, waiting: Iterable[Absence]) -> dict[UUID, list[Breach]]:
    """What each of these requests would break if it were approved now; as many statements for one as for many."""
    asked = {one.id: one for one in waiting}
    if not asked:
        return {}
    first = min(one.start_date for one in asked.values())
    last = max(one.end_date for one in asked.values())
    crowd = crowd_of(uow, first, last)
    parts: dict[UUID, list[DayPart]] = {}
    for several in crowd.away.values():
        for part, _approved, absence_id, _type_id in several:
            parts.setdefault(absence_id, []).append(part)
    return {
        absence_id: breaches(crowd, absence.employee_id, parts.get(absence_id, ()), absence.absence_type_id)
        for absence_id, absence in asked.items()
    }


def before_asking(
    uow: UnitOfWork, employee_id: UUID, parts: Sequence[DayPart], note: str, *, type_id: UUID
) -> None:
    """Nobody sends what a rule blocks; where one asks for a reason, the note says it."""
    found = caused(uow, employee_id, parts, type_id)
    blocked = _first(found, Effect.BLOCK)
    if blocked is not None:
        raise _refusal(Reason.STAFFING_BLOCKED, blocked, field="start_date")
    asked = _first(found, Effect.REASON)
    if asked is not None and not note.strip():
        raise _refusal(Reason.STAFFING_NEEDS_REASON, asked, field="note")


def before_counting(
    uow: UnitOfWork, employee_id: UUID, parts: Sequence[DayPart], *, type_id: UUID, note: str, accepted: bool
) -> dict[str, Any]:
    """Whoever approves or enters has seen the broken days and says why; past a block only with the right to (T151).

    Answers what the log keeps of it. The rules are held until the transaction ends, so that of two approvals that
    break one together, the second finds the first.
    """
    found = caused(uow, employee_id, parts, type_id, lock=True)
    return accept(uow, {employee_id: found}, note=note, accepted=accepted)


def accept(
    uow: UnitOfWork,
    found: Mapping[UUID, Sequence[Breach]],
    *,
    note: str,
    accepted: bool,
    note_field: str = "note",
) -> dict[str, Any]:
    """The same for several people at once, for each with what would be broken."""
    asked = {person: _asking(several) for person, several in found.items()}
    every = [one for several in asked.values() for one in several]
    if not every:
        return {}
    stands = not_passed(uow, asked)
    if stands is not None:
        raise _refusal(Reason.STAFFING_BLOCKED, stands)
    if not accepted:
        raise _refusal(Reason.STAFFING_NOT_SEEN, every[0])
    if not note.strip():
        raise _refusal(Reason.STAFFING_NEEDS_REASON, every[0], field=note_field)
    broken = dict.fromkeys(f"{one.rule.name} {one.date.isoformat()}" for one in every)
    return {"broken_rules": list(broken)[:_NOTED], "despite_because": note.strip()}


def _asking(found: Sequence[Breach]) -> list[Breach]:
    return [one for one in found if one.rule.rule.effect is not Effect.INFO]


def not_passed(uow: UnitOfWork, found: Mapping[UUID, Sequence[Breach]]) -> Breach | None:
    """The first block past which the actor may not go for that person; never for oneself. One query for all."""
    blocks = [
        (person, one)
        for person, several in found.items()
        for one in several
        if one.rule.rule.effect is Effect.BLOCK
    ]
    by_right = {person for person, one in blocks if one.rule.rule.override is Override.RIGHT}
    reached = access.reachable(uow, Permission.STAFFING_OVERRIDE, list(by_right)) if by_right else set()
    me = uow.actor.employee_id
    for person, one in blocks:
        passes = {
            Override.RIGHT: person in reached,
            Override.NAMED: me in one.rule.ids(RulePart.OVERRIDES) and me != person,
            Override.NOBODY: False,
        }
        if not passes[one.rule.rule.override]:
            return one
    return None


def _first(found: Sequence[Breach], effect: Effect) -> Breach | None:
    return next((one for one in found if one.rule.rule.effect is effect), None)


def _refusal(reason: Reason, breach: Breach, *, field: str | None = None) -> Refusal:
    return Refusal(reason, field=field, rule=breach.rule.name, date=breach.date)
