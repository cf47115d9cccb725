"""A member of the staff inside a company: what is open, what never is, and what the company reads afterwards."""

from __future__ import annotations

import itertools
import re
from datetime import timedelta

import psycopg
import pytest

from portal.database_url import libpq
from portal.domain.support import Area, SealedField
from portal.models import Employee
from portal.services import audit_log, operator_staff, outbox, sealing, support_access
from tests.fixtures.cast import SENTINEL
from tests.fixtures.page_checks import without_tokens
from tests.web.test_companies_apart import addresses, ids_of_acme

NAMES = itertools.count(1)


@pytest.fixture
def sam(house):
    return house.staff(f"Sam{next(NAMES)}")


def events(house, member, action=None):
    with house.as_(member) as uow:
        found = audit_log.list_events(uow).events
    return [one for one in found if action is None or one.action == action]


def test_without_permission_there_is_no_company_and_the_try_is_on_record(house, sam):
    """T113: 404 as for a company that does not exist, an alarm in the company's log, and in the operator's."""
    for path in ("people", "", "audit", "settings"):
        assert sam.get(f"/c/acme/{path}").status_code == 404
    assert sam.get("/c/nobody/people").status_code == 404
    told = events(house, house.cast.ana, "support.alarm")
    assert len(told) == 4
    assert told[0].email == f"sam{told[0].name.split()[0][3:]}@operator.example"
    with house.operator() as working:
        assert "tried without permission" in {one.action for one in operator_staff.list_events(working, 20)}


def test_who_asks_without_permission_fills_no_log(house, sam):
    """T113: thirty of an hour stand in the company's log."""
    for _ in range(33):
        sam.get("/c/beta/people")
    assert len(events(house, house.cast.zoe, "support.alarm")) == 30


def test_a_visit_from_asking_to_the_log(house, sam):
    """P11: open what was asked for, with a banner, everything on record under the real name."""
    eve = house.cast.eve.employee_id
    grant_id = house.inside(sam, house.cast.ana, Area.PEOPLE)
    page = sam.get("/c/acme/people")
    assert page.status_code == 200
    assert SENTINEL in page.text
    assert "as support" in page.text
    assert sam.get(f"/c/acme/people/{eve}").status_code == 200
    looked = events(house, house.cast.ana, "support.looked")
    assert [one.facts["path"] for one in looked[:2]] == [f"people/{eve}", "people"]
    assert looked[0].facts["support"] == str(grant_id)
    assert looked[0].facts["employee"] == str(eve)
    assert looked[0].name.startswith("Sam")
    assert looked[0].email.endswith("@operator.example")
    assert looked[0].ip == sam.ip
    with house.as_(house.cast.ana) as uow:
        letters = [one for one in outbox.list_latest(uow) if "has come into" in one.subject]
    assert looked[0].name in letters[0].text
    assert sam.post("/operator/leave").status_code == 303
    assert sam.get("/c/acme/people").status_code == 404
    assert events(house, house.cast.ana, "support.left")


@pytest.mark.parametrize("htmx", [False, True])
def test_the_next_click_after_the_end_opens_nothing(house, sam, htmx):
    """T116: ended by the company, and by time; pages, parts of pages and changes."""
    headers = {"HX-Request": "true"} if htmx else {}
    grant_id = house.inside(sam, house.cast.ana, Area.PEOPLE)
    assert sam.get("/c/acme/people", headers=headers).status_code == 200
    with house.as_(house.cast.ana) as uow:
        support_access.end(uow, grant_id)
    answer = sam.get("/c/acme/people", headers=headers)
    assert answer.status_code == 403
    assert "Malá" not in answer.text
    grant_id = house.inside(sam, house.cast.ana, Area.PEOPLE)
    with psycopg.connect(libpq(house.admin_url)) as admin:
        admin.execute(
            "UPDATE support_grant SET granted_at = now() - interval '5 hours', until = now() - interval '1 hour'"
            " WHERE id = %s",
            (grant_id,),
        )
    answer = sam.get("/c/acme/people", headers=headers)
    assert answer.status_code == 403
    assert "Malá" not in answer.text
    assert sam.post("/c/acme/settings", {"name": "x"}).status_code == 403


def test_only_what_was_opened_opens(house, sam):
    """T115: the directory was opened; settings, rosters, calendar and balances were not."""
    eve = house.cast.eve.employee_id
    house.inside(sam, house.cast.ana, Area.PEOPLE)
    for path in ("settings", "rosters", "documents/manage", "calendar", f"people/{eve}/ledger"):
        answer = sam.get(f"/c/acme/{path}")
        assert answer.status_code in {403, 404}, path
        assert "Malá" not in answer.text, path
    turned = events(house, house.cast.ana, "support.turned-away")
    assert "settings" in {one.facts["path"] for one in turned}


def test_another_company_stays_closed_meanwhile(house, sam):
    house.inside(sam, house.cast.ana, Area.PEOPLE)
    assert sam.get("/c/beta/people").status_code == 404


def test_a_change_under_permission_to_look_is_refused(house, sam):
    """T117."""
    house.inside(sam, house.cast.ana, Area.SETTINGS)
    assert sam.get("/c/acme/settings").status_code == 200
    wanted = {"name": "Hacked", "language": "en", "time_zone": "Europe/Prague", "country": "CZ"}
    assert sam.post("/c/acme/settings", wanted).status_code == 403
    assert not events(house, house.cast.ana, "company.changed")
    assert events(house, house.cast.ana, "support.turned-away")[0].facts["reason"] == "support-only-looks"


def test_a_change_that_is_open_is_made_under_the_real_name(house, sam):
    grant_id = house.inside(sam, house.cast.zoe, Area.SETTINGS, writes=True)
    wanted = {
        "name": "Beta Limited",
        "language": "en",
        "time_zone": "Europe/Prague",
        "country": "CZ",
        "subdivision": "",
    }
    answer = sam.post("/c/beta/settings", wanted)
    assert answer.status_code == 303, re.findall(r"field-error[^<]*<[^<]*", answer.text)
    changed = events(house, house.cast.zoe, "company.changed")
    assert changed[0].email.endswith("@operator.example")
    assert changed[0].facts["support"] == str(grant_id)
    with house.as_(house.cast.zoe) as uow:
        assert uow.company.name in {"Beta", "Beta Limited"}
        assert audit_log.verify(uow).intact


def walk(house, ids):
    """Every page of a company, with Acme's own ids in the places."""
    return {method: addresses(house.app, method, ids, "acme") for method in ("GET", "POST")}


@pytest.fixture(scope="module")
def ids(house):
    with house.as_(house.cast.ana) as uow:
        return ids_of_acme(uow, house.cast)


DIRECTORY = {
    "people.chart",
    "people.chart_below",
    "people.chart_print",
    "people.chart_team",
    "people.index",
    "people.show",
}
#: Every page that opens, by area; a new page of an area is looked at before it is added here.
OPENS = {
    Area.PEOPLE: DIRECTORY,
    Area.ABSENCES: DIRECTORY | {"absences.agreed", "absences.ledger", "absences.show", "calendar.index"},
    Area.ROSTERS: {"rosters.index", "rosters.show"},
    Area.DOCUMENTS: {"documents.details", "documents.manage", "documents.new", "documents.progress"},
    Area.SETTINGS: {"settings.edit"},
}


@pytest.mark.parametrize("area", Area)
def test_every_page_that_an_area_opens(house, sam, ids, area):
    """T115, T120: exactly the listed ones; nothing breaks, no file leaves, and no page lacks the banner."""
    house.inside(sam, house.cast.ana, area)
    opened = set()
    for rule, address in walk(house, ids)["GET"]:
        answer = sam.get(address)
        assert answer.status_code in {200, 303, 403, 404}, f"{rule.endpoint}: {answer.status_code}"
        if answer.status_code == 200:
            opened.add(rule.endpoint)
            assert answer.mimetype == "text/html", rule.endpoint
            assert "support-banner" in answer.text, rule.endpoint
    assert opened == OPENS[area]


#: Every change that goes on under the widest permission there is, of those that an empty form reaches.
CHANGES = {
    "absences.adjust",
    "absences.grant",
    "rosters.change_template",
    "rosters.create_template",
    "settings.update",
}


def test_what_no_permission_ever_opens(house, sam, ids):
    """T114, T115, T119, T120: the widest one opens a short list of changes, and every other answers 403 or 404."""
    house.inside(sam, house.cast.ana, *Area, sealed=tuple(SealedField), writes=True)
    went_on = set()
    for rule, address in walk(house, ids)["POST"]:
        answer = sam.post(address)
        assert answer.status_code < 500, f"{rule.endpoint}: {answer.status_code}"
        if answer.status_code not in {403, 404}:
            went_on.add(rule.endpoint)
    assert went_on == CHANGES | {"people.show_phone"}, "to show a number that was named is no change"
    for path in (
        "audit",
        "roles",
        "support",
        "sessions",
        "settings/sign-in",
        "settings/second-factor",
        "profile",
    ):
        assert sam.get(f"/c/acme/{path}").status_code in {403, 404}, path


def test_protected_values_open_by_name_alone(house, sam):
    """T115: Eve's number, with and without being named."""
    eve = house.cast.eve.employee_id
    with house.as_(house.cast.ana) as uow:
        row = uow.session.get(Employee, (uow.company.id, eve))
        row.phone_sealed = sealing.seal(uow, "+420601234567", row=Employee, column="phone_sealed", row_id=eve)
    house.inside(sam, house.cast.ana, Area.PEOPLE)
    answer = sam.post(f"/c/acme/people/{eve}/phone")
    assert answer.status_code in {403, 404, 405}
    house.inside(sam, house.cast.ana, Area.PEOPLE, sealed=(SealedField.PHONE,))
    assert "601" not in without_tokens(sam.get(f"/c/acme/people/{eve}").text)
    shown = sam.post(f"/c/acme/people/{eve}/phone-views")
    assert (shown.status_code, "234 567" in shown.text) == (200, True), "to look is to open what was named"
    assert events(house, house.cast.ana, "support.looked")[0].facts["path"] == f"people/{eve}/phone-views"
    assert events(house, house.cast.ana, "employee.viewed-sealed")
    house.inside(sam, house.cast.ana, Area.PEOPLE)
    assert "234 567" not in sam.post(f"/c/acme/people/{eve}/phone-views").text


def test_leaving_is_for_good_and_a_second_member_has_to_come_in_too(house, sam):
    """A permission is the company's to everybody of the staff, but each of them comes in by name."""
    kim = house.staff(f"Kim{next(NAMES)}")
    house.inside(sam, house.cast.ana, Area.PEOPLE)
    assert kim.get("/c/acme/people").status_code == 404
    assert "Acme" in kim.get("/operator/").text


def test_a_permission_that_ended_a_second_ago_opens_nothing(house, sam):
    """T116: by the portal's own clock, in a session of the staff that is alive; three minutes before it is open."""
    house.inside(sam, house.cast.ana, Area.PEOPLE, hours=1)
    passed = timedelta(0)
    try:
        for step, status in (
            (timedelta(minutes=19), 200),
            (timedelta(minutes=19), 200),
            (timedelta(minutes=19), 200),
            (timedelta(minutes=3, seconds=1), 403),
        ):
            passed, house.clock.ahead = passed + step, house.clock.ahead + step
            answer = sam.get("/c/acme/people")
            assert answer.status_code == status, passed
        assert "permission has ended" in answer.text
        assert sam.get("/operator/").status_code == 200
    finally:
        house.clock.ahead -= passed
