"""Clashes, totals, and what publishing changes for whom."""

from dataclasses import replace
from datetime import date, timedelta
from itertools import combinations
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.rosters import ChangedShift, ShiftFacts, changes, overlapping, paid_minutes, touching_apart
from portal.domain.shift_times import ShiftTimes

PRAGUE = ZoneInfo("Europe/Prague")
EVE, OTTO = UUID(int=1), UUID(int=2)
MONDAY = date(2026, 3, 2)


def shift(number: int, starts: int, ends: int, person: UUID = EVE, day: date = MONDAY) -> ShiftFacts:
    moments = ShiftTimes(starts * 60, ends * 60).on(day, PRAGUE)
    return ShiftFacts(UUID(int=1000 + number), person, day, moments)


SHIFTS = st.lists(
    st.builds(
        lambda number, person, day, starts, length: shift(
            number, starts, starts + length, person, MONDAY + timedelta(days=day)
        ),
        st.integers(0, 8),
        st.sampled_from([EVE, OTTO]),
        st.integers(0, 2),
        st.integers(0, 23),
        st.integers(1, 24),
    ),
    max_size=8,
    unique_by=lambda one: one.shift_id,
)


def test_touching_shifts_do_not_clash():
    early, late = shift(1, 6, 14), shift(2, 14, 22)
    assert overlapping([late, early]) == []
    assert touching_apart(early.moments, late.moments)


def test_a_night_shift_clashes_with_the_next_morning():
    night, morning = shift(1, 22, 30), shift(2, 5, 13, day=MONDAY + timedelta(days=1))
    assert overlapping([morning, night]) == [(night, morning)]


def test_other_people_may_work_at_the_same_time():
    assert overlapping([shift(1, 6, 14), shift(2, 6, 14, OTTO)]) == []


def test_a_long_shift_clashes_with_all_that_lie_inside():
    long, one, two = shift(1, 6, 20), shift(2, 8, 9), shift(3, 10, 11)
    assert overlapping([one, two, long]) == [(long, one), (long, two)]


@given(SHIFTS)
def test_a_person_clashes_exactly_when_two_of_their_shifts_share_time(shifts):
    for person in (EVE, OTTO):
        own = [one for one in shifts if one.employee_id == person]
        apart = all(touching_apart(a.moments, b.moments) for a, b in combinations(own, 2))
        found = [pair for pair in overlapping(shifts) if pair[0].employee_id == person]
        assert (not found) == apart


def test_totals_are_paid_minutes_by_person():
    totals = paid_minutes([shift(1, 6, 14), shift(2, 22, 30), shift(3, 6, 8, OTTO)])
    assert totals == {EVE: 960, OTTO: 120}


def test_publishing_tells_each_person_what_was_and_what_is():
    kept, gone, moved = shift(1, 6, 14), shift(2, 14, 22), shift(3, 6, 7)
    later = replace(moved, moments=shift(3, 8, 9).moments)
    new = shift(4, 18, 20)
    found = changes([kept, later, new], [kept, gone, moved])
    assert found.keys() == {EVE}
    assert found[EVE].added == (new,)
    assert found[EVE].removed == (gone,)
    assert found[EVE].changed == (ChangedShift(moved, later),)


def test_a_shift_handed_over_leaves_one_person_and_comes_to_the_other():
    before = shift(1, 6, 14)
    after = replace(before, employee_id=OTTO)
    found = changes([after], [before])
    assert (found[EVE].removed, found[EVE].added) == ((before,), ())
    assert (found[OTTO].added, found[OTTO].removed) == ((after,), ())


@given(SHIFTS)
def test_publishing_what_is_published_affects_nobody(shifts):
    assert changes(shifts, shifts) == {}
    assert changes(shifts, []).keys() == {one.employee_id for one in shifts}


@given(SHIFTS, SHIFTS)
def test_the_changes_lead_from_the_published_shifts_to_the_draft(draft, published):
    result = set(published)
    for one in changes(draft, published).values():
        result -= set(one.removed) | {change.was for change in one.changed}
    for one in changes(draft, published).values():
        result |= set(one.added) | {change.now for change in one.changed}
    assert result == set(draft)
