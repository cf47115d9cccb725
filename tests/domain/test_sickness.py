"""Where a report of sickness stands, when its proof is due, and how long somebody has been ill in a row."""

from datetime import date

import pytest

from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStatus
from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Reason, Refusal
from portal.domain.sickness import (
    ProofState,
    SickState,
    Stretch,
    alarm_on,
    in_a_row,
    may_undo,
    proof_due_on,
    proof_state,
    remind_of_proof,
    state_of,
    takes_place_of,
)

MONDAY, FRIDAY = date(2026, 6, 15), date(2026, 6, 19)


@pytest.mark.parametrize(
    ("status", "accepted", "state"),
    [
        ("approved", None, SickState.REPORTED),
        ("approved", FRIDAY, SickState.ACCEPTED),
        ("approved", MONDAY, SickState.EXTENDED),
        ("cancelled", FRIDAY, SickState.UNDONE),
    ],
)
def test_what_was_accepted_holds_through_a_day(status, accepted, state):
    assert state_of(AbsenceStatus(status), accepted, FRIDAY) is state


@pytest.mark.parametrize(
    ("from_days", "end", "due"),
    [
        (None, FRIDAY, None),
        (1, MONDAY, MONDAY),
        (4, date(2026, 6, 17), None),
        (4, date(2026, 6, 18), date(2026, 6, 18)),
        (4, date(2026, 7, 31), date(2026, 6, 18)),
    ],
)
def test_a_proof_is_due_on_the_day_that_the_rules_name(from_days, end, due):
    assert proof_due_on(TypeRules(proof_from_days=from_days), MONDAY, end) == due


def test_a_proof_is_missing_there_or_accepted():
    assert proof_state(None, there=0, accepted=0) is ProofState.NOT_NEEDED
    assert proof_state(MONDAY, there=0, accepted=0) is ProofState.MISSING
    assert proof_state(MONDAY, there=2, accepted=0) is ProofState.THERE
    assert proof_state(None, there=2, accepted=1) is ProofState.ACCEPTED


def test_a_proof_is_asked_for_on_its_day_and_then_once_a_week():
    asked = [remind_of_proof(MONDAY, last, today) for last, today in (
        (None, date(2026, 6, 14)), (None, MONDAY), (MONDAY, FRIDAY), (MONDAY, date(2026, 6, 22)),
    )]  # fmt: skip
    assert asked == [False, True, False, True]
    assert not remind_of_proof(None, None, FRIDAY)


def test_an_illness_goes_on_over_days_that_nobody_works():
    """42 days in a row: over a weekend nobody gets well, a day of work in between ends it."""

    def works_on(day: date) -> bool:
        return day.weekday() < 5

    latest = Stretch(MONDAY, FRIDAY)
    friday_before = Stretch(date(2026, 6, 9), date(2026, 6, 12))
    thursday_before = Stretch(date(2026, 6, 1), date(2026, 6, 7))
    assert in_a_row(latest, [friday_before], works_on) == Stretch(date(2026, 6, 9), FRIDAY)
    assert in_a_row(latest, [thursday_before, friday_before], works_on).start_date == date(2026, 6, 9)
    touching = Stretch(date(2026, 6, 1), date(2026, 6, 8))
    assert in_a_row(latest, [touching, friday_before], works_on).days == 19
    assert in_a_row(latest, [thursday_before], works_on) == latest


def test_the_alarm_is_the_last_day_of_the_limit():
    assert alarm_on(TypeRules(alarm_days=42), date(2026, 6, 1)) == date(2026, 7, 12)
    assert alarm_on(TypeRules(), MONDAY) is None


def test_without_a_limit_of_the_type_the_law_sets_it_and_the_type_goes_first():
    first = date(2026, 6, 1)
    assert alarm_on(TypeRules(), first, by_law=42) == date(2026, 7, 12)
    assert alarm_on(TypeRules(alarm_days=10), first, by_law=42) == date(2026, 6, 10)
    assert alarm_on(TypeRules(alarm_days=0), first, by_law=42) is None


def test_whole_days_give_way_and_half_a_day_does_not_split_one():
    assert takes_place_of([DayPart(MONDAY)], DayPart(MONDAY, Part.PM))
    assert takes_place_of([DayPart(MONDAY, Part.PM)], DayPart(MONDAY, Part.FROM_TO, 800, 900))
    assert not takes_place_of([DayPart(MONDAY, Part.PM)], DayPart(MONDAY, Part.AM))
    with pytest.raises(Refusal) as refused:
        takes_place_of([DayPart(MONDAY, Part.PM)], DayPart(MONDAY))
    assert refused.value.reason is Reason.SICKNESS_SPLITS_DAY


def test_who_takes_a_report_back():
    assert may_undo(None, own=True, reports=False, manages=False)
    assert may_undo(None, own=False, reports=True, manages=False)
    assert may_undo(MONDAY, own=False, reports=True, manages=True)
    assert not may_undo(MONDAY, own=False, reports=True, manages=False)
    assert not may_undo(MONDAY, own=True, reports=True, manages=True)


def test_a_type_of_sickness_is_never_shown_to_colleagues():
    with pytest.raises(Refusal) as refused:
        TypeRules(sickness=True, colleagues_see=True)
    assert (refused.value.reason, refused.value.field) == (Reason.SICKNESS_STAYS_HIDDEN, "colleagues_see")
