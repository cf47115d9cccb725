"""Slovakia: a week more from the year in which somebody turns 33."""

from datetime import date

from portal.domain.absence_costs import CountingMethod
from portal.domain.law_packs.rules import Example, Law, LawPack, LawRule, Question, RuleKey, ValueUnit

_LAW = Law.SK_LABOUR_CODE
_FROM = date(2020, 1, 1)

PACK = LawPack(
    country="SK",
    version="2026-01",
    rules=(
        LawRule(
            key=RuleKey.LEAST_LEAVE,
            value=4,
            unit=ValueUnit.WEEKS,
            law=_LAW,
            place="§ 103",
            valid_from=_FROM,
        ),
        # Who cares for a child has it too, at any age.
        LawRule(
            key=RuleKey.LEAST_LEAVE_FROM_AGE,
            value=5,
            unit=ValueUnit.WEEKS,
            law=_LAW,
            place="§ 103",
            valid_from=_FROM,
            years=33,
        ),
        LawRule(
            key=RuleKey.COUNTING,
            value=CountingMethod.DAYS,
            unit=ValueUnit.METHOD,
            law=_LAW,
            place="§ 103",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.EMPLOYER_NOTICE,
            value=14,
            unit=ValueUnit.CALENDAR_DAYS,
            law=_LAW,
            place="§ 111–112",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.UNBROKEN,
            value=2,
            unit=ValueUnit.WEEKS,
            law=_LAW,
            place="§ 111–112",
            valid_from=_FROM,
        ),
        LawRule(
            key=RuleKey.TAKEN_BY,
            value=12,
            unit=ValueUnit.MONTHS_AFTER_YEAR,
            law=_LAW,
            place="§ 113",
            valid_from=_FROM,
        ),
        # By the first day of the illness: one that began before 2026 stays with ten. From the ministry's pages on both;
        # the paragraph was not in them.
        LawRule(
            key=RuleKey.SICK_PAY,
            value=10,
            unit=ValueUnit.CALENDAR_DAYS,
            law=Law.SK_SICK_PAY_ACT,
            place="§ 7",
            valid_from=_FROM,
            valid_to=date(2025, 12, 31),
        ),
        LawRule(
            key=RuleKey.SICK_PAY,
            value=14,
            unit=ValueUnit.CALENDAR_DAYS,
            law=Law.SK_SICK_PAY_ACT,
            place="§ 7",
            valid_from=date(2026, 1, 1),
        ),
    ),
    examples=(
        Example(Question.DAYS_A_YEAR, 5, 20_000),
        Example(Question.DAYS_A_YEAR, 4, 16_000),
        Example(Question.ANNOUNCED_BY, date(2026, 7, 15), date(2026, 7, 1)),
        Example(Question.TAKEN_BY, 2026, date(2027, 12, 31)),
    ),
)
