"""How long somebody waits after failed tries: growing waits, never a lock for good.

Counting the failures, and of what, belongs to services/throttles.py.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

#: Failures of a person older than the first, and of an address older than the second, are forgotten.
WINDOW = timedelta(days=1)
WINDOW_OF_ADDRESS = timedelta(hours=1)
FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(minutes=15)
#: Tries that cost no wait: of one person from one address, of one person from anywhere, from one address.
#: The second is higher so that a stranger who guesses does not make the person wait at their own desk; the
#: third so that a whole office behind one address may mistype.
FREE_AT_ONE_ADDRESS = 5
FREE_ANYWHERE = 20
FREE_OF_ONE_ADDRESS = 100


def again_at(failures: Sequence[datetime], *, free: int) -> datetime | None:
    """When the next try is allowed, given the failures that count; None when it is allowed at any time.

    The free-th failure costs 30 seconds, each further one twice as much as the last, at most 15 minutes.
    """
    if len(failures) < free:
        return None
    doublings = min(len(failures) - free, 10)
    wait: timedelta = min(FIRST_WAIT * 2**doublings, LONGEST_WAIT)
    return max(failures) + wait
