"""For which days of somebody's time off nobody decides in their place, or not on everything."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Spell:
    """The days of a delegation. `limited`: of one type, of one team, or up to a length only."""

    start_date: date
    end_date: date
    limited: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """Days in a row that are not wholly covered, and the places of the limited delegations that hold on all of them."""

    start_date: date
    end_date: date
    partly: tuple[int, ...] = ()


def gaps(start_date: date, end_date: date, spells: Sequence[Spell]) -> list[Gap]:
    """What remains uncovered. Several limited delegations are never taken for a whole one: nobody would know."""
    found: list[Gap] = []
    day = start_date
    while day <= end_date:
        holding = [place for place, one in enumerate(spells) if one.start_date <= day <= one.end_date]
        if all(spells[place].limited for place in holding):
            _add(found, day, tuple(holding))
        day += _ONE_DAY
    return found


def _add(found: list[Gap], day: date, partly: tuple[int, ...]) -> None:
    last = found[-1] if found else None
    if last is not None and last.partly == partly and last.end_date + _ONE_DAY == day:
        found[-1] = Gap(last.start_date, day, partly)
    else:
        found.append(Gap(day, day, partly))
