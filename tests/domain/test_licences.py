"""The life of a licence, day by day."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.domain.closings import check_second_person
from portal.domain.licences import (
    LONGEST_DAYS,
    Licence,
    LicenceKind,
    LicenceState,
    Notice,
    NoticeKind,
    erase_on,
    erasure_is_due,
    last_day,
    may_change,
    notice_due,
    state_of,
    takes_newcomers,
)
from portal.domain.refusals import Reason, Refusal

END = date(2026, 6, 30)
PAID = Licence(LicenceKind.PAID, END)
DAYS = st.dates(date(2020, 1, 1), date(2035, 1, 1))


def after(days: int) -> date:
    return END + timedelta(days=days)


@pytest.mark.parametrize(
    ("days", "state"),
    [
        (-400, LicenceState.ACTIVE),
        (0, LicenceState.ACTIVE),
        (1, LicenceState.EXPIRED),
        (14, LicenceState.EXPIRED),
        (15, LicenceState.CLOSING),
        (400, LicenceState.CLOSING),
    ],
)
def test_a_licence_goes_from_state_to_state_by_its_dates(days, state):
    assert state_of(PAID, after(days)) is state
    assert may_change(PAID, after(days)) is (state is LicenceState.ACTIVE)


def test_what_has_no_end_never_ends():
    licence = Licence()
    assert state_of(licence, date(2999, 1, 1)) is LicenceState.ACTIVE
    assert notice_due(licence, date(2999, 1, 1)) is None
    assert not erasure_is_due(licence, date(2999, 1, 1))


@pytest.mark.parametrize(
    ("days", "notice"),
    [
        (-31, None),
        (-30, Notice(NoticeKind.ENDS, 30, END)),
        (-15, Notice(NoticeKind.ENDS, 30, END)),
        (-14, Notice(NoticeKind.ENDS, 14, END)),
        (-7, Notice(NoticeKind.ENDS, 7, END)),
        (-1, Notice(NoticeKind.ENDS, 1, END)),
        (0, Notice(NoticeKind.ENDS, 1, END)),
        (1, Notice(NoticeKind.EXPIRED, 0, END)),
        (15, Notice(NoticeKind.ERASURE, 7, after(22))),
        (21, Notice(NoticeKind.ERASURE, 1, after(22))),
    ],
)
def test_letters_come_thirty_fourteen_seven_and_one_day_before_and_at_each_change(days, notice):
    assert notice_due(PAID, after(days)) == notice


def test_closing_by_people_gives_three_weeks():
    closed = Licence(closed_on=END)
    assert state_of(closed, END) is LicenceState.CLOSING
    assert notice_due(closed, END) == Notice(NoticeKind.CLOSING, 0, after(21))
    assert not erasure_is_due(closed, after(20))
    assert erasure_is_due(closed, after(21))


def test_a_missing_payment_first_stops_newcomers_then_changes():
    overdue = Licence(LicenceKind.PAID, END + timedelta(days=300), overdue_since=END)
    assert takes_newcomers(overdue, after(6))
    assert not takes_newcomers(overdue, after(7))
    assert may_change(overdue, after(13))
    assert not may_change(overdue, after(14))


@given(ends=DAYS | st.none(), overdue=DAYS | st.none(), closed=DAYS | st.none())
def test_erasure_lies_within_thirty_days_of_the_end_and_never_before_three_weeks(ends, overdue, closed):
    licence = Licence(LicenceKind.PAID, ends, overdue, closed)
    due, last = erase_on(licence), last_day(licence)
    starts = [one for one in (last + timedelta(days=1) if last else None, closed) if one]
    if not starts:
        assert due is None
        return
    assert timedelta(days=21) <= due - min(starts) < timedelta(days=LONGEST_DAYS)
    assert not erasure_is_due(licence, due - timedelta(days=1))
    assert not may_change(licence, due)


@given(ends=DAYS, first=DAYS, more=st.integers(0, 900))
def test_a_state_never_goes_back_by_itself(ends, first, more):
    order = list(LicenceState)
    licence = Licence(LicenceKind.PAID, ends)
    assert order.index(state_of(licence, first)) <= order.index(
        state_of(licence, first + timedelta(days=more))
    )


def test_nobody_confirms_their_own_request_and_the_operator_only_for_a_single_admin():
    ana, mats = uuid4(), uuid4()
    check_second_person(asked_by=ana, confirmed_by=mats, admins=2)
    check_second_person(asked_by=ana, confirmed_by=None, admins=1)
    for confirmer, admins, reason in (
        (ana, 2, Reason.OWN_REQUEST),
        (ana, 1, Reason.OWN_REQUEST),
        (None, 2, Reason.CLOSING_NEEDS_ADMIN),
    ):
        with pytest.raises(Refusal) as refused:
            check_second_person(asked_by=ana, confirmed_by=confirmer, admins=admins)
        assert refused.value.reason is reason
