"""What moves when approved time off is changed, and what a waiting change holds back."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.domain.absence_changes import added_days, changed_days, only_shrinks, reservations
from portal.domain.periods import DayPart, Part

MONDAY = date(2026, 8, 3)


def day(offset: int, part: Part = Part.FULL) -> DayPart:
    return DayPart(MONDAY + timedelta(days=offset), part)


def test_a_half_of_a_whole_day_is_less_and_a_whole_of_a_half_is_more():
    whole, half = [day(0), day(1)], [day(0), day(1, Part.AM)]
    assert changed_days(whole, half) == [day(1).date]
    assert only_shrinks(whole, half) and not only_shrinks(half, whole)
    assert added_days(half, whole) == [day(1).date]


def test_another_half_and_other_hours_are_asked_for_anew():
    assert not only_shrinks([day(0, Part.AM)], [day(0, Part.PM)])
    morning = DayPart(MONDAY, Part.FROM_TO, 540, 660)
    assert only_shrinks([day(0, Part.AM)], [morning]) and not only_shrinks([morning], [day(0, Part.AM)])


def test_moving_changes_both_ends():
    assert changed_days([day(0), day(1)], [day(1), day(2)]) == [day(0).date, day(2).date]
    assert added_days([day(0), day(1)], [day(1), day(2)]) == [day(2).date]


@given(st.lists(st.integers(0, 1000), max_size=12), st.integers(0, 8000))
def test_only_the_difference_is_held_back(charges, freed):
    """2.1: what the old absence took pays for the new one; only the rest is reserved, nowhere more than it costs."""
    held = reservations(charges, freed)
    assert sum(held) == max(0, sum(charges) - freed)
    assert len(held) == len(charges)
    assert all(0 <= one <= charge for one, charge in zip(held, charges, strict=True))
