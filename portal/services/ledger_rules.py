"""The explanation that a ledger row carries: which rule made the amount, from which facts.

Kept as facts and not as a sentence, so that everybody reads it in their own language.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from portal.domain.entitlements import YearlyGrant

YEARLY_GRANT = "yearly-grant"
ADJUSTMENT = "adjustment"
FIRST_TO_EXPIRE = "first-to-expire"
RELEASE = "release"
HOLIDAY_ADDED = "holiday-added"


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


def read_rule(text: str) -> Rule:
    """The facts of a row's rule; a plain word is a rule without facts."""
    if not text.startswith("{"):
        return Rule(text)
    facts = json.loads(text)
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
