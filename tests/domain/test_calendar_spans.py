"""Months, quarters and years of a calendar."""

from __future__ import annotations

from datetime import date

import pytest

from portal.domain.calendar_spans import Span, SpanKind
from portal.domain.months import Month


@pytest.mark.parametrize(
    ("kind", "month", "first", "last"),
    [
        ("month", Month(2028, 2), date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", Month(2026, 8), date(2026, 7, 1), date(2026, 9, 30)),
        ("quarter", Month(2026, 12), date(2026, 10, 1), date(2026, 12, 31)),
        ("year", Month(2026, 8), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_span_lies_around_its_month(kind, month, first, last):
    span = Span.around(SpanKind(kind), month)
    assert (span.first_day, span.last_day) == (first, last)
    assert len(span.days()) == span.number_of(last)
    assert span.next().first_day > last and span.next().previous() == span
    assert span.previous().last_day.toordinal() == first.toordinal() - 1
