"""What a rule of law on leave is: a value with its unit, from when to when, and where it is written.

What follows from a rule for given terms is worked out in worked.py.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.absence_costs import CountingMethod


class RuleKey(StrEnum):
    """What is ruled, in the order in which a page shows it."""

    LEAST_LEAVE = "least-leave"
    LEAST_LEAVE_FROM_AGE = "least-leave-from-age"
    LEAST_LEAVE_AFTER_SERVICE = "least-leave-after-service"
    COUNTING = "counting"
    EARNED_IN_PARTS = "earned-in-parts"
    #: Certain absences count as worked up to so much, and only from so much work on.
    COUNTED_ABSENCES = "counted-absences"
    COUNTED_ABSENCES_FROM = "counted-absences-from"
    WAITING_TIME = "waiting-time"
    EMPLOYER_NOTICE = "employer-notice"
    UNBROKEN = "unbroken"
    SMALLEST_PIECE = "smallest-piece"
    #: The employer has to see to it that what was carried is taken; it does not lapse by that alone.
    TAKEN_BY = "taken-by"
    LAPSES_EARLIEST = "lapses-earliest"
    LAPSE_NOTICE = "lapse-notice"
    #: How long in a row the employer goes on paying somebody who is ill.
    SICK_PAY = "sick-pay"


class ValueUnit(StrEnum):
    """What a rule's value counts."""

    WEEKS = "weeks"
    # Of a week with five of them.
    WORKING_DAYS = "working-days"
    # Every day but Sundays and holidays: six to a week.
    WEEKDAYS_OF_SIX = "weekdays-of-six"
    CALENDAR_DAYS = "calendar-days"
    MONTHS = "months"
    # After the end of the year that the leave is of.
    MONTHS_AFTER_YEAR = "months-after-year"
    PARTS_OF_YEAR = "parts-of-year"
    # A year, of the person's weekly hours.
    TIMES_WEEKLY_HOURS = "times-weekly-hours"
    PERCENT_OF_SHIFT = "percent-of-shift"
    METHOD = "method"
    PERSONAL_LETTER = "personal-letter"


class Law(StrEnum):
    """Where a rule is written."""

    CZ_LABOUR_CODE = "cz-labour-code"
    SK_LABOUR_CODE = "sk-labour-code"
    DE_LEAVE_ACT = "de-leave-act"
    DE_SICK_PAY_ACT = "de-sick-pay-act"
    SK_SICK_PAY_ACT = "sk-sick-pay-act"
    AT_LEAVE_ACT = "at-leave-act"
    PL_LABOUR_CODE = "pl-labour-code"
    EU_WORKING_TIME = "eu-working-time"
    EU_COURT = "eu-court"


@dataclass(frozen=True, slots=True, kw_only=True)
class LawRule:
    """One rule; both dates are inclusive, and the first is the first day for which the pack speaks."""

    key: RuleKey
    value: int | CountingMethod
    unit: ValueUnit
    law: Law
    #: The paragraph, article or case.
    place: str
    valid_from: date
    valid_to: date | None = None
    #: Whether a source was read for it. Else it is general knowledge, and a lawyer must check it.
    certain: bool = False
    #: The age, or the years of service, from which it holds.
    years: int | None = None

    def __post_init__(self) -> None:
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("a rule ends before it begins")

    def holds_on(self, day: date) -> bool:
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Question(StrEnum):
    """What a worked example asks of a rule."""

    # Working days a week -> thousandths of a day a year.
    DAYS_A_YEAR = "days-a-year"
    # Minutes a week -> minutes a year.
    MINUTES_A_YEAR = "minutes-a-year"
    # Full weeks' hours worked by somebody on 40 hours -> minutes of leave, before any rounding up.
    EARNED_MINUTES = "earned-minutes"
    # Weeks of the year's 52 that are such absences, the others worked -> weeks that count as worked.
    COUNTED_WEEKS = "counted-weeks"
    # The first day of leave -> the last day on which the employer may announce it.
    ANNOUNCED_BY = "announced-by"
    # Minutes of a shift -> the fewest of them that are leave.
    SMALLEST_MINUTES = "smallest-minutes"
    # The year that the leave is of -> the last day.
    TAKEN_BY = "taken-by"
    KEPT_THROUGH = "kept-through"


@dataclass(frozen=True, slots=True)
class Example:
    """What is given and what must come out; every one runs as a test and stands on the page."""

    question: Question
    given: int | date
    expected: int | date


@dataclass(frozen=True, slots=True)
class LawPack:
    """The rules of one country, as the data of one release knows them."""

    #: ISO 3166, or EU.
    country: str
    #: The year and month in which they were last gone through.
    version: str
    rules: tuple[LawRule, ...]
    examples: tuple[Example, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.country} {self.version}"
