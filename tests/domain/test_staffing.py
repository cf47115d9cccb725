"""Rules of staffing: what breaks them, what is tight, and that half a day counts half."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import Effect, Headcount, Measure, Metric, StaffingRule, Standing, worst

MONDAY = date(2026, 8, 3)


def rule(metric=Metric.LEAST_PRESENT, amount=2, measure=Measure.PEOPLE, **more):
    return StaffingRule(metric, measure, amount, more.pop("effect", Effect.INFO), MONDAY, **more)


@pytest.mark.parametrize(
    ("metric", "measure", "amount", "expected", "away", "standing"),
    [
        # At least two of four: two away is the limit, half a person more is too much.
        (Metric.LEAST_PRESENT, Measure.PEOPLE, 2, 4000, 0, Standing.OK),
        (Metric.LEAST_PRESENT, Measure.PEOPLE, 2, 4000, 1000, Standing.OK),
        (Metric.LEAST_PRESENT, Measure.PEOPLE, 2, 4000, 1500, Standing.TIGHT),
        (Metric.LEAST_PRESENT, Measure.PEOPLE, 2, 4000, 2000, Standing.TIGHT),
        (Metric.LEAST_PRESENT, Measure.PEOPLE, 2, 4000, 2500, Standing.BROKEN),
        # Too few work there at all: broken without anybody away.
        (Metric.LEAST_PRESENT, Measure.PEOPLE, 2, 1000, 0, Standing.BROKEN),
        # A day on which nobody works keeps every rule.
        (Metric.LEAST_PRESENT, Measure.PEOPLE, 2, 0, 0, Standing.OK),
        (Metric.MOST_AWAY, Measure.PEOPLE, 1, 4000, 0, Standing.OK),
        (Metric.MOST_AWAY, Measure.PEOPLE, 1, 4000, 500, Standing.TIGHT),
        (Metric.MOST_AWAY, Measure.PEOPLE, 1, 4000, 1000, Standing.TIGHT),
        (Metric.MOST_AWAY, Measure.PEOPLE, 1, 4000, 1500, Standing.BROKEN),
        (Metric.MOST_AWAY, Measure.PEOPLE, 0, 4000, 0, Standing.TIGHT),
        # A third of six may go: two, and not a quarter of an hour more.
        (Metric.MOST_AWAY, Measure.PERCENT, 34, 6000, 2000, Standing.TIGHT),
        (Metric.MOST_AWAY, Measure.PERCENT, 33, 6000, 2000, Standing.BROKEN),
        (Metric.LEAST_PRESENT, Measure.PERCENT, 50, 5000, 2500, Standing.TIGHT),
        (Metric.LEAST_PRESENT, Measure.PERCENT, 50, 5000, 2501, Standing.BROKEN),
    ],
)
def test_how_a_day_stands(metric, measure, amount, expected, away, standing):
    assert rule(metric, amount, measure).standing(Headcount(expected, away)) is standing


def test_what_waits_makes_a_day_tight_and_never_broken():
    count = Headcount(6000, 1000, waiting=4000)
    assert rule().standing(count) is Standing.TIGHT
    assert rule().standing(Headcount(6000, 1000)) is Standing.OK


def test_a_rule_holds_on_its_weekdays_and_dates_alone():
    only_weekend = rule(weekdays=frozenset({6, 7}), valid_through=date(2026, 8, 9))
    held = [day for day in range(1, 17) if only_weekend.holds_on(date(2026, 8, day))]
    assert held == [8, 9]


def test_somebody_breaks_a_rule_only_by_going_further():
    """A day that is broken already is made worse by whoever goes too; half a day on a day off changes nothing."""
    broken = Headcount(2000, 1000)
    assert rule().is_broken(broken)
    assert rule().is_broken_by(broken, 500)
    assert not rule().is_broken_by(broken, 0)
    assert not rule().is_broken_by(Headcount(4000, 0), 2000)


@given(
    st.sampled_from(Metric),
    st.sampled_from(Measure),
    st.integers(1, 100),
    st.integers(0, 40),
    st.integers(0, 80),
    st.integers(0, 80),
)
def test_more_away_never_mends_a_rule(metric, measure, amount, people, halves, more):
    """Whatever is broken with some away stays broken with more; so who is let past last is not let past by luck."""
    one = rule(metric, amount, measure)
    before = Headcount(people * 1000, min(people * 1000, halves * 500))
    after = before.with_away(more * 500)
    assert one.is_broken(after) or not one.is_broken(before)


@pytest.mark.parametrize(
    ("field", "make"),
    [
        ("amount", lambda: rule(amount=0)),
        ("amount", lambda: rule(amount=101, measure=Measure.PERCENT)),
        ("weekdays", lambda: rule(weekdays=frozenset())),
        ("valid_through", lambda: rule(valid_through=date(2026, 8, 2))),
    ],
)
def test_what_makes_no_sense_is_refused_at_its_field(field, make):
    with pytest.raises(Refusal) as refused:
        make()
    assert refused.value.field == field
    assert refused.value.reason in (Reason.NUMBER_OUT_OF_RANGE, Reason.MISSING, Reason.END_BEFORE_START)


def test_the_worst_of_several_rules_counts():
    assert worst([]) is Standing.OK
    assert worst([Standing.TIGHT, Standing.BROKEN, Standing.OK]) is Standing.BROKEN
