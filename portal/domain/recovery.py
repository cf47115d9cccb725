"""After damage: where a restored log goes on, and whether a restored portal may take the place of the damaged one."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

#: A person may still say no this long after the operator was told what is about to happen.
VETO_TIME = timedelta(minutes=15)
#: Damage again so soon after a switch means a broken disk, not a broken page: another switch would not help.
CALM_TIME = timedelta(hours=24)
#: Numbers left out when nobody can say how far the lost log went; more than any hour between two anchors fills.
UNSEEN = 10_000


class Decision(StrEnum):
    """What becomes of a portal that was restored beside the damaged one."""

    SWITCH = "switch"
    WAIT = "wait"
    ASK = "ask"


def goes_on_at(kept: int, *, anchored: int, seen: int | None) -> int:
    """The number of the first event after a restore. No number of the lost log is used again.

    `kept` is the last number in the backup, `anchored` the last that was anchored outside, `seen` the last one of the
    damaged log, where that can still be read.
    """
    if seen is None:
        return max(kept, anchored) + UNSEEN + 1
    return max(kept, anchored, seen) + 1


def lost_events(kept: dict[str, int], seen: dict[str, int] | None) -> int | None:
    """How many events came after the backup, of all companies; None when the damaged logs cannot be read."""
    if seen is None:
        return None
    return sum(max(last - kept.get(company, 0), 0) for company, last in seen.items())


def may_switch(
    *,
    lost: int | None,
    automatic: bool,
    accepted: bool,
    vetoed: bool,
    told_at: datetime,
    last_switch: datetime | None,
    now: datetime,
) -> Decision:
    """A person's word counts most. By itself only what loses nothing, or what the operator has allowed beforehand."""
    if accepted:
        return Decision.SWITCH
    if vetoed or (last_switch is not None and now - last_switch < CALM_TIME):
        return Decision.ASK
    if lost == 0:
        return Decision.SWITCH
    if not automatic:
        return Decision.ASK
    return Decision.SWITCH if now - told_at >= VETO_TIME else Decision.WAIT
