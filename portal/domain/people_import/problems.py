"""What can be wrong with an import. The sentences that people read live in the web."""

from dataclasses import dataclass
from enum import StrEnum

from portal.domain.people_import.columns import Column

_LONGEST_SHOWN = 80


class ImportProblem(StrEnum):
    """Sorted by name."""

    # A character that no name holds: NUL, a control code, a mark that turns the direction of writing.
    CONTROL_CHARACTER = "control-character"
    # The heading stands over two columns.
    DUPLICATE_COLUMN = "duplicate-column"
    # An earlier row has the same address.
    DUPLICATE_EMAIL = "duplicate-email"
    # An earlier row has the same number.
    DUPLICATE_EMPLOYEE_NUMBER = "duplicate-employee-number"
    # The person may do more than whoever imports, and the address leads to their password.
    EMAIL_ABOVE_OWN = "email-above-own"
    # Somebody else in the company has the number.
    EMPLOYEE_NUMBER_TAKEN = "employee-number-taken"
    # Neither 2026-03-31 nor 31.3.2026, or no date of the calendar.
    INVALID_DATE = "invalid-date"
    INVALID_EMAIL = "invalid-email"
    # Not hours such as 37.5, 37,5 or 37:30, or more than a week holds.
    INVALID_HOURS = "invalid-hours"
    INVALID_WORKING_DAYS = "invalid-working-days"
    INVALID_NUMBER = "invalid-number"
    INVALID_PHONE = "invalid-phone"
    # Following line managers upwards leads back to this person.
    MANAGER_CYCLE = "manager-cycle"
    # The same, from a later day on: a change of line manager that is planned already closes the circle.
    MANAGER_CYCLE_PLANNED = "manager-cycle-planned"
    # Neither in the file nor in the company.
    MANAGER_UNKNOWN = "manager-unknown"
    # The column is missing from the header.
    MISSING_COLUMN = "missing-column"
    MISSING_VALUE = "missing-value"
    # Not among the choices of the company's own field.
    NOT_A_CHOICE = "not-a-choice"
    NOT_YES_OR_NO = "not-yes-or-no"
    # More or fewer cells than the header has.
    RAGGED_ROW = "ragged-row"
    # The role may do more than whoever imports.
    ROLE_ABOVE_OWN = "role-above-own"
    TOO_LONG = "too-long"
    UNKNOWN_LANGUAGE = "unknown-language"
    UNKNOWN_ROLE = "unknown-role"
    # The days add up to other weekly hours than the row says.
    WORKING_DAYS_DIFFER = "working-days-differ"


@dataclass(frozen=True, slots=True)
class RowError:
    """One problem: the row as a spreadsheet numbers it (the header is 1), the column, and what stands there."""

    row: int
    #: A name alone is that of a field of the company's own.
    column: Column | str | None
    problem: ImportProblem
    value: str = ""

    def __post_init__(self) -> None:
        shown = "".join(
            letter if letter.isprintable() else "\N{REPLACEMENT CHARACTER}" for letter in self.value
        )
        object.__setattr__(self, "value", shown[:_LONGEST_SHOWN])
