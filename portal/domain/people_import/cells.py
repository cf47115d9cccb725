"""From the text of one cell to its value. Every reader returns the value or raises CellError."""

import re
from collections.abc import Collection
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from portal.domain.custom_fields import FieldKind, ValueRefused, read
from portal.domain.people_import.columns import Column
from portal.domain.people_import.problems import ImportProblem
from portal.domain.refusals import Refusal
from portal.domain.spreadsheet_text import unmarked
from portal.domain.working_patterns import WorkingPattern

LONGEST: dict[Column, int] = {
    Column.EMAIL: 254,
    Column.FIRST_NAME: 100,
    Column.LAST_NAME: 100,
    Column.EMPLOYEE_NUMBER: 40,
    Column.JOB_TITLE: 150,
    Column.TEAM: 500,
    Column.SITE: 100,
    Column.LINE_MANAGER_EMAIL: 254,
    Column.PHONE: 40,
    Column.WORKING_DAYS: 500,
}
_LONGEST_OTHER = 40
_LONGEST_TEAM = 100
_MOST_WEEKLY_MINUTES = 80 * 60
_FREE = frozenset({"0", "0:00", "-", "–"})
_WEEK_DAYS = 7
_EARLIEST_START, _LATEST_START = date(1950, 1, 1), date(2099, 12, 31)

# Control codes, and the marks that make a name read backwards.
_FORBIDDEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ufeff]")
# Letters that every mail server delivers to; the local part of an address may be quoted in theory, never in a company.
_EMAIL = re.compile(
    r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}"
)
_LOCAL_PART = 64
_ISO_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_DOTTED_DATE = re.compile(r"(\d{1,2})\. ?(\d{1,2})\. ?(\d{4})", re.ASCII)
_HOURS = re.compile(r"\d{1,3}(?:[.,]\d{1,4})?", re.ASCII)
_HOURS_AND_MINUTES = re.compile(r"(\d{1,3}):([0-5]\d)", re.ASCII)
_FLEXIBLE = re.compile(r"([1-7]) ?: +(.+)", re.ASCII)
_PHONE = re.compile(r"\+?\d(?:[ ()/.-]{0,2}\d){6,14}", re.ASCII)


class CellError(Exception):
    """The cell cannot be read."""

    def __init__(self, problem: ImportProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def text(cell: str, column: Column) -> str:
    """Text as it stands, without blanks around it. A value that looks like a formula is text like any other.

    The apostrophe that our own exports put before such a value is taken away again.
    """
    value = unmarked(cell.strip(" \t\u00a0"))
    if _FORBIDDEN.search(value):
        raise CellError(ImportProblem.CONTROL_CHARACTER)
    if len(value) > LONGEST.get(column, _LONGEST_OTHER):
        raise CellError(ImportProblem.TOO_LONG)
    return value


def email(value: str) -> str:
    """An address in lower case."""
    lowered = value.lower() if value.isascii() else ""
    if not _EMAIL.fullmatch(lowered) or lowered.index("@") > _LOCAL_PART:
        raise CellError(ImportProblem.INVALID_EMAIL)
    return lowered


def day(value: str) -> date:
    """2026-03-31 or 31.3.2026; what could be read in two ways is refused."""
    if iso := _ISO_DATE.fullmatch(value):
        year, month, day_of_month = iso.groups()
    elif dotted := _DOTTED_DATE.fullmatch(value):
        day_of_month, month, year = dotted.groups()
    else:
        raise CellError(ImportProblem.INVALID_DATE)
    try:
        found = date(int(year), int(month), int(day_of_month))
    except ValueError:
        raise CellError(ImportProblem.INVALID_DATE) from None
    if not _EARLIEST_START <= found <= _LATEST_START:
        raise CellError(ImportProblem.INVALID_DATE)
    return found


def weekly_minutes(value: str) -> int:
    """Hours with a point or a comma, or hours and minutes; a third of an hour becomes the nearest minute."""
    if clock := _HOURS_AND_MINUTES.fullmatch(value):
        minutes = int(clock[1]) * 60 + int(clock[2])
    elif _HOURS.fullmatch(value):
        exact = Decimal(value.replace(",", ".")) * 60
        minutes = int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))
    else:
        raise CellError(ImportProblem.INVALID_HOURS)
    if not 0 < minutes <= _MOST_WEEKLY_MINUTES:
        raise CellError(ImportProblem.INVALID_HOURS)
    return minutes


def working_days(value: str) -> WorkingPattern:
    """The hours of Monday to Sunday; of weeks that take turns with a slash between, and last a Monday of the first.

    Such as `8 8 8 8 4 0 0`, or `8 8 8 8 8 0 0 / 8 8 4 0 0 0 0 / 2026-08-31`. A flexible week has its agreed days in
    front, `4: 8 8 8 8 0 0 0`: its hours are spread evenly over the days that have any.
    """
    flexible = _FLEXIBLE.fullmatch(value)
    agreed_days, value = (int(flexible[1]), flexible[2]) if flexible else (None, value)
    *weeks, last = (part.split() for part in value.split("/"))
    begins = day(last[0]) if weeks and len(last) == 1 else None
    weeks += [] if begins else [last]
    if any(len(week) != _WEEK_DAYS for week in weeks):
        raise CellError(ImportProblem.INVALID_WORKING_DAYS)
    try:
        days = [_hours(one) for week in weeks for one in week]
        pattern = WorkingPattern.taking_turns(days, begins).agreeing(agreed_days)
    except (Refusal, CellError):
        raise CellError(ImportProblem.INVALID_WORKING_DAYS) from None
    if not 0 < pattern.average_minutes <= _MOST_WEEKLY_MINUTES:
        raise CellError(ImportProblem.INVALID_WORKING_DAYS)
    return pattern


def working_days_text(pattern: WorkingPattern) -> str:
    """As `working_days` reads it."""
    weeks = [" ".join(_clock(one) for one in week) for week in pattern.weeks]
    agreed = f"{pattern.agreed_days}: " if pattern.agreed_days else ""
    return agreed + " / ".join([*weeks, *([pattern.begins.isoformat()] if pattern.begins else [])])


def yes_or_no(value: str) -> bool:
    """In English, Czech or German, as in a field of the company's own."""
    try:
        return read(FieldKind.YES_NO, (), value) == "yes"
    except ValueRefused:
        raise CellError(ImportProblem.NOT_YES_OR_NO) from None


def yes_or_no_text(value: bool) -> str:
    """As `yes_or_no` reads it."""
    return "yes" if value else "no"


def _hours(text: str) -> int:
    return 0 if text in _FREE else weekly_minutes(text)


def _clock(minutes: int) -> str:
    return f"{minutes // 60}:{minutes % 60:02d}" if minutes else "0"


def phone(value: str) -> str:
    """The digits, with a leading plus if there is one; which numbers get messages is decided elsewhere."""
    if not _PHONE.fullmatch(value):
        raise CellError(ImportProblem.INVALID_PHONE)
    return ("+" if value[0] == "+" else "") + "".join(filter(str.isdigit, value))


def teams(value: str) -> tuple[str, ...]:
    """Names separated by semicolons, each once, in their order."""
    names = tuple(dict.fromkeys(name for part in value.split(";") if (name := part.strip())))
    if any(len(name) > _LONGEST_TEAM for name in names):
        raise CellError(ImportProblem.TOO_LONG)
    return names


def one_of(value: str, known: Collection[str], problem: ImportProblem) -> str:
    """A key such as a language or a role, in any case."""
    lowered = value.lower()
    if lowered not in known:
        raise CellError(problem)
    return lowered
