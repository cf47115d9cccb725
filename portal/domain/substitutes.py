"""Who covers for somebody who is away: whether a type asks for it, what they answer, and when they are reminded.

What a substitute says is information. It never holds up the time off: whether somebody can be spared is for those
who decide, not for a colleague.
"""

from datetime import date, timedelta
from enum import StrEnum

#: So many can cover for one absence.
MOST_SUBSTITUTES = 3
LONGEST_COVER_NOTE = 1000
#: So many days before it begins they are reminded.
REMIND_AHEAD = timedelta(days=3)


class SubstituteRule(StrEnum):
    """Whether a request names who covers."""

    OFF = "off"
    OPTIONAL = "optional"
    REQUIRED = "required"


class SubstituteAnswer(StrEnum):
    """What somebody says who was named."""

    OPEN = "open"
    CAN = "can"
    CANNOT = "cannot"


def remind(start_date: date, end_date: date, reminded_on: date | None, today: date) -> bool:
    """Once for each absence, a few days before it begins; of one that came late, as soon as may be."""
    return reminded_on is None and start_date - REMIND_AHEAD <= today <= end_date
