"""Calendars as iCalendar (RFC 5545): whole days as dates, hours by the clock of their zone, with that zone's rules.

Text is escaped and lines are folded by the library. What stands in a calendar is decided elsewhere.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, Timezone

from portal.domain.feeds import Days, Hours, Stretch
from portal.integrations.calendar_zones import zone_component

#: How often programs should ask again; most ask as often as they like.
_REFRESH = timedelta(hours=1)
_A_DAY = timedelta(days=1)


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


def calendar_file(name: str, events: Iterable[CalendarEvent], *, language: str) -> bytes:
    """The calendar as it is sent, the same for the same events. Without METHOD: it is no invitation."""
    listed = list(events)
    calendar = Calendar()
    calendar.add("prodid", f"-//Staffroom//Calendar feeds//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", _plain(name))
    calendar.add("name", _plain(name))
    calendar.add("refresh-interval", _REFRESH)
    calendar.add("x-published-ttl", "PT1H")
    for zone in _zones(listed):
        calendar.add_component(zone)
    for event in listed:
        calendar.add_component(_component(event))
    content: bytes = calendar.to_ical()
    return content


def _component(one: CalendarEvent) -> Event:
    event = Event()
    event.add("uid", one.uid)
    event.add("sequence", one.sequence)
    event.add("dtstamp", one.changed_at.astimezone(UTC))
    event.add("last-modified", one.changed_at.astimezone(UTC))
    event.add("summary", _plain(one.summary))
    if one.location:
        event.add("location", _plain(one.location))
    if isinstance(one.stretch, Days):
        event.add("dtstart", one.stretch.first_day)
        event.add("dtend", one.stretch.last_day + _A_DAY)  # the end is exclusive
    else:
        event.add("dtstart", _local(one.stretch.start_at, one.stretch.time_zone))
        event.add("dtend", _local(one.stretch.end_at, one.stretch.time_zone))
    event.add("status", one.status.value)
    event.add("transp", "OPAQUE" if one.blocks else "TRANSPARENT")
    event.add("x-microsoft-cdo-busystatus", _busy(one))
    return event


def _busy(one: CalendarEvent) -> str:
    if not one.blocks:
        return "FREE"
    if one.status is EventStatus.TENTATIVE:
        return "TENTATIVE"
    return "OOF" if one.away else "BUSY"


def _local(moment: datetime, time_zone: str) -> datetime:
    """By the clock of the zone; in UTC where the autumn night repeats an hour: programs disagree which one is meant."""
    local = moment.astimezone(ZoneInfo(time_zone))
    repeated = local.replace(fold=0).utcoffset() != local.replace(fold=1).utcoffset()
    return moment.astimezone(UTC) if repeated or time_zone == "UTC" else local


def _zones(events: list[CalendarEvent]) -> list[Timezone]:
    """The rules of each zone that is written, over the years that the events lie in."""
    hours = [one.stretch for one in events if isinstance(one.stretch, Hours)]
    years = [stretch.start_at.year for stretch in hours] + [stretch.end_at.year for stretch in hours]
    names = sorted({one.time_zone for one in hours} - {"UTC"})
    return [zone_component(name, min(years) - 1, max(years) + 1) for name in names]


def _plain(text: str) -> str:
    """One line without control characters, which no escaping makes legal."""
    return " ".join("".join(" " if unicodedata.category(sign) == "Cc" else sign for sign in text).split())
