"""Calendars as iCalendar (RFC 5545): whole days as dates, hours by the clock of their zone, with that zone's rules.

The head and the rules of zones are written by the library, events by `calendar_events`. What stands in a calendar is
decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from icalendar import Calendar, Timezone

from portal.domain.feeds import Hours
from portal.integrations.calendar_events import CalendarEvent, event_lines, plain
from portal.integrations.calendar_zones import zone_component

#: How often programs should ask again; most ask as often as they like.
_REFRESH = timedelta(hours=1)
_END = b"END:VCALENDAR\r\n"


def calendar_file(name: str, events: Iterable[CalendarEvent], *, language: str) -> bytes:
    """The calendar as it is sent, the same for the same events. Without METHOD: it is no invitation."""
    listed = list(events)
    calendar = Calendar()
    calendar.add("prodid", f"-//Staffroom//Calendar feeds//{language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("x-wr-calname", plain(name))
    calendar.add("name", plain(name))
    calendar.add("refresh-interval", _REFRESH)
    calendar.add("x-published-ttl", "PT1H")
    for zone in _zones(listed):
        calendar.add_component(zone)
    frame: bytes = calendar.to_ical()
    head = frame.removesuffix(_END)
    return b"".join((head, *(event_lines(event) for event in listed), _END))


def _zones(events: list[CalendarEvent]) -> list[Timezone]:
    """The rules of each zone that is written, over the years that the events lie in."""
    hours = [one.stretch for one in events if isinstance(one.stretch, Hours)]
    years = [stretch.start_at.year for stretch in hours] + [stretch.end_at.year for stretch in hours]
    names = sorted({one.time_zone for one in hours} - {"UTC"})
    return [zone_component(name, min(years) - 1, max(years) + 1) for name in names]
