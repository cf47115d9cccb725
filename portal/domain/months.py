"""Calendar months and the weeks that a month page shows. Weeks begin on Monday, as ISO 8601 has it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import MAXYEAR, date, timedelta
from typing import Self


@dataclass(frozen=True, order=True, slots=True)
class Month:
    """One month of one year; written 2026-03."""

    year: int
    month: int

    def __post_init__(self) -> None:
        date(self.year, self.month, 1)
        if self.year == MAXYEAR:
            raise ValueError("the calendar ends there")

    @classmethod
    def of(cls, day: date) -> Self:
        return cls(day.year, day.month)

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read 2026-03; anything else is a ValueError."""
        year, dash, month = text.partition("-")
        digits = year + month
        if not (dash and len(year) == 4 and len(month) == 2 and digits.isascii() and digits.isdigit()):
            raise ValueError(f"not a month: {text!r}")
        return cls(int(year), int(month))

    def __str__(self) -> str:
        return f"{self.year:04}-{self.month:02}"

    @property
    def first_day(self) -> date:
        return date(self.year, self.month, 1)

    @property
    def last_day(self) -> date:
        return self.next().first_day - timedelta(days=1)

    def days(self) -> list[date]:
        return list(days_between(self.first_day, self.last_day))

    def next(self) -> "Month":
        return Month(self.year + 1, 1) if self.month == 12 else Month(self.year, self.month + 1)

    def previous(self) -> "Month":
        return Month(self.year - 1, 12) if self.month == 1 else Month(self.year, self.month - 1)

    def weeks(self) -> list[list[date]]:
        """Whole weeks from Monday to Sunday that touch the month, with the neighbours' days in them."""
        monday = self.first_day - timedelta(days=self.first_day.isoweekday() - 1)
        sunday = self.last_day + timedelta(days=7 - self.last_day.isoweekday())
        days = list(days_between(monday, sunday))
        return [days[start : start + 7] for start in range(0, len(days), 7)]


def days_between(start_date: date, end_date: date) -> Iterator[date]:
    """Every date from the first to the last, both included; none when they stand the wrong way round."""
    return (date.fromordinal(ordinal) for ordinal in range(start_date.toordinal(), end_date.toordinal() + 1))
