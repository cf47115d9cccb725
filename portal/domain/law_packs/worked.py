"""What the rules of a pack come to for given terms, in exact fractions, rounded up once in the person's favour."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction
from math import ceil

from portal.domain.absence_costs import DAY
from portal.domain.counted_absences import counted_times
from portal.domain.law_packs.rules import LawPack, LawRule, Question, RuleKey, ValueUnit
from portal.domain.law_packs.shelf import find_rule, rules_on

_DAYS_A_WEEK = {ValueUnit.WEEKS: 1, ValueUnit.WORKING_DAYS: 5, ValueUnit.WEEKDAYS_OF_SIX: 6}
_LEASTS = {RuleKey.LEAST_LEAVE, RuleKey.LEAST_LEAVE_FROM_AGE, RuleKey.LEAST_LEAVE_AFTER_SERVICE}
#: Whose leave the examples of earning work out.
EXAMPLE_WEEK_MINUTES = 40 * 60


def least_days(pack: LawPack, day: date, days_a_week: int) -> int:
    """Thousandths of a day that the year is worth at least; 0 where nothing is known."""
    return ceil(_least_weeks(pack, day) * days_a_week * DAY)


def least_minutes(pack: LawPack, day: date, weekly_minutes: int) -> int:
    return ceil(_least_weeks(pack, day) * weekly_minutes)


def earned_minutes(pack: LawPack, day: date, weekly_minutes: int, full_weeks: int) -> Fraction:
    """What so many full weeks' hours have earned; the rounding up is left to whoever knows the law on it."""
    parts = _amount(_rule(pack, RuleKey.EARNED_IN_PARTS, day))
    return _least_weeks(pack, day) * weekly_minutes * full_weeks / parts


def counted_weeks(pack: LawPack, day: date, absent: int) -> int:
    """Of a year's weeks, so many of them absences that count up to a limit: those that count as worked."""
    worked = _amount(_rule(pack, RuleKey.EARNED_IN_PARTS, day)) - absent
    counted = counted_times(
        Fraction(absent),
        worked=Fraction(worked),
        at_most=_amount(_rule(pack, RuleKey.COUNTED_ABSENCES, day)),
        worked_at_least=_amount(_rule(pack, RuleKey.COUNTED_ABSENCES_FROM, day)),
    )
    return worked + int(counted)


def announced_by(pack: LawPack, first_day: date) -> date:
    """The last day on which the employer may tell somebody that their leave begins on the first."""
    return first_day - timedelta(days=_amount(_rule(pack, RuleKey.EMPLOYER_NOTICE, first_day)))


def smallest_minutes(pack: LawPack, day: date, shift_minutes: int) -> int:
    return ceil(Fraction(_amount(_rule(pack, RuleKey.SMALLEST_PIECE, day)) * shift_minutes, 100))


def last_day(pack: LawPack, key: RuleKey, year: int) -> date:
    """Through which day carried leave of the year is kept, or by when it is to be taken."""
    months = _amount(_rule(pack, key, date(year, 12, 31)))
    later, month = divmod(months, 12)
    return date(year + 1 + later, month + 1, 1) - timedelta(days=1)


def answer(pack: LawPack, question: Question, given: int | date, day: date) -> int | date | Fraction:
    """What a worked example comes to by the rules of the day."""
    found: int | date | Fraction
    match question, given:
        case Question.DAYS_A_YEAR, int():
            found = least_days(pack, day, given)
        case Question.MINUTES_A_YEAR, int():
            found = least_minutes(pack, day, given)
        case Question.EARNED_MINUTES, int():
            found = earned_minutes(pack, day, EXAMPLE_WEEK_MINUTES, given)
        case Question.COUNTED_WEEKS, int():
            found = counted_weeks(pack, day, given)
        case Question.ANNOUNCED_BY, date():
            found = announced_by(pack, given)
        case Question.SMALLEST_MINUTES, int():
            found = smallest_minutes(pack, day, given)
        case Question.TAKEN_BY, int():
            found = last_day(pack, RuleKey.TAKEN_BY, given)
        case Question.KEPT_THROUGH, int():
            found = last_day(pack, RuleKey.LAPSES_EARLIEST, given)
        case _:
            raise ValueError(f"{question} is not asked of {given!r}")
    return found


def leasts(pack: LawPack, day: date) -> list[LawRule]:
    """All rules of the day on how much leave a year brings at least: to everybody, by age, by years of service."""
    return [rule for rule in rules_on(pack, day) if rule.key in _LEASTS]


def days_of(rule: LawRule, days_a_week: int) -> int:
    """Thousandths of a day that a rule on the length of leave asks for."""
    return ceil(_weeks(rule) * days_a_week * DAY)


def minutes_of(rule: LawRule, weekly_minutes: int) -> int:
    return ceil(_weeks(rule) * weekly_minutes)


def _least_weeks(pack: LawPack, day: date) -> Fraction:
    rule = find_rule(pack, RuleKey.LEAST_LEAVE, day)
    return _weeks(rule) if rule else Fraction(0)


def _weeks(rule: LawRule) -> Fraction:
    return Fraction(_amount(rule), _DAYS_A_WEEK[rule.unit])


def _rule(pack: LawPack, key: RuleKey, day: date) -> LawRule:
    rule = find_rule(pack, key, day)
    if rule is None:
        raise LookupError(f"{pack.name} has no rule {key} on {day}")
    return rule


def _amount(rule: LawRule) -> int:
    if not isinstance(rule.value, int):
        raise TypeError(f"{rule.key} is no amount")
    return rule.value
