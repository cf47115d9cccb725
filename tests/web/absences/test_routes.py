"""Requests that several people must agree to: whose turn it is, who may decide, and what pages say about it."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import ApproverKind, StepMode, StepRule, StepStatus
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AuditEvent, LedgerEntry, OutboxMessage
from portal.services import absence_approvals, absences, opened_absences
from portal.services.approvals import delegations, rules
from portal.services.approvals.delegations import NewDelegation
from tests.factories.absences import ask, grant, route_of, vacation

MANAGER, HR = StepRule(ApproverKind.LINE_MANAGER), StepRule(ApproverKind.HR)


@pytest.fixture
def lay_down(as_, cast):
    """Steps of approval for vacation from today on; everybody has days."""

    def _lay_down(*steps):
        with as_(cast.ana) as uow:
            grant(uow, *[one.employee_id for one in (cast.eve, cast.mats, cast.ana, cast.otto)])
            rules.change(uow, vacation(uow).id, list(steps), valid_from=uow.today())

    return _lay_down


@pytest.fixture
def two_steps(as_, cast, lay_down):
    """Eve's request for 3 August: Mats first, then Ana."""
    lay_down(MANAGER, HR)
    with as_(cast.eve) as uow:
        return ask(uow, date(2026, 8, 3), note="Sea").id


def refused(call, *arguments, **named):
    with pytest.raises(Refusal) as refusal:
        call(*arguments, **named)
    return refusal.value.reason


def decide(as_, member, absence_id, version, call=absences.approve):
    with as_(member) as uow:
        call(uow, absence_id, version=version)
        uow.session.flush()


def standing(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one()
        steps = route_of(uow, absence_id)
        return absence.status, absence.version, [step.status for step in steps]


def test_one_after_the_other(client, cast, as_, two_steps):
    """Nothing is taken from the balance before the last has agreed."""
    assert cast.eve.name in client.sign_in(cast.mats).page("absences/approvals")
    assert client.send(f"absences/{two_steps}/approval", {"version": "1"}).status_code == 303
    assert standing(as_, cast, two_steps) == (
        AbsenceStatus.REQUESTED,
        2,
        [StepStatus.APPROVED, StepStatus.OPEN],
    )
    assert "Nothing waits for you" in client.page("absences/approvals")
    with as_(cast.ana) as uow:
        entries = uow.session.scalars(select(LedgerEntry).where(LedgerEntry.absence_id == two_steps)).all()
        assert entries == []
        sent = uow.session.execute(select(OutboxMessage.template, OutboxMessage.employee_id)).all()
        assert sent.count(("absence_requested", cast.ana.employee_id)) == 1
        assert ("absence_decided", cast.eve.employee_id) not in sent
        actions = set(uow.session.scalars(select(AuditEvent.action)))
        assert "absence.step-approved" in actions
        assert "absence.approved" not in actions
    page = client.sign_in(cast.eve).page(f"absences/{two_steps}")
    for text in ("Who decides", "Line manager", cast.mats.name, "Agreed", "Its turn"):
        assert text in page
    assert "Step 2 of 2" in client.sign_in(cast.ana).page("absences/approvals")
    assert client.send(f"absences/{two_steps}/approval", {"version": "2"}).status_code == 303
    assert standing(as_, cast, two_steps)[0] is AbsenceStatus.APPROVED


def test_whoever_has_had_their_turn_has_no_say_any_more(cast, as_, two_steps):
    decide(as_, cast.mats, two_steps, 1)
    with as_(cast.mats) as uow:
        assert refused(absences.reject, uow, two_steps, version=2) is Reason.NOT_FOUND
        assert not opened_absences.get_absence(uow, two_steps).can_decide


def test_a_decision_for_the_step_before_is_refused(cast, as_, two_steps):
    """T151, T158: two at once, or a page that was open since."""
    decide(as_, cast.mats, two_steps, 1)
    with as_(cast.ana) as uow, pytest.raises(Refusal) as late:
        absences.approve(uow, two_steps, version=1)
    assert (late.value.reason, late.value.details["decided_by"]) == (
        Reason.CHANGED_MEANWHILE,
        cast.mats.name,
    )


def test_hr_decides_out_of_turn_and_that_is_on_record(client, cast, as_, two_steps):
    page = client.sign_in(cast.ana).page("absences/approvals")
    assert "Somebody else&#39;s turn" in page or "Somebody else's turn" in page
    assert f"{two_steps}/approval" not in page
    assert "You may decide all the same" in client.page(f"absences/{two_steps}")
    assert client.send(f"absences/{two_steps}/approval", {"version": "1"}).status_code == 303
    # Her word is enough for the second step, too: nobody is asked twice.
    assert standing(as_, cast, two_steps) == (
        AbsenceStatus.APPROVED,
        2,
        [StepStatus.APPROVED, StepStatus.SKIPPED],
    )
    with as_(cast.ana) as uow:
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "absence.approved")).one()
        assert '"out_of_turn": true' in (event.payload or "")


def test_one_who_declines_ends_it(cast, as_, two_steps):
    decide(as_, cast.mats, two_steps, 1, absences.reject)
    assert standing(as_, cast, two_steps) == (
        AbsenceStatus.REJECTED,
        2,
        [StepStatus.REJECTED, StepStatus.CLOSED],
    )


def test_withdrawing_ends_it_between_two_steps(cast, as_, two_steps):
    """T152: whoever comes later finds it decided."""
    decide(as_, cast.mats, two_steps, 1)
    decide(as_, cast.eve, two_steps, 2, absences.withdraw)
    assert standing(as_, cast, two_steps)[2] == [StepStatus.APPROVED, StepStatus.CLOSED]
    with as_(cast.ana) as uow:
        assert refused(absences.approve, uow, two_steps, version=2) is Reason.ALREADY_DECIDED


def test_a_deputy_takes_the_turn(cast, as_, two_steps):
    with as_(cast.mats) as uow:
        today = uow.today()
        delegations.make(uow, cast.mats.employee_id, NewDelegation(cast.otto.email, today, today))
    with as_(cast.otto) as uow:
        (waiting,) = absence_approvals.list_waiting(uow).requests
        assert (waiting.its_turn, waiting.note) == (True, "Sea")
    decide(as_, cast.otto, two_steps, 1)
    with as_(cast.ana) as uow:
        first, _second = route_of(uow, two_steps)
        assert [(one.name, one.decided_by) for one in first.people] == [(cast.mats.name, cast.otto.name)]
        event = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "absence.step-approved")
        ).one()
        assert f'"in_place_of": "{cast.mats.employee_id}"' in (event.payload or "")


def test_a_named_person_needs_no_role(cast, as_, lay_down):
    lay_down(StepRule(ApproverKind.PERSON, cast.otto.employee_id))
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3), note="Sea").id
    with as_(cast.otto) as uow:
        shown = opened_absences.get_absence(uow, absence_id)
        assert (shown.can_decide, shown.note) == (True, "Sea")
    with as_(cast.mats) as uow:
        assert refused(absences.approve, uow, absence_id, version=1) is Reason.NOT_FOUND
    decide(as_, cast.otto, absence_id, 1)
    assert standing(as_, cast, absence_id)[0] is AbsenceStatus.APPROVED


def test_all_of_a_step(cast, as_, lay_down):
    """HR is asked where nobody is found, and never the owner."""
    lay_down(StepRule(ApproverKind.NEXT_MANAGER), StepRule(ApproverKind.LINE_MANAGER, mode=StepMode.ALL))
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3)).id
        first, second = route_of(uow, absence_id)
        assert [one.name for one in first.people] == [cast.ana.name], "Mats has no manager"
        assert [one.name for one in second.people] == [cast.mats.name]


def test_the_rule_of_the_day_counts_and_conditions_too(cast, as_, lay_down):
    lay_down(MANAGER, StepRule(ApproverKind.HR, longer_than_days=2))
    with as_(cast.eve) as uow:
        short, long = ask(uow, date(2026, 8, 3)).id, ask(uow, date(2026, 8, 10), date(2026, 8, 12)).id
        assert [len(route_of(uow, one)) for one in (short, long)] == [1, 2]
    lay_down()
    with as_(cast.eve) as uow:
        assert route_of(uow, ask(uow, date(2026, 8, 17)).id) == []
        assert len(route_of(uow, long)) == 2, "on its way it keeps its route"


def test_the_only_one_who_decides_asks_for_themselves(cast, as_, lay_down):
    """Of nobody else there is no route: whoever's right reaches them decides, and never they themselves."""
    lay_down(HR)
    with as_(cast.ana) as uow:
        own = ask(uow, date(2026, 8, 3)).id
        assert route_of(uow, own) == []
        assert refused(absences.approve, uow, own, version=1) is Reason.OWN_REQUEST


def test_the_steps_of_a_type_are_laid_down_on_its_page(client, cast, as_, lay_down):
    lay_down()
    with as_(cast.ana) as uow:
        kind, today = vacation(uow).id, uow.today().isoformat()
    address = f"absence-types/{kind}/approval"
    plain = {f"mode_{place}": "any" for place in range(1, 5)} | {
        f"approver_{place}": "" for place in range(1, 5)
    }
    form = {
        **plain,
        "valid_from": today,
        "approver_1": "line-manager",
        "approver_2": "person",
        "person_2": cast.otto.email,
        "longer_2": "10",
    }
    assert client.sign_in(cast.mats).send(address, form).status_code == 403
    assert client.sign_in(cast.ana).send(address, form).status_code == 303
    page = client.page(address)
    assert f"{cast.otto.name}, if longer than 10 days" in page
    assert f'value="{cast.otto.email}"' in page
    for wrong, said in (
        ({"person_2": "nobody@acme.example"}, "Nobody who works here"),
        ({"longer_2": "999"}, "longer_2"),
        ({"valid_from": "2020-01-01"}, "2026"),
    ):
        answer = client.send(address, {**form, **wrong})
        assert answer.status_code == 422
        assert said in answer.text
    with as_(cast.ana) as uow:
        assert [step.approver for step in rules.steps_on(uow, kind, uow.today())] == [
            ApproverKind.LINE_MANAGER,
            ApproverKind.PERSON,
        ]
