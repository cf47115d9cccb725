"""Giving back some days of an approved absence: exactly their part of the ledger is released, the rest stays."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.ledger import EntryKind
from portal.domain.periods import Part
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AbsencePart, LedgerEntry
from portal.services import absences, balances
from tests.factories.absences import ask, grant
from tests.fixtures.letters import latest

MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)


@pytest.fixture
def approved(as_, cast):
    """Eve is off from Monday noon to Friday; four and a half days, agreed by Mats."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        absence = ask(uow, MONDAY, FRIDAY, first_part=Part.PM)
    with as_(cast.mats) as uow:
        absences.approve(uow, absence.id, version=1)
    return absence.id


def test_the_last_two_days_go_back(client, as_, cast, approved):
    client.sign_in(cast.eve)
    assert "Give days back" in client.page(f"absences/{approved}")
    days = {"version": "2", "days": ["2026-08-06", "2026-08-07"]}
    assert client.send(f"absences/{approved}/days-given-back", days).status_code == 303
    page = client.page(f"absences/{approved}")
    assert "3–5 Aug 2026" in page and "2.5 days" in page and page.count("given back") >= 2
    with as_(cast.ana) as uow:
        released = select(LedgerEntry.amount, LedgerEntry.effective_date).where(
            LedgerEntry.kind == EntryKind.RELEASE
        )
        assert sorted(uow.session.execute(released)) == [(1000, date(2026, 8, 6)), (1000, FRIDAY)]
        assert "6 Aug 2026, 7 Aug 2026" in latest(uow).text
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert (balance.available, balance.planned) == (22_500, 2_500)
    assert "Days of an absence given back" in client.sign_in(cast.ana).page("audit")
    with as_(cast.eve) as uow:
        ask(uow, FRIDAY)  # the time is free again


def test_days_in_between_leave_single_days_and_the_rest_is_cancelled_exactly(as_, cast, approved):
    with as_(cast.eve) as uow:
        absence = absences.give_back(uow, approved, {date(2026, 8, 5)}, version=2)
        assert (absence.single_days, absence.charge, absence.end_date) == (True, 3500, FRIDAY)
        absences.cancel(uow, approved, version=3)
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert (balance.available, balance.planned, balance.taken) == (25_000, 0, 0)


def test_all_days_is_cancelling(as_, cast, approved):
    with as_(cast.eve) as uow:
        everything = {date(2026, 8, day) for day in range(3, 8)}
        assert absences.give_back(uow, approved, everything, version=2).status is AbsenceStatus.CANCELLED


def test_what_is_over_only_an_approver_gives_back(as_, cast, clock, approved):
    clock.move_to(clock.now().replace(month=8, day=5))
    with pytest.raises(Refusal) as refused, as_(cast.eve) as uow:
        absences.give_back(uow, approved, {date(2026, 8, 5), FRIDAY}, version=2)
    assert refused.value.reason is Reason.NOT_PERMITTED
    with as_(cast.eve) as uow:
        absences.give_back(uow, approved, {FRIDAY}, version=2)
    with as_(cast.mats) as uow:
        absences.give_back(uow, approved, {date(2026, 8, 5)}, version=3)


def test_an_old_form_and_days_that_are_not_there_change_nothing(client, as_, cast, approved):
    """T151: a form made for an older version loses; so do days of somebody else's choosing."""
    client.sign_in(cast.eve)
    path = f"absences/{approved}/days-given-back"
    assert client.send(path, {"version": "1", "days": ["2026-08-07"]}).status_code == 409
    assert client.send(path, {"version": "2", "days": ["2026-08-20"]}).status_code == 409
    assert client.send(path, {"version": "2"}).status_code == 303
    assert client.sign_in(cast.otto).send(path, {"version": "2", "days": ["2026-08-07"]}).status_code == 404
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(select(Absence)).one()
        assert (absence.version, absence.charge) == (2, 4500)
        assert all(uow.session.scalars(select(AbsencePart.live)))
