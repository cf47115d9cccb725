"""Poland: 20 or 26 working days by years of service, where school counts as service too."""

from datetime import date

from portal.domain.absence_costs import CountingMethod
from portal.domain.law_packs.rules import Example, Law, LawPack, LawRule, Question, RuleKey, ValueUnit

_LAW = Law.PL_LABOUR_CODE
_FROM = date(2012, 1, 1)

PACK = LawPack(
    country="PL",
    version="2026-01",
    rules=(
        LawRule(
            key=RuleKey.LEAST_LEAVE,
            value=20,
            unit=ValueUnit.WORKING_DAYS,
            law=_LAW,
            place="Art. 154",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.LEAST_LEAVE_AFTER_SERVICE,
            value=26,
            unit=ValueUnit.WORKING_DAYS,
            law=_LAW,
            place="Art. 154",
            valid_from=_FROM,
            years=10,
        ),
        # A day of leave stands for eight hours.
        LawRule(
            key=RuleKey.COUNTING,
            value=CountingMethod.HOURS,
            unit=ValueUnit.METHOD,
            law=_LAW,
            place="Art. 154²",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.UNBROKEN,
            value=14,
            unit=ValueUnit.CALENDAR_DAYS,
            law=_LAW,
            place="Art. 162",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.TAKEN_BY,
            value=9,
            unit=ValueUnit.MONTHS_AFTER_YEAR,
            law=_LAW,
            place="Art. 168",
            valid_from=_FROM,
        ),
    ),
    examples=(
        Example(Question.DAYS_A_YEAR, 5, 20_000),
        Example(Question.MINUTES_A_YEAR, 40 * 60, 160 * 60),
        Example(Question.TAKEN_BY, 2026, date(2027, 9, 30)),
    ),
)
