"""Changing a request that waits: what the owner may, what the approver sees, and who is asked anew."""

from __future__ import annotations

from datetime import date
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import ApproverKind, StepRule
from portal.domain.periods import DayPart, Part
from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import Effect
from portal.models import Absence, AbsencePart, ApprovalStep, OutboxMessage
from portal.services import absence_changes, absence_requests, absences, balances
from portal.services.absence_wishes import Wish
from portal.services.approvals import rules
from tests.factories.absences import ask, grant, vacation, wish
from tests.factories.staffing import make_rule

MONDAY, FRIDAY = date(2026, 8, 3), date(2026, 8, 7)


@pytest.fixture
def week(as_, cast):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
    with as_(cast.eve) as uow:
        return ask(uow, MONDAY, FRIDAY).id


def the(uow, absence_id):
    return uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one()


def refusal_of(call, *arguments, **named) -> Refusal:
    with pytest.raises(Refusal) as refused:
        call(*arguments, **named)
    return refused.value


def test_the_owner_changes_it_and_the_approver_sees_from_what(client, as_, cast, week):
    """T152: whoever decides on what it was before is told so, and nothing is decided."""
    client.sign_in(cast.eve)
    page = client.page(f"absences/{week}/change")
    assert 'value="2026-08-03"' in page and 'value="2026-08-07"' in page
    sent = {"version": 1, "start_date": "2026-08-05", "first_part": "pm", "end_date": "2026-08-11", "last_part": "full", "note": "Later"}  # fmt: skip  # noqa: E501
    priced = client.send(f"absences/{week}/change/preview", sent)
    assert "4.5 days" in priced.text and "20.5 days afterwards" in priced.text
    with as_(cast.eve) as uow:  # looking changes nothing
        assert (the(uow, week).version, the(uow, week).charge) == (1, 5000)
    assert client.send(f"absences/{week}/change", sent).status_code == 303
    with as_(cast.eve) as uow:
        changed = the(uow, week)
        assert (changed.status, changed.version, changed.charge) == (AbsenceStatus.REQUESTED, 2, 4500)
        (balance,) = balances.balances_of(uow, cast.eve.employee_id)
        assert balance.requested == 4500
    client.sign_in(cast.mats)
    waiting = client.page("absences/approvals")
    assert "Changed since it was sent. Before: 3–7 Aug 2026" in waiting
    assert "Before the last change" in client.page(f"absences/{week}")
    assert client.send(f"absences/{week}/approval", {"version": 1}).status_code == 409
    assert client.send(f"absences/{week}/approval", {"version": 2}).status_code == 303


def test_single_days_are_changed_one_by_one(client, as_, cast, week):
    with as_(cast.eve) as uow:
        days = [DayPart(date(2026, 9, 1)), DayPart(date(2026, 9, 3), Part.AM)]
        asked = absence_requests.request(uow, uuid4(), Wish.of_days(vacation(uow).id, days)).id
    client.sign_in(cast.eve)
    assert "Tue 1 Sep 2026" in client.page(f"absences/{asked}/change")
    sent = {"version": 1, "day-2026-09-02": "full", "day-2026-09-04": "pm", "note": ""}
    none = client.send(f"absences/{asked}/change", {"version": 1})
    assert none.status_code == 422 and "Please choose at least one day." in none.text
    assert client.send(f"absences/{asked}/change", sent).status_code == 303
    assert "1 Sep 2026, 3 Sep 2026 morning" in client.page(f"absences/{asked}")


@pytest.mark.parametrize(
    ("end", "said"),
    [("2026-08-01", "The end lies before the start"), ("2026-10-30", "is not enough")],
)
def test_a_change_that_cannot_be_leaves_everything_as_it_was(client, as_, cast, week, end, said):
    client.sign_in(cast.eve)
    sent = {
        "version": 1,
        "start_date": "2026-08-03",
        "first_part": "full",
        "end_date": end,
        "last_part": "full",
    }
    answer = client.send(f"absences/{week}/change", sent)
    assert answer.status_code == 422 and said in answer.text
    with as_(cast.eve) as uow:
        assert the(uow, week).version == 1
        assert uow.session.scalar(select(func.count()).where(AbsencePart.absence_id == week)) == 5


def test_nobody_else_changes_it_and_nobody_what_is_decided(as_, cast, week):
    """T151, T158."""
    with as_(cast.mats) as uow:
        refused = refusal_of(absence_changes.change, uow, week, wish(uow, MONDAY), version=1)
        assert refused.reason is Reason.NOT_PERMITTED
    with as_(cast.eve) as uow:
        stale = refusal_of(absence_changes.change, uow, week, wish(uow, MONDAY), version=7)
        assert stale.reason is Reason.CHANGED_MEANWHILE
    with as_(cast.mats) as uow:
        absences.approve(uow, week, version=1)
    with as_(cast.eve) as uow:
        late = refusal_of(absence_changes.change, uow, week, wish(uow, MONDAY), version=2)
        assert late.reason is Reason.ALREADY_DECIDED


def test_everybody_is_asked_anew_unless_it_only_becomes_shorter(as_, cast):
    """Two steps; the first has agreed. Fewer days keep that, other days do not."""
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        steps = [StepRule(ApproverKind.LINE_MANAGER), StepRule(ApproverKind.HR)]
        rules.change(uow, vacation(uow).id, steps, valid_from=uow.today())
    with as_(cast.eve) as uow:
        asked = ask(uow, MONDAY, FRIDAY).id
    with as_(cast.mats) as uow:
        absences.approve(uow, asked, version=1)
    statuses = (
        select(ApprovalStep.status).where(ApprovalStep.absence_id == asked).order_by(ApprovalStep.position)
    )
    with as_(cast.eve) as uow:
        absence_changes.change(uow, asked, wish(uow, MONDAY, date(2026, 8, 5)), version=2)
        assert [one.value for one in uow.session.scalars(statuses)] == ["approved", "open"]
        absence_changes.change(uow, asked, wish(uow, MONDAY, FRIDAY), version=3)
        uow.session.flush()
        assert [one.value for one in uow.session.scalars(statuses)] == ["open", "waiting"]
        told = uow.session.scalars(select(OutboxMessage.template)).all()
        # When it became shorter HR, whose turn it is, and the manager, who only hears of it; then the manager again.
        assert told.count("absence_changed") == 3


def test_a_change_asks_the_rules_of_staffing_as_a_new_request_does(client, as_, cast, week):
    """One that blocks, and one that wants a reason; not where it only becomes shorter. The page shows which, and keeps what was typed."""  # noqa: E501
    with as_(cast.ana) as uow:
        make_rule(
            uow, name="Never in the second week", valid_from=date(2026, 8, 10), team_id=cast.teams["care"]
        )
        rule = {"effect": Effect.REASON, "name": "Tell why", "valid_from": MONDAY}
        make_rule(uow, team_id=cast.teams["care"], **rule)
    client.sign_in(cast.eve)
    sent = {"version": 1, "start_date": "2026-08-05", "first_part": "full", "end_date": "2026-08-11", "last_part": "full", "note": "Sea"}  # fmt: skip  # noqa: E501
    priced = client.send(f"absences/{week}/change/preview", sent)
    assert "Never in the second week" in priced.text
    refused = client.send(f"absences/{week}/change", sent)
    assert refused.status_code == 422
    assert refused.text.count("Never in the second week") > 1, "at the field, and where it costs"
    assert 'value="2026-08-11"' in refused.text
    with as_(cast.eve) as uow:
        assert (the(uow, week).version, len(absence_changes.parts_of(uow, week))) == (1, 5)
    earlier = sent | {"start_date": "2026-07-31", "end_date": "2026-08-07", "note": ""}
    assert client.send(f"absences/{week}/change", earlier).status_code == 422, "why?"
    assert (
        client.send(f"absences/{week}/change", sent | {"end_date": "2026-08-06", "note": ""}).status_code
        == 303
    )
    assert client.send(f"absences/{week}/change", earlier | {"version": 2, "note": "Sea"}).status_code == 303
