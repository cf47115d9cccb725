"""Where a type says so, approved time off is given up only when somebody agrees; until then it stands."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.absence_types import TypeRules
from portal.domain.absences import AbsenceStatus
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence
from portal.services import (
    absence_cancellations,
    absence_replacements,
    absence_types,
    absences,
    balances,
    home,
)
from tests.factories.absences import ask, grant, vacation, wish
from tests.fixtures.letters import latest

MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)


@pytest.fixture
def approved(as_, cast, clock):
    """Eve is off for a week that Mats has approved, of a type that is cancelled with approval alone."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        rules = TypeRules(yearly_entitlement=25_000, cancel_needs_approval=True)
        absence_types.change_rules(uow, vacation(uow).id, rules, valid_from=uow.today())
    with as_(cast.eve) as uow:
        absence_id = ask(uow, MONDAY, FRIDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, absence_id, version=1)
    return absence_id


def left(as_, cast):
    with as_(cast.eve) as uow:
        return [one.available for one in balances.balances_of(uow, cast.eve.employee_id)]


def test_the_owner_asks_and_the_manager_agrees(client, as_, cast, approved):
    client.sign_in(cast.eve)
    page = client.page(f"absences/{approved}")
    assert "Ask to cancel" in page and "Give days back" not in page
    form = {"version": "2", "note": "The trip is off"}
    assert client.send(f"absences/{approved}/cancellation-request", form).status_code == 303
    assert "Until somebody agrees, it stays as it is" in client.page(f"absences/{approved}")
    assert "asked to be cancelled" in client.page("absences")
    assert left(as_, cast) == [20_000]
    with as_(cast.mats) as uow:
        assert "The trip is off" in latest(uow).text
        assert home.overview(uow).to_decide == 1
    client.sign_in(cast.mats)
    page = client.page("absences/approvals")
    assert "Asked to be cancelled" in page and "The trip is off" in page
    assert "Keep it" in client.page(f"absences/{approved}")
    assert client.send(f"absences/{approved}/cancellation", {"version": "3"}).status_code == 303
    assert left(as_, cast) == [25_000]
    assert "Asked to be cancelled" not in client.page("absences/approvals")
    page = client.sign_in(cast.ana).page("audit")
    assert "Asked to cancel an absence" in page and "The trip is off" not in page


def test_the_manager_keeps_it_and_it_can_be_asked_again(client, as_, cast, approved):
    with as_(cast.eve) as uow:
        absence_cancellations.ask(uow, approved, version=2)
    client.sign_in(cast.mats)
    path = f"absences/{approved}/cancellation-request/refusal"
    assert client.send(path, {"version": "3", "note": "You are needed"}).status_code == 303
    with as_(cast.eve) as uow:
        letter = latest(uow)
        assert "It stays approved" in letter.text and "You are needed" in letter.text
        absence = uow.session.scalars(select(Absence).where(Absence.id == approved)).one()
        assert (absence.status, absence.cancel_asked_at) == (AbsenceStatus.APPROVED, None)
        absence_cancellations.ask(uow, approved, version=4)
        absence_cancellations.take_back(uow, approved, version=5)
    assert left(as_, cast) == [20_000]


def test_there_is_no_way_around(client, as_, cast, approved):
    """Neither by cancelling, nor day by day, nor by deciding over one's own; and an old form decides nothing."""
    for step in (
        lambda uow: absences.cancel(uow, approved, version=2),
        lambda uow: absences.give_back(uow, approved, {FRIDAY}, version=2),
    ):
        with pytest.raises(Refusal) as refused, as_(cast.eve) as uow:
            step(uow)
        assert refused.value.reason is Reason.CANCEL_NEEDS_APPROVAL
    with as_(cast.eve) as uow:
        absence_cancellations.ask(uow, approved, version=2)
    for member in (cast.eve, cast.otto):
        client.sign_in(member)
        path = f"absences/{approved}/cancellation-request/refusal"
        assert client.send(path, {"version": "3"}).status_code in (403, 404)
    with pytest.raises(Refusal) as refused, as_(cast.mats) as uow:
        absence_cancellations.keep(uow, approved, version=2)
    assert refused.value.reason is Reason.CHANGED_MEANWHILE
    with as_(cast.mats) as uow:
        absence_cancellations.keep(uow, approved, version=3)
        with pytest.raises(Refusal):
            absence_cancellations.keep(uow, approved, version=4)


def test_a_rule_that_changes_later_does_not_bind_what_was_asked_for_before(as_, cast, approved):
    with as_(cast.ana) as uow:
        rules = TypeRules(yearly_entitlement=25_000)
        absence_types.change_rules(uow, vacation(uow).id, rules, valid_from=date(2026, 7, 1))
    with pytest.raises(Refusal), as_(cast.eve) as uow:
        absences.cancel(uow, approved, version=2)


def test_asking_for_fewer_days_instead_is_no_way_around_it(as_, cast, approved):
    with as_(cast.eve) as uow:
        shorter = wish(uow, MONDAY, date(2026, 8, 6))
        new = absence_replacements.ask(uow, uuid4(), approved, shorter, version=2)
        assert new.status is AbsenceStatus.REQUESTED
    assert left(as_, cast) == [20_000]
    with as_(cast.mats) as uow:
        absences.approve(uow, new.id, version=1)
    assert left(as_, cast) == [21_000]
