"""A roster's shifts taken together: clashes, totals, and what publishing would change for each person."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from portal.domain.shift_times import ShiftMoments


class RosterStatus(StrEnum):
    """Planners see drafts; everyone else sees what was published last."""

    DRAFT = "draft"
    PUBLISHED = "published"


@dataclass(frozen=True, slots=True)
class ShiftFacts:
    """One person's shift as a planner sees it and as a publication keeps it."""

    shift_id: UUID
    employee_id: UUID
    date: date
    moments: ShiftMoments
    label: str = ""


@dataclass(frozen=True, slots=True)
class ChangedShift:
    """The same shift before and after."""

    was: ShiftFacts
    now: ShiftFacts


@dataclass(frozen=True, slots=True)
class RosterChanges:
    """What publishing means for one person."""

    added: tuple[ShiftFacts, ...] = ()
    removed: tuple[ShiftFacts, ...] = ()
    changed: tuple[ChangedShift, ...] = ()


def touching_apart(one: ShiftMoments, other: ShiftMoments) -> bool:
    """Do two shifts leave each other alone? One may begin at the moment the other ends."""
    return one.end_at <= other.start_at or other.end_at <= one.start_at


def overlapping(shifts: Iterable[ShiftFacts]) -> list[tuple[ShiftFacts, ShiftFacts]]:
    """Shifts of one person that clash with the one running before them, over all teams and sites."""
    clashes: list[tuple[ShiftFacts, ShiftFacts]] = []
    running: dict[UUID, ShiftFacts] = {}
    for shift in sorted(shifts, key=_by_start):
        before = running.get(shift.employee_id)
        if before and not touching_apart(before.moments, shift.moments):
            clashes.append((before, shift))
        if before is None or shift.moments.end_at > before.moments.end_at:
            running[shift.employee_id] = shift
    return clashes


def paid_minutes(shifts: Iterable[ShiftFacts]) -> dict[UUID, int]:
    """Paid minutes of each person."""
    totals: dict[UUID, int] = {}
    for shift in shifts:
        totals[shift.employee_id] = totals.get(shift.employee_id, 0) + shift.moments.paid_minutes
    return totals


def changes(draft: Iterable[ShiftFacts], published: Iterable[ShiftFacts]) -> dict[UUID, RosterChanges]:
    """Was and is for every person affected; a shift handed over is removed here and added there."""
    was = {shift.shift_id: shift for shift in published}
    now = {shift.shift_id: shift for shift in draft}
    found: defaultdict[UUID, _Collected] = defaultdict(_Collected)
    for shift_id in was.keys() | now.keys():
        before, after = was.get(shift_id), now.get(shift_id)
        if before == after:
            continue
        if before and after and before.employee_id == after.employee_id:
            found[after.employee_id].changed.append(ChangedShift(before, after))
            continue
        if before:
            found[before.employee_id].removed.append(before)
        if after:
            found[after.employee_id].added.append(after)
    return {person: collected.sorted() for person, collected in found.items()}


@dataclass(slots=True)
class _Collected:
    added: list[ShiftFacts] = field(default_factory=list)
    removed: list[ShiftFacts] = field(default_factory=list)
    changed: list[ChangedShift] = field(default_factory=list)

    def sorted(self) -> RosterChanges:
        return RosterChanges(
            added=tuple(sorted(self.added, key=_by_start)),
            removed=tuple(sorted(self.removed, key=_by_start)),
            changed=tuple(sorted(self.changed, key=lambda change: _by_start(change.now))),
        )


def _by_start(shift: ShiftFacts) -> tuple[datetime, datetime, UUID]:
    return shift.moments.start_at, shift.moments.end_at, shift.shift_id
