"""Germany: the act counts six weekdays to a week, so that its 24 are 20 days of five."""

from datetime import date

from portal.domain.absence_costs import CountingMethod
from portal.domain.law_packs.rules import Example, Law, LawPack, LawRule, Question, RuleKey, ValueUnit

_LAW = Law.DE_LEAVE_ACT
_FROM = date(1995, 1, 1)

PACK = LawPack(
    country="DE",
    version="2026-01",
    rules=(
        LawRule(
            key=RuleKey.LEAST_LEAVE,
            value=24,
            unit=ValueUnit.WEEKDAYS_OF_SIX,
            law=_LAW,
            place="§ 3",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.COUNTING,
            value=CountingMethod.DAYS,
            unit=ValueUnit.METHOD,
            law=_LAW,
            place="§ 3",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.WAITING_TIME,
            value=6,
            unit=ValueUnit.MONTHS,
            law=_LAW,
            place="§ 4",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.UNBROKEN,
            value=12,
            unit=ValueUnit.WEEKDAYS_OF_SIX,
            law=_LAW,
            place="§ 7 (2)",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.LAPSES_EARLIEST,
            value=3,
            unit=ValueUnit.MONTHS_AFTER_YEAR,
            law=_LAW,
            place="§ 7 (3)",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.SICK_PAY,
            value=42,
            unit=ValueUnit.CALENDAR_DAYS,
            law=Law.DE_SICK_PAY_ACT,
            place="§ 3 (1)",
            valid_from=date(1994, 6, 1),
        ),
    ),
    examples=(
        Example(Question.DAYS_A_YEAR, 5, 20_000),
        Example(Question.DAYS_A_YEAR, 6, 24_000),
        Example(Question.DAYS_A_YEAR, 2, 8_000),
        Example(Question.KEPT_THROUGH, 2026, date(2027, 3, 31)),
    ),
)
