"""Looks every hour whether the backups are as they should be, and says what is wrong."""

from __future__ import annotations

from datetime import datetime

from portal.domain.backups import Standing, Trouble, troubles
from portal.services import operator_alarms
from portal.services.backups import backup_log
from portal.services.operator_alarms import Letters

_SENTENCES = {
    Trouble.NONE_YET: "There is no usable backup. Make one with `flask backup create` and read what it says.",
    Trouble.NEWEST_TOO_OLD: "The newest backup is older than 26 hours. `flask backup create` says why.",
    Trouble.BROKEN: "A kept backup is broken. `flask backup verify` says which and where; check the disk it lies on.",
    Trouble.OLDEST_TOO_OLD: (
        "A backup is kept longer than 31 days. What people had erased must not outlive that: remove it, and check "
        "the bucket's lifecycle rule."
    ),
    Trouble.DRILL_FAILED: "The last restore drill failed. `flask backup drill --last` says what was wrong.",
    Trouble.DRILL_TOO_OLD: "There was no restore drill for more than a week. Hold one with `flask backup drill`.",
}
_KIND = "backup:"


def look(now: datetime, letters: Letters) -> list[Trouble]:
    """What is wrong at the moment; the operator is told."""
    found = troubles(backup_log.standing(), now)
    operator_alarms.tell(
        {f"{_KIND}{trouble.value}": _SENTENCES[trouble] for trouble in found},
        of=frozenset(f"{_KIND}{trouble.value}" for trouble in Trouble),
        now=now,
        letters=letters,
    )
    return found


def state(now: datetime) -> str:
    """One word for machines: `ok`, or the most pressing trouble."""
    return next((trouble.value for trouble in troubles(backup_log.standing(), now)), "ok")


def standing() -> Standing:
    """For whoever shows the backups."""
    return backup_log.standing()
