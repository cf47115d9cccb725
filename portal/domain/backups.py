"""How often backups are made, how long they are kept, and when somebody must be told."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

#: A nightly run that came an hour late, and one that took an hour, are no alarm.
NEWEST_AT_MOST = timedelta(hours=26)
#: What people deleted is gone from every backup after this.
OLDEST_AT_MOST = timedelta(days=31)
#: One day less, because what is kept today must not be too old before the next run.
PRUNED_AFTER = timedelta(days=30)
#: A weekly drill that was missed once.
DRILL_AT_MOST = timedelta(days=8)

_ID = re.compile(r"(\d{8}T\d{6}Z)-[0-9a-f]{8}")
_MOMENT = "%Y%m%dT%H%M%SZ"


class Trouble(StrEnum):
    """What can be wrong with the backups as a whole, the most pressing first."""

    NONE_YET = "none-yet"
    NEWEST_TOO_OLD = "newest-too-old"
    BROKEN = "broken"
    OLDEST_TOO_OLD = "oldest-too-old"
    DRILL_FAILED = "drill-failed"
    DRILL_TOO_OLD = "drill-too-old"


@dataclass(frozen=True)
class Standing:
    """What is known of the backups: when the good ones were taken, which were found broken, the last drill."""

    good: tuple[datetime, ...]
    broken: int = 0
    last_drill: datetime | None = None
    last_drill_passed: bool = True


def new_id(now: datetime, chance: str) -> str:
    """A name that sorts by time; `chance` (eight hexadecimal digits) keeps two of one second apart."""
    return f"{now.astimezone(UTC).strftime(_MOMENT)}-{chance}"


def taken_at(backup_id: str) -> datetime | None:
    """When the backup of this name was taken; None when it is not the name of one."""
    found = _ID.fullmatch(backup_id)
    if found is None:
        return None
    try:
        return datetime.strptime(found[1], _MOMENT).replace(tzinfo=UTC)
    except ValueError:
        return None


def to_prune(taken: Mapping[str, datetime], good: Collection[str], now: datetime) -> list[str]:
    """The names of those that must go, good or broken.

    The newest good one stays however old it is: an old backup is better than none, and alarms.
    """
    newest = max(good or taken, key=lambda name: taken[name], default=None)
    return [name for name, moment in sorted(taken.items()) if name != newest and now - moment > PRUNED_AFTER]


def troubles(standing: Standing, now: datetime) -> list[Trouble]:
    """What somebody must be told of."""
    found = []
    if not standing.good:
        found.append(Trouble.NONE_YET)
    elif now - max(standing.good) > NEWEST_AT_MOST:
        found.append(Trouble.NEWEST_TOO_OLD)
    if standing.broken:
        found.append(Trouble.BROKEN)
    if standing.good and now - min(standing.good) > OLDEST_AT_MOST:
        found.append(Trouble.OLDEST_TOO_OLD)
    if not standing.last_drill_passed:
        found.append(Trouble.DRILL_FAILED)
    elif standing.last_drill is not None and now - standing.last_drill > DRILL_AT_MOST:
        found.append(Trouble.DRILL_TOO_OLD)
    return found
