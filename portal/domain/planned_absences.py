"""Days that somebody means to be away: a wish that costs nothing, holds nothing, and is not asked for yet."""

from collections.abc import Iterable, Sequence
from datetime import date
from enum import StrEnum

from portal.domain.periods import DayPart, overlap
from portal.domain.refusals import Reason, Refusal

LONGEST_NOTE = 500
#: How much it matters to the person, the most first.
WEIGHTS = (3, 2, 1)
#: So many may stand at the same time: a year has only so many days.
MOST_PLANNED = 60


class PlannedStatus(StrEnum):
    """Where a wish stands."""

    PLANNED = "planned"
    # It became an ordinary request.
    ASKED = "asked"
    # Its owner took it back.
    DROPPED = "dropped"
    # A planning round made an absence of it.
    GRANTED = "granted"
    # A planning round has not.
    REFUSED = "refused"


def check_weight(weight: int) -> None:
    if weight not in WEIGHTS:
        raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="weight")


def check_days(parts: Sequence[DayPart], *, today: date, planned: Iterable[DayPart]) -> None:
    """Only days to come are planned, and each once."""
    if parts[0].date < today:
        raise Refusal(Reason.PLANNED_TOO_LATE, field="start_date")
    others: dict[date, list[DayPart]] = {}
    for one in planned:
        others.setdefault(one.date, []).append(one)
    for part in parts:
        if any(overlap(part, other) for other in others.get(part.date, ())):
            raise Refusal(Reason.PLANNED_ALREADY, field="start_date", date=part.date)


def is_within(parts: Iterable[DayPart], absence: Iterable[DayPart]) -> bool:
    """Whether an absence takes up the whole of a wish."""
    taken: dict[date, list[DayPart]] = {}
    for one in absence:
        taken.setdefault(one.date, []).append(one)
    return all(_covers(taken.get(part.date, ()), part) for part in parts)


def _covers(taken: Iterable[DayPart], part: DayPart) -> bool:
    first, last = part.minutes
    return any(one.minutes[0] <= first and last <= one.minutes[1] for one in taken)
