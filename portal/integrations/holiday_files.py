"""Reads lists of holidays that people have: CSV with date, name and perhaps half or times, and iCalendar."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta

from icalendar import Calendar

from portal.domain.holidays import HolidayPart, PublicHoliday
from portal.domain.periods import DAY_MINUTES
from portal.domain.refusals import Reason, Refusal

LARGEST = 200_000
_MOST_ROWS = 2000
_LONGEST_EVENT = 31
_Part = tuple[HolidayPart, int | None, int | None]
_TIMES = re.compile(r"([01]?\d|2[0-4]):([0-5]\d) ?[-–] ?([01]?\d|2[0-4]):([0-5]\d)")
_HEADINGS = {"date", "datum", "day", "tag", "den"}


def read_holidays(file_name: str, content: bytes) -> list[PublicHoliday]:
    """The holidays of a file; refused where it is none, with the row that could not be read."""
    if len(content) > LARGEST:
        raise Refusal(Reason.IMPORT_TOO_LARGE, field="file", limit=_MOST_ROWS)
    if content.lstrip(b"\xef\xbb\xbf \r\n").startswith(b"BEGIN:VCALENDAR"):
        found = list(_of_calendar(content))
    elif file_name.lower().endswith(".ics"):
        raise Refusal(Reason.IMPORT_UNREADABLE, field="file", row=1)
    else:
        found = list(_of_table(_decoded(content)))
    if not found:
        raise Refusal(Reason.IMPORT_UNREADABLE, field="file", row=1)
    return found


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "cp1250"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refusal(Reason.IMPORT_ENCODING_UNKNOWN, field="file")


def _of_table(text: str) -> Iterator[PublicHoliday]:
    first = text.partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        rows = list(csv.reader(io.StringIO(text), delimiter=delimiter, strict=True))
    except csv.Error:
        raise Refusal(Reason.IMPORT_UNREADABLE, field="file", row=1) from None
    if len(rows) > _MOST_ROWS:
        raise Refusal(Reason.IMPORT_TOO_LARGE, field="file", limit=_MOST_ROWS)
    for number, row in enumerate(rows, 1):
        cells = [cell.strip() for cell in row]
        if not any(cells) or (number == 1 and cells[0].casefold() in _HEADINGS):
            continue
        day = _day(cells[0])
        part = _part(cells[2] if len(cells) > 2 else "")
        if day is None or part is None or len(cells) < 2 or not cells[1]:
            raise Refusal(Reason.HOLIDAY_ROW_UNREADABLE, field="file", row=number)
        yield PublicHoliday(day, cells[1], *part)


def _day(text: str) -> date | None:
    for form in ("%Y-%m-%d", "%d.%m.%Y", "%d. %m. %Y"):
        try:
            return datetime.strptime(text, form).date()  # noqa: DTZ007  # A date has no zone.
        except ValueError:
            continue
    return None


def _part(text: str) -> _Part | None:
    """am, pm, or two times such as 12:00-24:00; nothing is all of the day."""
    if times := _TIMES.fullmatch(text):
        starts, ends = (int(times[one]) * 60 + int(times[one + 1]) for one in (1, 3))
        return (HolidayPart.FROM_TO, starts, ends) if starts < ends <= DAY_MINUTES else None
    try:
        part = HolidayPart(text.casefold() or "full")
    except ValueError:
        return None
    return (part, None, None) if part is not HolidayPart.FROM_TO else None


def _of_calendar(content: bytes) -> Iterator[PublicHoliday]:
    """Whole days, and hours within one day by the clock they are written in; what repeats is not worked out."""
    try:
        events = Calendar.from_ical(content).walk("VEVENT")
        for event in events[:_MOST_ROWS]:
            start = event.decoded("DTSTART")
            end = event.decoded("DTEND") if "DTEND" in event else None
            name = " ".join(str(event.get("SUMMARY", "")).split())
            if not name:
                continue
            if isinstance(start, datetime):
                if (timed := _hours(start, end)) is not None:
                    yield PublicHoliday(start.date(), name, *timed)
                continue
            last = (
                end - timedelta(days=1) if isinstance(end, date) and not isinstance(end, datetime) else start
            )
            for number in range(min((last - start).days, _LONGEST_EVENT) + 1):
                yield PublicHoliday(start + timedelta(days=number), name)
    except (ValueError, KeyError, TypeError, OverflowError):
        raise Refusal(Reason.IMPORT_UNREADABLE, field="file", row=1) from None


def _hours(start: datetime, end: object) -> _Part | None:
    """From one time to another of the same day; what goes on past midnight is no holiday."""
    if not isinstance(end, datetime) or end <= start:
        return None
    starts, last = start.hour * 60 + start.minute, end.hour * 60 + end.minute
    if end.date() == start.date():
        return HolidayPart.FROM_TO, starts, last
    next_midnight = end.date() == start.date() + timedelta(days=1) and last == 0
    return (HolidayPart.FROM_TO, starts, DAY_MINUTES) if next_midnight else None
