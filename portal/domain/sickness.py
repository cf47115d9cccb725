"""Sickness: where a report stands, when its proof is due, and how long somebody has been ill in a row.

It is an absence that nobody asks for: it counts at once, HR accepts it afterwards. What it costs is in
absence_costs.py; whose vacation it takes the place of, in services/sickness.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStatus
from portal.domain.periods import DayPart, overlap
from portal.domain.refusals import Reason, Refusal

#: So many days before the alarm's day HR is told.
ALARM_AHEAD = timedelta(days=7)
#: A missing proof is asked for again after so many days.
REMIND_AGAIN = timedelta(days=7)


class SickState(StrEnum):
    """How far HR has looked at a report."""

    REPORTED = "reported"
    # Accepted once, and longer since.
    EXTENDED = "extended"
    ACCEPTED = "accepted"
    UNDONE = "undone"


class ProofState(StrEnum):
    """Whether the proof that the rules ask for is there."""

    NOT_NEEDED = "not-needed"
    MISSING = "missing"
    THERE = "there"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Stretch:
    """The first and last day of one report."""

    start_date: date
    end_date: date

    @property
    def days(self) -> int:
        return (self.end_date - self.start_date).days + 1


def state_of(status: AbsenceStatus, accepted_through: date | None, end_date: date) -> SickState:
    """What was accepted holds through a day; a report that lasts longer waits again."""
    if status is not AbsenceStatus.APPROVED:
        return SickState.UNDONE
    if accepted_through is None:
        return SickState.REPORTED
    return SickState.ACCEPTED if accepted_through >= end_date else SickState.EXTENDED


def may_undo(accepted_through: date | None, *, own: bool, reports: bool, manages: bool) -> bool:
    """Whoever may report takes back what HR has not accepted; afterwards it is HR's, and never over their own."""
    if accepted_through is None:
        return own or reports or manages
    return manages and not own


def proof_due_on(rules: TypeRules, start_date: date, end_date: date) -> date | None:
    """The day on which a proof has to be there; None: this one needs none."""
    if rules.proof_from_days is None or not rules.needs_proof(start_date, end_date):
        return None
    return start_date + timedelta(days=rules.proof_from_days - 1)


def proof_state(due_on: date | None, *, there: int, accepted: int) -> ProofState:
    """By how many files are there, and how many of them HR has accepted."""
    if accepted:
        return ProofState.ACCEPTED
    if there:
        return ProofState.THERE
    return ProofState.MISSING if due_on is not None else ProofState.NOT_NEEDED


def remind_of_proof(due_on: date | None, last: date | None, today: date) -> bool:
    """On the day it is due, and then once a week."""
    return due_on is not None and due_on <= today and (last is None or last + REMIND_AGAIN <= today)


def in_a_row(latest: Stretch, before: Iterable[Stretch], works_on: Callable[[date], bool]) -> Stretch:
    """The whole illness that the latest report belongs to.

    A report goes on the one before it when no day of work lies between the two: over a weekend nobody gets well.
    """
    start = latest.start_date
    for one in sorted(before, key=lambda stretch: stretch.end_date, reverse=True):
        if one.end_date >= latest.end_date:
            continue
        between = (one.end_date + timedelta(days=n) for n in range(1, (start - one.end_date).days))
        if any(works_on(day) for day in between):
            break
        start = min(start, one.start_date)
    return Stretch(start, latest.end_date)


def alarm_on(rules: TypeRules, since: date, *, by_law: int | None = None) -> date | None:
    """The last day of what the type allows in a row, else of what the law at the site does; None: there is no limit.

    A type that says 0 wants no alarm, whatever the law.
    """
    limit = by_law if rules.alarm_days is None else rules.alarm_days
    return since + timedelta(days=limit - 1) if limit else None


def takes_place_of(sick: Iterable[DayPart], taken: DayPart) -> bool:
    """Whether time off gives way to a report. Half of a whole day cannot: nobody rests with a fever until noon."""
    for part in sick:
        if not overlap(part, taken):
            continue
        starts, ends = part.minutes
        if not (starts <= taken.minutes[0] and taken.minutes[1] <= ends):
            raise Refusal(Reason.SICKNESS_SPLITS_DAY, field="first_part", date=taken.date)
        return True
    return False
