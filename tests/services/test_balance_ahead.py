"""Requests are judged by the balance that will be there on their days: what a plan earns until then counts."""

from __future__ import annotations

from datetime import UTC, date, datetime
from uuid import uuid4

import pytest

from portal.domain.entitlement_plans import CarryOver, Frequency, GivenAt, Milestone, Plan, SeniorityUnit
from portal.domain.group_entries import GroupKind
from portal.domain.refusals import Reason, Refusal
from portal.services import (
    absence_requests,
    absences,
    accruals,
    balances,
    data_health,
    entitlement_plans,
    entitlements,
    year_ends,
)
from portal.services.group_entries import doing, planning
from portal.services.group_entries.planning import GroupWish
from tests.factories.absences import ask, grant, vacation, wish

NOVEMBER = date(2026, 11, 2)


@pytest.fixture
def monthly(as_, cast, clock):
    """Two days a month, given at its end; by 15 June Eve has ten."""
    clock.move_to(datetime(2026, 1, 2, 8, tzinfo=UTC))
    plan = Plan(
        date(2026, 1, 1),
        (Milestone(0, SeniorityUnit.DAYS, 24_000),),
        frequency=Frequency.MONTHLY,
        given_at=GivenAt.END,
    )
    with as_(cast.ana) as uow:
        entitlement_plans.change(uow, vacation(uow).id, plan)
    clock.move_to(datetime(2026, 6, 15, 8, tzinfo=UTC))
    with as_(cast.ana) as uow:
        accruals.post(uow)
    return plan


def held(uow, cast) -> int:
    return sum(one.granted for one in balances.balances_of(uow, cast.eve.employee_id))


def reason_of(call, *arguments, **named) -> Reason:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value.reason


def test_what_will_be_earned_by_then_can_be_asked_for(client, as_, cast, monthly):
    """2.3: in June ten days are there; by 2 November ten months have given twenty."""
    with as_(cast.eve) as uow:
        assert held(uow, cast) == 10_000
        found = absence_requests.preview(uow, wish(uow, NOVEMBER, date(2026, 11, 20)))
        (year,) = found.years
        assert (year.before, year.to_come, year.after, found.problem) == (20_000, 10_000, 6_000, None)
        assert reason_of(ask, uow, date(2026, 7, 6), date(2026, 7, 31)) is Reason.BALANCE_TOO_LOW
        asked = ask(uow, NOVEMBER, date(2026, 11, 20)).id
    client.sign_in(cast.eve)
    sent = {"absence_type_id": str(found.kind.id), "start_date": "2026-12-07", "end_date": "2026-12-08", "first_part": "full", "last_part": "full"}  # fmt: skip  # noqa: E501
    bar = client.send("absences/preview", sent).text
    assert "still to be earned by 8 Dec 2026" in bar and "as_of=2026-12-08" in bar
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    assert "planned from what is still to be earned" in client.page("absences")
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:  # planned ahead is no debt
        assert data_health.Problem.BELOW_ZERO not in data_health.check(uow).findings


def test_what_is_planned_for_later_is_paid_by_what_is_earned_until_then(as_, cast, monthly):
    """Fourteen of the twenty days of November are taken: six can still be had, in July as well, and no seventh."""
    with as_(cast.eve) as uow:
        asked = ask(uow, NOVEMBER, date(2026, 11, 20)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    with as_(cast.eve) as uow:
        assert reason_of(ask, uow, date(2026, 7, 13), date(2026, 7, 21)) is Reason.BALANCE_TOO_LOW
        asked = ask(uow, date(2026, 7, 13), date(2026, 7, 20)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)


def test_a_type_that_forbids_it_goes_by_what_was_given(client, as_, cast, monthly):
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        kind = vacation(uow).id
    page = client.page(f"absence-types/{kind}/plan")
    assert "Requests may use what will be earned by their days" in page
    assert client.send(f"absence-types/{kind}/plan/use-ahead", {}).status_code == 303
    with as_(cast.eve) as uow:
        asked = reason_of(ask, uow, NOVEMBER, date(2026, 11, 20))
        assert asked is Reason.BALANCE_TOO_LOW
        ask(uow, NOVEMBER, date(2026, 11, 13))
    assert (
        client.send(f"absence-types/{kind}/plan/use-ahead", {"uses_future_accrual": "y"}).status_code == 303
    )


def test_the_next_year_can_be_asked_for_before_it_is_given(as_, cast, monthly):
    """At the end of January two days of the new year are there, whatever the old one leaves."""
    with as_(cast.eve) as uow:
        assert reason_of(ask, uow, date(2027, 1, 29)) is Reason.NO_ENTITLEMENT
        assert ask(uow, date(2027, 2, 1), date(2027, 2, 2)).charge == 2000


def test_a_grant_without_a_plan_stays_as_it_is(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        assert reason_of(ask, uow, date(2027, 1, 4)) is Reason.NO_ENTITLEMENT


@pytest.fixture
def carrying(as_, cast):
    """25 days each year, five of them carried over through March; Eve has used 17 of 2026 in June."""
    plan = Plan(date(2026, 1, 1), (Milestone(0, SeniorityUnit.DAYS, 25_000),), carry_over=CarryOver(5_000))
    with as_(cast.ana) as uow:
        kind = vacation(uow).id
        entitlement_plans.change(uow, kind, plan)
        uow.session.flush()
        accruals.post(uow)
        spent = {"absence_type_id": kind, "year": 2026, "amount": -17_000, "reason": "Before"}
        entitlements.adjust(uow, uuid4(), cast.eve.employee_id, **spent)
    return plan


def test_what_will_be_carried_over_can_be_asked_for(client, as_, cast, carrying, clock):
    """2.4: eight of 2026 are left, so 2027 begins with five and 25: six days in February leave 24."""
    february = date(2027, 2, 8), date(2027, 2, 15)
    with as_(cast.eve) as uow:
        (year,) = absence_requests.preview(uow, wish(uow, *february)).years
        assert (year.before, year.carried, year.to_come, year.after) == (30_000, 5_000, 25_000, 24_000)
        (april,) = absence_requests.preview(uow, wish(uow, date(2027, 4, 5), date(2027, 4, 6))).years
        assert (april.before, april.carried) == (25_000, 0)  # usable through 31 March
        kind = str(vacation(uow).id)
        asked = ask(uow, *february).id
    client.sign_in(cast.eve)
    form = {"absence_type_id": kind, "first_part": "full", "last_part": "full", "key": str(uuid4())}
    days = {"start_date": "2027-01-11", "end_date": "2027-01-12"}
    bar = client.send("absences/preview", form | days).text
    assert "Of which carried over, if nothing else is taken until then: 5 days." in bar
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    with as_(cast.eve) as uow:
        # Three more in December leave the five of February; the fourth would take one of them away.
        december = date(2026, 12, 7)
        assert reason_of(ask, uow, december, date(2026, 12, 10)) is Reason.BALANCE_TOO_LOW
        more = ask(uow, december, date(2026, 12, 9)).id
    with as_(cast.mats) as uow:
        absences.approve(uow, more, version=1)
    clock.move_to(datetime(2027, 1, 10, 8, tzinfo=UTC))
    with as_(cast.ana) as uow:
        accruals.post(uow)
        year_ends.order(uow, year_ends.preview(uow, vacation(uow).id, 2026))
        uow.session.flush()
        left = {
            one.bucket.usable_through: one.available
            for one in balances.balances_of(uow, cast.eve.employee_id)
        }
    assert left == {date(2027, 3, 31): 0, date(2027, 12, 31): 24_000}


def test_where_a_type_forbids_it_nothing_is_carried_ahead(as_, cast, carrying):
    with as_(cast.ana) as uow:
        entitlement_plans.allow_ahead(uow, vacation(uow).id, allowed=False)
    with as_(cast.eve) as uow:
        assert reason_of(ask, uow, date(2027, 2, 8)) is Reason.NO_ENTITLEMENT


def test_an_entry_for_many_uses_what_will_be_carried_over_and_keeps_what_others_were_agreed(
    client, as_, cast, carrying
):
    """As a request of their own: 2027 begins with five carried days and 25, also for Mats, who has used nothing."""
    team = [(one.employee_id, one.email) for one in (cast.eve, cast.mats)]

    def planned(uow, first, last, people=team):
        return planning.plan(uow, people, GroupWish(vacation(uow).id, first, last))

    with as_(cast.ana) as uow:
        for one in planned(uow, date(2027, 2, 8), date(2027, 2, 15)).entered:
            assert (one.before, one.carried, one.after) == (30_000, 5_000, 24_000)
        april = planned(uow, date(2027, 4, 5), date(2027, 4, 6)).lines[0]
        assert (april.before, april.carried) == (25_000, 0)  # usable through 31 March
        kind_id = str(vacation(uow).id)
    client.sign_in(cast.ana)
    form = {
        "key": str(uuid4()),
        "name": "Training",
        "absence_type_id": kind_id,
        "start_date": "2027-02-08",
        "end_date": "2027-02-15",
        "first_part": "full",
        "team": "",
        "site": "",
        "emails": cast.eve.email,
    }
    page = client.send("group-entries", form).text
    assert "of which carried over: 5 days" in page
    with as_(cast.ana) as uow:
        wish_ = GroupWish(vacation(uow).id, date(2027, 2, 8), date(2027, 2, 15), name="Training")
        seen = planning.plan(uow, team[:1], wish_).seen
        doing.enter(uow, uuid4(), GroupKind.BULK, team[:1], wish_, seen=seen)
    with as_(cast.ana) as uow:
        # Three more in December leave the five of February; the fourth would take one of them away.
        assert planned(uow, date(2026, 12, 7), date(2026, 12, 9), team[:1]).entered
        (out,) = planned(uow, date(2026, 12, 7), date(2026, 12, 10), team[:1]).left_out
        assert out.problem.reason is Reason.BALANCE_TOO_LOW
