"""The plan of an import: every row by itself, then all of them together. That nothing is half done is the caller's."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from portal.domain.custom_fields import Field
from portal.domain.people_import.columns import REQUIRED, Column, column_of
from portal.domain.people_import.managers import manager_errors
from portal.domain.people_import.problems import ImportProblem, RowError
from portal.domain.people_import.rows import ImportRow, KnownKeys, RowReader
from portal.domain.people_import.table import read_table


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What would be imported. With any error nothing is; `rows` then holds the ones that are sound by themselves."""

    rows: tuple[ImportRow, ...]
    errors: tuple[RowError, ...]
    # Headings that mean nothing here; their cells are left out.
    ignored_columns: tuple[str, ...] = ()

    @property
    def is_sound(self) -> bool:
        return not self.errors


def plan_import(
    data: bytes,
    *,
    existing_emails: Collection[str] = (),
    existing_managers: Mapping[str, str] | None = None,
    known: KnownKeys | None = None,
) -> ImportPlan:
    """Read a file of people; a file that is no table at all is refused.

    `existing_managers` leads from an employee's e-mail to their line manager's, so that circles through people
    who are not in the file are found too. All addresses are in lower case.
    """
    table = read_table(data)
    known = known or KnownKeys()
    own = {field.name.casefold(): field for field in known.fields}
    columns = [column_of(one) or own.get(" ".join(one.split()).casefold()) for one in table.header]
    ignored = _ignored(table.header, columns)
    if errors := _header_errors(columns):
        return ImportPlan((), tuple(errors), ignored)
    reader = RowReader(columns, known)
    rows = [row for number, record in table.rows if (row := reader.read(number, record))]
    emails = ((link.row, link.email) for link in reader.links)
    errors = [
        *reader.errors,
        *_repeated(emails, Column.EMAIL, ImportProblem.DUPLICATE_EMAIL),
        *_repeated(reader.employee_numbers, Column.EMPLOYEE_NUMBER, ImportProblem.DUPLICATE_EMPLOYEE_NUMBER),
        *manager_errors(
            reader.links, existing_emails=set(existing_emails), existing_managers=existing_managers or {}
        ),
    ]
    return ImportPlan(tuple(rows), tuple(sorted(errors, key=lambda error: error.row)), ignored)


def _ignored(header: Sequence[str], columns: Sequence[Column | Field | None]) -> tuple[str, ...]:
    return tuple(
        heading.strip()
        for heading, column in zip(header, columns, strict=True)
        if column is None and heading.strip()
    )


def _header_errors(columns: Sequence[Column | Field | None]) -> list[RowError]:
    missing = [
        RowError(1, column, ImportProblem.MISSING_COLUMN) for column in REQUIRED if column not in columns
    ]
    twice = [
        RowError(1, one.name if isinstance(one, Field) else one, ImportProblem.DUPLICATE_COLUMN)
        for one in dict.fromkeys(one for one in columns if one)
        if columns.count(one) > 1
    ]
    return missing + twice


def _repeated(
    values: Iterable[tuple[int, str]], column: Column, problem: ImportProblem
) -> Iterable[RowError]:
    """Every row that says what an earlier one has said."""
    seen: set[str] = set()
    for row, value in values:
        if value in seen:
            yield RowError(row, column, problem, value)
        seen.add(value)
