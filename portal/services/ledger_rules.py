"""The explanation that a ledger row carries: which rule made the amount, from which facts.

Kept as facts and not as a sentence, so that everybody reads it in their own language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import Any

from portal.domain.accruals import Accrual, Stretch
from portal.domain.entitlements import YearlyGrant

YEARLY_GRANT = "yearly-grant"
ADJUSTMENT = "adjustment"
FIRST_TO_EXPIRE = "first-to-expire"
RELEASE = "release"
ACCRUAL = "accrual"
#: What a period earns has changed since it was given: the difference.
CORRECTED = "accrual-corrected"
LAPSE = "lapse"
YEAR_END = "year-end"
#: What settling the year will do, where nobody has done so yet.
YEAR_END_EXPECTED = "year-end-expected"
YEAR_END_REVERSED = "year-end-reversed"
HOLIDAY_ADDED = "holiday-added"
#: Given back and taken again, because the published roster says what the day is.
ROSTER_PUBLISHED = "roster-published"
#: Hours worked longer, and taken out again.
OVERTIME, OVERTIME_REVERSED = "overtime", "overtime-reversed"
OVERTIMES = frozenset({OVERTIME, OVERTIME_REVERSED})
#: Given back, or taken again, because the person was ill on that day, or was not.
DISPLACED = "displaced"


@dataclass(frozen=True)
class GrantShare:
    """A stretch of the year under the same terms."""

    start_date: date
    end_date: date
    days: int
    days_in_year: int
    #: Weekdays worked of a full week, as a fraction: "1", "3/5".
    schedule: str


@dataclass(frozen=True)
class Rule:
    """A rule as read back from a row."""

    name: str
    yearly_amount: int = 0
    shares: tuple[GrantShare, ...] = ()
    #: The amount before rounding, in thousandths of a day.
    exact: Fraction = Fraction(0)
    rounding: str = ""
    grain: int = 0
    #: What other rules say of themselves, as they were written.
    facts: dict[str, Any] = field(default_factory=dict)


def grant_rule(grant: YearlyGrant) -> str:
    """The text for a grant's row."""
    shares = [
        [
            one.start_date.isoformat(),
            one.end_date.isoformat(),
            one.days,
            one.days_in_year,
            str(one.schedule_factor),
        ]
        for one in grant.shares
    ]
    facts = {
        "rule": YEARLY_GRANT,
        "yearly_amount": grant.yearly_amount,
        "shares": shares,
        "exact": str(grant.exact),
        "rounding": grant.policy.rounding.value,
        "grain": grant.policy.grain,
    }
    return json.dumps(facts, separators=(",", ":"))


def accrual_rule(accrual: Accrual, *, given: int | None = None) -> str:
    """The text for what a plan gives; with what was `given` before, for the difference."""
    facts = {
        "rule": ACCRUAL if given is None else CORRECTED,
        "plan": accrual.plan.valid_from.isoformat(),
        "period": [accrual.period.start_date.isoformat(), accrual.period.end_date.isoformat()],
        "stretches": [_stretch(one) for one in accrual.stretches],
        "exact": str(accrual.exact),
        "before": [str(accrual.exact_before), accrual.rounded_before],
        "rounding": accrual.plan.rounding.rounding.value,
        "grain": accrual.plan.rounding.grain,
        "earned": accrual.earned,
        "amount": accrual.amount,
        "given": given,
    }
    counted = [one.by_roster for one in accrual.stretches if one.by_roster is not None]
    if counted:
        facts["by_roster"] = [sum(days) for days in zip(*counted, strict=True)]
    if accrual.multiples is not None:
        facts["multiples"] = [str(accrual.multiples.times), accrual.multiples.full]
        facts["times"] = [str(one.times_worked) for one in accrual.stretches]
        if accrual.multiples.limited:
            facts["limited"] = [str(accrual.multiples.limited), str(accrual.multiples.counted)]
            facts["limits"] = [accrual.plan.limited_most, accrual.plan.limited_from]
    return json.dumps(facts, separators=(",", ":"))


def other_rule(name: str, **facts: str | int | None) -> str:
    """The text for any other rule that has facts."""
    return json.dumps({"rule": name, **facts}, separators=(",", ":"))


def _stretch(one: Stretch) -> list[str | int]:
    return [
        one.start_date.isoformat(),
        one.end_date.isoformat(),
        one.days,
        one.days_in_period,
        one.yearly_amount,
        str(one.period_factor),
        str(one.schedule_factor),
        str(one.worked_factor),
    ]


def read_rule(text: str) -> Rule:
    """The facts of a row's rule; a plain word is a rule without facts."""
    if not text.startswith("{"):
        return Rule(text)
    facts = json.loads(text)
    if facts["rule"] != YEARLY_GRANT:
        return Rule(facts["rule"], facts=facts)
    shares = tuple(
        GrantShare(date.fromisoformat(start), date.fromisoformat(end), days, of, schedule)
        for start, end, days, of, schedule in facts["shares"]
    )
    return Rule(
        facts["rule"],
        facts["yearly_amount"],
        shares,
        Fraction(facts["exact"]),
        facts["rounding"],
        facts["grain"],
    )
