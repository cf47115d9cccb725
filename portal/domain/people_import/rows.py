"""One row of an import by itself: its cells read in turn, every problem noted with its column."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar
from uuid import UUID

from portal.domain import custom_fields
from portal.domain.custom_fields import Field
from portal.domain.people_import import cells
from portal.domain.people_import.columns import REQUIRED, Column
from portal.domain.people_import.managers import ManagerLink
from portal.domain.people_import.problems import ImportProblem, RowError
from portal.domain.permissions import BUILT_IN_ROLES
from portal.domain.spreadsheet_text import unmarked
from portal.domain.working_patterns import WorkingPattern

LANGUAGES = ("en", "cs", "de")
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One person as the file says; None and empty mean that it says nothing."""

    row: int
    email: str
    first_name: str
    last_name: str
    start_date: date
    employee_number: str | None = None
    job_title: str | None = None
    teams: tuple[str, ...] = ()
    site: str | None = None
    line_manager_email: str | None = None
    weekly_minutes: int | None = None
    pattern: WorkingPattern | None = None
    by_roster: bool | None = None
    phone: str | None = None
    language: str | None = None
    role: str | None = None
    #: Values of the company's own fields, by the field's id.
    values: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """The keys that cells may name."""

    roles: Collection[str] = field(default_factory=lambda: frozenset(BUILT_IN_ROLES))
    languages: Collection[str] = LANGUAGES
    fields: Collection[Field] = ()


class RowReader:
    """Reads row after row. What must be compared across rows is kept even from rows with other problems."""

    def __init__(self, columns: Sequence[Column | Field | None], known: KnownKeys) -> None:
        self.errors: list[RowError] = []
        self.links: list[ManagerLink] = []
        self.employee_numbers: list[tuple[int, str]] = []
        self._places = {column: place for place, column in enumerate(columns) if column}
        self._width = len(columns)
        self._known = known

    def read(self, number: int, record: Sequence[str]) -> ImportRow | None:
        """The row, or None when anything in it is wrong."""
        if len(record) < self._width or any(cell.strip() for cell in record[self._width :]):
            self.errors.append(RowError(number, None, ImportProblem.RAGGED_ROW, str(len(record))))
            return None
        row = _Row(number, record, self._places)
        person = self._person(row)
        self.errors += row.errors
        return None if row.errors else person

    def _person(self, row: "_Row") -> ImportRow | None:
        email = row.value(Column.EMAIL, cells.email)
        manager = row.value(Column.LINE_MANAGER_EMAIL, cells.email)
        employee_number = row.value(Column.EMPLOYEE_NUMBER, str)
        first_name = row.value(Column.FIRST_NAME, str)
        last_name = row.value(Column.LAST_NAME, str)
        start_date = row.value(Column.START_DATE, cells.day)
        optional = {
            "job_title": row.value(Column.JOB_TITLE, str),
            "site": row.value(Column.SITE, str),
            "phone": row.value(Column.PHONE, cells.phone),
            "language": row.key(Column.LANGUAGE, self._known.languages, ImportProblem.UNKNOWN_LANGUAGE),
            "role": row.key(Column.ROLE, self._known.roles, ImportProblem.UNKNOWN_ROLE),
        }
        teams = row.value(Column.TEAM, cells.teams)
        values = tuple(row.own_values())
        weekly_minutes, pattern = row.working_time()
        by_roster = row.value(Column.BY_ROSTER, cells.yes_or_no)
        if email:
            self.links.append(ManagerLink(row.number, email, manager))
        if employee_number:
            self.employee_numbers.append((row.number, employee_number))
        if not (email and first_name and last_name and start_date):
            return None
        return ImportRow(
            row=row.number,
            email=email,
            first_name=first_name,
            last_name=last_name,
            start_date=start_date,
            employee_number=employee_number,
            teams=teams or (),
            line_manager_email=manager,
            weekly_minutes=weekly_minutes,
            pattern=pattern,
            by_roster=by_roster,
            values=values,
            **optional,
        )


class _Row:
    """The cells of one row, and what is wrong with them."""

    def __init__(self, number: int, record: Sequence[str], places: Mapping[Column | Field, int]) -> None:
        self.number = number
        self.errors: list[RowError] = []
        self._record = record
        self._places = places

    def value(self, column: Column, read: Callable[[str], _T]) -> _T | None:
        """The cell read, or None: empty, not in the file, or wrong, which is noted."""
        place = self._places.get(column)
        raw = "" if place is None else self._record[place]
        try:
            text = cells.text(raw, column)
            if text:
                return read(text)
            if column in REQUIRED:
                raise cells.CellError(ImportProblem.MISSING_VALUE)
        except cells.CellError as error:
            self.errors.append(RowError(self.number, column, error.problem, raw))
        return None

    def working_time(self) -> tuple[int | None, WorkingPattern | None]:
        """The weekly hours and the days, which must not say different things."""
        weekly_minutes = self.value(Column.WEEKLY_HOURS, cells.weekly_minutes)
        pattern = self.value(Column.WORKING_DAYS, cells.working_days)
        if weekly_minutes and pattern and weekly_minutes != pattern.weekly_minutes:
            raw = self._record[self._places[Column.WORKING_DAYS]]
            problem = ImportProblem.WORKING_DAYS_DIFFER
            self.errors.append(RowError(self.number, Column.WORKING_DAYS, problem, raw))
        return weekly_minutes, pattern

    def own_values(self) -> Iterator[tuple[UUID, str]]:
        """What the row says in columns of the company's own; an empty cell says nothing."""
        for field_, place in self._places.items():
            if isinstance(field_, Column):
                continue
            raw = self._record[place]
            try:
                value = custom_fields.read(field_.kind, field_.choices, unmarked(raw.strip()))
            except custom_fields.ValueRefused as refused:
                self.errors.append(
                    RowError(self.number, field_.name, ImportProblem(refused.problem.value), raw)
                )
                continue
            if value:
                yield field_.id, value

    def key(self, column: Column, known: Collection[str], problem: ImportProblem) -> str | None:
        return self.value(column, lambda text: cells.one_of(text, known, problem))
