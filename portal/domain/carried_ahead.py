"""What ends of years to come will carry over: requests for the next year are judged by what will be there then.

As the plan says it, if nothing else is taken until then; it is posted by the run that settles the year (year_ends.py).
"""

from collections.abc import Iterable, Sequence
from datetime import date

from portal.domain.entitlement_plans import Plan, plan_on
from portal.domain.ledger import Bucket, DatedAmount, Entry, EntryKind
from portal.domain.refusals import Reason, Refusal
from portal.domain.year_ends import settle


def carried_ahead(
    plans: Sequence[Plan],
    entries: Iterable[Entry],
    taken: Iterable[DatedAmount],
    *,
    today: date,
    through: date,
) -> list[Entry]:
    """What is carried over at each end of a year that is not settled, from the one before today's on.

    `taken`: what waits and what is asked for, which stays behind in its year. Debts are left to the run.
    """
    last = plan_on(plans, through)
    if last is None:
        return []
    known, taken = list(entries), list(taken)
    found: list[Entry] = []
    for year in range(last.year_of(today) - 1, last.year_of(through)):
        plan = plan_on(plans, last.last_day(year))
        if plan is None:
            continue
        first, ends = plan.first_day(year), plan.last_day(year)
        waiting = sum(amount for day, amount in taken if first <= day <= ends)
        settled = settle(plan, year, known, waiting=waiting).entries
        known += settled
        found += [one for one in settled if one.kind is EntryKind.CARRY_IN and one.amount > 0]
    return found


def refuse_short_of_carried(
    after: Iterable[Entry], before: Iterable[Entry], charges: Sequence[DatedAmount]
) -> None:
    """What is asked for takes days that others of the next year were agreed on: less would be carried over."""
    missing = _short_of_carried(after) - _short_of_carried(before)
    if missing > 0:
        raise Refusal(Reason.BALANCE_TOO_LOW, date=min(charges)[0], missing=missing)


def _short_of_carried(entries: Iterable[Entry]) -> int:
    """By how much buckets of carried days are below zero: time off was agreed on days that would not be carried."""
    left: dict[Bucket, int] = {}
    for one in entries:
        if one.bucket.usable_from.year > one.bucket.origin_year:
            left[one.bucket] = left.get(one.bucket, 0) + one.amount
    return -sum(amount for amount in left.values() if amount < 0)
