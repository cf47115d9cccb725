"""A public or company holiday as a value. Which days are holidays is computed in portal/integrations."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class HolidayPart(StrEnum):
    """How much of the day is free."""

    FULL = "full"
    AM = "am"
    PM = "pm"


class HolidaySource(StrEnum):
    """Where a holiday comes from."""

    COMPUTED = "computed"
    MANUAL = "manual"
    IMPORTED = "imported"


@dataclass(frozen=True, order=True, slots=True)
class PublicHoliday:
    """One free day or half of a day, named in the reader's language where that is known."""

    date: date
    name: str
    part: HolidayPart = HolidayPart.FULL


HolidayParts = dict[date, frozenset[HolidayPart]]


def free_parts(holidays: Iterable[PublicHoliday]) -> HolidayParts:
    """What is free on each date; several holidays may share one."""
    parts: dict[date, set[HolidayPart]] = {}
    for holiday in holidays:
        parts.setdefault(holiday.date, set()).add(holiday.part)
    return {day: frozenset(found) for day, found in parts.items()}
