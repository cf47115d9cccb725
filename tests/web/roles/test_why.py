"""Why can this person do this? The roles and reaches that allow it or do not, in words."""

from __future__ import annotations

import pytest

from tests.factories.people import make_employee


@pytest.fixture
def ask(client, cast):
    client.sign_in(cast.ana)

    def page(member, permission: str, colleague: str = "") -> str:
        answer = client.get(
            client.url(f"people/{member.employee_id}/rights", permission=permission, colleague=colleague)
        )
        assert answer.status_code == 200
        return answer.text

    return page


def test_the_page_lists_everything_the_roles_allow(client, cast):
    client.sign_in(cast.ana)
    assert f"/people/{cast.mats.employee_id}/rights" in client.page(f"people/{cast.mats.employee_id}")
    page = client.page(f"people/{cast.mats.employee_id}/rights")
    assert "Decide on requests for time off" in page and "Their teams" in page and "Manager" in page
    assert "Change people" not in page.partition("Everything the roles allow")[2]


def test_yes_names_the_role_the_reach_and_why_the_colleague_lies_within(ask, cast):
    page = ask(cast.mats, "absence:approve", cast.eve.email)
    assert f"Yes, {cast.mats.name} may do this for {cast.eve.name}." in page
    assert f"The role Manager allows it: Their teams. {cast.eve.name} lies within." in page
    assert f"{cast.mats.name} is the line manager of {cast.eve.name}." in page
    assert "Both are in this team: Care" in page


def test_no_names_how_far_it_would_have_to_reach_and_which_roles_would_do(ask, cast):
    page = ask(cast.mats, "absence:approve", cast.otto.email)
    assert f"No, {cast.mats.name} may not do this for {cast.otto.name}." in page
    assert "but not that far: Their teams" in page and "it would take: Whole company" in page
    assert "they share no team and no site" in page
    assert "Roles that allow it:" in page and ">HR</a>" in page


def test_no_role_at_all_is_said(ask, cast):
    page = ask(cast.eve, "audit:view")
    assert f"No, {cast.eve.name} may not do this." in page
    assert f"No role of {cast.eve.name} allows it." in page
    assert ">Admin</a>" in page


def test_nobody_decides_on_their_own_whatever_their_role(ask, cast):
    page = ask(cast.ana, "absence:approve", cast.ana.email)
    assert f"No, {cast.ana.name} may not do this" in page
    assert "Nobody has this right over themselves" in page


@pytest.mark.parametrize(
    ("who", "permission", "whom", "allowed"),
    [
        ("pia", "roster:edit", "eve", True),
        ("pia", "roster:edit", "ana", True),
        ("pia", "roster:edit", "otto", False),
        ("mats", "roster:print", "pia", True),
        ("mats", "absence:view-reason", "ana", False),
        ("eve", "employee:view", "eve", True),
        ("eve", "employee:view", "mats", False),
        ("ana", "employee:view", "otto", True),
    ],
)
def test_the_answer_is_that_of_the_pages(ask, cast, who, permission, whom, allowed):
    """T87: asked of services/access.py, on behalf of the person."""
    page = ask(cast.people[who], permission, cast.people[whom].email)
    assert ("answer-yes" in page) is allowed
    assert ("answer-no" in page) is not allowed


def test_who_left_may_do_nothing(client, cast, ask):
    client.send(f"people/{cast.mats.employee_id}/deactivation")
    page = ask(cast.mats, "absence:approve")
    assert "has left and cannot sign in" in page and "answer-no" in page


@pytest.mark.parametrize("email", ["nobody@acme.example", "zoe@beta.example"])
def test_an_unknown_colleague_is_said_at_the_field(ask, cast, email):
    """T99: Beta's Zoe is as unknown as nobody."""
    page = ask(cast.mats, "absence:approve", email)
    assert "Nobody who works here has this e-mail address" in page
    assert "answer-yes" not in page and "answer-no" not in page


def test_a_person_of_another_company_is_not_found(client, cast):
    client.sign_in(cast.ana)
    assert client.get(client.url(f"people/{cast.zoe.employee_id}/rights")).status_code == 404


def test_the_cost_does_not_grow_with_the_company(client, cast, as_, ask, statements):
    def cost() -> int:
        ask(cast.mats, "absence:approve", cast.otto.email)
        statements.clear()
        ask(cast.mats, "absence:approve", cast.otto.email)
        return len(statements)

    before = cost()
    assert before <= 8
    with as_(cast.ana) as uow:
        for number in range(40):
            make_employee(uow, f"p{number}@acme.example", "Pat", f"Number {number:02}")
    assert cost() == before
