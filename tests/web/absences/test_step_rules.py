"""Who is found for a step, how many must agree, where nobody is found, and a reason to every no."""

from __future__ import annotations

import re
from datetime import date

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import ApproverKind, StepMode, StepRule, StepStatus
from portal.domain.refusals import Reason, Refusal
from portal.domain.staffing import Effect
from portal.models import Absence, AuditEvent, Employee, OutboxMessage
from portal.services import absence_changes, absences, outbox
from portal.services.approvals import finding, rejections, rules
from tests.factories.absences import ask, grant, route_of, vacation, wish
from tests.factories.staffing import make_rule

MONDAY, TUESDAY = date(2026, 8, 3), date(2026, 8, 4)
MANAGER, HR = StepRule(ApproverKind.LINE_MANAGER), StepRule(ApproverKind.HR)


@pytest.fixture
def lay_down(as_, cast):
    def _lay_down(*steps):
        with as_(cast.ana) as uow:
            grant(uow, *[one.employee_id for one in (cast.eve, cast.mats, cast.ana, cast.otto)])
            rules.change(uow, vacation(uow).id, list(steps), valid_from=uow.today())

    return _lay_down


def asks(as_, member, *days):
    with as_(member) as uow:
        return ask(uow, *days).id


def route(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        return [({one.name for one in step.people}, step.status) for step in route_of(uow, absence_id)]


def status(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        return uow.session.scalars(select(Absence.status).where(Absence.id == absence_id)).one()


def decide(as_, member, absence_id, version, call=absences.approve, **more):
    with as_(member) as uow:
        call(uow, absence_id, version=version, **more)
        uow.session.flush()


def test_two_of_three_must_agree(client, as_, cast, lay_down):
    role_of_all = StepRule(ApproverKind.ROLE, mode=StepMode.SOME, at_least=2)
    with as_(cast.ana) as uow:
        employee_role = next(
            role_id for role_id, (key, _) in rules.named(uow, []).roles.items() if key == "employee"
        )
    lay_down(StepRule(ApproverKind.ROLE, employee_role, StepMode.SOME, at_least=2))
    assert role_of_all.at_least == 2
    absence_id = asks(as_, cast.eve, MONDAY)
    assert "2 of them must agree" in client.sign_in(cast.eve).page(f"absences/{absence_id}")
    decide(as_, cast.mats, absence_id, 1)
    assert status(as_, cast, absence_id) is AbsenceStatus.REQUESTED
    with as_(cast.mats) as uow, pytest.raises(Refusal) as again:
        absences.approve(uow, absence_id, version=2)
    assert again.value.reason is Reason.NOT_FOUND
    decide(as_, cast.otto, absence_id, 2)
    assert status(as_, cast, absence_id) is AbsenceStatus.APPROVED


def test_a_step_for_requests_that_break_a_rule_of_staffing(as_, cast, lay_down):
    lay_down(MANAGER, StepRule(ApproverKind.HR, breaks_staffing=True))
    harmless = asks(as_, cast.eve, TUESDAY)
    assert len(route(as_, cast, harmless)) == 1
    with as_(cast.ana) as uow:
        make_rule(uow, effect=Effect.INFO)
    breaking = asks(as_, cast.eve, MONDAY)
    assert len(route(as_, cast, breaking)) == 2


def test_heads_are_those_who_decide_for_the_team_or_the_site(as_, cast):
    with as_(cast.ana) as uow:
        names = dict(uow.session.execute(select(Employee.id, Employee.first_name)).all())

        def found(kind, member):
            return {names[one] for one in finding.people_for(uow, StepRule(kind), member.employee_id)}

        assert found(ApproverKind.TEAM_HEAD, cast.eve) == {"Mats"}
        assert found(ApproverKind.TEAM_HEAD, cast.mats) == set()
        assert found(ApproverKind.SITE_HEAD, cast.eve) == set()


def test_a_step_that_finds_nobody_asks_whom_it_names_for_that(as_, cast, lay_down):
    """Mats has nobody above him: HR is asked, and without a word for that case whoever decides for all."""
    lay_down(StepRule(ApproverKind.LINE_MANAGER, if_nobody=ApproverKind.HR))
    assert route(as_, cast, asks(as_, cast.eve, MONDAY)) == [({cast.mats.name}, StepStatus.OPEN)]
    assert route(as_, cast, asks(as_, cast.mats, MONDAY)) == [({cast.ana.name}, StepStatus.OPEN)]


def test_at_the_top_it_counts_at_once_where_the_company_says_so(as_, cast, lay_down):
    """Declared, on record, and for nobody who has somebody above them."""
    lay_down(StepRule(ApproverKind.LINE_MANAGER, agreed_if_nobody=True))
    below, top = asks(as_, cast.eve, MONDAY), asks(as_, cast.mats, MONDAY)
    assert (status(as_, cast, below), status(as_, cast, top)) == (
        AbsenceStatus.REQUESTED,
        AbsenceStatus.APPROVED,
    )
    with as_(cast.ana) as uow:
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "absence.approved")).one()
        assert '"by_rule": true' in (event.payload or "")


def test_hr_lays_all_of_it_down(client, as_, cast):
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        address = f"absence-types/{vacation(uow).id}/approval"
        today = uow.today()
    form = {
        "valid_from": today.isoformat(),
        "approver_1": "team-head",
        "mode_1": "some",
        "at_least_1": "2",
        "if_nobody_1": "hr",
        "breaks_staffing_1": "y",
        **{f"mode_{place}": "any" for place in (2, 3, 4)},
    }
    refused = client.send(address, {**form, "at_least_1": "1"})
    assert refused.status_code == 422 and 'id="at_least_1-error' in refused.text
    assert "In step 1, type a whole number from 2 to 20 here." in refused.text
    several = client.send(
        address,
        {**form, "at_least_1": "1", "approver_2": "person", "person_2": "x@y.example", "notice_1": "999"},
    ).text
    assert 'id="at_least_1-error' in several and 'id="person_2-error' in several, "all that is wrong, at once"
    assert client.send(address, form).status_code == 303
    page = client.page(address).replace("&#39;", "'")
    assert "team (2 of them), if a rule of staffing is broken; where there is nobody, HR" in page
    with as_(cast.ana) as uow:
        (step,) = rules.steps_on(uow, vacation(uow).id, today)
    assert (step.mode, step.at_least, step.if_nobody) == (StepMode.SOME, 2, ApproverKind.HR)


@pytest.mark.parametrize("htmx", [False, True], ids=["plain", "htmx"])
def test_a_no_needs_a_reason_where_the_company_says_so(client, as_, cast, lay_down, htmx):
    """At the field of that request, on the page, with htmx, and by the link of the letter; nothing has changed."""
    lay_down()
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        address = f"absence-types/{vacation(uow).id}/approval"
    assert client.send(f"{address}/reason", {"needed": "y"}).status_code == 303
    assert re.search(r'<input[^>]*checked[^>]*id="needed"', client.page(address))
    absence_id = asks(as_, cast.eve, MONDAY)
    client.sign_in(cast.mats)
    assert "a no needs a reason" in client.page("absences/approvals")
    refused = client.send(f"absences/{absence_id}/rejection", {"version": "1", "note": "  "}, htmx=htmx)
    assert refused.status_code == 422
    assert f'aria-describedby="note-error-{absence_id}"' in refused.text
    assert status(as_, cast, absence_id) is AbsenceStatus.REQUESTED
    with as_(cast.mats) as uow:
        letters = "\n".join(one.text for one in outbox.list_latest(uow) if one.to == cast.mats.email)
    (link,) = [one.strip() for one in letters.splitlines() if f"{absence_id}/decision/" in one]
    link = link.removeprefix("http://localhost")
    answer = client.send(link, {"version": "1", "decision": "reject"})
    assert answer.status_code == 422 and 'aria-invalid="true"' in answer.text
    said = {"version": "1", "decision": "reject", "note": "Too many are away"}
    assert client.send(link, said).status_code == 200
    assert status(as_, cast, absence_id) is AbsenceStatus.REJECTED


def test_the_reason_is_asked_for_from_then_on_only(as_, cast, lay_down):
    lay_down()
    absence_id = asks(as_, cast.eve, MONDAY)
    decide(as_, cast.mats, absence_id, 1, absences.reject)
    with as_(cast.ana) as uow:
        rejections.ask_for_reason(uow, vacation(uow).id, needed=True)
        uow.session.flush()
        rejections.ask_for_reason(uow, vacation(uow).id, needed=True)
    with as_(cast.ana) as uow:
        changes = select(AuditEvent).where(AuditEvent.action == "absence-type.changed")
        assert len(uow.session.scalars(changes).all()) == 1


def test_only_those_whose_turn_it_is_get_a_link_when_it_becomes_shorter(as_, cast, lay_down):
    """Mats has agreed, it is HR's turn: he hears of it, and decides nothing any more."""
    lay_down(MANAGER, HR)
    absence_id = asks(as_, cast.eve, MONDAY, TUESDAY)
    decide(as_, cast.mats, absence_id, 1)
    with as_(cast.eve) as uow:
        absence_changes.change(uow, absence_id, wish(uow, MONDAY), version=2)
        uow.session.flush()
        to = {
            row.employee_id
            for row in uow.session.scalars(
                select(OutboxMessage).where(OutboxMessage.template == "absence_changed")
            )
        }
        letters = {
            one.to: one.text for one in outbox.list_latest(uow) if one.subject.startswith("Request changed")
        }
    assert to == {cast.mats.employee_id, cast.ana.employee_id}
    assert "/decision/" in letters[cast.ana.email]
    assert "/decision/" not in letters[cast.mats.email]
    assert "somebody else's turn" in letters[cast.mats.email]


def test_a_sentence_about_a_step_has_no_capital_in_its_middle(client, as_, cast, lay_down):
    lay_down(StepRule(ApproverKind.TEAM_HEAD, if_nobody=ApproverKind.NEXT_MANAGER))
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        page = client.page(f"absence-types/{vacation(uow).id}/approval")
    assert "where there is nobody, the line manager of the line manager" in page
