"""Absences entered for many people at once: of an employer's own, and for closures of a company or a site."""

from collections.abc import Iterable, Sequence
from enum import StrEnum

from portal.domain.periods import NOON_MINUTE, DayPart, Part, overlap

LONGEST_NAME = 80
MOST_PEOPLE = 5000


class GroupKind(StrEnum):
    """Why many people are away."""

    # HR enters it for people whom it chooses.
    BULK = "bulk"
    # The company or a site is closed: whoever works there, and whoever comes to work there later.
    CLOSURE = "closure"
    # A planning round was decided: each has days of their own.
    PLANNING = "planning"


def beside(asked: Iterable[DayPart], held: Sequence[DayPart]) -> list[DayPart]:
    """What of it is not taken by absences that are there already: they stay, and come first.

    Of a day of which one half is taken the other half is left; a day of which some hours are taken is left alone.
    """
    found = []
    for part in asked:
        taken = [one for one in held if overlap(part, one)]
        if not taken:
            found.append(part)
        elif part.part is Part.FULL:
            if all(one.minutes[1] <= NOON_MINUTE for one in taken):
                found.append(DayPart(part.date, Part.PM))
            elif all(one.minutes[0] >= NOON_MINUTE for one in taken):
                found.append(DayPart(part.date, Part.AM))
    return found
