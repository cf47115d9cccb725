"""The names of the reports on time off, and of the months in their headings."""

from __future__ import annotations

from datetime import date

from flask_babel import LazyString, format_date, format_decimal
from flask_babel import lazy_gettext as _l

from portal.services.reports import Report

REPORTS: dict[Report, LazyString] = {
    Report.BALANCES: _l("Balances at a date"),
    Report.LIABILITIES: _l("Liabilities at a date"),
    Report.MONTHS: _l("Absence by type and month"),
    Report.AWAY: _l("Who is away"),
    Report.OVERTIME: _l("Overtime by person and month"),
}


def months() -> list[str]:
    """Jan to Dec."""
    return [str(format_date(date(2026, number, 1), "LLL", rebase=False)) for number in range(1, 13)]


def number(value: float) -> str:
    """1,234.5 as the reader writes it."""
    return str(format_decimal(value))
