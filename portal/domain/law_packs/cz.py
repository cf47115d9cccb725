"""Czechia: leave is counted in hours since 2021, and it is the employer who says when it is taken."""

from datetime import date

from portal.domain.absence_costs import CountingMethod
from portal.domain.law_packs.rules import Example, Law, LawPack, LawRule, Question, RuleKey, ValueUnit

_LAW = Law.CZ_LABOUR_CODE
_CODE = date(2007, 1, 1)
_HOURS = date(2021, 1, 1)

PACK = LawPack(
    country="CZ",
    version="2026-01",
    rules=(
        LawRule(
            key=RuleKey.LEAST_LEAVE,
            value=4,
            unit=ValueUnit.WEEKS,
            law=_LAW,
            place="§ 212",
            valid_from=_CODE,
        ),
        LawRule(
            key=RuleKey.COUNTING,
            value=CountingMethod.DAYS,
            unit=ValueUnit.METHOD,
            law=_LAW,
            place="§ 212",
            valid_from=_CODE,
            valid_to=date(2020, 12, 31),
        ),
        LawRule(
            key=RuleKey.COUNTING,
            value=CountingMethod.HOURS,
            unit=ValueUnit.METHOD,
            law=_LAW,
            place="§ 213",
            valid_from=_HOURS,
            certain=True,
        ),
        # Which absences those are (an illness, a quarantine, parental leave and others), and how is rounded: not in
        # the pack. Of the limits a calculator was read that names the paragraphs, and not the law itself.
        LawRule(
            key=RuleKey.COUNTED_ABSENCES,
            value=20,
            unit=ValueUnit.TIMES_WEEKLY_HOURS,
            law=_LAW,
            place="§ 216 (2)",
            valid_from=_HOURS,
        ),
        LawRule(
            key=RuleKey.COUNTED_ABSENCES_FROM,
            value=12,
            unit=ValueUnit.TIMES_WEEKLY_HOURS,
            law=_LAW,
            place="§ 216 (3)",
            valid_from=_HOURS,
        ),
        LawRule(
            key=RuleKey.EARNED_IN_PARTS,
            value=52,
            unit=ValueUnit.PARTS_OF_YEAR,
            law=_LAW,
            place="§ 213",
            valid_from=_HOURS,
            certain=True,
        ),
        # These two were read in sources of 2023 and before; whether they were amended since is to be checked.
        LawRule(
            key=RuleKey.EMPLOYER_NOTICE,
            value=14,
            unit=ValueUnit.CALENDAR_DAYS,
            law=_LAW,
            place="§ 217",
            valid_from=_CODE,
        ),
        LawRule(
            key=RuleKey.SMALLEST_PIECE,
            value=50,
            unit=ValueUnit.PERCENT_OF_SHIFT,
            law=_LAW,
            place="§ 218",
            valid_from=_HOURS,
        ),
        LawRule(
            key=RuleKey.UNBROKEN,
            value=2,
            unit=ValueUnit.WEEKS,
            law=_LAW,
            place="§ 217",
            valid_from=_CODE,
        ),
        LawRule(
            key=RuleKey.TAKEN_BY,
            value=12,
            unit=ValueUnit.MONTHS_AFTER_YEAR,
            law=_LAW,
            place="§ 218",
            valid_from=_HOURS,
        ),
        LawRule(
            key=RuleKey.SICK_PAY,
            value=14,
            unit=ValueUnit.CALENDAR_DAYS,
            law=_LAW,
            place="§ 192 (1)",
            valid_from=date(2014, 1, 1),
        ),
    ),
    examples=(
        Example(Question.MINUTES_A_YEAR, 40 * 60, 160 * 60),
        Example(Question.MINUTES_A_YEAR, 20 * 60, 80 * 60),
        Example(Question.DAYS_A_YEAR, 5, 20_000),
        Example(Question.EARNED_MINUTES, 52, 160 * 60),
        Example(Question.EARNED_MINUTES, 26, 80 * 60),
        Example(Question.COUNTED_WEEKS, 20, 52),
        Example(Question.COUNTED_WEEKS, 30, 42),
        Example(Question.COUNTED_WEEKS, 40, 32),
        Example(Question.COUNTED_WEEKS, 41, 11),
        Example(Question.ANNOUNCED_BY, date(2026, 8, 17), date(2026, 8, 3)),
        Example(Question.SMALLEST_MINUTES, 8 * 60, 4 * 60),
        Example(Question.TAKEN_BY, 2026, date(2027, 12, 31)),
    ),
)
