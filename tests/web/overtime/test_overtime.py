"""Overtime becomes time off: proposed and decided, put down for others, taken off in hours, taken out again, lapsed."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_costs import CountingMethod
from portal.domain.absence_types import TypeRules, Unit
from portal.domain.overtime import OvertimeRules, OvertimeStatus
from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Reason, Refusal
from portal.models import LedgerEntry, OutboxMessage, OvertimeCredit
from portal.services import (
    absence_requests,
    absence_types,
    absences,
    balances,
    overtime,
    overtime_lapses,
    overtime_types,
)
from portal.services.absence_types import TypeLook
from portal.services.absence_wishes import Wish
from portal.services.approvals import delegations
from portal.services.approvals.delegations import NewDelegation
from portal.services.overtime import Worked
from tests.fixtures.letters import latest

WORKED = date(2026, 5, 28)


@pytest.fixture
def lieu(as_, cast):
    """A type that takes overtime in: usable for six months, at most ten hours."""
    with as_(cast.ana) as uow:
        rules = TypeRules(unit=Unit.HOUR)
        row = absence_types.create(uow, TypeLook("Time in lieu", "TL", "pink"), rules, counting=CountingMethod.HOURS)  # fmt: skip  # noqa: E501
        uow.session.flush()
        overtime_types.set_rules(uow, row.id, OvertimeRules(6, cap=600))
        return row.id


def reason_of(call, *arguments, **named) -> Reason:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value.reason


def sent(lieu, hours="2:30", **more):
    return {"key": str(uuid4()), "absence_type_id": str(lieu), "worked_on": WORKED.isoformat(), "hours": hours, "note": "Stocktaking", **more}  # fmt: skip  # noqa: E501


def the_only(uow) -> OvertimeCredit:
    return uow.session.scalars(select(OvertimeCredit)).one()


def test_a_proposal_becomes_time_off_that_is_explained(client, as_, cast, lieu):
    """T157: sent twice it is one proposal."""
    client.sign_in(cast.eve)
    assert ">Overtime</a>" in client.page("absences")
    form = sent(lieu)
    assert client.send("overtime", form).status_code == 303
    assert client.send("overtime", form).status_code == 303
    page = client.page("overtime")
    assert page.count("Stocktaking") == 1 and "Proposed" in page and "2:30 h" in page
    with as_(cast.ana) as uow:
        credit = the_only(uow)
        assert "Overtime to decide: Eve" in latest(uow).subject
        assert not uow.session.scalars(select(LedgerEntry)).all()
    address = f"overtime/{credit.id}/approval"
    assert client.send(address, {"version": 1}).status_code == 404  # nobody decides about their own
    client.sign_in(cast.otto)
    assert client.send(address, {"version": 1}).status_code == 404
    client.sign_in(cast.mats)
    assert "Stocktaking" in client.page("overtime")
    assert client.send(address, {"version": 1, "note": "Thanks"}).status_code == 303
    assert client.send(address, {"version": 1}).status_code == 409
    with as_(cast.eve) as uow:
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert (balance.granted, balance.bucket.usable_through) == (150, date(2026, 11, 30))
        assert "Booked: your overtime of 28 May 2026" in latest(uow).subject
    client.sign_in(cast.eve)
    ledger = client.page(f"people/{cast.eve.employee_id}/ledger")
    assert "Worked longer on 28 May 2026: 2:30 h." in ledger
    assert "Usable for 6 months after the month of that day." in ledger and "+2:30 h" in ledger
    assert "Booked" in client.page("overtime") and "Thanks" in client.page("overtime")
    log = client.sign_in(cast.ana).page("audit")
    assert "Overtime proposed" in log and "Overtime booked" in log


def test_hours_are_taken_off_and_cannot_be_taken_out_again_then(client, as_, cast, lieu):
    """T153: what waits holds the hours as well."""
    with as_(cast.mats) as uow:
        booked = overtime.book_for(uow, uuid4(), cast.eve.employee_id, Worked(lieu, WORKED, 150))
    day = date(2026, 7, 14)
    morning = DayPart(day, Part.FROM_TO, 9 * 60, 11 * 60)
    with as_(cast.eve) as uow:
        asked = absence_requests.request(uow, uuid4(), Wish.of_days(lieu, [morning]))
        assert asked.charge == 120
    with as_(cast.mats) as uow:
        assert reason_of(overtime.reverse, uow, booked.id, version=2) is Reason.OVERTIME_USED
    with as_(cast.mats) as uow:
        absences.approve(uow, asked.id, version=1)
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert (balance.available, balance.planned) == (30, 120)
        assert reason_of(overtime.reverse, uow, booked.id, version=2) is Reason.OVERTIME_USED
        absences.cancel(uow, asked.id, version=2)
        uow.session.flush()
        assert overtime.reverse(uow, booked.id, version=2).status is OvertimeStatus.REVERSED
        uow.session.flush()
        assert sum(uow.session.scalars(select(LedgerEntry.amount))) == 0
    with as_(cast.eve) as uow:
        wish = Wish.of_days(lieu, [morning])
        assert reason_of(absence_requests.request, uow, uuid4(), wish) is Reason.BALANCE_TOO_LOW
    page = client.sign_in(cast.mats).page(f"people/{cast.eve.employee_id}/overtime")
    assert "Taken out again" in page


def test_who_may_put_hours_down(client, as_, cast, lieu):
    address = f"people/{cast.eve.employee_id}/overtime"
    client.sign_in(cast.mats)
    wrong = client.send(address, sent(lieu, hours="lots"))
    assert wrong.status_code == 422 and "Hours above 0 and up to 24, such as 2:30" in wrong.text
    for typed in ("2.33", "0", "24:01", "9" * 400):  # no whole minutes, nothing, more than a day, no number
        assert client.send(address, sent(lieu, hours=typed)).status_code == 422
    too_much = client.send(address, sent(lieu, hours="10.5"))
    assert too_much.status_code == 422 and "room for 10:00 h" in too_much.text
    late = client.send(address, sent(lieu, worked_on="2026-06-19"))
    assert late.status_code == 422 and "That day is not over yet" in late.text
    assert client.send(address, sent(lieu, hours="1,5")).status_code == 303
    with as_(cast.mats) as uow:
        assert (the_only(uow).worked_minutes, the_only(uow).status) == (90, OvertimeStatus.BOOKED)
    assert client.send(f"people/{cast.mats.employee_id}/overtime", sent(lieu)).status_code in (403, 404)
    assert client.send(f"people/{cast.otto.employee_id}/overtime", sent(lieu)).status_code == 404
    client.sign_in(cast.eve)
    assert client.send(address, sent(lieu)).status_code == 403


def test_a_proposal_is_declined_or_taken_back(client, as_, cast, lieu):
    """T152: of a decision and a taking back, the second is told so."""
    with as_(cast.eve) as uow:
        first = overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 60)).id
        second = overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 90)).id
        too_long = Worked(lieu, WORKED, 24 * 60)
        assert reason_of(overtime.propose, uow, uuid4(), too_long) is Reason.NUMBER_OUT_OF_RANGE
    client.sign_in(cast.eve)
    assert client.send(f"overtime/{first}/withdrawal", {"version": 1}).status_code == 303
    with as_(cast.mats) as uow:
        assert reason_of(overtime.approve, uow, first, version=2) is Reason.ALREADY_DECIDED
        overtime.decline(uow, second, version=1, note="Not agreed")
    with as_(cast.mats) as uow:
        letter = latest(uow)
        assert letter.subject.startswith("Declined") and "Not agreed" in letter.text
        assert not uow.session.scalars(select(LedgerEntry)).all()
    assert "Taken back" in client.page("overtime") and "Declined" in client.page("overtime")


def test_a_deputy_decides_in_the_place_of_the_manager(as_, cast, lieu):
    with as_(cast.mats) as uow:
        handing = NewDelegation(cast.pia.email, uow.today(), uow.today())
        delegations.make(uow, cast.mats.employee_id, handing)
    with as_(cast.eve) as uow:
        credit = overtime.propose(uow, uuid4(), Worked(lieu, WORKED, 60)).id
        told = set(uow.session.scalars(select(OutboxMessage.employee_id)))
        assert {cast.mats.employee_id, cast.pia.employee_id} <= told
    with as_(cast.pia) as uow:
        assert overtime.approve(uow, credit, version=1).decided_by_id == cast.pia.employee_id


def test_what_nobody_uses_lapses_once(client, as_, cast, lieu, clock):
    with as_(cast.mats) as uow:
        overtime.book_for(uow, uuid4(), cast.eve.employee_id, Worked(lieu, WORKED, 150))
        overtime.book_for(uow, uuid4(), cast.eve.employee_id, Worked(lieu, date(2026, 6, 1), 60))
    clock.move_to(datetime(2026, 11, 30, 12, tzinfo=UTC))
    with as_(cast.ana) as uow:
        assert overtime_lapses.post_lapses(uow) == 0
    clock.move_to(datetime(2026, 12, 3, 12, tzinfo=UTC))
    for rows in (1, 0):
        with as_(cast.ana) as uow:
            assert overtime_lapses.post_lapses(uow) == rows
    with as_(cast.eve) as uow:
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert (balance.available, balance.bucket.usable_through) == (60, date(2026, 12, 31))
    assert "Hours from overtime lapsed" in client.sign_in(cast.ana).page("audit")


def test_only_types_in_hours_without_a_grant_take_overtime_in(client, as_, cast, lieu):
    with as_(cast.ana) as uow:
        days = absence_types.create(uow, TypeLook("Care", "C", "pink"), TypeRules())
        uow.session.flush()
        refused = reason_of(overtime_types.set_rules, uow, days.id, OvertimeRules(6))
        assert refused is Reason.OVERTIME_NEEDS_HOURS
        granted = absence_types.create(
            uow,
            TypeLook("Study", "ST", "pink"),
            TypeRules(yearly_entitlement=600),
            counting=CountingMethod.HOURS,
        )
        uow.session.flush()
        refused = reason_of(overtime_types.set_rules, uow, granted.id, OvertimeRules(6))
        assert refused is Reason.OVERTIME_BESIDE_GRANT
        later = TypeRules(yearly_entitlement=600)
        refused = reason_of(absence_types.change_rules, uow, lieu, later, valid_from=uow.today())
        assert refused is Reason.OVERTIME_BESIDE_GRANT
        assert (
            reason_of(overtime.propose, uow, uuid4(), Worked(days.id, WORKED, 60))
            is Reason.OVERTIME_NOT_TAKEN
        )
    client.sign_in(cast.ana)
    page = client.page(f"absence-types/{lieu}/overtime")
    assert "for 6 months after its own" in page
    empty = client.send(f"absence-types/{lieu}/overtime", {"takes_in": "y", "overtime_months": ""})
    assert empty.status_code == 422
    saved = {"takes_in": "y", "overtime_months": "12", "overtime_cap": "40"}
    assert client.send(f"absence-types/{lieu}/overtime", saved).status_code == 303
    assert "for 12 months after its own" in client.page(f"absence-types/{lieu}/overtime")
    with as_(cast.mats) as uow:
        overtime.book_for(uow, uuid4(), cast.eve.employee_id, Worked(lieu, WORKED, 60))
    off = client.send(f"absence-types/{lieu}/overtime", {"overtime_months": "12"})
    assert off.status_code == 422 and "Hours were booked on this type already" in off.text
