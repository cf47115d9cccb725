"""Numbers and limits of one-time codes by SMS. Making, keeping and comparing codes belongs to the services.

Sources: NIST SP 800-63B-4 3.1.3 (six digits, at most ten minutes, at most a hundred failures); ours are tighter.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

CODE_DIGITS = 6
CODE_LIFETIME = timedelta(minutes=5)
CODE_TRIES = 5
RESEND_AFTER = timedelta(seconds=60)
# At most so many codes within any stretch of this length.
SENDS_PER_WINDOW = ((5, timedelta(hours=1)), (10, timedelta(days=1)))
# Against fraud that pumps messages: so many within an hour from one address, and in one company.
SENDS_PER_ADDRESS = 300
SENDS_PER_COMPANY = 3000
# Such fraud asks for codes to many numbers of one range, and nobody ever types one in. So many numbers with the same
# country code and first two digits within an hour, none of which was ever confirmed, and codes stop for the company.
# Far above the people of one operator who set up their phones in the same minute; fraud that pays needs thousands.
UNCONFIRMED_PER_PREFIX = 200
# How long they stop then. Longer than what is counted, or the same numbers would stop them again.
STOPPED_FOR = timedelta(hours=1)
# So many wrong codes in a row, over all codes ever sent, and the telephone has to be bound anew.
FAILURES_UNTIL_DISABLED = 20


def may_send(previous_sends: Sequence[datetime], now: datetime) -> datetime | None:
    """None when a code may be sent now, else the earliest moment at which it may."""
    sends = sorted(previous_sends)
    if not sends:
        return None
    waits = [sends[-1] + RESEND_AFTER]
    waits += [sends[-count] + window for count, window in SENDS_PER_WINDOW if len(sends) >= count]
    again_at = max(waits)
    return again_at if again_at > now else None


def expires_at(sent_at: datetime) -> datetime:
    """The moment from which the code is no longer good."""
    return sent_at + CODE_LIFETIME


def tries_left(failed_tries: int) -> int:
    """How often this code may still be guessed."""
    return max(0, CODE_TRIES - failed_tries)


def is_disabled(consecutive_failures: int) -> bool:
    """Has the second factor failed so often that it must be bound anew?"""
    return consecutive_failures >= FAILURES_UNTIL_DISABLED
