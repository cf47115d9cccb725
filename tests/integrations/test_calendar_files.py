"""Calendar files, read back by programs of others."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Event

from portal.domain.feeds import Days, Hours
from portal.integrations.calendar_events import CalendarEvent, EventStatus, event_lines, plain
from portal.integrations.calendar_files import calendar_file
from tests.fixtures.calendars import check_calendar, read_calendar

MADE = datetime(2026, 6, 1, 8, tzinfo=UTC)


def event(uid, stretch, summary="Shift", **more):
    return CalendarEvent(uid, 0, MADE, EventStatus.CONFIRMED, stretch, summary, **more)


def hours(start, zone):
    return Hours(start, start + timedelta(hours=8), zone, start.date())


ZONES = """
    Europe/Prague Europe/Dublin America/New_York America/Sao_Paulo Africa/Johannesburg
    Africa/Casablanca Asia/Kathmandu Australia/Lord_Howe Pacific/Chatham UTC
"""


@pytest.mark.parametrize("zone", ZONES.split())
def test_every_hour_is_read_as_it_was_meant(zone):
    """By the rules in the file itself: noon and night of each tenth day, and every hour around the changes."""
    days = [datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=day) for day in range(0, 700, 10)]
    nights = [datetime(2026, month, day, tzinfo=UTC) for month, day in ((3, 8), (3, 29), (10, 25), (11, 1))]
    moments = {day + timedelta(hours=hour) for day in days for hour in (0, 11)}
    moments |= {night + timedelta(hours=hour) for night in nights for hour in range(-14, 24)}
    ordered = sorted(moments)
    content = calendar_file(
        "Hours", [event(str(number), hours(one, zone)) for number, one in enumerate(ordered)], language="en"
    )
    read = {one["uid"]: one for one in read_calendar(content)["events"]}
    for number, moment in enumerate(ordered):
        assert read[str(number)]["start"] == f"{moment:%Y-%m-%dT%H:%M:%S}.000Z"
        assert read[str(number)]["end"] == f"{moment + timedelta(hours=8):%Y-%m-%dT%H:%M:%S}.000Z"


def test_whole_days_are_dates_without_a_zone():
    content = calendar_file("Days", [event("1", Days(date(2028, 2, 28), date(2028, 2, 29)))], language="en")
    [read] = read_calendar(content)["events"]
    assert (read["start"], read["end"], read["zone"]) == ("2028-02-28", "2028-03-01", None)
    assert b"VTIMEZONE" not in content


def test_text_is_escaped_and_lines_are_folded():
    """T122: nothing that a name holds ends its line."""
    hostile = "Žofie, příliš; \\n\r\nBEGIN:VALARM\nEND:VEVENT\x00\x1b " + "dlouhé jméno " * 20
    content = calendar_file(hostile, [event("1", Days(MADE.date(), MADE.date()), hostile)], language="cs")
    read = read_calendar(content)
    assert read["name"] == read["events"][0]["summary"]
    assert read["name"].startswith("Žofie, příliš; \\n BEGIN:VALARM END:VEVENT dlouhé")
    assert b"\r\nBEGIN:VALARM" not in content


def test_an_empty_calendar_is_one_too():
    assert read_calendar(calendar_file("Nothing", [], language="de")) == {"name": "Nothing", "events": []}


def test_the_validator_bites():
    content = calendar_file("Days", [event("1", Days(MADE.date(), MADE.date()))], language="en")
    check_calendar(content)
    with pytest.raises(Exception, match="UID"):
        check_calendar(content.replace(b"UID:1\r\n", b""))


def test_the_same_events_are_the_same_file():
    events = [event("1", hours(MADE, "Europe/Prague")), event("2", Days(MADE.date(), MADE.date()), "Žofie")]
    assert calendar_file("Same", events, language="en") == calendar_file("Same", events, language="en")


@given(
    summary=st.text(st.characters(exclude_categories=["Cs"]), max_size=120),
    location=st.text("Žofie, ;\\\n", max_size=90),
    uid=st.from_regex(r"[a-z0-9-]{1,90}@[a-z.]{1,40}", fullmatch=True),
    day=st.dates(date(2026, 1, 1), date(2028, 12, 31)),
    hour=st.integers(4, 23),
    whole=st.booleans(),
    status=st.sampled_from(EventStatus),
)
def test_an_event_is_what_the_library_would_write(summary, location, uid, day, hour, whole, status):
    """The same to the byte: escaping, folding, dates and clock times."""
    begins = datetime.combine(day, time(hour), tzinfo=ZoneInfo("Europe/Prague"))
    stretch = Days(day, day) if whole else Hours(begins, begins + timedelta(hours=1), "Europe/Prague", day)
    one = CalendarEvent(uid, 3, MADE, status, stretch, summary, location)
    assert event_lines(one) == by_the_library(one)


@pytest.mark.parametrize("length", range(60, 75))
def test_lines_are_folded_where_the_library_folds_them(length):
    """A line of 74 octets is one, and one of 75 is two."""
    one = event("1", Days(MADE.date(), MADE.date()), "x" * length)
    assert event_lines(one) == by_the_library(one)


def by_the_library(one):
    days = isinstance(one.stretch, Days)
    zone = ZoneInfo("Europe/Prague")
    other = Event()
    other.add("summary", plain(one.summary))
    other.add("dtstart", one.stretch.first_day if days else one.stretch.start_at.astimezone(zone))
    after = one.stretch.last_day + timedelta(days=1) if days else one.stretch.end_at.astimezone(zone)
    other.add("dtend", after)
    other.add("dtstamp", MADE)
    other.add("uid", one.uid)
    other.add("sequence", one.sequence)
    other.add("last-modified", MADE)
    if one.location:
        other.add("location", plain(one.location))
    other.add("status", one.status.value)
    other.add("transp", "TRANSPARENT")
    other.add("x-microsoft-cdo-busystatus", "FREE")
    return other.to_ical()
