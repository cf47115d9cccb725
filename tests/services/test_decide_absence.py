"""Approving, rejecting, withdrawing and cancelling: who may, what it posts, what it gives back."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.ledger import EntryKind
from portal.domain.refusals import Reason, Refusal
from portal.models import AbsencePart, AuditEvent, LedgerEntry, OutboxMessage
from portal.services import absence_approvals, absences, away, balances, entitlements, opened_absences
from tests.factories.absences import AFTERNOON, ask, grant, vacation


@pytest.fixture
def week(as_, cast):
    """Eve waits for 3 to 7 August 2026, five days of her 25; the afternoon of the 3rd only, so 4.5."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id, cast.mats.employee_id, cast.ana.employee_id)
    with as_(cast.eve) as uow:
        return ask(uow, date(2026, 8, 3), date(2026, 8, 7), first_part=AFTERNOON, note="Sea").id


def refusal_of(call, *arguments, **named) -> Reason:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value.reason


def ledger(uow, absence_id):
    query = (
        select(LedgerEntry).where(LedgerEntry.absence_id == absence_id).order_by(LedgerEntry.effective_date)
    )
    return [(row.kind, row.effective_date.day, row.amount) for row in uow.session.scalars(query)]


def balance_of(uow, member):
    (balance,) = balances.balances_of(uow, member.employee_id)
    return balance.granted, balance.taken, balance.planned, balance.requested, balance.available


def test_approval_posts_each_day_and_frees_the_reservation(as_, cast, week):
    with as_(cast.mats) as uow:
        absences.approve(uow, week, version=1, note="Enjoy")
        uow.session.flush()
        assert ledger(uow, week) == [
            (EntryKind.CONSUME, 3, -500),
            *[(EntryKind.CONSUME, day, -1000) for day in (4, 5, 6, 7)],
        ]
        assert balance_of(uow, cast.eve) == (25_000, 0, 4_500, 0, 20_500)
    with as_(cast.ana) as uow:
        letters = {row.template: row.employee_id for row in uow.session.scalars(select(OutboxMessage))}
        assert letters["absence_decided"] == cast.eve.employee_id
        event = uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
        assert (event.action, event.actor_id, event.subject_id) == (
            "absence.approved",
            cast.mats.employee_id,
            week,
        )
        assert '"status": ["requested", "approved"]' in (event.payload or "")


def test_what_lies_behind_is_taken_and_what_is_to_come_is_planned(as_, cast, week, clock):
    with as_(cast.mats) as uow:
        absences.approve(uow, week, version=1)
    clock.move_to(clock.now().replace(month=8, day=5))
    with as_(cast.eve) as uow:
        assert balance_of(uow, cast.eve) == (25_000, 2_500, 2_000, 0, 20_500)


def test_rejection_gives_time_and_reservation_back(as_, cast, week):
    with as_(cast.mats) as uow:
        absence = absences.reject(uow, week, version=1, note="Too many away")
        assert absence.decision_note == "Too many away"
        uow.session.flush()
        assert not any(part.live for part in uow.session.scalars(select(AbsencePart)))
        assert balance_of(uow, cast.eve)[-1] == 25_000
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 3), date(2026, 8, 7))


def test_cancelling_releases_exactly_what_was_consumed(as_, cast, week):
    with as_(cast.mats) as uow:
        absences.approve(uow, week, version=1)
    with as_(cast.eve) as uow:
        absences.cancel(uow, week, version=2)
        uow.session.flush()
        rows = ledger(uow, week)
        assert sum(amount for *_, amount in rows) == 0
        assert [row for row in rows if row[0] is EntryKind.RELEASE] == [
            (EntryKind.RELEASE, 3, 500),
            *[(EntryKind.RELEASE, day, 1000) for day in (4, 5, 6, 7)],
        ]
        assert balance_of(uow, cast.eve) == (25_000, 0, 0, 0, 25_000)
        assert refusal_of(absences.cancel, uow, week, version=3) is Reason.ALREADY_DECIDED


def test_owners_cancel_until_it_begins_and_approvers_any_time(as_, cast, week, clock):
    with as_(cast.mats) as uow:
        absences.approve(uow, week, version=1)
    clock.move_to(clock.now().replace(month=8, day=4))
    with as_(cast.eve) as uow:
        assert refusal_of(absences.cancel, uow, week, version=2) is Reason.NOT_PERMITTED
    with as_(cast.mats) as uow:
        assert absences.cancel(uow, week, version=2, note="Called back").status is AbsenceStatus.CANCELLED
        letters = [row.template for row in uow.session.scalars(select(OutboxMessage))]
        assert "absence_cancelled" in letters


@pytest.mark.parametrize("decide", [absences.approve, absences.reject])
@pytest.mark.parametrize("member", ["mats", "ana"])
def test_nobody_decides_over_their_own_request(as_, cast, week, member, decide):
    """T88: not a manager, not HR, whatever button they found."""
    person = getattr(cast, member)
    with as_(person) as uow:
        own = ask(uow, date(2026, 9, 1))
        assert refusal_of(decide, uow, own.id, version=1) is Reason.OWN_REQUEST


@pytest.mark.parametrize("decide", [absences.approve, absences.reject, absences.withdraw, absences.cancel])
@pytest.mark.parametrize("member", ["otto", "pia", "zoe", "bo"])
def test_out_of_reach_looks_like_missing(as_, cast, week, member, decide):
    """T87: a colleague, another team and another company all read: not found."""
    with as_(getattr(cast, member)) as uow:
        assert refusal_of(decide, uow, week, version=1) is Reason.NOT_FOUND


def test_an_approver_does_not_withdraw_for_the_owner(as_, cast, week):
    with as_(cast.mats) as uow:
        assert refusal_of(absences.withdraw, uow, week, version=1) is Reason.NOT_PERMITTED


def test_the_second_decision_hears_of_the_first(as_, cast, week):
    """T151, T152: after one decision every other is refused, and nothing is posted twice."""
    with as_(cast.mats) as uow:
        absences.approve(uow, week, version=1)
    with as_(cast.ana) as uow:
        for decide in (absences.approve, absences.reject):
            assert refusal_of(decide, uow, week, version=1) is Reason.ALREADY_DECIDED
        assert balance_of(uow, cast.eve)[2] == 4_500
    with as_(cast.eve) as uow:
        assert refusal_of(absences.withdraw, uow, week, version=1) is Reason.ALREADY_DECIDED


def test_a_decision_over_an_older_version_is_refused(as_, cast, week):
    """T158: a form opened before a change overwrites nothing."""
    with as_(cast.mats) as uow:
        assert refusal_of(absences.approve, uow, week, version=7) is Reason.CHANGED_MEANWHILE


def test_an_approval_that_a_correction_has_overtaken_is_refused(as_, cast, week):
    with as_(cast.ana) as uow:
        entitlements.adjust(
            uow,
            week,
            cast.eve.employee_id,
            absence_type_id=vacation(uow).id,
            year=2026,
            amount=-23_000,
            reason="Paid out",
        )
    with as_(cast.mats) as uow:
        assert refusal_of(absences.approve, uow, week, version=1) is Reason.BALANCE_TOO_LOW
        assert ledger(uow, week) == []


def test_the_ledger_explains_itself(as_, cast, week):
    with as_(cast.mats) as uow:
        absences.approve(uow, week, version=1)
    with as_(cast.mats) as uow:
        opened = balances.ledger_of(uow, cast.eve.employee_id)
    assert [row.kind for row in opened.rows] == [EntryKind.GRANT, *[EntryKind.CONSUME] * 5]
    assert [row.running for row in opened.rows] == [25_000, 24_500, 23_500, 22_500, 21_500, 20_500]
    assert opened.rows[1].author == cast.mats.name
    assert opened.rows[1].absence_dates == (date(2026, 8, 3), date(2026, 8, 7))
    with as_(cast.otto) as uow:
        assert refusal_of(balances.ledger_of, uow, cast.eve.employee_id) is Reason.NOT_FOUND


def test_of_many_who_are_away_the_first_few_are_named(as_, cast, week, monkeypatch):
    """Each list names its own first colleagues by the alphabet, and counts the others once."""
    monkeypatch.setattr(away, "NAMED", 1)
    with as_(cast.ana) as uow:
        grant(uow, cast.pia.employee_id)
    for member in (cast.mats, cast.pia):
        with as_(member) as uow:
            ask(uow, date(2026, 8, 6))
            ask(uow, date(2026, 8, 7))
    with as_(cast.ana) as uow:
        requests = absence_approvals.list_waiting(uow).requests
    by_last_name = sorted((cast.eve.name, cast.mats.name, cast.pia.name), key=lambda name: name.split()[::-1])
    for one in requests:
        others = [name for name in by_last_name if name != one.name]
        assert ([colleague.name for colleague in one.away.named], one.away.more) == (others[:1], 1)


def test_waiting_requests_come_oldest_first_with_what_is_left(as_, cast, week):
    with as_(cast.mats) as uow:
        ask(uow, date(2026, 8, 6))
        ask(uow, date(2026, 8, 10))
    with as_(cast.ana) as uow:
        waiting = absence_approvals.list_waiting(uow)
    assert (waiting.total, waiting.requests[0].line.id) == (3, week)
    first = waiting.requests[0]
    assert (first.note, first.left) == ("Sea", {2026: 20_500})
    assert [one.name for one in first.away.named] == [cast.mats.name]
    assert waiting.requests[1].left == {2026: 23_000}


def test_a_reason_is_read_by_its_owner_and_by_who_decides(as_, cast, week):
    """T87: the planner sees somebody away and never why; another team sees nothing at all."""
    for member in (cast.eve, cast.mats, cast.ana):
        with as_(member) as uow:
            assert opened_absences.get_absence(uow, week).note == "Sea"
    for member in (cast.pia, cast.otto, cast.zoe):
        with as_(member) as uow:
            assert refusal_of(opened_absences.get_absence, uow, week) is Reason.NOT_FOUND
