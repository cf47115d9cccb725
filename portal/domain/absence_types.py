"""The rules of a type of absence, and which of them hold on a date: a change of rule never rewrites history.

What an absence costs is in absence_costs.py, what a year grants in entitlements.py.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.periods import LONGEST_PERIOD_DAYS, DayPart, Part
from portal.domain.refusals import Reason, Refusal
from portal.domain.substitutes import SubstituteRule

MOST_ENTITLEMENT = 366_000
MOST_NOTICE_DAYS = 366


class Unit(StrEnum):
    """The smallest thing that can be asked for."""

    DAY = "day"
    HALF = "half"
    # Between two times of a day.
    HOUR = "hour"


_PARTS = {
    Unit.DAY: frozenset({Part.FULL}),
    Unit.HALF: frozenset({Part.FULL, Part.AM, Part.PM}),
    Unit.HOUR: frozenset(Part),
}


@dataclass(frozen=True, slots=True)
class TypeRules:
    """What a type asks for and gives, from some date on.

    Amounts are in the unit of the type's ledger: thousandths of a day, or minutes.
    """

    #: Granted for a full year of full employment; None: no entitlement is kept.
    yearly_entitlement: int | None = None
    #: Whether an approver decides; else it counts as soon as it is sent.
    needs_approval: bool = True
    #: Whether its owner has to ask before an approved absence is given up.
    cancel_needs_approval: bool = False
    unit: Unit = Unit.HALF
    #: Whether colleagues who see the calendar see the type, and not only that somebody is away.
    colleagues_see: bool = False
    #: So many days before the first day it has to be sent.
    notice_days: int = 0
    #: Calendar days that one request may span; None: as long as any.
    longest_days: int | None = None
    #: How far below zero the balance may go.
    overdraft: int = 0
    #: A proof is needed once an absence lasts so many calendar days; None: never.
    proof_from_days: int | None = None
    #: Whether what is earned by work is earned on these days too.
    counts_as_worked: bool = True
    #: It is earned up to the limits of the plan only, where that goes by full multiples of the weekly hours.
    counts_up_to_limit: bool = False
    #: It is reported and not asked for, and few people learn what it is.
    sickness: bool = False
    #: HR is told when somebody has been away by it for so many days in a row; None: never.
    alarm_days: int | None = None
    #: Whether a request names who covers.
    substitutes: SubstituteRule = SubstituteRule.OPTIONAL
    #: Hours worked longer are booked on it.
    takes_overtime: bool = False

    def __post_init__(self) -> None:
        if self.yearly_entitlement is not None and not 0 < self.yearly_entitlement <= MOST_ENTITLEMENT:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="yearly_days")
        if not 0 <= self.notice_days <= MOST_NOTICE_DAYS:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="notice_days")
        if self.longest_days is not None and not 0 < self.longest_days <= LONGEST_PERIOD_DAYS:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="longest_days")
        if not 0 <= self.overdraft <= MOST_ENTITLEMENT:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="overdraft")
        if self.proof_from_days is not None and not 0 < self.proof_from_days <= LONGEST_PERIOD_DAYS:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="proof_from_days")
        if self.alarm_days is not None and not 0 <= self.alarm_days <= LONGEST_PERIOD_DAYS:
            raise Refusal(Reason.NUMBER_OUT_OF_RANGE, field="alarm_days")
        if self.counts_up_to_limit and not self.counts_as_worked:
            raise Refusal(Reason.LIMIT_OF_NOTHING, field="counts_up_to_limit")
        if self.sickness and self.colleagues_see:
            raise Refusal(Reason.SICKNESS_STAYS_HIDDEN, field="colleagues_see")

    @property
    def keeps_balance(self) -> bool:
        """Whether time off by it is taken from something that was given before."""
        return self.yearly_entitlement is not None or self.takes_overtime

    def needs_proof(self, start_date: date, end_date: date) -> bool:
        """Whether an absence that lasts from one day through another has to be proven."""
        days = (end_date - start_date).days + 1
        return self.proof_from_days is not None and days >= self.proof_from_days


DatedRules = tuple[date, TypeRules]


def rules_on(first: TypeRules, later: Iterable[DatedRules], day: date) -> TypeRules:
    """Those of the latest change up to and including the day; before any change the first."""
    begun = [(valid_from, rules) for valid_from, rules in later if valid_from <= day]
    return max(begun, key=lambda dated: dated[0])[1] if begun else first


def check_wish(
    rules: TypeRules, parts: Iterable[DayPart], *, start_date: date, end_date: date, today: date
) -> Refusal | None:
    """What the type's rules have against a request, the plainest first."""
    asked = {part.part for part in parts} - _PARTS[rules.unit]
    if asked:
        whole_only = rules.unit is Unit.DAY
        reason = Reason.HALF_DAYS_NOT_POSSIBLE if whole_only else Reason.HOURS_NOT_POSSIBLE
        return Refusal(reason, field="first_part")
    if rules.longest_days is not None and (end_date - start_date).days >= rules.longest_days:
        return Refusal(Reason.PERIOD_TOO_LONG, field="end_date", limit_days=rules.longest_days)
    earliest = today + timedelta(days=rules.notice_days)
    if rules.notice_days and start_date < earliest:
        return Refusal(Reason.NOTICE_TOO_SHORT, field="start_date", earliest=earliest)
    return None
