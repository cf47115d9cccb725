"""Handing decisions over: the deputy sees and decides what waits, both names stand with it, and it ends."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.refusals import Reason, Refusal
from portal.models import Absence, AuditEvent, Delegation, Employee, OutboxMessage, Team, TeamMembership
from portal.services import absence_approvals, absences, home, opened_absences
from portal.services.approvals import delegations
from portal.services.approvals.delegations import NewDelegation
from tests.factories.absences import ask, grant, vacation


@pytest.fixture
def waiting(as_, cast):
    """Eve's request for 3 August."""
    with as_(cast.ana) as uow:
        grant(uow, *[one.employee_id for one in (cast.eve, cast.mats, cast.otto)])
    with as_(cast.eve) as uow:
        return ask(uow, date(2026, 8, 3), note="Sea").id


def hand_over(as_, giver, deputy, **more):
    with as_(giver) as uow:
        today = uow.today()
        new = NewDelegation(deputy.email, more.pop("start", today), more.pop("end", today), **more)
        return delegations.make(uow, giver.employee_id, new).id


def refused(call, *arguments, **named):
    with pytest.raises(Refusal) as refusal:
        call(*arguments, **named)
    return refusal.value.reason


def test_a_deputy_decides_and_both_names_stand_with_it(client, cast, as_, waiting):
    """Otto has no role that approves and works in another team."""
    form = {"deputy": cast.otto.email, "start_date": "2026-06-15", "end_date": "2026-06-20", "kind": ""}
    with as_(cast.mats) as uow:
        form |= {"start_date": uow.today().isoformat(), "end_date": uow.today().isoformat()}
    answer = client.sign_in(cast.mats).send("delegations", {**form, "reason": "By the sea"})
    assert answer.status_code == 303
    assert cast.otto.name in client.page("delegations")
    page = client.sign_in(cast.otto).page("absences/approvals")
    assert cast.eve.name in page
    assert "Sea" in page
    assert "By the sea" in client.page("delegations")
    assert client.send(f"absences/{waiting}/approval", {"version": "1"}).status_code == 303
    assert f"{cast.otto.name} for {cast.mats.name}" in client.sign_in(cast.eve).page(f"absences/{waiting}")
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(select(Absence).where(Absence.id == waiting)).one()
        assert absence.status is AbsenceStatus.APPROVED
        assert (absence.decided_by_id, absence.decided_for_id) == (
            cast.otto.employee_id,
            cast.mats.employee_id,
        )
        event = uow.session.scalars(select(AuditEvent).where(AuditEvent.action == "absence.approved")).one()
        assert f'"decided_for_id": [null, "{cast.mats.employee_id}"]' in (event.payload or "")


def test_without_a_delegation_there_is_nothing(cast, as_, waiting):
    with as_(cast.otto) as uow:
        assert absence_approvals.list_waiting(uow).requests == []
        assert home.overview(uow).to_decide == 0
        assert refused(absences.approve, uow, waiting, version=1) is Reason.NOT_FOUND


@pytest.mark.parametrize(("start", "end"), [(1, 2), (-2, -1)])
def test_it_holds_on_its_days_only(cast, as_, waiting, clock, start, end):
    """Asked when the decision is made, whatever was so when the request was sent."""
    now = clock.now()
    clock.move_to(now - timedelta(days=5))
    hand_over(as_, cast.mats, cast.otto, start=now.date() + timedelta(start), end=now.date() + timedelta(end))
    clock.move_to(now)
    with as_(cast.otto) as uow:
        assert absence_approvals.list_waiting(uow).total == 0
        assert refused(absences.approve, uow, waiting, version=1) is Reason.NOT_FOUND
    clock.move_to(now + timedelta(days=start))
    with as_(cast.otto) as uow:
        assert absence_approvals.list_waiting(uow).total == 1


def test_it_ends_at_once_when_taken_back(client, cast, as_, waiting):
    made = hand_over(as_, cast.mats, cast.otto)
    assert client.sign_in(cast.eve).send(f"delegations/{made}/end", {}).status_code == 404
    assert client.sign_in(cast.mats).send(f"delegations/{made}/end", {}).status_code == 303
    with as_(cast.otto) as uow:
        assert refused(absences.approve, uow, waiting, version=1) is Reason.NOT_FOUND


def test_a_chain_of_deputies(cast, as_, waiting):
    hand_over(as_, cast.mats, cast.pia)
    hand_over(as_, cast.pia, cast.otto)
    with as_(cast.otto) as uow:
        assert absences.approve(uow, waiting, version=1).decided_for_id == cast.mats.employee_id


def test_never_over_ones_own_request_nor_that_of_the_giver(cast, as_, waiting):
    hand_over(as_, cast.mats, cast.eve)
    with as_(cast.eve) as uow:
        assert refused(absences.approve, uow, waiting, version=1) is Reason.OWN_REQUEST
    with as_(cast.mats) as uow:
        his = ask(uow, date(2026, 8, 4)).id
    with as_(cast.eve) as uow:
        assert refused(absences.approve, uow, his, version=1) is Reason.NOT_FOUND
        assert absence_approvals.list_waiting(uow).total == 0


def test_nor_over_that_of_a_deputy_in_between(cast, as_, waiting):
    """Mats hands to Eve, Eve to Otto: her own request does not come back to her by Otto."""
    hand_over(as_, cast.mats, cast.eve)
    hand_over(as_, cast.eve, cast.otto)
    with as_(cast.otto) as uow:
        assert refused(absences.approve, uow, waiting, version=1) is Reason.NOT_FOUND


def test_one_type_alone(cast, as_, waiting):
    with as_(cast.ana) as uow:
        kind = vacation(uow).id
    hand_over(as_, cast.mats, cast.otto, absence_type_id=kind)
    with as_(cast.otto) as uow:
        assert opened_absences.get_absence(uow, waiting).can_decide
        row = uow.session.scalars(select(Delegation)).one()
        row.absence_type_id = None
    assert refused(hand_over, as_, cast.mats, cast.otto, absence_type_id=waiting) is Reason.NOT_FOUND


@pytest.mark.parametrize(
    ("limit", "allowed"),
    [
        ({"team": "ward"}, True),
        ({"team": "other"}, False),
        ({"most_days": 2}, True),
        ({"most_days": 1}, False),
    ],
    ids=["own-team", "another-team", "short-enough", "too-long"],
)
def test_a_team_and_a_size_alone(client, cast, as_, waiting, limit, allowed):
    """Asked when it is decided, in the list, and of who gets the letter: of two days of somebody of the team."""
    with as_(cast.ana) as uow:
        own = uow.session.scalars(
            select(TeamMembership.team_id).where(TeamMembership.employee_id == cast.eve.employee_id)
        ).first()
        other = uow.session.scalars(select(Team.id).where(Team.id != own)).first()
        today = uow.today().isoformat()
    form = {"deputy": cast.otto.email, "start_date": today, "end_date": today, "kind": ""}
    form["team"] = {"ward": str(own), "other": str(other)}.get(limit.get("team", ""), "")
    form["most_days"] = str(limit.get("most_days", ""))
    assert client.sign_in(cast.mats).send("delegations", form).status_code == 303
    page = client.page("delegations")
    assert ("only people of" in page) is ("team" in limit) and ("at most" in page) is ("most_days" in limit)
    with as_(cast.eve) as uow:
        two_days = ask(uow, date(2026, 8, 5), date(2026, 8, 6)).id
        told = uow.session.scalars(
            select(OutboxMessage.employee_id).where(OutboxMessage.template == "absence_requested")
        ).all()
    assert (cast.otto.employee_id in told) is allowed
    with as_(cast.otto) as uow:
        waits = {one.line.id for one in absence_approvals.list_waiting(uow).requests}
        assert (two_days in waits) is allowed
        if allowed:
            absences.approve(uow, two_days, version=1)
        else:
            assert refused(absences.approve, uow, two_days, version=1) is Reason.NOT_FOUND


def test_a_size_that_makes_no_sense_is_refused_at_its_field(client, cast, as_):
    with as_(cast.mats) as uow:
        today = uow.today().isoformat()
    form = {"deputy": cast.otto.email, "start_date": today, "end_date": today, "kind": "", "most_days": "0"}
    answer = client.sign_in(cast.mats).send("delegations", form)
    assert answer.status_code == 422 and 'id="most_days-error' in answer.text


def test_the_letters_of_the_manager_reach_the_deputy(cast, as_, waiting):
    hand_over(as_, cast.mats, cast.otto)
    with as_(cast.eve) as uow:
        ask(uow, date(2026, 8, 10))
    with as_(cast.ana) as uow:
        sent = uow.session.execute(select(OutboxMessage.template, OutboxMessage.employee_id)).all()
    assert ("delegation_made", cast.otto.employee_id) in sent
    assert ("absence_requested", cast.otto.employee_id) in sent


def test_hr_chooses_a_deputy_for_others_and_nobody_else_does(client, cast, as_, waiting):
    address = f"people/{cast.mats.employee_id}/delegations"
    with as_(cast.ana) as uow:
        today = uow.today().isoformat()
    form = {"deputy": cast.otto.email, "start_date": today, "end_date": today, "kind": ""}
    assert client.sign_in(cast.eve).send(address, form).status_code == 403
    assert client.sign_in(cast.ana).send(address, form).status_code == 303
    assert cast.otto.name in client.page(address)
    with as_(cast.otto) as uow:
        assert absence_approvals.list_waiting(uow).total == 1


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"deputy": "nobody@acme.example"}, "Nobody who works here has this e-mail address"),
        ({"deputy": ""}, "Please fill this in."),
        ({"end_date": ""}, "Please choose a date."),
        ({"end_date": "2020-01-01"}, "The end lies before the start"),
        ({"deputy": "mats@acme.example"}, "Nobody does this to themselves."),
    ],
)
def test_a_bad_form_says_what_is_wrong_and_changes_nothing(client, cast, as_, wrong, said):
    with as_(cast.mats) as uow:
        today = uow.today().isoformat()
    form = {"deputy": cast.otto.email, "start_date": today, "end_date": today, "kind": "", **wrong}
    answer = client.sign_in(cast.mats).send("delegations", form)
    assert answer.status_code == 422
    assert said in answer.text
    with as_(cast.mats) as uow:
        assert uow.session.scalars(select(Delegation)).all() == []


def test_time_off_without_a_deputy_is_pointed_out(client, cast, as_, waiting):
    with as_(cast.mats) as uow:
        away = ask(uow, date(2026, 8, 17), date(2026, 8, 18)).id
    with as_(cast.ana) as uow:
        absences.approve(uow, away, version=1)
    page = client.sign_in(cast.mats).page("delegations")
    assert "Choose a deputy for these days" in page
    assert 'value="2026-08-18"' in client.page("delegations?from=2026-08-17&to=2026-08-18")


def test_what_a_narrow_delegation_leaves_open_is_said_and_offered(client, cast, as_, waiting):
    """A deputy for one team, for some of the days, or who has left, is no deputy for all of the time off."""
    with as_(cast.mats) as uow:
        absence_ids = [ask(uow, date(2026, 8, 10), date(2026, 8, 14)).id]
    with as_(cast.ana) as uow:
        absences.approve(uow, absence_ids[0], version=1)
    days = {"start": date(2026, 8, 10), "end": date(2026, 8, 12)}
    hand_over(as_, cast.mats, cast.otto, **days, team_id=cast.teams["care"], most_days=3)
    page = client.sign_in(cast.mats).page("delegations")
    assert "For some of what may come nobody decides meanwhile" in page
    assert f"{cast.otto.name} only for all types, only people of" in page and "at most 3 days." in page
    assert "?from=2026-08-10&amp;to=2026-08-12" in page
    assert "?from=2026-08-13&amp;to=2026-08-14" in page
    hand_over(as_, cast.mats, cast.ana, start=date(2026, 8, 1), end=date(2026, 8, 31))
    assert "nobody decides meanwhile" not in client.page("delegations")
    with as_(cast.ana) as uow:
        uow.session.get_one(Employee, (uow.company.id, cast.ana.employee_id)).active = False
    assert "nobody decides meanwhile" in client.page("delegations")
