"""Overtime that becomes time off: what a type of absence makes of hours worked beyond the plan, and for how long.

Who proposes and who decides is in services/overtime.py; the credit is a row of the ledger like any other.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import Self

from portal.domain.entitlement_plans import months_later
from portal.domain.ledger import Bucket, Entry, EntryKind
from portal.domain.periods import DAY_MINUTES
from portal.domain.refusals import Reason, Refusal

MOST_MONTHS = 60
MOST_CAP = 6_000 * 60


class OvertimeStatus(StrEnum):
    """Where hours that somebody worked longer stand."""

    # By the person themselves; nothing is credited yet.
    PROPOSED = "proposed"
    BOOKED = "booked"
    DECLINED = "declined"
    # By the person, before anybody decided.
    DROPPED = "dropped"
    # By an approver, after it was booked.
    REVERSED = "reversed"


class OvertimeStep(StrEnum):
    BOOK = "book"
    DECLINE = "decline"
    DROP = "drop"
    REVERSE = "reverse"


_STEPS: Mapping[tuple[OvertimeStatus, OvertimeStep], OvertimeStatus] = {
    (OvertimeStatus.PROPOSED, OvertimeStep.BOOK): OvertimeStatus.BOOKED,
    (OvertimeStatus.PROPOSED, OvertimeStep.DECLINE): OvertimeStatus.DECLINED,
    (OvertimeStatus.PROPOSED, OvertimeStep.DROP): OvertimeStatus.DROPPED,
    (OvertimeStatus.BOOKED, OvertimeStep.REVERSE): OvertimeStatus.REVERSED,
}


def next_status(status: OvertimeStatus, step: OvertimeStep) -> OvertimeStatus:
    """Where a step leads; one that is not open any more was decided meanwhile."""
    try:
        return _STEPS[status, step]
    except KeyError:
        raise Refusal(Reason.ALREADY_DECIDED, status=status) from None


@dataclass(frozen=True, slots=True)
class OvertimeRules:
    """How a type of absence takes overtime in."""

    #: So many months after the month in which they were worked the hours can be used.
    months: int
    #: At most so many minutes on the account; None: as many as there are.
    cap: int | None = None
    #: What published rosters plan beyond the contract is proposed when the month is over.
    of_roster: bool = False

    def __post_init__(self) -> None:
        if not 1 <= self.months <= MOST_MONTHS:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="overtime_months")
        if self.cap is not None and not 0 < self.cap <= MOST_CAP:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="overtime_cap")

    @classmethod
    def of(cls, months: int | None, cap: int | None, *, of_roster: bool = False) -> Self | None:
        """None: the type takes no overtime in."""
        return None if months is None else cls(months, cap, of_roster)

    def bucket(self, worked_on: date) -> Bucket:
        """Hours of one month lie together, and lapse together with the end of a month."""
        first = worked_on.replace(day=1)
        return Bucket(first.year, first, months_later(first, self.months + 1) - timedelta(days=1))


def check_minutes(minutes: int, *, others: int) -> None:
    """A day has 24 hours, with what is already there of the same day."""
    if minutes <= 0 or minutes + others > DAY_MINUTES:
        raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="hours")


def credit(
    worked_on: date, minutes: int, rules: OvertimeRules, entries: Iterable[Entry], today: date
) -> Entry:
    """The row that hours give, if they can still be used and the account has room for them."""
    if worked_on > today:
        raise Refusal(Reason.OVERTIME_TO_COME, field="worked_on")
    bucket = rules.bucket(worked_on)
    if bucket.usable_through < today:
        raise Refusal(Reason.OVERTIME_LAPSED, field="worked_on", through=bucket.usable_through)
    if rules.cap is not None:
        room = max(0, rules.cap - held(entries, today))
        if minutes > room:
            raise Refusal(Reason.OVERTIME_OVER_CAP, field="hours", cap=rules.cap, room=room)
    return Entry(EntryKind.TRANSFER, bucket, minutes, worked_on)


def held(entries: Iterable[Entry], today: date) -> int:
    """What is on the account, time off that is planned taken off."""
    return sum(one.amount for one in entries if one.bucket.usable_through >= today)


def reversed_credit(given: Entry, entries: Iterable[Entry], reserved: int) -> Entry:
    """Takes a credit out again, unless time off was taken or asked for from it."""
    left = sum(one.amount for one in entries if one.bucket == given.bucket) - reserved
    if left < given.amount:
        raise Refusal(Reason.OVERTIME_USED)
    return Entry(EntryKind.TRANSFER, given.bucket, -given.amount, given.effective_date)
