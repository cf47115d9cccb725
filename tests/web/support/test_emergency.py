"""Two of the staff open a company that nobody asked them into: both on record, the company told, an hour to look."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest

from portal.domain.support import GrantState
from portal.services import audit_log, operator_staff, outbox, support_access, support_lists

NAMES = itertools.count(1)
WHY = "The portal shows wrong shifts to everybody, and nobody answers"


@pytest.fixture
def two(house):
    number = next(NAMES)
    return house.staff(f"Sam{number}"), house.staff(f"Kim{number}")


def ask(browser, company="beta", **changed):
    data = {"company": company, "areas": ["people"], "reason": WHY, **changed}
    return browser.post("/operator/emergencies", data)


def events(house, action):
    with house.as_(house.cast.zoe) as uow:
        return [one for one in audit_log.list_events(uow).events if one.action == action]


def latest(house):
    with house.as_(house.cast.zoe) as uow:
        return support_lists.list_grants(uow)[0]


def test_one_asks_another_opens_and_the_company_hears_at_once(house, two):
    """P11: names and reason in the log with the question, a mail with the opening, look only, one hour."""
    sam, kim = two
    page = ask(sam).location
    asked = events(house, "support.emergency-asked")[0]
    assert asked.name.startswith("Sam")
    assert latest(house).state is GrantState.WAITING
    assert sam.get("/c/beta/people").status_code == 404
    assert "Send a colleague" in sam.get(page).text
    assert "Confirm and open" in kim.get(page).text
    assert kim.post(f"{page}/confirmation").status_code == 303
    opened = latest(house)
    assert opened.state is GrantState.LIVE
    assert opened.until - opened.granted_at == timedelta(hours=1)
    assert not opened.writes and opened.sealed == []
    assert events(house, "support.emergency-opened")[0].name.startswith("Kim")
    with house.as_(house.cast.zoe) as uow:
        letter = outbox.list_latest(uow)[0]
    assert letter.to == house.cast.zoe.email
    for said in (WHY, asked.name, opened.granted_by):
        assert said in letter.text
    company_id, grant_id = house.cast.beta.id, opened.id
    assert sam.post(f"/operator/openings/{company_id}/{grant_id}/entry").status_code == 303
    assert sam.get("/c/beta/people").status_code == 200
    assert sam.post("/c/beta/settings", {"name": "x"}).status_code == 403
    with house.as_(house.cast.zoe) as uow:
        support_access.end(uow, grant_id)
    assert sam.get("/c/beta/people").status_code == 403


def test_nobody_opens_alone(house, two):
    """T114: the one who asked cannot confirm, from whatever browser."""
    sam, _kim = two
    page = ask(sam).location
    assert sam.post(f"{page}/confirmation").status_code == 403
    assert latest(house).state is GrantState.WAITING


def test_what_is_open_or_refused_cannot_be_opened_again(house, two):
    """T119: also when the company has said no before the second one came."""
    sam, kim = two
    page = ask(sam).location
    assert kim.post(f"{page}/confirmation").status_code == 303
    assert kim.post(f"{page}/confirmation").status_code == 409
    page = ask(sam).location
    with house.as_(house.cast.zoe) as uow:
        support_access.refuse(uow, latest(house).id)
    assert kim.post(f"{page}/confirmation").status_code == 409


def test_the_company_cannot_be_made_to_let_in_by_a_slip(house, two):
    """What the staff ask for themselves is not for the company's button."""
    sam, _kim = two
    ask(sam)
    line = latest(house)
    assert line.may_refuse and not line.may_grant


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"company": "nobody"}, "No company has this short name"),
        ({"areas": []}, "at least one area"),
        ({"reason": ""}, "fill this in"),
    ],
)
def test_a_bad_question_says_why_and_asks_nothing(house, two, changed, said):
    sam, _kim = two
    before = len(events(house, "support.emergency-asked"))
    answer = ask(sam, **changed)
    assert answer.status_code == 422
    assert said in answer.text
    assert len(events(house, "support.emergency-asked")) == before


def test_whoever_was_removed_confirms_nothing(house, two):
    sam, kim = two
    page = ask(sam).location
    with house.operator() as working:
        operator_staff.remove(working, kim.email)
    assert kim.post(f"{page}/confirmation").status_code in {303, 403, 404}
    assert latest(house).state is GrantState.WAITING
