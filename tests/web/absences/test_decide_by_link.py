"""Deciding by the link in the letter to an approver."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from portal.domain.absences import AbsenceStatus
from portal.domain.approvals import ApproverKind, StepMode, StepRule
from portal.domain.refusals import Refusal
from portal.domain.second_factors import Policy
from portal.domain.staffing import Effect
from portal.models import Absence, AbsenceType, AuditEvent, Company, Employee
from portal.models.identity_provider import SignInPolicy
from portal.services import absence_letters, absences, outbox
from portal.services.approvals import decision_links, rules
from tests.factories.absences import ask, grant, vacation
from tests.factories.staffing import make_rule
from tests.fixtures.portal import NOW

REJECT = {"version": "1", "decision": "reject", "note": "Too many are away"}
APPROVE = {"version": "1", "decision": "approve"}


@pytest.fixture
def waiting(as_, cast):
    """Eve's request for 3 August."""
    with as_(cast.ana) as uow:
        grant(uow, *[member.employee_id for member in (cast.eve, cast.mats, cast.ana)])
    with as_(cast.eve) as uow:
        return ask(uow, date(2026, 8, 3), note="Sea").id


@pytest.fixture
def link_of(as_):
    """The address in the letter about the request, without the host."""

    def _link_of(member, absence_id):
        with as_(member) as uow:
            letters = "\n".join(one.text for one in outbox.list_latest(uow) if one.to == member.email)
        (line,) = [one for one in letters.splitlines() if f"{absence_id}/decision/" in one]
        return line.strip().removeprefix("http://localhost")

    return _link_of


def standing(as_, cast, absence_id):
    with as_(cast.ana) as uow:
        absence = uow.session.scalars(select(Absence).where(Absence.id == absence_id)).one()
        return absence.status, absence.decided_by_id, absence.decision_note


def actions(as_, cast):
    with as_(cast.ana) as uow:
        return [
            (event.action, event.actor_id)
            for event in uow.session.scalars(select(AuditEvent).order_by(AuditEvent.seq))
            if event.action.startswith("absence.")
        ]


def test_the_link_shows_and_one_press_decides(client, cast, as_, waiting, link_of):
    """A GET decides nothing, however often programs follow it; the press does, once, and is on record."""
    link = link_of(cast.mats, waiting)
    for _ in range(2):
        page = client.page(link)
        for text in (cast.eve.name, "3 Aug 2026", "24 days (2026)", "Sea", f"You decide as {cast.mats.name}"):
            assert text in page
        assert "side-bar" not in page
    assert standing(as_, cast, waiting)[0] is AbsenceStatus.REQUESTED
    answer = client.send(link, REJECT)
    assert answer.status_code == 200
    assert "You have rejected the time off" in answer.text
    assert standing(as_, cast, waiting) == (
        AbsenceStatus.REJECTED,
        cast.mats.employee_id,
        "Too many are away",
    )
    assert actions(as_, cast)[-2:] == [
        ("absence.rejected", cast.mats.employee_id),
        ("absence.decided-by-link", cast.mats.employee_id),
    ]
    assert (client.get(link).status_code, client.send(link, APPROVE).status_code) == (410, 410)
    assert client.get("/c/acme/absences/approvals").status_code == 303, "no session was opened"


def test_a_link_is_worth_nothing_once_the_request_has_moved_on(client, cast, as_, waiting, link_of):
    """Two weeks, a new address of its reader, a change of the request, and the decision itself each end it."""
    link = link_of(cast.mats, waiting)
    for change in (_change_note, _move_reader, _withdraw):
        with as_(cast.eve) as uow:
            nested = uow.session.begin_nested()
            change(uow, cast, waiting)
            uow.session.flush()
            with pytest.raises(Refusal):
                decision_links.holder(uow, waiting, link.rsplit("/", 1)[1])
            nested.rollback()
            uow.session.expire_all()
    client.staffroom.clock.move_to(NOW + decision_links.LIFETIME - timedelta(minutes=1))
    assert client.get(link).status_code == 200
    client.staffroom.clock.move_to(NOW + decision_links.LIFETIME)
    assert (client.get(link).status_code, client.send(link, APPROVE).status_code) == (410, 410)
    assert standing(as_, cast, waiting)[0] is AbsenceStatus.REQUESTED


def _change_note(uow, _cast, absence_id):
    uow.session.get_one(Absence, (uow.company.id, absence_id)).note = "Mountains"


def _move_reader(uow, cast, _absence_id):
    uow.session.get_one(Employee, (uow.company.id, cast.mats.employee_id)).email = "mats@elsewhere.example"


def _withdraw(uow, _cast, absence_id):
    absences.withdraw(uow, absence_id, version=1)


def test_forged_links_and_those_of_others_open_nothing(client, cast, as_, waiting, link_of):
    """One is made for one person and one request; another's session, and rights that are gone, do not lend theirs."""
    link = link_of(cast.mats, waiting)
    with as_(cast.eve) as uow:
        second = ask(uow, date(2026, 9, 1)).id
        own = decision_links.make(
            uow, uow.session.get_one(Absence, (uow.company.id, waiting)), _person(uow, cast.eve)
        )
        late = decision_links.make(
            uow, uow.session.get_one(Absence, (uow.company.id, waiting)), _person(uow, cast.otto)
        )
    for bad in (
        link[:-2] + ("AA" if not link.endswith("AA") else "BB"),
        link.replace(str(waiting), str(second)),
        link.replace("/c/acme/", "/c/beta/"),
        own.address.removeprefix("http://localhost"),
        late.address.removeprefix("http://localhost"),
        link.rsplit("/", 1)[0] + "/" + "x" * 43,
        link.rsplit("/", 1)[0] + "/" + "%" + "x" * 42,
    ):
        assert client.get(bad).status_code in (404, 410), bad
        assert client.send(bad, APPROVE).status_code in (404, 410), bad
    assert client.sign_in(cast.ana).get(link).status_code == 410
    assert client.send(link, APPROVE).status_code == 410
    assert client.sign_in(cast.mats).get(link).status_code == 200
    assert standing(as_, cast, waiting)[0] is AbsenceStatus.REQUESTED


def _person(uow, member):
    return uow.session.get_one(Employee, (uow.company.id, member.employee_id))


@pytest.mark.parametrize("rule", ["second factor", "single sign-on"])
def test_where_a_password_is_not_enough_the_link_leads_to_the_sign_in(
    client, cast, as_, waiting, link_of, rule
):
    link = link_of(cast.mats, waiting)
    with as_(cast.ana) as uow:
        if rule == "second factor":
            uow.session.get_one(Company, uow.company.id).second_factor_policy = Policy.EVERYONE
        else:
            uow.session.add(SignInPolicy(sso_required=True, break_glass_id=cast.ana.employee_id))
    for answer in (client.get(link), client.send(link, APPROVE)):
        assert answer.status_code == 303
        assert answer.headers["Location"] == f"/c/acme/sign-in?after=/c/acme/absences/{waiting}"
    assert standing(as_, cast, waiting)[0] is AbsenceStatus.REQUESTED


def test_a_bad_answer_is_said_and_changes_nothing(client, cast, as_, waiting, link_of):
    link = link_of(cast.mats, waiting)
    assert client.send(link, {**REJECT, "note": "x" * 1001}).status_code == 422
    assert client.send(link, {**APPROVE, "decision": "maybe"}).status_code == 422
    late = client.send(link, {**APPROVE, "version": "7"})
    assert (late.status_code, "Open the request in the portal" in late.text) == (409, True)
    assert standing(as_, cast, waiting)[0] is AbsenceStatus.REQUESTED


def test_of_a_step_for_all_each_has_a_link_that_outlives_the_others(client, cast, as_, link_of):
    with as_(cast.ana) as uow:
        grant(uow, cast.eve.employee_id)
        both = [
            StepRule(ApproverKind.PERSON, cast.otto.employee_id),
            StepRule(ApproverKind.HR, mode=StepMode.ALL),
        ]
        rules.change(uow, vacation(uow).id, both, valid_from=uow.today())
    with as_(cast.eve) as uow:
        absence_id = ask(uow, date(2026, 8, 3)).id
    first = link_of(cast.otto, absence_id)
    assert client.send(first, APPROVE).status_code == 200
    assert client.get(first).status_code == 410
    assert standing(as_, cast, absence_id)[0] is AbsenceStatus.REQUESTED
    assert client.send(link_of(cast.ana, absence_id), {**APPROVE, "version": "2"}).status_code == 200
    assert standing(as_, cast, absence_id)[0] is AbsenceStatus.APPROVED


def test_where_a_rule_of_staffing_is_broken_it_is_approved_in_the_portal_alone(
    client, cast, as_, waiting, link_of
):
    """The letter's page shows the days and can reject; nobody approves past a rule without having signed in."""
    with as_(cast.ana) as uow:
        make_rule(uow)
    link = link_of(cast.mats, waiting)
    page = client.page(link)
    assert "Too few people on some days" in page
    assert 'value="approve"' not in page
    assert "To approve it all the same, open it in the portal." in page
    assert client.send(link, APPROVE).status_code == 422
    assert standing(as_, cast, waiting)[0] is AbsenceStatus.REQUESTED
    assert client.send(link, REJECT).status_code == 200
    assert standing(as_, cast, waiting)[0] is AbsenceStatus.REJECTED


@pytest.mark.parametrize(
    ("effect", "in_mail"), [(Effect.INFO, True), (Effect.REASON, False), (Effect.BLOCK, False)]
)
def test_the_letter_warns_of_broken_rules_and_offers_no_link_where_a_yes_needs_a_reason(
    cast, as_, waiting, effect, in_mail
):
    """Each day with its figures, what waits apart; who approves from mail cannot miss it, nor press past it."""
    with as_(cast.ana) as uow:
        make_rule(uow, effect=effect, team_id=cast.teams["care"])
        grant(uow, cast.pia.employee_id)
    with as_(cast.pia) as uow:
        absence = ask(uow, date(2026, 8, 3), note="Sea") if effect is not Effect.BLOCK else None
        handed = absence.id if absence is not None else waiting
    with as_(cast.ana) as uow:
        asked = uow.session.scalars(select(Absence).where(Absence.id == handed)).one()
        kind = uow.session.scalars(select(AbsenceType).where(AbsenceType.id == asked.absence_type_id)).one()
        absence_letters.ask_to_decide(uow, asked, kind, [cast.otto.employee_id])
    with as_(cast.otto) as uow:
        [text] = [one.text for one in outbox.list_latest(uow) if one.to == cast.otto.email]
    waits = "" if effect is Effect.BLOCK else ", 1 waiting"
    blocks = " (blocks)" if effect is Effect.BLOCK else ""
    assert f"Mon 3 Aug 2026: Enough of us; then 2 of 3 there, 1 away{waits}{blocks}" in text
    assert ("/decision/" in text) is in_mail
    assert ("cannot be approved from this letter" in text) is not in_mail
    assert f"/absences/{handed}" in text
