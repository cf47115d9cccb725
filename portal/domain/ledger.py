"""The ledger of an entitlement: buckets, entries, and which entries a decision posts.

Amounts are integers in the unit of the absence type (thousandths of a day, or minutes). Entries are never
changed: a correction is a reversal and a new entry. How large a grant is, entitlements.py says.
"""

from bisect import insort
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from portal.domain.refusals import Reason, Refusal


class EntryKind(StrEnum):
    """Why a balance moved."""

    GRANT = "grant"
    ACCRUE = "accrue"
    CARRY_IN = "carry-in"
    CONSUME = "consume"
    RELEASE = "release"
    EXPIRE = "expire"
    ADJUST = "adjust"
    TRANSFER = "transfer"
    PAY_OUT = "pay-out"


@dataclass(frozen=True, slots=True)
class Bucket:
    """What was earned for one year and may be used from one date through another, both included."""

    origin_year: int
    usable_from: date
    usable_through: date

    def __post_init__(self) -> None:
        if self.usable_through < self.usable_from:
            raise Refusal(Reason.END_BEFORE_START, field="usable_through")

    def usable_on(self, day: date) -> bool:
        return self.usable_from <= day <= self.usable_through

    @property
    def use_order(self) -> tuple[date, int, date]:
        """What expires first is used first, then the oldest."""
        return self.usable_through, self.origin_year, self.usable_from


@dataclass(frozen=True, slots=True)
class Entry:
    """One movement. The amount is signed: plus gives, minus takes."""

    kind: EntryKind
    bucket: Bucket
    amount: int
    effective_date: date


# A date and what it takes: a charge of a request, approved or still waiting.
DatedAmount = tuple[date, int]


def balance(entries: Iterable[Entry], as_of: date) -> int:
    """The sum of all movements up to and including a date."""
    return sum(entry.amount for entry in entries if entry.effective_date <= as_of)


def available(entries: Iterable[Entry], reserved: Iterable[DatedAmount], as_of: date) -> int:
    """What the buckets usable on a date hold, less what waiting requests up to then would take."""
    held = balance((entry for entry in entries if entry.bucket.usable_on(as_of)), as_of)
    return held - sum(amount for day, amount in reserved if day <= as_of)


def rests(entries: Iterable[Entry], reserved: Iterable[DatedAmount]) -> dict[Bucket, int]:
    """What is left of each bucket once all that waits has taken its share: what expires first is used first."""
    left: dict[Bucket, int] = {}
    for entry in entries:
        left[entry.bucket] = left.get(entry.bucket, 0) + entry.amount
    return after_waiting(left, reserved)


def after_waiting(held: Mapping[Bucket, int], reserved: Iterable[DatedAmount]) -> dict[Bucket, int]:
    """The same of buckets whose sums are known. What does not fit is missing from the one that expires last."""
    left = dict(held)
    for day, amount in sorted(reserved):
        usable = sorted((one for one in left if one.usable_on(day)), key=lambda one: one.use_order)
        missing = amount
        for bucket in usable:
            share = missing if bucket is usable[-1] else min(missing, max(0, left[bucket]))
            left[bucket] -= share
            missing -= share
    return left


def consumption(
    entries: Iterable[Entry],
    charges: Iterable[DatedAmount],
    *,
    reserved: Iterable[DatedAmount] = (),
    overdraft: int = 0,
) -> list[Entry]:
    """The entries that an approval posts: one per date and bucket, what expires first is used first.

    Waiting requests take their share before the charges do, so two requests never live on the same day.
    Nothing is posted in part: a date that cannot be covered refuses all, saying what was left for it.
    With an overdraft the bucket that expires last may go that far below zero, once all others are empty.
    A bucket that is below zero on the date is set against the others: nobody takes more than their balance.
    """
    shelf = _Shelf(entries, overdraft)
    for day, amount in sorted(reserved):
        shelf.take(day, amount)
    taken: list[Entry] = []
    for day, amount in sorted(charges):
        available_then = shelf.headroom(day)
        if available_then < amount:
            reason = Reason.BALANCE_TOO_LOW if shelf.knows(day) else Reason.NO_ENTITLEMENT
            missing = amount - available_then
            raise Refusal(reason, date=day, available=available_then, missing=missing)
        taken += shelf.take(day, amount)
    return taken


def release(posted: Iterable[Entry]) -> list[Entry]:
    """Give back exactly what these entries of one absence still hold, into the bucket it came from.

    The release takes effect on the date of the consumption, so the balance of every date is as it was before.
    A bucket that has expired by now lets it lapse again: the caller warns.
    """
    held: dict[tuple[Bucket, date], int] = {}
    for entry in posted:
        if entry.kind in (EntryKind.CONSUME, EntryKind.RELEASE):
            key = entry.bucket, entry.effective_date
            held[key] = held.get(key, 0) - entry.amount
    return [Entry(EntryKind.RELEASE, bucket, amount, day) for (bucket, day), amount in held.items() if amount]


def take_again(posted: Iterable[Entry]) -> list[Entry]:
    """Undoes a release exactly: takes from each bucket and date what these entries gave back and did not take again."""
    given: dict[tuple[Bucket, date], int] = {}
    for entry in posted:
        if entry.kind in (EntryKind.CONSUME, EntryKind.RELEASE):
            key = entry.bucket, entry.effective_date
            given[key] = given.get(key, 0) + entry.amount
    return [
        Entry(EntryKind.CONSUME, bucket, -amount, day) for (bucket, day), amount in given.items() if amount
    ]


def revived(entries: Iterable[Entry], taken: Iterable[Entry]) -> list[Entry]:
    """What has lapsed and is needed after all: taking something again from a bucket whose rest lapsed meanwhile."""
    left: dict[Bucket, int] = {}
    lapsed: dict[Bucket, int] = {}
    for entry in (*entries, *taken):
        left[entry.bucket] = left.get(entry.bucket, 0) + entry.amount
        if entry.kind is EntryKind.EXPIRE:
            lapsed[entry.bucket] = lapsed.get(entry.bucket, 0) - entry.amount
    return [
        Entry(EntryKind.EXPIRE, bucket, min(-left[bucket], amount), bucket.usable_through + timedelta(days=1))
        for bucket, amount in lapsed.items()
        if amount > 0 and left[bucket] < 0
    ]


def reversal(entry: Entry) -> Entry:
    """The entry that undoes another: a consumption is released, any other kind has its sign turned."""
    kind = EntryKind.RELEASE if entry.kind is EntryKind.CONSUME else entry.kind
    return replace(entry, kind=kind, amount=-entry.amount)


def expiry(entries: Iterable[Entry], today: date) -> list[Entry]:
    """What has lapsed: the unused rest of each bucket, on the day after its last. Debts do not lapse."""
    left: dict[Bucket, int] = {}
    for entry in entries:
        left[entry.bucket] = left.get(entry.bucket, 0) + entry.amount
    return [
        Entry(EntryKind.EXPIRE, bucket, -amount, bucket.usable_through + timedelta(days=1))
        for bucket, amount in left.items()
        if amount > 0 and bucket.usable_through < today
    ]


class _Shelf:
    """The buckets as they empty while a plan is made."""

    def __init__(self, entries: Iterable[Entry], overdraft: int = 0) -> None:
        self._overdraft = overdraft
        self._movements: dict[Bucket, list[DatedAmount]] = {}
        for entry in entries:
            insort(self._movements.setdefault(entry.bucket, []), (entry.effective_date, entry.amount))

    def knows(self, day: date) -> bool:
        return bool(self._usable(day))

    def headroom(self, day: date) -> int:
        """What the usable buckets can give together, and never more than their balance of that day allows."""
        usable = self._usable(day)
        debt = self._debt_possible(usable[-1], day) if usable else 0
        room = sum(self._headroom(bucket, day) for bucket in usable) + debt
        balance_then = sum(self._held(bucket, day) for bucket in usable)
        return max(0, min(room, balance_then + self._overdraft)) if usable else 0

    def take(self, day: date, amount: int) -> list[Entry]:
        """Take as much as there is, from one bucket after the other; only the last may fall into debt."""
        taken: list[Entry] = []
        usable = self._usable(day)
        for bucket in usable:
            room = self._headroom(bucket, day)
            if bucket is usable[-1]:
                room += self._debt_possible(bucket, day)
            share = min(amount, room)
            if share > 0:
                insort(self._movements[bucket], (day, -share))
                taken.append(Entry(EntryKind.CONSUME, bucket, -share, day))
                amount -= share
        return taken

    def _usable(self, day: date) -> list[Bucket]:
        usable = (bucket for bucket in self._movements if bucket.usable_on(day))
        return sorted(usable, key=lambda bucket: bucket.use_order)

    def _held(self, bucket: Bucket, day: date) -> int:
        return sum(amount for effective, amount in self._movements[bucket] if effective <= day)

    def _headroom(self, bucket: Bucket, day: date) -> int:
        return max(0, self._least(bucket, day))

    def _debt_possible(self, bucket: Bucket, day: date) -> int:
        return max(0, self._overdraft + min(0, self._least(bucket, day)))

    def _least(self, bucket: Bucket, day: date) -> int:
        """What a date can take without leaving a later one short of what is already planned for it."""
        running = 0
        held_on = {day: 0}
        for effective, amount in self._movements[bucket]:
            running += amount
            held_on[max(effective, day)] = running
        return min(held_on.values())
