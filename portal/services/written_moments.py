"""Moments as letters write them: in words, on the clock of the person who reads."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time

from portal.db import UnitOfWork
from portal.models.employee import Employee


def for_letter(uow: UnitOfWork, employee: Employee, moment: datetime) -> str:
    """3 May 2026, 10:00 in the employee's language and time zone."""
    local = moment.astimezone(ZoneInfo(employee.time_zone or uow.company.time_zone))
    return f"{day_for_letter(employee, local)}, {format_time(local, 'HH:mm', locale=employee.language)}"


def day_for_letter(employee: Employee, day: date) -> str:
    """3 May 2026 in the employee's language."""
    # Babel's plain English is American; pages write the day first, and so do letters.
    pattern = "d MMMM y" if employee.language == "en" else "long"
    return format_date(day, pattern, locale=employee.language)
