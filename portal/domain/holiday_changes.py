"""What becomes of absences when a holiday comes or goes: the part's new price, and what the ledger gives back.

A price only ever falls by itself: nobody is charged later for a day that was free when they asked.
"""

from collections.abc import Iterable

from portal.domain.ledger import Bucket, Entry, EntryKind


def new_charge(charge: int, *, expected: int, now: int) -> int:
    """The price of a part whose day is worth `now` instead of `expected`, in whatever unit the type counts.

    Rounded down, in the person's favour. A day that was worth nothing before has no share to take: it stays.
    """
    return charge * now // expected if now < expected else charge


def give_back(posted: Iterable[Entry], amount: int) -> list[Entry]:
    """Releases so much of what one absence holds on one date, first from the bucket that was used last.

    That bucket expires latest, so what is given back can be used longest. Never more than is held.
    """
    held: dict[Bucket, int] = {}
    day = None
    for entry in posted:
        if entry.kind in (EntryKind.CONSUME, EntryKind.RELEASE):
            held[entry.bucket] = held.get(entry.bucket, 0) - entry.amount
            day = entry.effective_date
    released = []
    for bucket in sorted(held, key=lambda one: one.use_order, reverse=True):
        share = min(amount, held[bucket])
        if share > 0 and day is not None:
            released.append(Entry(EntryKind.RELEASE, bucket, share, day))
            amount -= share
    return released
