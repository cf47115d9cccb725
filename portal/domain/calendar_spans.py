"""The stretch of days a calendar shows: a month, a quarter or a year."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from portal.domain.months import Month, days_between


class SpanKind(StrEnum):
    """How much a calendar shows at once."""

    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


_MONTHS = {SpanKind.MONTH: 1, SpanKind.QUARTER: 3, SpanKind.YEAR: 12}


@dataclass(frozen=True)
class Span:
    """One month, the quarter or the year that begins with it."""

    kind: SpanKind
    first_month: Month

    @classmethod
    def around(cls, kind: SpanKind, month: Month) -> "Span":
        """The span that a month lies in."""
        length = _MONTHS[kind]
        return cls(kind, Month(month.year, (month.month - 1) // length * length + 1))

    @property
    def first_day(self) -> date:
        return self.first_month.first_day

    @property
    def last_day(self) -> date:
        return self.months()[-1].last_day

    def months(self) -> list[Month]:
        return [self._away(number) for number in range(_MONTHS[self.kind])]

    def days(self) -> list[date]:
        return list(days_between(self.first_day, self.last_day))

    def next(self) -> "Span":
        return Span(self.kind, self._away(_MONTHS[self.kind]))

    def previous(self) -> "Span":
        return Span(self.kind, self._away(-_MONTHS[self.kind]))

    def number_of(self, day: date) -> int:
        """The place of a day in the span, from 1."""
        return (day - self.first_day).days + 1

    def _away(self, months: int) -> Month:
        number = self.first_month.year * 12 + self.first_month.month - 1 + months
        return Month(number // 12, number % 12 + 1)
