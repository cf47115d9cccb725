"""Periods of employment: from the first day of a person's work here to the last, however often the terms change.

Somebody who comes back begins a new one, also when that is on the very next day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Stretch:
    """Terms between two days, both included; `opens_period`: these begin anew, whatever was before."""

    start: date
    end: date | None
    opens_period: bool = False


@dataclass(frozen=True, slots=True)
class Period:
    """Employed all the time between two days, both included; no end while it lasts."""

    start: date
    end: date | None


def opening(stretches: Sequence[Stretch]) -> list[bool]:
    """Which of these stretches, the first one first, begin a period."""
    return [
        place == 0 or one.opens_period or _gap(stretches[place - 1], one)
        for place, one in enumerate(stretches)
    ]


def periods(stretches: Sequence[Stretch]) -> list[Period]:
    """The periods of these stretches, the first one first."""
    found: list[Period] = []
    for one, opens in zip(stretches, opening(stretches), strict=True):
        if opens:
            found.append(Period(one.start, one.end))
        else:
            found[-1] = Period(found[-1].start, one.end)
    return found


def free_from(stretches: Sequence[Stretch]) -> date | None:
    """The first day on which a new period may begin; None while the last one has no end."""
    ends = [one.end for one in stretches]
    known = [end for end in ends if end is not None]
    if len(known) < len(ends):
        return None
    return max(known) + timedelta(days=1) if known else date.min


def _gap(before: Stretch, after: Stretch) -> bool:
    return before.end is not None and before.end + timedelta(days=1) < after.start
