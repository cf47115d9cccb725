"""Numbers and limits of the codes that an authenticator app shows (TOTP). Making them is an integration's.

Sources: RFC 6238 (steps of 30 seconds, one step of drift either way), OWASP ASVS 5.0 6.5.1 and 6.5.5 (each code once).
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

CODE_DIGITS = 6
STEP_SECONDS = 30
#: Clocks of telephones are a little off.
DRIFT_STEPS = 1
#: So many wrong codes in a row, over all sign-ins, and the app has to be set up anew.
FAILURES_UNTIL_DISABLED = 20


def matching_step(now: datetime, *, fits: Callable[[int], bool], after: int | None = None) -> int | None:
    """The step of time whose code was typed, as `fits` tells; None when it is no code of about now.

    Only steps after the last one used count, so that no code works twice (T65). Every candidate is compared,
    so that the time taken tells nothing.
    """
    current = int(now.timestamp()) // STEP_SECONDS
    steps = range(current - DRIFT_STEPS, current + DRIFT_STEPS + 1)
    fitting = [step for step in steps if fits(step)]
    return next((step for step in reversed(fitting) if after is None or step > after), None)


def is_disabled(consecutive_failures: int) -> bool:
    """Has it failed so often that it must be set up anew?"""
    return consecutive_failures >= FAILURES_UNTIL_DISABLED
