"""From local wall time to instants and back, in both nights of the clock change.

A time that the spring night skips means the moment of the jump; one that the autumn night repeats means its
first occurrence. So later wall times never come out as earlier instants.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_SEARCH_MINUTES = 2 * 24 * 60


def instant_of(day: date, minute: int, zone: ZoneInfo) -> datetime:
    """The UTC moment of a minute of the day by the clock on the wall; from 1440 on it is the next day."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    moment = wall.replace(tzinfo=zone).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == wall:
        return moment
    return _jump_before(moment, zone)


def local_date(moment: datetime, zone: ZoneInfo) -> date:
    """The date that people in the zone write at that moment."""
    return moment.astimezone(zone).date()


def elapsed_minutes(start_at: datetime, end_at: datetime) -> int:
    """Minutes that really pass, whole ones."""
    return int((end_at.astimezone(UTC) - start_at.astimezone(UTC)) // timedelta(minutes=1))


def _jump_before(moment: datetime, zone: ZoneInfo) -> datetime:
    """The jump that skipped a wall time: halve the two days before until a minute is left."""
    offset = moment.astimezone(zone).utcoffset()
    before, after = -_SEARCH_MINUTES, 0
    while after - before > 1:
        middle = (before + after) // 2
        if (moment + timedelta(minutes=middle)).astimezone(zone).utcoffset() == offset:
            after = middle
        else:
            before = middle
    return moment + timedelta(minutes=after)
