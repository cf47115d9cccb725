"""The line manager as directories write it: the enterprise extension's `manager`, in every form they send it in."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from portal.models import LineManagement
from portal.services import line_managers
from tests.factories.provisioning import ENTERPRISE, USER, somebody


@pytest.fixture
def spans(as_, cast):
    """Who leads a person, dated: [(manager, start, end)]."""

    def read(employee_id):
        with as_(cast.ana) as uow:
            query = select(LineManagement).where(LineManagement.employee_id == employee_id)
            rows = uow.session.scalars(query.order_by(LineManagement.start_date))
            return [(row.manager_id, row.start_date, row.end_date) for row in rows]

    return read


@pytest.fixture
def today(as_, cast):
    with as_(cast.ana) as uow:
        return uow.today()


def manager_in(body) -> dict | None:
    return body.get(ENTERPRISE, {}).get("manager")


def test_it_is_read_with_its_name_and_address(entra, cast):
    eve = entra.get(f"Users/{cast.eve.employee_id}")
    assert manager_in(eve) == {
        "value": str(cast.mats.employee_id),
        "$ref": f"http://localhost/c/acme/scim/v2/Users/{cast.mats.employee_id}",
        "displayName": cast.mats.name,
    }
    listed = entra.get("Users", query_string={"filter": f'id eq "{cast.eve.employee_id}"'})
    assert manager_in(listed["Resources"][0]) == manager_in(eve)


def test_a_new_person_is_led_from_today(entra, cast, spans, today):
    made = entra.create(
        "Users", **somebody(), **{ENTERPRISE: {"manager": {"value": str(cast.mats.employee_id)}}}
    )
    assert manager_in(made)["value"] == str(cast.mats.employee_id)
    assert spans(made["id"]) == [(cast.mats.employee_id, today, None)]


def forms(other: str) -> dict[str, list[dict]]:
    whole = f"{ENTERPRISE}:manager"
    return {
        "Entra: a plain text": [{"op": "Add", "path": whole, "value": other}],
        "Entra: an object": [{"op": "Replace", "path": whole, "value": {"value": other}}],
        "Entra: a list of one": [{"op": "Add", "path": whole, "value": [{"$ref": "x", "value": other}]}],
        "with its reference": [{"op": "add", "path": whole, "value": {"value": other, "$ref": "x"}}],
        "the value's own path": [{"op": "replace", "path": f"{whole}.value", "value": other}],
        "without the extension's name": [{"op": "replace", "path": "manager", "value": other}],
        "no path, one flat name": [{"op": "Add", "value": {whole: other, "title": "Sister"}}],
        "no path, the extension": [{"op": "add", "value": {ENTERPRISE: {"manager": {"value": other}}}}],
        "the extension as the path": [
            {"op": "add", "path": ENTERPRISE, "value": {"manager": {"value": other}}}
        ],
        "the last one counts": [
            {"op": "add", "path": whole, "value": str(uuid4())},
            {"op": "replace", "path": whole, "value": other},
        ],
        "with its name, which follows from it": [
            {"op": "replace", "path": f"{whole}.displayName", "value": "Somebody"},
            {"op": "replace", "path": whole, "value": other},
        ],
    }


@pytest.mark.parametrize("form", forms("").keys())
def test_every_form_of_a_patch_changes_it_from_today_and_keeps_what_was(entra, cast, spans, today, form):
    eve, otto = cast.eve.employee_id, cast.otto.employee_id
    before = spans(eve)
    answer = entra.patch(f"Users/{eve}", *forms(str(otto))[form])
    assert answer.status_code == 200, answer.text
    assert manager_in(answer.get_json(force=True))["value"] == str(otto)
    (led_by, since, _), now = spans(eve)
    assert (led_by, since) == before[0][:2]
    assert now == (otto, today, None)
    assert spans(eve)[0][2] == today - timedelta(days=1)


@pytest.mark.parametrize(
    "operation",
    [
        {"op": "Remove", "path": f"{ENTERPRISE}:manager"},
        {"op": "Remove", "path": f"{ENTERPRISE}:manager", "value": "whoever it was"},
        {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": None},
        {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": {"value": ""}},
        {"op": "Add", "path": f"{ENTERPRISE}:manager", "value": ""},
        {"op": "Replace", "path": f"{ENTERPRISE}:manager", "value": []},
        {"op": "remove", "path": ENTERPRISE},
    ],
)
def test_taken_away_the_person_is_led_by_nobody_from_today(entra, cast, spans, today, operation):
    eve = cast.eve.employee_id
    answer = entra.patch(f"Users/{eve}", operation)
    assert answer.status_code == 200, answer.text
    assert manager_in(answer.get_json(force=True)) is None
    assert spans(eve)[-1][2] == today - timedelta(days=1)


@pytest.mark.parametrize(
    "said",
    [{}, {ENTERPRISE: {"employeeNumber": "77"}}, {ENTERPRISE: {"manager": {"displayName": "Somebody else"}}}],
    ids=["nothing", "another attribute", "its name alone"],
)
def test_a_directory_that_does_not_say_it_leaves_it_to_hr(entra, cast, spans, said):
    eve = cast.eve.employee_id
    before = spans(eve)
    answer = entra.ask("PUT", f"Users/{eve}", {"schemas": [USER], **somebody(cast.eve.email), **said})
    assert answer.status_code == 200, answer.text
    assert (
        entra.patch(f"Users/{eve}", {"op": "replace", "path": "title", "value": "Sister"}).status_code == 200
    )
    assert spans(eve) == before


def test_a_whole_person_can_say_it(entra, cast, spans):
    eve, body = cast.eve.employee_id, {"schemas": [USER], **somebody(cast.eve.email)}
    entra.ask("PUT", f"Users/{eve}", {**body, ENTERPRISE: {"manager": str(cast.otto.employee_id)}})
    assert spans(eve)[-1][0] == cast.otto.employee_id
    entra.ask("PUT", f"Users/{eve}", {**body, ENTERPRISE: {"manager": None}})
    assert spans(eve)[-1][2] is not None


def test_a_circle_is_refused_and_nothing_of_the_request_is_kept(entra, cast, spans):
    """Mats leads Eve; the other way round too is a circle, and so is leading oneself."""
    for who, by in ((cast.mats, cast.eve), (cast.otto, cast.otto)):
        before = spans(who.employee_id)
        answer = entra.patch(
            f"Users/{who.employee_id}",
            {"op": "replace", "path": "title", "value": "Boss"},
            {"op": "add", "path": f"{ENTERPRISE}:manager", "value": str(by.employee_id)},
        )
        body = answer.get_json(force=True)
        assert (answer.status_code, body["scimType"]) == (400, "invalidValue")
        assert body["detail"].startswith("manager: ")
        assert "their own manager" in body["detail"]
        assert spans(who.employee_id) == before
        assert entra.get(f"Users/{who.employee_id}").get("title") != "Boss"


def test_a_circle_that_closes_on_a_later_day_is_refused_too(entra, as_, cast, today):
    """HR has planned for next month that Otto leads Mats: Eve, whom Mats leads, cannot lead Otto from today on."""
    with as_(cast.ana) as uow:
        line_managers.change_from(
            uow, cast.mats.employee_id, cast.otto.employee_id, today + timedelta(days=30)
        )
    path = f"{ENTERPRISE}:manager"
    operation = {"op": "add", "path": path, "value": str(cast.eve.employee_id)}
    answer = entra.patch(f"Users/{cast.otto.employee_id}", operation)
    assert (answer.status_code, answer.get_json(force=True)["scimType"]) == (400, "invalidValue")


@pytest.mark.parametrize("value", ["Mats", 5, {"value": ["x"]}, [{"value": "a"}, {"value": "b"}], True])
def test_what_is_no_id_is_refused_by_name(entra, cast, value):
    operation = {"op": "add", "path": f"{ENTERPRISE}:manager", "value": value}
    answer = entra.patch(f"Users/{cast.eve.employee_id}", operation)
    body = answer.get_json(force=True)
    assert (answer.status_code, body["scimType"]) == (400, "invalidValue")
    assert "manager" in body["detail"]


def test_nobody_of_another_company_leads_here(entra, cast, spans):
    """T100: a person of Beta is answered like an id that nobody has."""
    before, told = spans(cast.eve.employee_id), []
    for stranger in (cast.bea.employee_id, uuid4()):
        operation = {"op": "add", "path": f"{ENTERPRISE}:manager", "value": str(stranger)}
        answer = entra.patch(f"Users/{cast.eve.employee_id}", operation)
        assert answer.status_code == 400
        told.append(answer.get_json(force=True)["detail"].replace(str(stranger), "X"))
    assert told == ["manager: No user of the company has the id X."] * 2
    assert spans(cast.eve.employee_id) == before


def test_a_manager_whom_the_directory_deleted_is_not_shown_and_stays(entra, cast, spans):
    before = spans(cast.eve.employee_id)
    assert entra.ask("DELETE", f"Users/{cast.mats.employee_id}").status_code == 204
    assert manager_in(entra.get(f"Users/{cast.eve.employee_id}")) is None
    entra.patch(f"Users/{cast.eve.employee_id}", {"op": "replace", "path": "title", "value": "Sister"})
    assert spans(cast.eve.employee_id) == before


def test_a_leaver_is_led_by_nobody_whatever_is_said(entra, cast, spans, today):
    eve = cast.eve.employee_id
    entra.patch(
        f"Users/{eve}",
        {"op": "replace", "path": "active", "value": False},
        {"op": "replace", "path": f"{ENTERPRISE}:manager", "value": str(cast.otto.employee_id)},
    )
    assert spans(eve)[-1] == (cast.mats.employee_id, spans(eve)[0][1], today)


def test_entra_asks_whether_it_is_still_the_same(entra, cast):
    for manager, found in ((cast.mats, 1), (cast.otto, 0)):
        asked = f'id eq "{cast.eve.employee_id}" and manager eq "{manager.employee_id}"'
        assert entra.get("Users", query_string={"filter": asked, "attributes": "id"})["totalResults"] == found
    asked = f'{ENTERPRISE}:manager.value eq "{cast.mats.employee_id}"'
    reports = entra.get("Users", query_string={"filter": asked})["Resources"]
    assert str(cast.eve.employee_id) in {one["id"] for one in reports}
