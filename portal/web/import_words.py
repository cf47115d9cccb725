"""The import of people in the reader's language: the columns of the file and what can be wrong with a cell."""

from __future__ import annotations

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from portal.domain.people_import import Column, ImportProblem

C = Column
COLUMNS: dict[Column, LazyString] = {
    C.EMAIL: _l("Work e-mail"),
    C.FIRST_NAME: _l("First name"),
    C.LAST_NAME: _l("Last name"),
    C.EMPLOYEE_NUMBER: _l("Employee number"),
    C.JOB_TITLE: _l("Job title"),
    C.TEAM: _l("Teams"),
    C.SITE: _l("Site"),
    C.LINE_MANAGER_EMAIL: _l("Line manager"),
    C.START_DATE: _l("First day"),
    C.WEEKLY_HOURS: _l("Weekly hours"),
    C.WORKING_DAYS: _l("Working days"),
    C.BY_ROSTER: _l("Works by the roster"),
    C.PHONE: _l("Mobile phone"),
    C.LANGUAGE: _l("Language"),
    C.ROLE: _l("Role"),
}

#: As a cell says it.
YES_OR_NO: dict[str, LazyString] = {"yes": _l("Yes"), "no": _l("No")}

P = ImportProblem
PROBLEMS: dict[ImportProblem, LazyString] = {
    P.CONTROL_CHARACTER: _l("Contains invisible control characters. Type the text anew."),
    P.DUPLICATE_COLUMN: _l("This column is in the file twice. Remove one."),
    P.DUPLICATE_EMAIL: _l("An earlier row has the same e-mail."),
    P.DUPLICATE_EMPLOYEE_NUMBER: _l("An earlier row has the same employee number."),
    P.EMAIL_ABOVE_OWN: _l(
        "This person may do more than you may. Their e-mail is changed by somebody with the same rights."
    ),
    P.EMPLOYEE_NUMBER_TAKEN: _l("Somebody else has this employee number."),
    P.INVALID_DATE: _l("Not a date. Write 2026-03-31 or 31.3.2026."),
    P.INVALID_EMAIL: _l("Not a complete e-mail address."),
    P.INVALID_HOURS: _l("Not weekly hours. Write 37.5, 37,5 or 37:30, at most 80."),
    P.INVALID_NUMBER: _l("Not a number. Write 1200 or 12.5."),
    P.INVALID_PHONE: _l("Not a mobile number that can receive codes. Write it with the country code."),
    P.INVALID_WORKING_DAYS: _l(
        "Not the hours of Monday to Sunday. Write 8 8 8 8 4 0 0, or weeks that take turns and a Monday of the first:"
        " 8 8 8 8 8 0 0 / 8 8 4 0 0 0 0 / 2026-08-31. A flexible week has its agreed days in front:"
        " 4: 8 8 8 8 8 0 0."
    ),
    P.MANAGER_CYCLE: _l("Following the line managers upwards leads back to this person."),
    P.MANAGER_CYCLE_PLANNED: _l(
        "A change of line manager is planned for a later day; from then on, following them upwards leads back to"
        " this person."
    ),
    P.MANAGER_UNKNOWN: _l("Nobody in the file or in the company has this e-mail."),
    P.MISSING_COLUMN: _l("This column is missing from the file."),
    P.MISSING_VALUE: _l("This cell must not be empty."),
    P.NOT_A_CHOICE: _l("Not one of the choices."),
    P.NOT_YES_OR_NO: _l("Write yes or no."),
    P.RAGGED_ROW: _l("The row has more or fewer cells than the heading."),
    P.ROLE_ABOVE_OWN: _l("You cannot give a role that may do more than you may."),
    P.TOO_LONG: _l("The text is too long."),
    P.UNKNOWN_LANGUAGE: _l("Not a language of the portal. Write en, cs or de."),
    P.UNKNOWN_ROLE: _l("Not a role of the company, such as manager, planner or hr."),
    P.WORKING_DAYS_DIFFER: _l(
        "The days add up to other weekly hours. Correct them, or leave one of the two empty."
    ),
}


def value_label(column: Column | str, text: str) -> str:
    """A value as it stands, or in words where the file has a key for it."""
    return str(YES_OR_NO[text]) if column is Column.BY_ROSTER and text else text


def column_label(column: Column | str) -> str:
    """The column in words; a field of the company's own has its own name."""
    return str(COLUMNS[Column(column)]) if column in COLUMNS else column
