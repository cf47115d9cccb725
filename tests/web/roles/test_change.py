"""Making, changing and deleting roles of the company's own: within one's own rights, on record, at the next click."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from portal.domain.permissions import Permission, Reach
from portal.domain.refusals import Reason, Refusal
from portal.services import role_changes

DESK = {"name": "Front desk", "directory_view": "company", "calendar_view": "site"}


@pytest.fixture
def ana(client, cast):
    return client.sign_in(cast.ana)


def last_event(as_, cast, action: str):
    with as_(cast.ana) as uow:
        payload = uow.session.scalar(
            text("SELECT payload FROM audit.event WHERE action = :action ORDER BY seq DESC LIMIT 1"),
            {"action": action},
        )
    return json.loads(payload) if payload else None


def test_a_role_is_made_from_permissions_with_a_reach_and_is_on_record(ana, cast, as_, own_roles):
    answer = ana.send("roles", DESK)
    assert answer.status_code == 303
    role_id = own_roles.id_of("own-front-desk")
    assert answer.headers["Location"].endswith(f"/roles/{role_id}")
    assert own_roles.contents(role_id) == {"directory:view": "company", "calendar:view": "site"}
    event = last_event(as_, cast, "role.created")
    assert event["facts"]["allowed"] == "calendar:view=site, directory:view=company"
    page = ana.page(f"roles/{role_id}")
    assert "Front desk" in page and "own-front-desk" in page and "Their site" in page
    assert "Nobody holds it yet" in page


def test_a_copy_starts_with_what_the_role_allows(ana, own_roles):
    page = ana.page(f"roles/new?source={own_roles.id_of('manager')}")
    assert "Manager (copy)" in page
    assert '<option selected value="team">' in page


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Please fill this in"),
        ({"name": "x" * 61}, "60"),
        ({"name": "MANAGER"}, "built-in role"),
        ({"name": "plánovač"}, "built-in role"),
        ({"directory_view": "", "calendar_view": ""}, "allows nothing"),
        ({"directory_view": "team"}, "cannot reach that far"),
        ({"calendar_view": "planet"}, "Choose one of the list"),
        ({"roster_edit": "company"}, "Allow “See published rosters” as well"),
    ],
)
def test_what_makes_no_sense_is_422_at_its_field_and_makes_nothing(ana, own_roles, wrong, said):
    before = own_roles.names()
    answer = ana.send("roles", {**DESK, **wrong})
    assert answer.status_code == 422
    assert said in answer.text
    assert own_roles.names() == before


def test_names_are_told_apart_without_case(ana, own_roles):
    assert ana.send("roles", DESK).status_code == 303
    answer = ana.send("roles", {**DESK, "name": "FRONT DESK"})
    assert answer.status_code == 422 and "Another role has this name" in answer.text
    role_id = own_roles.id_of("own-front-desk")
    assert ana.send(f"roles/{role_id}", {**DESK, "name": "front DESK", "version": 1}).status_code == 303
    assert "front DESK" in own_roles.names()


def test_a_company_has_so_many_roles_and_no_more(ana, own_roles):
    for number in range(50):
        own_roles.make(f"Role {number}", directory_view="company")
    answer = ana.send("roles", DESK)
    assert answer.status_code == 422 and "50 roles" in answer.text


def test_a_change_counts_from_the_holders_next_click(client, app, cast, as_, own_roles):
    """T97, and on record with what came and what went."""
    role_id = own_roles.make("Front desk", directory_view="company", audit_view="company")
    own_roles.give(cast.eve, role_id)
    eve = app.test_client()
    eve.staffroom = client.staffroom
    eve.sign_in(cast.eve).page("audit")
    client.sign_in(cast.ana)
    assert client.send(f"roles/{role_id}", {**DESK, "version": 1}).status_code == 303
    assert eve.get(eve.url("audit")).status_code == 403
    facts = last_event(as_, cast, "role.changed")["facts"]
    assert facts["allowed"] == "calendar:view=site"
    assert facts["no_longer"] == "audit:view=company"


def test_a_form_that_was_open_meanwhile_overwrites_nothing(ana, own_roles):
    """T158."""
    role_id = own_roles.make("Front desk", directory_view="company")
    assert 'name="version" type="hidden" value="1"' in ana.page(f"roles/{role_id}/edit")
    assert ana.send(f"roles/{role_id}", {**DESK, "version": 1}).status_code == 303
    late = ana.send(f"roles/{role_id}", {"name": "Late", "directory_view": "company", "version": 1})
    assert late.status_code == 409
    assert own_roles.contents(role_id)["calendar:view"] == "site"
    assert ana.send(f"roles/{role_id}/deletion", {"version": 1, "move_to": ""}).status_code == 409
    assert "Front desk" in own_roles.names()


@pytest.mark.parametrize("key", ["employee", "manager", "planner", "hr", "admin"])
def test_built_in_roles_are_neither_changed_nor_deleted(ana, own_roles, key):
    """T91: so whoever holds admin and HR keeps what they carry."""
    role_id, before = own_roles.id_of(key), own_roles.contents(own_roles.id_of(key))
    assert ana.get(ana.url(f"roles/{role_id}/edit")).status_code == 403
    answer = ana.send(f"roles/{role_id}", {**DESK, "version": 1})
    assert answer.status_code == 403 and "Copy the role" in answer.text
    assert ana.send(f"roles/{role_id}/deletion", {"version": 1, "move_to": ""}).status_code == 403
    assert own_roles.contents(role_id) == before


def test_nobody_makes_or_changes_a_role_beyond_what_they_hold(client, cast, as_, own_roles):
    """T90: Mats is admin without HR: not made, not widened, not narrowed, not by way of a role he holds."""
    own_roles.give(cast.mats, own_roles.id_of("admin"))
    client.sign_in(cast.mats)
    assert client.send("roles", {"name": "Auditor", "audit_view": "company"}).status_code == 303
    auditor = own_roles.id_of("own-auditor")
    own_roles.give(cast.mats, auditor)
    beyond = {"name": "Auditor", "audit_view": "company", "absence_view_reason": "company"}
    assert client.send("roles", {**beyond, "name": "Beyond"}).status_code == 403
    assert "Beyond" not in own_roles.names()
    assert last_event(as_, cast, "access.denied")["facts"]["reason"] == "grant-above-own"
    assert client.send(f"roles/{auditor}", {**beyond, "version": 1}).status_code == 403
    assert own_roles.contents(auditor) == {"audit:view": "company"}
    wider = own_roles.make("Records", employee_edit="company", directory_view="company")
    for path, data in (
        (f"roles/{wider}", {"name": "Records", "directory_view": "company", "version": 1}),
        (f"roles/{wider}/deletion", {"version": 1, "move_to": ""}),
    ):
        assert client.send(path, data).status_code == 403
    assert client.get(client.url(f"roles/{wider}/edit")).status_code == 403
    assert "may do more than you may" in client.page(f"roles/{wider}")
    assert own_roles.contents(wider)["employee:edit"] == "company"


def test_the_form_offers_only_what_one_holds(client, cast, own_roles):
    own_roles.give(cast.mats, own_roles.id_of("admin"))
    page = client.sign_in(cast.mats).page(f"roles/new?source={own_roles.id_of('hr')}")
    assert 'id="audit_view"' in page and 'id="employee_edit"' not in page
    assert "You do not hold this" in page
    assert "permissions of the role were left out" in page


def test_what_was_taken_from_the_changer_meanwhile_counts(cast, as_, own_roles):
    """T90: rights are read again under the lock, not believed from the start of the request."""
    audit = {Permission.AUDIT_VIEW: Reach.COMPANY}
    with as_(replace(cast.mats, roles=("employee", "admin"))) as uow, pytest.raises(Refusal) as caught:
        role_changes.create(uow, "Auditor", audit)
    assert caught.value.reason is Reason.GRANT_ABOVE_OWN
    own_roles.give(cast.mats, own_roles.id_of("admin"))
    with as_(replace(cast.mats, roles=("employee", "admin"))) as uow:
        assert role_changes.create(uow, "Auditor", audit)


def test_fields_that_are_not_asked_for_are_ignored(ana, cast, own_roles):
    """T89."""
    ana.send(
        "roles", {**DESK, "key": "admin", "company_id": str(cast.beta.id), "id": str(cast.ana.employee_id)}
    )
    assert own_roles.id_of("own-front-desk") != cast.ana.employee_id


def test_an_unused_role_is_deleted_and_stays_in_the_log(ana, cast, as_, own_roles):
    role_id = own_roles.make("Front desk", directory_view="company")
    assert "Nobody holds this role" in ana.page(f"roles/{role_id}/deletion")
    assert ana.send(f"roles/{role_id}/deletion", {"version": 1, "move_to": ""}).status_code == 303
    assert "Front desk" not in own_roles.names()
    assert last_event(as_, cast, "role.deleted")["facts"]["allowed"] == "directory:view=company"
    assert ana.get(ana.url(f"roles/{role_id}")).status_code == 404


def test_a_role_that_people_hold_goes_only_when_they_get_another(ana, cast, as_, own_roles):
    role_id = own_roles.make("Front desk", directory_view="company")
    for member in (cast.eve, cast.mats):
        own_roles.give(member, role_id)
    deletion = f"roles/{role_id}/deletion"
    assert "2 people hold this role" in ana.page(deletion)
    refused = ana.send(deletion, {"version": 1, "move_to": ""})
    assert refused.status_code == 422 and "People hold this role" in refused.text
    assert "own-front-desk" in own_roles.held_by(cast.eve)
    manager = own_roles.id_of("manager")
    assert ana.send(deletion, {"version": 1, "move_to": str(manager)}).status_code == 303
    assert own_roles.held_by(cast.eve) == {"employee", "manager"}
    assert own_roles.held_by(cast.mats) == {"employee", "manager"}
    assert last_event(as_, cast, "role.granted")["facts"]["person"] == cast.eve.email


def test_holders_are_not_moved_above_the_one_who_moves_them(client, cast, own_roles):
    """T90: an admin without HR cannot make HR of the holders of a small role."""
    own_roles.give(cast.mats, own_roles.id_of("admin"))
    role_id = own_roles.make("Front desk", directory_view="company")
    own_roles.give(cast.eve, role_id)
    client.sign_in(cast.mats)
    answer = client.send(f"roles/{role_id}/deletion", {"version": 1, "move_to": str(own_roles.id_of("hr"))})
    assert answer.status_code == 422
    assert own_roles.held_by(cast.eve) == {"employee", "own-front-desk"}
    to_all = {"version": 1, "move_to": str(own_roles.id_of("employee"))}
    assert client.send(f"roles/{role_id}/deletion", to_all).status_code == 303
    assert own_roles.held_by(cast.eve) == {"employee"}


@pytest.mark.parametrize("who", ["mats", "eve", "pia"])
def test_others_make_change_and_delete_nothing(client, cast, own_roles, who):
    role_id = own_roles.make("Front desk", directory_view="company")
    client.sign_in(cast.people[who])
    for path in ("roles", f"roles/{role_id}", f"roles/{role_id}/deletion"):
        assert client.send(path, {**DESK, "version": 1, "move_to": ""}).status_code == 403
    assert own_roles.contents(role_id) == {"directory:view": "company"}


def test_roles_of_another_company_are_neither_changed_nor_a_target(ana, cast, own_roles):
    """T99, T100."""
    strange = own_roles.id_of("manager", cast.zoe)
    assert ana.send(f"roles/{strange}", {**DESK, "version": 1}).status_code == 404
    role_id = own_roles.make("Front desk", directory_view="company")
    own_roles.give(cast.eve, role_id)
    answer = ana.send(f"roles/{role_id}/deletion", {"version": 1, "move_to": str(strange)})
    assert answer.status_code == 422
    assert "own-front-desk" in own_roles.held_by(cast.eve)


def test_names_are_inert_wherever_they_are_shown(ana, cast, own_roles):
    """T122."""
    ana.send("roles", {**DESK, "name": "<img src=x onerror=alert(1)>{{7*7}}"})
    for path in ("roles", f"people/{cast.eve.employee_id}", "audit"):
        page = ana.page(path)
        assert "<img src=x" not in page and "{{7*7}}" in page


def test_few_statements(ana, own_roles, statements):
    role_id = own_roles.make("Front desk", directory_view="company")
    for path in ("roles/new", f"roles/{role_id}/edit", f"roles/{role_id}/deletion"):
        ana.page(path)
        statements.clear()
        ana.page(path)
        assert len(statements) <= 8, path
