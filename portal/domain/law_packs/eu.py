"""What holds in every country of the European Union, also where its own pack does not say it."""

from datetime import date

from portal.domain.law_packs.rules import Example, Law, LawPack, LawRule, Question, RuleKey, ValueUnit

PACK = LawPack(
    country="EU",
    version="2026-01",
    rules=(
        LawRule(
            key=RuleKey.LEAST_LEAVE,
            value=4,
            unit=ValueUnit.WEEKS,
            law=Law.EU_WORKING_TIME,
            place="Art. 7",
            valid_from=date(2004, 8, 2),
        ),
        LawRule(
            key=RuleKey.LAPSE_NOTICE,
            value=1,
            unit=ValueUnit.PERSONAL_LETTER,
            law=Law.EU_COURT,
            place="C-684/16",
            valid_from=date(2018, 11, 6),
            certain=True,
        ),
    ),
    examples=(Example(Question.DAYS_A_YEAR, 5, 20_000), Example(Question.DAYS_A_YEAR, 3, 12_000)),
)
