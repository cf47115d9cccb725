"""Line managers by date: what a change does to the spans, and circles on any day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.line_managers import (
    Span,
    changed,
    circles,
    closing,
    last_day_of_change,
    manager_on,
)

ANA, MATS, EVE, OTTO = (UUID(int=number) for number in range(1, 5))
TODAY = date(2026, 6, 15)
BEGAN = date(2020, 1, 1)
YEAR_END, NEW_YEAR = date(2026, 12, 31), date(2027, 1, 1)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


NOW_MATS = Span(MATS, BEGAN)
TABLE = {
    "the first manager": ([], ANA, TODAY, [Span(ANA, TODAY)]),
    "another one from today": ([NOW_MATS], ANA, TODAY, [Span(MATS, BEGAN, day(-1)), Span(ANA, TODAY)]),
    "another one later": (
        [NOW_MATS],
        ANA,
        NEW_YEAR,
        [Span(MATS, BEGAN, YEAR_END), Span(ANA, NEW_YEAR)],
    ),
    "nobody from today": ([NOW_MATS], None, TODAY, [Span(MATS, BEGAN, day(-1))]),
    "the same one again": ([NOW_MATS], MATS, TODAY, [NOW_MATS]),
    "what is planned stays": (
        [Span(MATS, BEGAN, YEAR_END), Span(ANA, NEW_YEAR)],
        OTTO,
        TODAY,
        [Span(MATS, BEGAN, day(-1)), Span(OTTO, TODAY, YEAR_END), Span(ANA, NEW_YEAR)],
    ),
    "an end that is planned stays": (
        [Span(MATS, BEGAN, YEAR_END)],
        ANA,
        TODAY,
        [Span(MATS, BEGAN, day(-1)), Span(ANA, TODAY, YEAR_END)],
    ),
    "a plan is taken back by naming the one before": (
        [Span(MATS, BEGAN, YEAR_END), Span(ANA, NEW_YEAR)],
        MATS,
        NEW_YEAR,
        [NOW_MATS],
    ),
    "the past is corrected up to today and on": (
        [Span(MATS, BEGAN, day(-11)), Span(ANA, day(-10))],
        OTTO,
        day(-20),
        [Span(MATS, BEGAN, day(-21)), Span(OTTO, day(-20))],
    ),
    "after a gap": (
        [Span(MATS, BEGAN, day(-100))],
        ANA,
        TODAY,
        [Span(MATS, BEGAN, day(-100)), Span(ANA, TODAY)],
    ),
}


@pytest.mark.parametrize("case", TABLE)
def test_a_change_does_to_the_spans_what_it_says(case):
    before, manager, from_day, after = TABLE[case]
    assert list(changed(before, manager, from_day, TODAY)) == after


SPANS = st.lists(
    st.tuples(st.sampled_from([ANA, MATS, OTTO]), st.integers(0, 20), st.integers(0, 10), st.booleans()),
    max_size=5,
)


def spans_of(parts) -> list[Span]:
    """Spans with gaps between some of them; the last one may be open."""
    found, at = [], day(-40)
    for manager, gap, length, is_open in parts:
        start = at + timedelta(days=gap)
        end = start + timedelta(days=length)
        last = len(found) == len(parts) - 1
        found.append(Span(manager, start, None if last and is_open else end))
        at = end + timedelta(days=1)
    return found


@given(SPANS, st.sampled_from([ANA, MATS, None]), st.integers(-50, 50))
def test_never_two_on_one_day_the_days_before_stay_and_the_plan_after_too(parts, manager, number):
    before, from_day = spans_of(parts), day(number)
    until = last_day_of_change(before, from_day, TODAY)
    after = changed(before, manager, from_day, TODAY)
    for one in (day(number) for number in range(-60, 120)):
        assert sum(span.covers(one) for span in after) <= 1
        inside = one >= from_day and (until is None or one <= until)
        assert manager_on(after, one) == (manager if inside else manager_on(before, one))
    assert changed(after, manager, from_day, TODAY) == after, "doing it twice is doing it once"


def test_a_circle_is_seen_on_the_day_on_which_it_would_close():
    """Ana will be led by Eve from the new year on; until then she may lead Eve, and not longer."""
    above = {ANA: [Span(EVE, NEW_YEAR)]}
    assert closing(above, ANA, {EVE: None}, TODAY) == {EVE}
    assert closing(above, ANA, {EVE: YEAR_END}, TODAY) == frozenset()
    assert closing(above, ANA, {EVE: None}, NEW_YEAR) == {EVE}
    assert closing({}, EVE, {EVE: None}, TODAY) == {EVE}, "nobody leads themselves"


def test_a_circle_of_the_past_is_no_obstacle_any_more():
    above = {ANA: [Span(EVE, BEGAN, day(-1))]}
    assert closing(above, ANA, {EVE: None}, TODAY) == frozenset()


def test_circles_of_many_are_found_on_every_day_to_come():
    fine = {EVE: [Span(MATS, BEGAN)], MATS: [Span(ANA, BEGAN)]}
    assert circles(fine, TODAY) == frozenset()
    assert circles({**fine, ANA: [Span(EVE, NEW_YEAR)]}, TODAY) == {ANA, MATS, EVE}
    assert circles({**fine, ANA: [Span(EVE, BEGAN, day(-1))]}, TODAY) == frozenset()
