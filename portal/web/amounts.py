"""Amounts of time off in the unit that their type counts: days, or hours."""

from __future__ import annotations

from fractions import Fraction

from flask_babel import format_decimal

from portal.domain.absence_costs import CountingMethod
from portal.web.filters import days, hours


def amount_in(value: int, counting: CountingMethod) -> str:
    """2.5 days, or 7:30 h."""
    return f"{hours(value)} h" if counting is CountingMethod.HOURS else days(value)


def exact_in(value: Fraction, counting: CountingMethod) -> str:
    """In days or hours without the unit, as exactly as anybody reads."""
    unit = 60 if counting is CountingMethod.HOURS else 1000
    return str(format_decimal(round(float(value) / unit, 3)))
