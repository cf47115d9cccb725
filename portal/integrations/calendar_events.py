"""One event of a calendar file, as lines: a feed of a thousand people has thousands of them.

The library escapes texts and folds what is long. The rest of an event is dates and fixed words, and putting each of
them through the library's objects took ten times as long. A test holds both side by side.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from icalendar import vText
from icalendar.parser import Contentline

from portal.domain.feeds import Days, Stretch

_A_DAY = timedelta(days=1)
#: So short a line is not folded (RFC 5545, 3.1, allows 75 octets without the break; the library folds at 75).
_SHORT = 74


class EventStatus(StrEnum):
    CONFIRMED = "CONFIRMED"
    TENTATIVE = "TENTATIVE"
    CANCELLED = "CANCELLED"


@dataclass(frozen=True)
class CalendarEvent:
    """One event. `blocks` says whether the time of whoever subscribes is taken, `away` that they are not at work."""

    uid: str
    sequence: int
    changed_at: datetime
    status: EventStatus
    stretch: Stretch
    summary: str
    location: str = ""
    blocks: bool = False
    away: bool = False


def event_lines(one: CalendarEvent) -> bytes:
    """The whole event with its line breaks, the same for the same event."""
    changed = f"{one.changed_at.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    start, end = _ends(one.stretch)
    lines = [
        "BEGIN:VEVENT",
        f"SUMMARY:{_text(one.summary)}",
        f"DTSTART{start}",
        f"DTEND{end}",
        f"DTSTAMP:{changed}",
        f"UID:{_escaped(one.uid)}",
        f"SEQUENCE:{one.sequence}",
        f"LAST-MODIFIED:{changed}",
        *([f"LOCATION:{_text(one.location)}"] if one.location else []),
        f"STATUS:{one.status.value}",
        f"TRANSP:{'OPAQUE' if one.blocks else 'TRANSPARENT'}",
        f"X-MICROSOFT-CDO-BUSYSTATUS:{_busy(one)}",
        "END:VEVENT",
    ]
    return b"".join(_folded(line) + b"\r\n" for line in lines)


def plain(text: str) -> str:
    """One line without control characters, which no escaping makes legal."""
    if not text.isprintable():
        text = "".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text)
    return " ".join(text.split())


def _ends(stretch: Stretch) -> tuple[str, str]:
    """What follows DTSTART and DTEND: dates, or clock times of a zone."""
    if isinstance(stretch, Days):
        after = stretch.last_day + _A_DAY  # the end is exclusive
        return f";VALUE=DATE:{stretch.first_day:%Y%m%d}", f";VALUE=DATE:{after:%Y%m%d}"
    return _clock_time(stretch.start_at, stretch.time_zone), _clock_time(stretch.end_at, stretch.time_zone)


def _clock_time(moment: datetime, time_zone: str) -> str:
    """By the clock of the zone; in UTC where the autumn night repeats an hour: programs disagree which one is meant."""
    local = moment.astimezone(ZoneInfo(time_zone))
    repeated = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    if repeated or time_zone == "UTC":
        return f":{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    return f";TZID={time_zone}:{local:%Y%m%dT%H%M%S}"


def _busy(one: CalendarEvent) -> str:
    if not one.blocks:
        return "FREE"
    if one.status is EventStatus.TENTATIVE:
        return "TENTATIVE"
    return "OOF" if one.away else "BUSY"


@lru_cache(maxsize=4096)  # names and places come again and again, within a file and from one to the next
def _text(text: str) -> str:
    return _escaped(plain(text))


def _escaped(text: str) -> str:
    escaped: bytes = vText(text).to_ical()
    return escaped.decode()


def _folded(line: str) -> bytes:
    encoded = line.encode()
    if len(encoded) <= _SHORT:
        return encoded
    folded: bytes = Contentline(line).to_ical()  # type: ignore[no-untyped-call]
    return folded
