"""HR hands a waiting request over to another approver."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import ApproverKind, StepMode, StepRule
from portal.models import Absence, AuditEvent, StepApprover
from portal.services import absences, outbox
from portal.services.approvals import rules
from tests.factories.absences import ask, grant, vacation

REASON = "Mats is in hospital"


@pytest.fixture
def waiting(as_, cast):
    """Eve's request for 3 August, without steps: Mats is asked."""
    with as_(cast.ana) as uow:
        grant(uow, *[member.employee_id for member in (cast.eve, cast.mats, cast.ana)])
    with as_(cast.eve) as uow:
        return ask(uow, date(2026, 8, 3), note="Sea").id


def form(member, version=1, **more):
    return {"version": str(version), "approver": member.email, "reason": REASON, **more}


def letters(as_, cast, member):
    with as_(cast.ana) as uow:
        return [one for one in outbox.list_latest(uow) if one.to == member.email]


def status_of(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(Absence.status).where(Absence.id == absence_id)).one()


def test_from_then_on_it_is_the_turn_of_the_new_one_alone(client, cast, as_, waiting):
    """Both are told why, and on record; whoever was asked before, and their letter's link, decide nothing more."""
    (before,) = letters(as_, cast, cast.mats)
    link = next(line for line in before.text.splitlines() if "/decision/" in line).removeprefix(
        "http://localhost"
    )
    assert client.get(link).status_code == 200
    client.sign_in(cast.ana)
    assert "Hand it over to somebody else" in client.page(f"absences/{waiting}")
    assert "Now it is for the line manager" in client.page(f"absences/{waiting}/handover")
    assert client.send(f"absences/{waiting}/handover", form(cast.otto)).status_code == 303
    page = client.page(f"absences/{waiting}")
    assert f"in the place of {cast.mats.name}; {cast.ana.name} handed it over" in page
    with as_(cast.ana) as uow:
        event = uow.session.scalars(
            select(AuditEvent).where(AuditEvent.action == "absence.handed-over")
        ).one()
        for said in (REASON, str(cast.mats.employee_id), str(cast.otto.employee_id)):
            assert said in (event.payload or "")
    assert cast.otto.name in client.page("audit")
    assert any("decides instead" in one.subject for one in letters(as_, cast, cast.mats))
    (asked,) = letters(as_, cast, cast.otto)
    assert f"{cast.ana.name} has handed the request over to you: {REASON}" in asked.text
    client.sign_out()
    assert client.get(link).status_code == 410
    assert client.sign_in(cast.mats).send(f"absences/{waiting}/approval", {"version": "2"}).status_code == 404
    assert client.sign_in(cast.otto).send(f"absences/{waiting}/approval", {"version": "2"}).status_code == 303
    assert status_of(as_, cast, waiting) is AbsenceStatus.APPROVED


@pytest.mark.parametrize(
    ("member", "changes", "said"),
    [
        ("eve", {}, "This is whose request it is"),
        ("mats", {}, "it is like that already"),
        ("zoe", {}, "Nobody who works here has this e-mail address"),
        ("otto", {"reason": " "}, "Please fill this in"),
        ("otto", {"reason": "x" * 501}, "501"),
    ],
)
def test_what_makes_no_sense_is_said_and_changes_nothing(client, cast, as_, waiting, member, changes, said):
    """T88: handing over is no way to let the owner decide."""
    answer = client.sign_in(cast.ana).send(
        f"absences/{waiting}/handover", form(getattr(cast, member), **changes)
    )
    assert answer.status_code == 422
    assert said in answer.text or "500" in answer.text
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(StepApprover)).all() == []


def test_who_may_not_and_what_is_late_is_refused(client, cast, as_, waiting):
    """T88, T151: not of one's own request, not without the right, not of what was decided or changed meanwhile."""
    with as_(cast.ana) as uow:
        own = ask(uow, date(2026, 9, 1)).id
    assert client.sign_in(cast.mats).send(f"absences/{waiting}/handover", form(cast.otto)).status_code == 403
    client.sign_in(cast.ana)
    assert client.get(client.url(f"absences/{own}/handover")).status_code == 403
    assert client.send(f"absences/{own}/handover", form(cast.otto)).status_code == 403
    assert client.send(f"absences/{waiting}/handover", form(cast.otto, version=7)).status_code == 409
    with as_(cast.mats) as uow:
        absences.approve(uow, waiting, version=1)
    assert client.send(f"absences/{waiting}/handover", form(cast.otto, version=2)).status_code == 404


def test_of_several_one_is_replaced_and_two_steps_stay_two_peoples(client, cast, as_):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        first = StepRule(ApproverKind.PERSON, cast.otto.employee_id)
        named = StepRule(ApproverKind.LINE_MANAGER, mode=StepMode.ALL)
        rules.change(uow, vacation(uow).id, [first, named], valid_from=uow.today())
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3)).id
    with as_(cast.otto) as uow:
        absences.approve(uow, absence_id, version=1)
    with as_(cast.ana) as uow:
        row = uow.session.scalars(
            select(StepApprover).where(StepApprover.employee_id == cast.mats.employee_id)
        )
        uow.session.add(StepApprover(step_id=row.one().step_id, employee_id=cast.pia.employee_id))
    client.sign_in(cast.ana)
    page = client.page(f"absences/{absence_id}/handover")
    assert "In the place of" in page
    send = f"absences/{absence_id}/handover"
    assert client.send(send, form(cast.ana, 2)).status_code == 422, "in whose place is missing"
    mats = str(cast.mats.employee_id)
    assert client.send(send, form(cast.otto, 2, in_place_of=mats)).status_code == 422, "has had a say"
    assert client.send(send, form(cast.pia, 2, in_place_of=mats)).status_code == 422, "is asked already"
    assert client.send(send, form(cast.ana, 2, in_place_of=mats)).status_code == 303
    assert (
        client.sign_in(cast.mats).send(f"absences/{absence_id}/approval", {"version": "3"}).status_code == 404
    )
    assert (
        client.sign_in(cast.ana).send(f"absences/{absence_id}/approval", {"version": "3"}).status_code == 303
    )
    assert status_of(as_, cast, absence_id) is AbsenceStatus.REQUESTED
    assert (
        client.sign_in(cast.pia).send(f"absences/{absence_id}/approval", {"version": "4"}).status_code == 303
    )
    assert status_of(as_, cast, absence_id) is AbsenceStatus.APPROVED
