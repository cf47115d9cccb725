"""What moves when an approved absence is to become another one: which days, whether it shrinks, what it costs more."""

from collections.abc import Iterable, Sequence
from datetime import date

from portal.domain.periods import DayPart


def changed_days(before: Iterable[DayPart], after: Iterable[DayPart]) -> list[date]:
    """The dates on which anything is different."""
    return sorted({part.date for part in set(before) ^ set(after)})


def added_days(before: Iterable[DayPart], after: Iterable[DayPart]) -> list[date]:
    """The dates on which more is asked for than there was."""
    held = list(before)
    return sorted({part.date for part in after if not _lies_within(part, held)})


def only_shrinks(before: Iterable[DayPart], after: Iterable[DayPart]) -> bool:
    """Nothing is asked for that was not agreed to already."""
    return not added_days(before, after)


def reservations(charges: Sequence[int], freed: int) -> list[int]:
    """What the parts of the new request hold back, in their order, while the old absence still counts.

    The old one pays for as much as it took; only what the new one costs beyond that is reserved, on its last parts.
    """
    rest = max(0, sum(charges) - freed)
    held = []
    for charge in reversed(charges):
        share = min(rest, charge)
        held.append(share)
        rest -= share
    return held[::-1]


def _lies_within(part: DayPart, held: Iterable[DayPart]) -> bool:
    return any(
        one.date == part.date and one.minutes[0] <= part.minutes[0] and part.minutes[1] <= one.minutes[1]
        for one in held
    )
