"""What becomes of the rest when a year of entitlement is over: carried over, lapsed, owed or written off.

The entries are made here and posted by a run that somebody has approved (services/year_ends).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.entitlement_plans import Plan, clamped
from portal.domain.ledger import Bucket, Entry, EntryKind


class RunStatus(StrEnum):
    """How far a run is. What is ordered is posted by a job."""

    DRAFT = "draft"
    ORDERED = "ordered"
    POSTED = "posted"
    REVERSED = "reversed"
    DROPPED = "dropped"


class LineOutcome(StrEnum):
    """What has become of one person's line."""

    PLANNED = "planned"
    POSTED = "posted"
    #: The figures had moved since the preview: the next run has them.
    CHANGED = "changed"
    REVERSED = "reversed"


@dataclass(frozen=True, slots=True)
class Settlement:
    """One person's year end: the figures of the preview, and what posting it writes."""

    #: What is left of everything that ends with the year; below zero: owed.
    left: int = 0
    #: Stays behind for requests of the old year that nobody has decided yet.
    held_back: int = 0
    #: Carried over and lapsing on a day of the next year.
    carried: int = 0
    #: Carried over and usable through the whole of the next year.
    protected: int = 0
    lapsed: int = 0
    #: Taken from the next year.
    owed: int = 0
    written_off: int = 0
    entries: tuple[Entry, ...] = ()


def settle(plan: Plan, year: int, entries: Iterable[Entry], *, waiting: int = 0) -> Settlement:
    """Settles one year by the plan that held on its last day.

    A second time it settles only what has come since: what was carried before counts towards the cap.
    """
    entries = list(entries)
    last, starts = plan.last_day(year), plan.first_day(year + 1)
    left: dict[Bucket, int] = {}
    for one in entries:
        if one.bucket.usable_through == last:
            left[one.bucket] = left.get(one.bucket, 0) + one.amount
    total = sum(left.values())
    if total < 0:
        return _settle_debt(plan, year, left, total)
    held_back = min(waiting, total)
    into = [one for one in entries if one.kind is EntryKind.CARRY_IN and one.bucket.origin_year == year]
    carried, protected = _carried(plan, year, total - held_back, into)
    lapsed = total - held_back - carried - protected
    movements = _empty(left, starts, lapsed, carried + protected)
    for bucket, amount in ((_lapsing(plan, year), carried), (_staying(plan, year), protected)):
        if amount:
            movements.append(Entry(EntryKind.CARRY_IN, bucket, amount, starts))
    return Settlement(total, held_back, carried, protected, lapsed, entries=tuple(movements))


def carried_through(plan: Plan, year: int) -> date:
    """The last day on which what was carried over from a year can be used."""
    last = plan.last_day(year + 1)
    if plan.carry_over.through is None:
        return last
    starts = plan.first_day(year + 1)
    this_year = clamped(starts.year, *plan.carry_over.through)
    through = this_year if this_year >= starts else clamped(starts.year + 1, *plan.carry_over.through)
    return min(through, last)


def _carried(plan: Plan, year: int, rest: int, into: list[Entry]) -> tuple[int, int]:
    """How much goes into the bucket that lapses, and how much into the one that stays."""
    rule = plan.carry_over
    before = sum(one.amount for one in into)
    all_of_it = rest if rule.cap is None else max(0, min(rest, rule.cap - before))
    if carried_through(plan, year) == plan.last_day(year + 1):
        return 0, all_of_it
    safe = sum(one.amount for one in into if one.bucket == _staying(plan, year))
    protected = max(0, min(all_of_it, rule.protected - safe))
    return all_of_it - protected, protected


def _settle_debt(plan: Plan, year: int, left: dict[Bucket, int], total: int) -> Settlement:
    starts = plan.first_day(year + 1)
    if not plan.carry_over.carries_debt:
        written = [Entry(EntryKind.ADJUST, one, -amount, starts) for one, amount in left.items() if amount]
        return Settlement(total, written_off=-total, entries=tuple(written))
    moved = [Entry(EntryKind.TRANSFER, one, -amount, starts) for one, amount in left.items() if amount]
    # Into the new year's own bucket: a debt of its own would lapse, and nobody would ever pay it.
    moved.append(Entry(EntryKind.CARRY_IN, plan.bucket(year + 1), total, starts))
    return Settlement(total, owed=-total, entries=tuple(moved))


def _empty(left: dict[Bucket, int], starts: date, lapsed: int, moved: int) -> list[Entry]:
    """Takes the lapsed and the carried part out of the old buckets, the oldest first, debts among them evened out."""
    found: list[Entry] = []
    for bucket, amount in left.items():
        if amount < 0:
            found.append(Entry(EntryKind.TRANSFER, bucket, -amount, starts))
    debts = sum(one.amount for one in found)
    shares = [(EntryKind.TRANSFER, debts), (EntryKind.EXPIRE, lapsed), (EntryKind.TRANSFER, moved)]
    rests = {one: left[one] for one in sorted(left, key=lambda one: one.use_order) if left[one] > 0}
    for kind, amount in shares:
        found += _take(rests, kind, amount, starts)
    return found


def _take(rests: dict[Bucket, int], kind: EntryKind, amount: int, day: date) -> Iterator[Entry]:
    for bucket, rest in rests.items():
        share = min(rest, amount)
        if share:
            rests[bucket] -= share
            amount -= share
            yield Entry(kind, bucket, -share, day)


def _lapsing(plan: Plan, year: int) -> Bucket:
    return Bucket(year, plan.first_day(year + 1), carried_through(plan, year))


def _staying(plan: Plan, year: int) -> Bucket:
    return Bucket(year, plan.first_day(year + 1), plan.last_day(year + 1))


def lapses_of(entries: Iterable[Entry], plan: Plan, through: date) -> list[Entry]:
    """What has lapsed before a day ends: the rest of carried buckets, on the day after their last.

    What ends with a year waits for the year's end to be settled.
    """
    left: dict[Bucket, int] = {}
    for one in entries:
        left[one.bucket] = left.get(one.bucket, 0) + one.amount
    return [
        Entry(EntryKind.EXPIRE, bucket, -amount, bucket.usable_through + timedelta(days=1))
        for bucket, amount in left.items()
        if amount > 0
        and bucket.usable_through < through
        and bucket.usable_through != plan.last_day(plan.year_of(bucket.usable_through))
    ]
