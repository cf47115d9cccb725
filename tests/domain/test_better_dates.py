"""Nearby dates: fewer days broken, else cheaper, else longer; what is no better is not offered."""

from __future__ import annotations

from datetime import date

from portal.domain.better_dates import MOST_SHOWN, Dates, best, free_run

MONDAY = date(2026, 8, 3)


def dates(shift, broken=0, cost=5000, free_days=9):
    return Dates(shift, MONDAY, MONDAY, broken, cost, free_days)


def test_fewer_broken_days_come_first_then_cost_then_length_then_nearness():
    asked = dates(0, broken=2)
    order = best(asked, [dates(7, broken=1, cost=1000), dates(-9), dates(9), dates(3, cost=4000)])
    assert [one.shift for one in order] == [3, -9, 9]
    assert len(order) == MOST_SHOWN


def test_what_is_the_same_or_worse_is_not_offered():
    asked = dates(0)
    assert best(asked, [dates(1), dates(2, free_days=8), dates(3, cost=6000), dates(4, broken=1)]) == []


def test_days_off_beside_a_stretch_make_it_longer():
    def works(day):
        return day.isoweekday() < 6 and day != date(2026, 8, 10)

    assert free_run(MONDAY, date(2026, 8, 7), works) == 10
    assert free_run(date(2026, 8, 5), date(2026, 8, 5), works) == 1
    assert free_run(MONDAY, MONDAY, lambda _day: False) == 29
