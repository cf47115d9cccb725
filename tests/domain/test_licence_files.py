"""Whether a licence file counts: its place, its days, the clock; and the ladder that begins when it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.licence_files import Place, Terms, Verdict, counts_until, judge
from portal.domain.licences import (
    Licence,
    LicenceKind,
    LicenceState,
    erasure_is_due,
    last_day,
    notice_due,
    state_of,
    takes_newcomers,
)

FIRST, LAST = date(2026, 6, 1), date(2027, 5, 31)
ISSUED = datetime(2026, 5, 20, 12, tzinfo=UTC)
TERMS = Terms(UUID(int=1), "acme", "here", "Staffroom", 10, FIRST, LAST, ISSUED)


def place(day: date, **other) -> Place:
    now = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
    return Place(
        **{"company": "acme", "deployments": frozenset({"here", "here-before"}), "today": day, "now": now}
        | other
    )


@pytest.mark.parametrize(
    ("day", "verdict"),
    [
        (FIRST - timedelta(days=1), Verdict.NOT_YET),
        (FIRST, Verdict.VALID),
        (LAST, Verdict.VALID),
        (LAST + timedelta(days=1), Verdict.ENDED),
    ],
)
def test_a_file_counts_from_its_first_day_to_its_last(day, verdict):
    assert judge(TERMS, place(day)) is verdict


def test_a_file_counts_for_its_company_in_its_portal_alone():
    assert judge(replace(TERMS, deployment="there"), place(FIRST)) is Verdict.OTHER_DEPLOYMENT
    assert judge(replace(TERMS, deployment="here-before"), place(FIRST)) is Verdict.VALID
    assert judge(TERMS, place(FIRST, company="beta")) is Verdict.OTHER_COMPANY


def test_a_clock_set_back_is_noticed_and_one_that_is_put_right_is_not():
    assert judge(TERMS, place(date(2026, 5, 18))) is Verdict.CLOCK_BACK, "earlier than the file was made"
    later = datetime(2026, 9, 1, 12, tzinfo=UTC)
    assert judge(TERMS, place(date(2026, 8, 30)), seen_at=later) is Verdict.CLOCK_BACK
    assert judge(TERMS, place(date(2026, 8, 31)), seen_at=later) is Verdict.VALID


@pytest.mark.parametrize(
    ("days", "state", "newcomers"),
    [
        (0, LicenceState.ACTIVE, True),
        (7, LicenceState.ACTIVE, True),
        (8, LicenceState.ACTIVE, False),
        (14, LicenceState.ACTIVE, False),
        (15, LicenceState.EXPIRED, False),
        (4000, LicenceState.EXPIRED, False),
    ],
)
def test_after_a_file_comes_the_ladder_and_never_an_erasure(days, state, newcomers):
    licence, day = Licence(LicenceKind.FILE, LAST), LAST + timedelta(days=days)
    assert state_of(licence, day) is state
    assert takes_newcomers(licence, day) is newcomers
    assert not erasure_is_due(licence, day)


@given(st.integers(-2000, 4000), st.booleans())
def test_only_people_close_a_company_that_runs_its_own_portal(days, closed):
    day = LAST + timedelta(days=days)
    licence = Licence(LicenceKind.FILE, LAST, closed_on=day if closed else None)
    assert (state_of(licence, day) is LicenceState.CLOSING) is closed
    told = notice_due(licence, day)
    assert told is None or closed or told.on == last_day(licence) == LAST + timedelta(days=14)


def test_a_file_that_fails_counted_until_the_day_before():
    assert counts_until(Verdict.VALID, LAST, None) == LAST
    assert counts_until(Verdict.FORGED, None, FIRST) == FIRST - timedelta(days=1)
    assert counts_until(Verdict.CLOCK_BACK, LAST, FIRST) == FIRST - timedelta(days=1)
    assert counts_until(Verdict.CLOCK_BACK, FIRST, LAST) == FIRST
