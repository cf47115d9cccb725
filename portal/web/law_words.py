"""Rules of law on leave in words: what is ruled, how much, where it is written, and what an example comes to."""

from __future__ import annotations

from datetime import date

from flask_babel import LazyString, ngettext
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from portal.domain.absence_costs import CountingMethod
from portal.domain.law_packs.rules import Example, Law, LawRule, Question, RuleKey, ValueUnit
from portal.web.absence_words import COUNTING
from portal.web.filters import day, days, hours

RULES: dict[RuleKey, LazyString] = {
    RuleKey.LEAST_LEAVE: _l("Least leave a year"),
    RuleKey.LEAST_LEAVE_FROM_AGE: _l("Least leave from the year of turning %(years)s"),
    RuleKey.LEAST_LEAVE_AFTER_SERVICE: _l("Least leave after %(years)s years of service"),
    RuleKey.COUNTING: _l("How leave is counted"),
    RuleKey.EARNED_IN_PARTS: _l("How a part of the year earns leave"),
    RuleKey.COUNTED_ABSENCES: _l("Certain absences, such as an illness, count as worked up to"),
    RuleKey.COUNTED_ABSENCES_FROM: _l("They count only once so much was worked besides"),
    RuleKey.WAITING_TIME: _l("Full entitlement of the first year only after"),
    RuleKey.EMPLOYER_NOTICE: _l("Before the employer sets the days, people are told in writing"),
    RuleKey.UNBROKEN: _l("One piece of the leave lasts at least"),
    RuleKey.SMALLEST_PIECE: _l("Leave is taken in whole shifts, a piece is at least"),
    RuleKey.TAKEN_BY: _l("Leave that is carried over is to be taken within"),
    RuleKey.LAPSES_EARLIEST: _l("Leave that is carried over lapses at the earliest"),
    RuleKey.LAPSE_NOTICE: _l("Before leave may lapse"),
    RuleKey.SICK_PAY: _l("Of an illness, the employer pays in a row at most"),
}
LAWS: dict[Law, LazyString] = {
    Law.CZ_LABOUR_CODE: _l("Czech Labour Code (zákoník práce)"),
    Law.SK_LABOUR_CODE: _l("Slovak Labour Code (Zákonník práce)"),
    Law.DE_LEAVE_ACT: _l("German Federal Leave Act (Bundesurlaubsgesetz)"),
    Law.DE_SICK_PAY_ACT: _l("German Continued Remuneration Act (Entgeltfortzahlungsgesetz)"),
    Law.SK_SICK_PAY_ACT: _l("Slovak Act on Compensation of Income (zákon č. 462/2003 Z. z.)"),
    Law.AT_LEAVE_ACT: _l("Austrian Leave Act (Urlaubsgesetz)"),
    Law.PL_LABOUR_CODE: _l("Polish Labour Code (Kodeks pracy)"),
    Law.EU_WORKING_TIME: _l("Working Time Directive 2003/88/EC"),
    Law.EU_COURT: _l("Court of Justice of the European Union"),
}


def rule(one: LawRule) -> str:
    return str(RULES[one.key]) % {"years": one.years}


def source(one: LawRule) -> str:
    return f"{LAWS[one.law]}, {one.place}"


def value(one: LawRule) -> str:
    """What the rule says, with its unit."""
    if isinstance(one.value, CountingMethod):
        return str(COUNTING[one.value])
    return _amount(one.value, one.unit)


def _amount(number: int, unit: ValueUnit) -> str:
    match unit:
        case ValueUnit.WEEKS:
            said = ngettext("%(num)s week", "%(num)s weeks", number)
        case ValueUnit.WORKING_DAYS:
            said = ngettext(
                "%(num)s day in a week of five days", "%(num)s days in a week of five days", number
            )
        case ValueUnit.WEEKDAYS_OF_SIX:
            said = ngettext("%(num)s day in a week of six days", "%(num)s days in a week of six days", number)
        case ValueUnit.CALENDAR_DAYS:
            said = ngettext("%(num)s calendar day", "%(num)s calendar days", number)
        case ValueUnit.MONTHS:
            said = ngettext("%(num)s month", "%(num)s months", number)
        case ValueUnit.MONTHS_AFTER_YEAR:
            said = ngettext("%(num)s month after the year", "%(num)s months after the year", number)
        case ValueUnit.PARTS_OF_YEAR:
            said = _("each full week's hours worked earn one part of %(num)s", num=number)
        case ValueUnit.TIMES_WEEKLY_HOURS:
            said = ngettext("%(num)s time the weekly hours", "%(num)s times the weekly hours", number)
        case ValueUnit.PERCENT_OF_SHIFT:
            said = _("%(num)s %% of the shift", num=number)
        case _:
            said = _("everyone is told in person and in time what they would lose")
    return said


def example(one: Example) -> str:
    """A worked example: what is given, and what it comes to."""
    return _("%(given)s: %(found)s", given=_given(one), found=_found(one))


def _given(one: Example) -> str:
    given = one.given
    match one.question:
        case Question.DAYS_A_YEAR:
            said = ngettext("%(num)s working day a week", "%(num)s working days a week", _number(given))
        case Question.MINUTES_A_YEAR:
            said = _("%(hours)s h a week", hours=hours(_number(given)))
        case Question.EARNED_MINUTES:
            said = ngettext(
                "40:00 h a week, the hours of %(num)s full week worked",
                "40:00 h a week, the hours of %(num)s full weeks worked",
                _number(given),
            )
        case Question.COUNTED_WEEKS:
            said = ngettext(
                "%(num)s week of such absence in the year, 52 weeks in all",
                "%(num)s weeks of such absence in the year, 52 weeks in all",
                _number(given),
            )
        case Question.ANNOUNCED_BY:
            said = _("leave from %(day)s", day=_day(given))
        case Question.SMALLEST_MINUTES:
            said = _("a shift of %(hours)s h", hours=hours(_number(given)))
        case _:
            said = _("leave of %(year)s that is carried over", year=_number(given))
    return said


def _found(one: Example) -> str:
    expected = one.expected
    match one.question:
        case Question.DAYS_A_YEAR:
            said = _("%(amount)s a year", amount=days(_number(expected)))
        case Question.MINUTES_A_YEAR:
            said = _("%(amount)s a year", amount=f"{hours(_number(expected))} h")
        case Question.EARNED_MINUTES:
            said = f"{hours(_number(expected))} h"
        case Question.COUNTED_WEEKS:
            weeks = _number(expected)
            said = ngettext("%(num)s week counts as worked", "%(num)s weeks count as worked", weeks)
        case Question.ANNOUNCED_BY:
            said = _("told by %(day)s", day=_day(expected))
        case Question.SMALLEST_MINUTES:
            said = _("at least %(hours)s h of leave", hours=hours(_number(expected)))
        case Question.TAKEN_BY:
            said = _("taken by %(day)s", day=_day(expected))
        case _:
            said = _("kept through %(day)s", day=_day(expected))
    return said


def _number(value: int | date) -> int:
    if not isinstance(value, int):
        raise TypeError(f"{value} is no number")
    return value


def _day(value: int | date) -> str:
    if not isinstance(value, date):
        raise TypeError(f"{value} is no day")
    return day(value)
