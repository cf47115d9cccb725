"""Months and their weeks against the calendar."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.months import Month, days_between

MONTHS = st.builds(Month, st.integers(1970, 2100), st.integers(1, 12))


@pytest.mark.parametrize(
    ("month", "first", "last"),
    [
        ("2028-02", date(2028, 2, 1), date(2028, 2, 29)),
        ("2026-02", date(2026, 2, 1), date(2026, 2, 28)),
        ("2100-02", date(2100, 2, 1), date(2100, 2, 28)),
        ("2026-12", date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_months_end_where_the_calendar_ends_them(month, first, last):
    assert (Month.parse(month).first_day, Month.parse(month).last_day) == (first, last)


def test_weeks_run_from_monday_to_sunday_and_show_the_neighbours():
    weeks = Month(2026, 3).weeks()
    assert weeks[0][0] == date(2026, 2, 23)
    assert weeks[-1][-1] == date(2026, 4, 5)
    assert len(Month(2027, 2).weeks()) == 4


def test_years_turn_at_december_and_january():
    assert Month(2026, 12).next() == Month(2027, 1)
    assert Month(2027, 1).previous() == Month(2026, 12)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2026",
        "2026-13",
        "2026-00",
        "26-03",
        "2026-3",
        "2026-03-01",
        "٢٠٢٦-٠٣",
        "0000-01",
        "9999-12",
        "+026-01",
        "2026--1",
    ],
)
def test_what_is_no_month_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        Month.parse(text)


@given(MONTHS)
def test_a_month_is_all_of_its_days_and_its_weeks_hold_them(month):
    assert {Month.of(day) for day in month.days()} == {month}
    assert len(month.days()) == (month.next().first_day - month.first_day).days
    weeks = month.weeks()
    assert all([day.isoweekday() for day in week] == [1, 2, 3, 4, 5, 6, 7] for week in weeks)
    assert [day for week in weeks for day in week if Month.of(day) == month] == month.days()
    assert month.next().previous() == month == Month.parse(str(month))


def test_days_between_include_both_ends():
    assert list(days_between(date(2026, 1, 1), date(2026, 1, 1))) == [date(2026, 1, 1)]
    assert list(days_between(date(2026, 1, 2), date(2026, 1, 1))) == []
    assert list(days_between(date(2028, 2, 28), date(2028, 3, 1)))[1] - timedelta(days=28) == date(2028, 2, 1)
