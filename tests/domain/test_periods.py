"""Parts of days and ranges of dates."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.periods import DayPart, Part, bounds, check_range, expand, overlap, refuse_overlaps
from portal.domain.refusals import Reason, Refusal

MONDAY = date(2026, 3, 2)
HALVES_AND_WHOLE = st.sampled_from([Part.FULL, Part.AM, Part.PM])
TIMES = st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda times: times[0] < times[1])
DATES = st.dates(date(2026, 2, 27), date(2026, 3, 2))
DAY_PARTS = st.one_of(
    st.builds(DayPart, DATES, HALVES_AND_WHOLE),
    st.builds(lambda day, times: DayPart(day, Part.FROM_TO, *times), DATES, TIMES),
)


def clock(starts: int, ends: int) -> DayPart:
    return DayPart(MONDAY, Part.FROM_TO, starts * 60, ends * 60)


@pytest.mark.parametrize(
    ("part", "hours"),
    [
        (DayPart(MONDAY), (0, 24)),
        (DayPart(MONDAY, Part.AM), (0, 12)),
        (DayPart(MONDAY, Part.PM), (12, 24)),
        (clock(9, 13), (9, 13)),
        (clock(0, 24), (0, 24)),
    ],
)
def test_a_part_is_a_half_open_stretch_of_the_local_day(part, hours):
    midnight = datetime(2026, 3, 2)  # noqa: DTZ001  # Wall time on purpose.
    assert part.minutes == (hours[0] * 60, hours[1] * 60)
    assert part.local_interval == tuple(midnight + timedelta(hours=hour) for hour in hours)


@pytest.mark.parametrize(
    ("arguments", "reason", "field"),
    [
        ((MONDAY, Part.FROM_TO), Reason.MISSING, "starts_minute"),
        ((MONDAY, Part.FROM_TO, 540), Reason.MISSING, "ends_minute"),
        ((MONDAY, Part.FROM_TO, 540, 540), Reason.END_BEFORE_START, "ends_minute"),
        ((MONDAY, Part.FROM_TO, 600, 540), Reason.END_BEFORE_START, "ends_minute"),
        ((MONDAY, Part.FROM_TO, 600, 1441), Reason.TIME_INVALID, "ends_minute"),
        ((MONDAY, Part.FROM_TO, -1, 60), Reason.TIME_INVALID, "ends_minute"),
        ((MONDAY, Part.FULL, 0, 1440), Reason.PART_NOT_POSSIBLE, "part"),
        ((date(1926, 3, 2),), Reason.DATE_OUT_OF_RANGE, "date"),
    ],
)
def test_impossible_parts_cannot_be_made(arguments, reason, field):
    with pytest.raises(Refusal) as caught:
        DayPart(*arguments)
    assert (caught.value.reason, caught.value.field) == (reason, field)


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        (DayPart(MONDAY), DayPart(MONDAY, Part.AM), True),
        (DayPart(MONDAY, Part.AM), DayPart(MONDAY, Part.PM), False),
        (DayPart(MONDAY, Part.AM), DayPart(MONDAY, Part.AM), True),
        (DayPart(MONDAY, Part.AM), clock(11, 13), True),
        (DayPart(MONDAY, Part.AM), clock(12, 13), False),
        (clock(9, 10), clock(10, 11), False),
        (DayPart(MONDAY), DayPart(MONDAY + timedelta(days=1)), False),
    ],
)
def test_parts_overlap_only_where_they_share_time(one, other, shared):
    assert overlap(one, other) is overlap(other, one) is shared


@given(st.lists(DAY_PARTS, max_size=6))
def test_overlaps_within_a_request_are_found_in_any_order(parts):
    shared = any(overlap(one, two) for place, one in enumerate(parts) for two in parts[place + 1 :])
    for order in (parts, parts[::-1]):
        if shared:
            with pytest.raises(Refusal) as caught:
                refuse_overlaps(order)
            assert caught.value.reason is Reason.PARTS_OVERLAP
        else:
            refuse_overlaps(order)


@given(DAY_PARTS, DAY_PARTS)
def test_two_parts_overlap_when_their_local_intervals_do(one, other):
    (starts, ends), (other_starts, other_ends) = one.local_interval, other.local_interval
    assert overlap(one, other) == (starts < other_ends and other_starts < ends)


def test_a_range_may_begin_with_an_afternoon_and_end_with_a_morning():
    parts = expand(date(2028, 2, 28), date(2028, 3, 1), first_part=Part.PM, last_part=Part.AM)
    assert parts == [
        DayPart(date(2028, 2, 28), Part.PM),
        DayPart(date(2028, 2, 29)),
        DayPart(date(2028, 3, 1), Part.AM),
    ]
    assert bounds(parts) == (date(2028, 2, 28), date(2028, 3, 1))


@pytest.mark.parametrize(
    ("first", "last", "part"),
    [
        (Part.FULL, Part.FULL, Part.FULL),
        (Part.AM, Part.FULL, Part.AM),
        (Part.FULL, Part.AM, Part.AM),
        (Part.PM, Part.FULL, Part.PM),
        (Part.FULL, Part.PM, Part.PM),
        (Part.PM, Part.PM, Part.PM),
    ],
)
def test_a_single_day_takes_the_part_that_both_ends_agree_on(first, last, part):
    assert expand(MONDAY, MONDAY, first_part=first, last_part=last) == [DayPart(MONDAY, part)]


@pytest.mark.parametrize(
    ("days", "first", "last", "reason", "field"),
    [
        (0, Part.PM, Part.AM, Reason.PART_NOT_POSSIBLE, "last_part"),
        (0, Part.AM, Part.PM, Reason.PART_NOT_POSSIBLE, "last_part"),
        (0, Part.FROM_TO, Part.FULL, Reason.PART_NOT_POSSIBLE, "last_part"),
        (3, Part.AM, Part.FULL, Reason.PART_NOT_POSSIBLE, "first_part"),
        (3, Part.FULL, Part.PM, Reason.PART_NOT_POSSIBLE, "last_part"),
        (3, Part.FROM_TO, Part.FULL, Reason.PART_NOT_POSSIBLE, "first_part"),
        (-1, Part.FULL, Part.FULL, Reason.END_BEFORE_START, "end_date"),
        (366, Part.FULL, Part.FULL, Reason.PERIOD_TOO_LONG, "end_date"),
        (365 * 80, Part.FULL, Part.FULL, Reason.DATE_OUT_OF_RANGE, "end_date"),
    ],
)
def test_ranges_that_make_no_sense_are_refused(days, first, last, reason, field):
    with pytest.raises(Refusal) as caught:
        expand(MONDAY, MONDAY + timedelta(days=days), first_part=first, last_part=last)
    assert (caught.value.reason, caught.value.field) == (reason, field)


def test_a_whole_leap_year_is_the_longest_range():
    assert len(expand(date(2028, 1, 1), date(2028, 12, 31))) == 366
    with pytest.raises(Refusal, match="period-too-long"):
        check_range(date(2028, 1, 1), date(2029, 1, 1))
    check_range(MONDAY, MONDAY + timedelta(days=6), longest_days=7)


@given(st.dates(date(2000, 1, 1), date(2098, 1, 1)), st.integers(1, 365), HALVES_AND_WHOLE, HALVES_AND_WHOLE)
def test_an_expanded_range_has_every_day_once_and_no_overlap(start, days, first, last):
    if first is Part.AM or last is Part.PM:
        return
    parts = expand(start, start + timedelta(days=days), first_part=first, last_part=last)
    assert [part.date for part in parts] == [start + timedelta(days=day) for day in range(days + 1)]
    assert all(part.part is Part.FULL for part in parts[1:-1])
    refuse_overlaps(parts)
