"""Austria: five weeks, six after 25 years of service, and two more years to take what is left."""

from datetime import date

from portal.domain.absence_costs import CountingMethod
from portal.domain.law_packs.rules import Example, Law, LawPack, LawRule, Question, RuleKey, ValueUnit

_LAW = Law.AT_LEAVE_ACT
_FROM = date(2000, 1, 1)

PACK = LawPack(
    country="AT",
    version="2026-01",
    rules=(
        LawRule(
            key=RuleKey.LEAST_LEAVE,
            value=30,
            unit=ValueUnit.WEEKDAYS_OF_SIX,
            law=_LAW,
            place="§ 2",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.LEAST_LEAVE_AFTER_SERVICE,
            value=36,
            unit=ValueUnit.WEEKDAYS_OF_SIX,
            law=_LAW,
            place="§ 2",
            valid_from=_FROM,
            years=25,
        ),
        LawRule(
            key=RuleKey.COUNTING,
            value=CountingMethod.DAYS,
            unit=ValueUnit.METHOD,
            law=_LAW,
            place="§ 2",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.WAITING_TIME,
            value=6,
            unit=ValueUnit.MONTHS,
            law=_LAW,
            place="§ 2",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.UNBROKEN,
            value=6,
            unit=ValueUnit.WEEKDAYS_OF_SIX,
            law=_LAW,
            place="§ 4 (3)",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.LAPSES_EARLIEST,
            value=24,
            unit=ValueUnit.MONTHS_AFTER_YEAR,
            law=_LAW,
            place="§ 4 (5)",
            valid_from=_FROM,
        ),
    ),
    examples=(
        Example(Question.DAYS_A_YEAR, 5, 25_000),
        Example(Question.DAYS_A_YEAR, 6, 30_000),
        Example(Question.KEPT_THROUGH, 2026, date(2028, 12, 31)),
    ),
)
