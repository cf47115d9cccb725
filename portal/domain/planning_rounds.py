"""Planning rounds: who gets the days that not everybody can have, decided by rules that are declared before.

What matters most to people comes first, then whoever has won fewer such conflicts in past rounds, then the tie-break of
the round. Nothing here knows where wishes or headcounts come from.
"""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import Effect, Headcount, StaffingRule

LONGEST_NAME = 80
LONGEST_PERIOD_DAYS = 366
#: So many days before the deadline people are reminded.
REMINDED_BEFORE = 7


class RoundStatus(StrEnum):
    """Where a round stands."""

    # People plan, and whoever runs it weighs.
    OPEN = "open"
    # Decided: its wishes are absences or requests.
    PUBLISHED = "published"
    # Taken back as one; the wishes are wishes again.
    UNDONE = "undone"
    # Given up before it was decided.
    CLOSED = "closed"


class TieBreak(StrEnum):
    """Between people who want it as much and have won as often."""

    # Whoever planned the days first.
    FIRST_COME = "first-come"
    # Whoever has waited longest since they last won a conflict.
    ROTATION = "rotation"
    # Whoever has worked here longer.
    SENIORITY = "seniority"


class Outcome(StrEnum):
    """What a round makes of the wishes that are granted."""

    # Absences that count at once: the employer determines the leave.
    ABSENCES = "absences"
    # Requests that wait for whoever approves.
    REQUESTS = "requests"


@dataclass(frozen=True, slots=True)
class Bid:
    """A wish as it is weighed. `takes` says how much of a person each limit loses by it, in thousandths."""

    id: UUID
    weight: int
    planned_at: datetime
    takes: Mapping[Hashable, int]
    #: Of the person: conflicts won in past rounds, and when the last one was.
    won: int = 0
    last_won: date | None = None
    employed_since: date | None = None
    #: Planned after the deadline: comes after all others.
    late: bool = False
    #: Decided by hand before anything is weighed.
    granted_by_hand: bool | None = None


@dataclass(frozen=True, slots=True)
class Limit:
    """A rule of staffing on a date, with who would work then and who is away already."""

    rule: StaffingRule
    count: Headcount

    @property
    def holds(self) -> bool:
        """What only informs keeps nobody from going."""
        return self.rule.effect is not Effect.INFO


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is proposed for one wish. `against` is the limit that speaks against it, also where a hand granted it."""

    bid: Bid
    granted: bool
    against: Hashable | None = None
    #: Not everybody who wants these days can have them.
    contested: bool = False


@dataclass
class _Scales:
    limits: Mapping[Hashable, Limit]
    counts: dict[Hashable, Headcount] = field(default_factory=dict)

    def count(self, key: Hashable) -> Headcount:
        return self.counts.get(key, self.limits[key].count)

    def against(self, bid: Bid) -> Hashable | None:
        """The first limit that the wish would break, beside what is granted so far."""
        for key in sorted(bid.takes, key=repr):
            limit = self.limits[key]
            if limit.holds and limit.rule.is_broken_by(self.count(key), bid.takes[key]):
                return key
        return None

    def take(self, bid: Bid) -> None:
        for key, more in bid.takes.items():
            self.counts[key] = self.count(key).with_away(more)


def propose(
    bids: Iterable[Bid], limits: Mapping[Hashable, Limit], tie_break: TieBreak
) -> dict[UUID, Verdict]:
    """For every wish whether it is granted. The order of the input does not matter.

    A wish is refused only where granting it would break a rule that blocks or asks for a reason. What was decided by
    hand is so, and takes its share first.
    """
    ordered = sorted(bids, key=lambda bid: _rank(bid, tie_break))
    contested = _contested(ordered, limits)
    scales = _Scales(limits)
    found: dict[UUID, Verdict] = {}
    for bid in ordered:
        if bid.granted_by_hand is not None:
            against = scales.against(bid)
            if bid.granted_by_hand:
                scales.take(bid)
            found[bid.id] = Verdict(bid, bid.granted_by_hand, against, bid.id in contested)
    for bid in ordered:
        if bid.granted_by_hand is None:
            against = scales.against(bid)
            if against is None:
                scales.take(bid)
            found[bid.id] = Verdict(bid, against is None, against, bid.id in contested)
    return found


def check_round(start_date: date, end_date: date, deadline: date, *, today: date) -> None:
    """A round is about days to come, and its deadline lies before them."""
    if end_date < start_date:
        raise Refusal(Reason.END_BEFORE_START, field="end_date")
    if (end_date - start_date).days >= LONGEST_PERIOD_DAYS:
        raise Refusal(Reason.PERIOD_TOO_LONG, field="end_date", limit_days=LONGEST_PERIOD_DAYS)
    if start_date <= today:
        raise Refusal(Reason.PLANNED_TOO_LATE, field="start_date")
    if not today <= deadline < start_date:
        raise Refusal(Reason.DEADLINE_OUTSIDE, field="deadline")


def _rank(bid: Bid, tie_break: TieBreak) -> tuple[Any, ...]:
    """Smaller comes first; the last resort is the id, so that the same wishes always come out alike."""
    tie: Any = bid.planned_at
    if tie_break is TieBreak.ROTATION:
        tie = bid.last_won or date.min
    elif tie_break is TieBreak.SENIORITY:
        tie = bid.employed_since or date.max
    return bid.late, -bid.weight, bid.won, tie, bid.planned_at, bid.id


def _contested(bids: Iterable[Bid], limits: Mapping[Hashable, Limit]) -> set[UUID]:
    """The wishes that touch a limit which all of them together would break."""
    bids = list(bids)
    asked: dict[Hashable, int] = {}
    for bid in bids:
        for key, more in bid.takes.items():
            asked[key] = asked.get(key, 0) + more
    broken = {
        key
        for key, more in asked.items()
        if limits[key].holds and limits[key].rule.is_broken_by(limits[key].count, more)
    }
    return {bid.id for bid in bids if any(key in broken and more for key, more in bid.takes.items())}
