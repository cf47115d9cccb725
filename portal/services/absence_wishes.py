"""What somebody would like, and what comes of it: the values that asking, pricing and pages hand to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Self
from uuid import UUID

from portal.domain.absence_costs import Cost
from portal.domain.absence_types import TypeRules
from portal.domain.periods import DayPart, Part, each_once, expand
from portal.domain.refusals import Refusal
from portal.models.absence_type import AbsenceType
from portal.services.away import AwayColleague
from portal.services.balances import TypeFacts
from portal.services.wish_facts import WishFacts
from portal.services.working_time import WorkingTime

LONGEST_NOTE = 1000


@dataclass(frozen=True)
class Wish:
    """What somebody would like: a range of days, or single days with a part of each.

    Nothing here says for whom, that is always who asks.
    """

    absence_type_id: UUID
    start_date: date
    end_date: date
    first_part: Part = Part.FULL
    last_part: Part = Part.FULL
    note: str = ""
    #: Single days; without them it is the range.
    days: tuple[DayPart, ...] = ()
    #: Who covers, by their work e-mail, and what they need to know.
    substitutes: tuple[str, ...] = ()
    cover_note: str = ""

    @classmethod
    def of_days(cls, absence_type_id: UUID, days: Sequence[DayPart], note: str = "") -> Self:
        """A wish for just these days and parts, each day once."""
        ordered = tuple(each_once(days))
        first, last = ordered[0], ordered[-1]
        return cls(absence_type_id, first.date, last.date, note=note, days=ordered)

    def parts(self) -> list[DayPart]:
        if self.days:
            return each_once(self.days)
        return expand(self.start_date, self.end_date, first_part=self.first_part, last_part=self.last_part)


class DayCause(StrEnum):
    """Why a date costs what it costs."""

    WORK = "work"
    NO_WORK = "no-work"
    HOLIDAY = "holiday"
    HALF_HOLIDAY = "half-holiday"
    NOT_EMPLOYED = "not-employed"


@dataclass(frozen=True)
class DayLine:
    """One date of a wish: its price, the reason of the price, and who else is away."""

    part: DayPart
    amount: int
    cause: DayCause
    holiday: str
    away: tuple[AwayColleague, ...]
    #: Days agreed a week, and the days on which they may lie: where the date costs a share of a day.
    flexible: tuple[int, int] | None = None
    #: From which minute to which the shifts of the date are, where a part of it is priced by them.
    shifts: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class OpenDate:
    """A date to choose from; one that is not worked costs nothing and is not offered."""

    date: date
    holiday: str
    worked: bool


@dataclass(frozen=True)
class YearBalance:
    """What a year's entitlement has free before the wish, and after it."""

    year: int
    before: int
    charge: int
    #: So much of `before` is not earned yet, and will be by `by`, the last day of the wish in that year.
    to_come: int = 0
    by: date | None = None
    #: So much of `before` will be carried over into the year by what its plan says, if nothing else is taken.
    carried: int = 0

    @property
    def after(self) -> int:
        return self.before - self.charge


@dataclass(frozen=True)
class Preview:
    """A wish with all its consequences; `problem` is what would refuse it."""

    kind: TypeFacts
    lines: tuple[DayLine, ...]
    years: tuple[YearBalance, ...]
    total: int
    team_size: int
    problem: Refusal | None
    #: What it was worked out from.
    facts: WishFacts
    #: Of those who are to cover: on which of the days they are away themselves, by name.
    cover_away: Mapping[str, Sequence[date]] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """A wish worked out for one person."""

    facts: WishFacts
    parts: list[DayPart]
    cost: Cost
    years: tuple[YearBalance, ...]
    problem: Refusal | None

    @property
    def kind(self) -> AbsenceType:
        return self.facts.kind

    @property
    def rules(self) -> TypeRules:
        return self.facts.rules

    @property
    def time(self) -> WorkingTime:
        return self.facts.time
