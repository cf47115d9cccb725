"""What tells the time. The portal asks one clock, handed over by whoever opens the unit of work.

Rules take `today` or `now` as an argument instead; only this module reads the machine's time.
"""

from datetime import UTC, date, datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Anything that knows the moment in UTC and the date in a zone."""

    def now(self) -> datetime: ...

    def today(self, zone: ZoneInfo | str) -> date: ...


class SystemClock:
    """The machine's own time."""

    def now(self) -> datetime:
        return datetime.now(UTC)  # noqa: TID251  # This is the only clock.

    def today(self, zone: ZoneInfo | str) -> date:
        return _date_in(self.now(), zone)


class FrozenClock:
    """A clock that moves only when told to, for tests, the demo and rehearsals."""

    def __init__(self, now: datetime) -> None:
        self.move_to(now)

    def now(self) -> datetime:
        return self._now

    def today(self, zone: ZoneInfo | str) -> date:
        return _date_in(self._now, zone)

    def move_to(self, now: datetime) -> None:
        if now.tzinfo is None:
            raise ValueError("a clock needs an aware datetime")
        self._now = now.astimezone(UTC)

    def advance(self, step: timedelta) -> datetime:
        """Let time pass and return the new moment; a clock never runs backwards."""
        if step < timedelta(0):
            raise ValueError("a clock cannot be advanced into the past")
        self._now += step
        return self._now


def _date_in(moment: datetime, zone: ZoneInfo | str) -> date:
    return moment.astimezone(ZoneInfo(zone) if isinstance(zone, str) else zone).date()
