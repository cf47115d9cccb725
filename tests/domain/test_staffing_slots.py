"""Times of a day: who is away at once, what waits, hours of a rule, parts of the year, and not all of those named."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.holidays import HolidayPart, minutes_of, working_spans
from portal.domain.refusals import Refusal
from portal.domain.staffing import (
    WHOLE_DAY,
    Effect,
    Headcount,
    Measure,
    Metric,
    Season,
    StaffingRule,
    Standing,
    YearDay,
)
from portal.domain.staffing_slots import PersonDay, broken_by, slots, worst_time

MONDAY = date(2026, 8, 3)
MORNING, AFTERNOON = (0, 720), (720, 1440)
HERE = PersonDay((WHOLE_DAY,))


def away(*spans, work=(WHOLE_DAY,), waiting=()):
    return PersonDay(work, spans, waiting)


def rule(metric=Metric.MOST_AWAY, amount=1, **more):
    return StaffingRule(metric, Measure.PEOPLE, amount, Effect.BLOCK, MONDAY, **more)


def test_two_halves_are_never_away_at_once_and_two_mornings_are():
    """At most one away: a morning and an afternoon keep it, two mornings break it."""
    apart = [away(MORNING), away(AFTERNOON), HERE]
    together = [away(MORNING), away(MORNING), HERE]
    assert worst_time(rule(), slots(apart, WHOLE_DAY)) == Headcount(3000, 1000)
    assert worst_time(rule(), slots(together, WHOLE_DAY)) == Headcount(3000, 2000)
    assert broken_by(rule(), slots([*apart], WHOLE_DAY, asks=[(HERE, (MORNING,))])) == Headcount(3000, 2000)


def test_what_waits_is_counted_apart():
    """Two agreed and one who has asked."""
    [slot] = slots([away(WHOLE_DAY), away(WHOLE_DAY), away(waiting=(WHOLE_DAY,)), HERE], WHOLE_DAY)
    assert slot.count == Headcount(4000, 2000, 1000)


@pytest.mark.parametrize(
    ("absence", "broken"),
    [
        (MORNING, True),
        (AFTERNOON, False),  # noon and later: the rule ends at noon
        ((600, 660), True),
        ((0, 480), False),  # gone before the rule begins
        ((0, 481), True),
        ((719, 1000), True),
    ],
)
def test_an_absence_counts_only_where_it_meets_the_hours_of_the_rule(absence, broken):
    """Nobody may be away from 8 to 12."""
    nobody = rule(amount=0, hours=(480, 720))
    found = slots([HERE, HERE], nobody.window, asks=[(HERE, (absence,))])
    assert (broken_by(nobody, found) is not None) is broken


def test_shifts_count_at_their_hours():
    """Early and late: of two who have to be there from 8 to 16, one goes home at 14."""
    early, late = PersonDay(((360, 840),)), PersonDay(((840, 1320),))
    one = rule(Metric.LEAST_PRESENT, 1, hours=(480, 960))
    assert worst_time(one, slots([early, late], one.window)) == Headcount(1000)
    assert broken_by(one, slots([early, late], one.window, asks=[(late, (WHOLE_DAY,))])) == Headcount(
        1000, 1000
    )
    # At a time at which nobody would work the rule asks nothing.
    assert one.standing(worst_time(one, slots([early], (840, 960)))) is Standing.OK


def test_whoever_is_away_already_or_does_not_work_then_takes_nobody_away():
    off = PersonDay()
    gone = away(WHOLE_DAY)
    for person in (off, gone):
        assert (
            broken_by(rule(amount=0), slots([person, HERE], WHOLE_DAY, asks=[(person, (WHOLE_DAY,))])) is None
        )


def test_not_both_of_two():
    """One may go; the other may not go then, be it for an hour. Half days apart are well."""
    both = rule(Metric.NOT_ALL_AWAY, 0)
    assert broken_by(both, slots([HERE, HERE], WHOLE_DAY, asks=[(HERE, (WHOLE_DAY,))])) is None
    assert broken_by(both, slots([HERE, away(MORNING)], WHOLE_DAY, asks=[(HERE, (AFTERNOON,))])) is None
    found = broken_by(both, slots([HERE, away(MORNING)], WHOLE_DAY, asks=[(HERE, ((660, 720),))]))
    assert found == Headcount(2000, 2000)
    assert both.standing(Headcount(2000, 1000)) is Standing.TIGHT
    assert both.standing(Headcount(3000, 1000)) is Standing.OK


def test_a_part_of_every_year_may_go_over_its_end():
    """1 to 24 December each year; 20 December to 6 January."""
    december = rule(season=Season(YearDay(12, 1), YearDay(12, 24)), valid_through=None)
    held = [december.holds_on(date(year, 12, day)) for year in (2026, 2031) for day in (1, 24, 25)]
    assert held == [True, True, False] * 2
    assert not december.holds_on(date(2026, 11, 30))
    turn = Season(YearDay(12, 20), YearDay(1, 6))
    assert [turn.holds_on(date(2027, 1, day)) for day in (1, 6, 7)] == [True, True, False]
    assert turn.holds_on(date(2026, 12, 20)) and not turn.holds_on(date(2026, 12, 19))
    february = Season(YearDay(2, 1), YearDay(2, 29))
    assert february.holds_on(date(2027, 2, 28)) and not february.holds_on(date(2027, 3, 1))


def test_no_day_and_no_hour_that_is_none():
    for make in (lambda: YearDay(2, 30), lambda: rule(hours=(720, 720)), lambda: rule(hours=(0, 1441))):
        with pytest.raises(Refusal):
            make()


def test_half_a_holiday_leaves_the_other_half():
    assert working_spans(frozenset()) == (WHOLE_DAY,)
    assert working_spans(frozenset({minutes_of(HolidayPart.PM)})) == (MORNING,)
    assert working_spans(frozenset({minutes_of(HolidayPart.FULL)})) == ()
    assert working_spans(frozenset({minutes_of(HolidayPart.AM), minutes_of(HolidayPart.PM)})) == ()


SPANS = st.lists(
    st.tuples(st.integers(0, 1439), st.integers(1, 1440)).filter(lambda one: one[0] < one[1]), max_size=3
)
PEOPLE = st.lists(st.builds(PersonDay, SPANS.map(tuple), SPANS.map(tuple), SPANS.map(tuple)), max_size=6)


@given(PEOPLE, st.sampled_from([WHOLE_DAY, (480, 960), (0, 1)]))
def test_the_times_say_for_every_minute_what_counting_that_minute_says(people, window):
    """Cutting the day loses nothing: compared with a count minute by minute at the cuts."""

    def meets(spans, minute):
        return any(starts <= minute < ends for starts, ends in spans)

    for slot in slots(people, window):
        for minute in (slot.span[0], slot.span[1] - 1):
            there = [one for one in people if meets(one.work, minute)]
            gone = [one for one in there if meets(one.away, minute)]
            waits = [one for one in there if one not in gone and meets(one.waiting, minute)]
            assert slot.count == Headcount(len(there) * 1000, len(gone) * 1000, len(waits) * 1000)
