"""Overtime that several people must agree to: the same steps, deputies, links, reminders as of time off."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.domain.approvals import ApproverKind, StepRule, SubjectKind
from portal.domain.overtime import OvertimeStatus
from portal.domain.refusals import Reason, Refusal
from portal.jobs.approval_reminders import run
from portal.models import AuditEvent, LedgerEntry, OutboxMessage, OvertimeCredit
from portal.services import outbox, overtime
from portal.services.approvals import delegations, rules
from portal.services.approvals.delegations import NewDelegation
from portal.services.overtime import Worked
from tests.web.overtime.test_overtime import WORKED, lieu  # noqa: F401

MANAGER, HR = StepRule(ApproverKind.LINE_MANAGER), StepRule(ApproverKind.HR)
DAY = timedelta(days=1)


@pytest.fixture
def proposed(as_, cast, lieu):  # noqa: F811
    """`proposed(MANAGER, HR)`: Eve's two and a half hours, to be agreed to in these steps."""

    def _proposed(*steps, minutes=150):
        with as_(cast.ana) as uow:
            rules.change(uow, lieu, list(steps), valid_from=uow.today(), kind=SubjectKind.OVERTIME)
        with as_(cast.eve) as uow:
            return overtime.propose(uow, uuid4(), Worked(lieu, WORKED, minutes, "Stocktaking")).id

    return _proposed


def decide(as_, member, credit_id, version, call=overtime.approve):
    with as_(member) as uow:
        call(uow, credit_id, version=version)
        uow.session.flush()


def reason_of(as_, member, credit_id, version, call=overtime.approve):
    with pytest.raises(Refusal) as refused:
        decide(as_, member, credit_id, version, call)
    return refused.value.reason


def standing(as_, cast, credit_id):
    with as_(cast.ana) as uow:
        row = uow.session.scalars(select(OvertimeCredit).where(OvertimeCredit.id == credit_id)).one()
        booked = uow.session.scalars(select(LedgerEntry.amount)).all()
        return row.status, row.version, sum(booked)


def link_of(as_, member, credit_id):
    with as_(member) as uow:
        letters = "\n".join(one.text for one in outbox.list_latest(uow) if one.to == member.email)
    (line,) = [one for one in letters.splitlines() if f"{credit_id}/decision/" in one]
    return line.strip().removeprefix("http://localhost")


def actions(as_, cast):
    with as_(cast.ana) as uow:
        events = uow.session.scalars(select(AuditEvent.action).order_by(AuditEvent.seq))
        return [action for action in events if action.startswith("overtime.")]


def test_one_after_the_other_and_the_page_says_whose_turn_it_is(client, as_, cast, proposed):
    """T151, T158: what was seen before the first step passed decides nothing any more."""
    credit_id = proposed(MANAGER, HR)
    page = client.sign_in(cast.ana).page("overtime")
    assert f"Step 1 of 2: {cast.mats.name}" in page and "Somebody else" in page
    assert f"{credit_id}/approval" in client.sign_in(cast.mats).page("overtime")
    assert client.send(f"overtime/{credit_id}/approval", {"version": "1"}).status_code == 303
    assert "You have agreed. Others still have to." in client.page("overtime")
    assert f"{credit_id}/approval" not in client.page("overtime")
    assert standing(as_, cast, credit_id) == (OvertimeStatus.PROPOSED, 2, 0)
    assert reason_of(as_, cast.mats, credit_id, 2) is Reason.NOT_FOUND
    assert reason_of(as_, cast.ana, credit_id, 1) is Reason.CHANGED_MEANWHILE
    assert reason_of(as_, cast.eve, credit_id, 2) is Reason.NOT_FOUND  # never one's own
    with as_(cast.ana) as uow:
        sent = uow.session.execute(select(OutboxMessage.template, OutboxMessage.employee_id)).all()
        assert sent.count(("overtime_proposed", cast.ana.employee_id)) == 1
    assert (
        client.sign_in(cast.ana).send(f"overtime/{credit_id}/approval", {"version": "2"}).status_code == 303
    )
    assert standing(as_, cast, credit_id) == (OvertimeStatus.BOOKED, 3, 150)
    page = client.sign_in(cast.eve).page("overtime")
    assert "Who decides" in page and cast.mats.name in page and "Agreed" in page
    assert actions(as_, cast)[-2:] == ["overtime.step-approved", "overtime.booked"]


def test_one_no_ends_it_and_what_is_taken_back_is_nobodys_turn(as_, cast, proposed):
    declined = proposed(MANAGER, HR)
    decide(as_, cast.mats, declined, 1, overtime.decline)
    assert standing(as_, cast, declined) == (OvertimeStatus.DECLINED, 2, 0)
    dropped = proposed(MANAGER, HR)
    decide(as_, cast.eve, dropped, 1, overtime.drop)
    assert reason_of(as_, cast.mats, dropped, 2) is Reason.ALREADY_DECIDED


def test_a_deputy_decides_for_the_one_whose_turn_it_is(client, as_, cast, proposed):
    """T157: B for A, on the page and in the letter; the owner never decides by a detour."""
    credit_id = proposed(MANAGER)
    for giver, deputy in ((cast.mats, cast.otto), (cast.otto, cast.eve)):
        with as_(giver) as uow:
            today = uow.today()
            delegations.make(uow, giver.employee_id, NewDelegation(deputy.email, today, today + 9 * DAY))
    assert reason_of(as_, cast.eve, credit_id, 1) is Reason.NOT_FOUND
    decide(as_, cast.otto, credit_id, 1)
    said = f"{cast.otto.name} for {cast.mats.name}"
    assert said in client.sign_in(cast.eve).page("overtime")
    with as_(cast.eve) as uow:
        letters = [one.text for one in outbox.list_latest(uow) if one.subject.startswith("Booked")]
    assert any(said in text for text in letters)


def test_the_link_of_the_letter_decides_once(client, as_, cast, proposed):
    """A GET decides nothing; a link of another kind of request, or of a step that is over, is worth nothing."""
    credit_id = proposed(MANAGER, HR)
    link = link_of(as_, cast.mats, credit_id)
    for _ in range(2):
        page = client.page(link)
        for text in (cast.eve.name, "28 May 2026", "2:30 h", "Stocktaking", "You decide as", "1 of 2"):
            assert text in page
    assert client.get(link.replace("/overtime/", "/absences/")).status_code == 410
    assert client.send(link, {"version": "1", "decision": "perhaps"}).status_code == 422
    assert client.send(link, {"version": "1", "decision": "approve"}).status_code == 200
    assert standing(as_, cast, credit_id) == (OvertimeStatus.PROPOSED, 2, 0)
    used = client.get(link)
    assert (used.status_code, "You agreed on" in used.text, cast.eve.name in used.text) == (410, True, False)
    answer = client.send(link_of(as_, cast.ana, credit_id), {"version": "2", "decision": "approve"})
    assert "You have agreed to 2:30 h of overtime" in answer.text
    assert standing(as_, cast, credit_id) == (OvertimeStatus.BOOKED, 3, 150)
    assert actions(as_, cast)[-2:] == ["overtime.booked", "overtime.decided-by-link"]
    assert client.get("/c/acme/overtime").status_code == 303, "no session was opened"


@pytest.mark.parametrize("steps", [(), (MANAGER,)], ids=["without-steps", "by-steps"])
def test_nights_without_a_decision(app, client, clock, as_, cast, proposed, steps):
    """Reminded, then more people are asked; twice in a night is once."""
    credit_id = proposed(*steps)

    def night(days):
        clock.advance(days * DAY)
        with app.app_context():
            run()
        with as_(cast.ana) as uow:
            rows = uow.session.scalars(
                select(OutboxMessage.employee_id).where(OutboxMessage.template == "decisions_waiting")
            )
            return sorted(
                "mats" if one == cast.mats.employee_id else "ana" if one == cast.ana.employee_id else "other"
                for one in rows
            )

    assert night(2) == []
    assert night(1) == ["mats"]
    assert night(0) == ["mats"]
    with as_(cast.mats) as uow:
        (letter,) = [one for one in outbox.list_latest(uow) if "waits for you" in one.subject]
    assert letter.subject == "A decision waits for you"
    assert f"{cast.eve.name}: overtime, 2:30 h on 28 May 2026" in letter.text
    assert night(4) == ["ana", "mats", "mats"]
    assert night(0) == ["ana", "mats", "mats"]
    assert actions(as_, cast).count("overtime.escalated") == 1
    decide(as_, cast.ana, credit_id, 1)
    assert standing(as_, cast, credit_id)[0] is OvertimeStatus.BOOKED
    log = client.sign_in(cast.ana).page("audit")
    assert "More people asked about overtime" in log


def test_hr_lays_the_steps_down(client, as_, cast, lieu):  # noqa: F811
    """With the page of the type; of a type that takes no overtime in there is no such page."""
    client.sign_in(cast.ana)
    assert f"{lieu}/overtime/approval" in client.page(f"absence-types/{lieu}/overtime")
    page = client.page(f"absence-types/{lieu}/overtime/approval")
    assert "Who decides about overtime" in page and "days ahead" not in page
    form = {"approver_1": "line-manager", **{f"mode_{place}": "any" for place in range(1, 5)}}
    with as_(cast.ana) as uow:
        form["valid_from"] = uow.today().isoformat()
    assert client.send(f"absence-types/{lieu}/overtime/approval", form).status_code == 303
    with as_(cast.ana) as uow:
        assert rules.steps_on(uow, lieu, uow.today(), kind=SubjectKind.OVERTIME) == [MANAGER]
        assert rules.steps_on(uow, lieu, uow.today()) == []
        other = rules.access.one_or_refuse(
            uow, select(rules.AbsenceType).where(rules.AbsenceType.key == "vacation")
        )
        other_id = other.id
    assert client.get(f"/c/acme/absence-types/{other_id}/overtime/approval").status_code == 404
    assert "Steps of approval laid down" in client.page("audit")
