"""The rules of a time zone as calendars carry them (VTIMEZONE, RFC 5545 3.6.5), over the years that are needed.

The library's own are not used: it writes a change by the clock after it, where the standard asks for the clock
before, and programs that follow the standard are then an hour off that night.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

_A_DAY = timedelta(days=1)
_A_MINUTE = timedelta(minutes=1)
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(frozen=True)
class _Change:
    """The clock shows another offset from then on; `wall` is the moment by the clock before."""

    wall: datetime
    before: timedelta
    after: timedelta
    name: str
    summer: bool

    @property
    def rule(self) -> tuple[object, ...]:
        """What makes two changes of different years the same one: the last Sunday of March at two."""
        return (self.before, self.after, self.name, self.summer, self.wall.month, self.wall.time())


@lru_cache(maxsize=64)
def zone_component(name: str, first_year: int, last_year: int) -> Timezone:
    """The VTIMEZONE; the years are inclusive. It is shared: nobody changes it."""
    zone = ZoneInfo(name)
    start = datetime(first_year, 1, 1, tzinfo=zone)
    made = Timezone()
    made.add("tzid", name)
    made.add_component(_observance([_at_first(start)], None))
    by_rule = sorted(
        _changes(zone, first_year, last_year), key=lambda change: (str(change.rule), change.wall)
    )
    for _rule, several in groupby(by_rule, key=lambda change: change.rule):
        changes = list(several)
        weekday = _weekday(changes) if len(changes) == last_year - first_year + 1 else None
        if weekday is not None:
            made.add_component(_observance(changes, weekday))
        else:
            for change in changes:
                made.add_component(_observance([change], None))
    return made


def _changes(zone: ZoneInfo, first_year: int, last_year: int) -> Iterator[_Change]:
    moment, end = datetime(first_year, 1, 1, tzinfo=UTC), datetime(last_year + 1, 1, 1, tzinfo=UTC)
    while moment < end:
        following = moment + _A_DAY
        if _offset(moment, zone) != _offset(following, zone):
            yield _change(_first_after(moment, following, zone), zone)
        moment = following


def _first_after(early: datetime, late: datetime, zone: ZoneInfo) -> datetime:
    """The minute at which the offset changes between the two."""
    before = _offset(early, zone)
    while late - early > _A_MINUTE:
        middle = early + ((late - early) // _A_MINUTE // 2) * _A_MINUTE
        early, late = (middle, late) if _offset(middle, zone) == before else (early, middle)
    return late


def _change(moment: datetime, zone: ZoneInfo) -> _Change:
    before = _offset(moment - _A_MINUTE, zone)
    wall = (moment + before).replace(tzinfo=None)
    local = moment.astimezone(zone)
    return _Change(wall, before, _offset(moment, zone), local.tzname() or "", bool(local.dst()))


def _at_first(start: datetime) -> _Change:
    offset = start.utcoffset() or timedelta()
    return _Change(start.replace(tzinfo=None), offset, offset, start.tzname() or "", bool(start.dst()))


def _weekday(changes: Iterable[_Change]) -> str | None:
    """Such as -1SU, where each year's change is on the same weekday of the month, counted from its end or start."""
    found = list(changes)
    counted = {
        (_WEEKDAYS[one.wall.weekday()], _is_last(one.wall), (one.wall.day - 1) // 7 + 1) for one in found
    }
    if len({day for day, _last, _number in counted}) > 1:
        return None
    [day] = {day for day, _last, _number in counted}
    if all(last for _day, last, _number in counted):
        return f"-1{day}"
    numbers = {number for _day, _last, number in counted}
    return f"{numbers.pop()}{day}" if len(numbers) == 1 else None


def _is_last(wall: datetime) -> bool:
    return (wall + 7 * _A_DAY).month != wall.month


def _observance(changes: list[_Change], weekday: str | None) -> TimezoneDaylight | TimezoneStandard:
    first = changes[0]
    made = TimezoneDaylight() if first.summer else TimezoneStandard()
    made.add("dtstart", first.wall)
    if weekday is not None:
        made.add("rrule", {"FREQ": "YEARLY", "BYMONTH": first.wall.month, "BYDAY": weekday})
    made.add("tzname", first.name)
    made.add("tzoffsetfrom", first.before)
    made.add("tzoffsetto", first.after)
    return made


def _offset(moment: datetime, zone: ZoneInfo) -> timedelta:
    return moment.astimezone(zone).utcoffset() or timedelta()
