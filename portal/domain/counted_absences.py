"""Absences that count as worked only up to a limit: how many of their times of the weekly hours do.

Which absences those are, their type says; the limits are the plan's.
"""

from fractions import Fraction


def counted_times(
    limited: Fraction, *, worked: Fraction, at_most: int | None, worked_at_least: int | None
) -> Fraction:
    """All of them up to the limit, and none before so much was worked besides."""
    if worked < (worked_at_least or 0):
        return Fraction(0)
    return limited if at_most is None else min(limited, Fraction(at_most))
