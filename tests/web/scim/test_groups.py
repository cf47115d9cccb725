"""Groups written by a directory, and the roles that follow when an admin has mapped one."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from sqlalchemy import select, text

from portal.domain.permissions import Permission, Reach
from portal.models import Role, RoleGrant, ScimGroup, ScimRoleGrant
from portal.services import provisioned_roles, role_changes, roles, sign_in_policy
from tests.factories.companies import role_named
from tests.factories.provisioning import GROUP, PATCH


@pytest.fixture
def held(as_, cast):
    """The roles a member of the cast holds."""

    def find(member):
        with as_(cast.ana) as uow:
            query = select(Role.key).join(RoleGrant, RoleGrant.role_id == Role.id)
            return set(uow.session.scalars(query.where(RoleGrant.employee_id == member.employee_id)))

    return find


@pytest.fixture
def nurses(entra, cast):
    """A group with Eve in it."""
    return entra.create("Groups", displayName="Nurses", externalId="g1", members=[ref(cast.eve)])


def ref(member):
    return {"value": str(member.employee_id)}


def map_to(as_, member, group, key):
    with as_(member) as uow:
        role_id = role_named(uow, key).id if key else None
        provisioned_roles.map_group(uow, group_id(group), role_id)


def map_as_before_the_rule(as_, member, group, holder, key):
    """A group that had led to a role which groups do not give any more, and what it had given."""
    with as_(member) as uow:
        role_id = role_named(uow, key).id
        row = uow.session.scalars(select(ScimGroup).where(ScimGroup.id == group_id(group))).one()
        row.role_id, row.mapped_by_id = role_id, member.employee_id
        uow.session.add(ScimRoleGrant(employee_id=holder.employee_id, role_id=role_id))
        roles.grant(uow, holder.employee_id, role_id)


def group_id(group):
    return UUID(group["id"])


def members(group):
    return {one["value"] for one in group.get("members", [])}


def test_a_group_is_kept_with_its_members_and_changes_no_rights(entra, nurses, cast, held):
    assert entra.get(f"Groups/{nurses['id']}") == nurses
    assert members(nurses) == {str(cast.eve.employee_id)}
    assert nurses["members"][0]["$ref"].endswith(f"/scim/v2/Users/{cast.eve.employee_id}")
    assert held(cast.eve) == {"employee"}


@pytest.mark.parametrize(
    ("operation", "expected"),
    [
        ({"op": "Add", "path": "members", "value": ["otto"]}, {"eve", "otto"}),
        ({"op": "Remove", "path": "members", "value": ["eve"]}, set()),
        ({"op": "remove", "path": 'members[value eq "{eve}"]'}, set()),
        ({"op": "replace", "path": "members", "value": ["otto"]}, {"otto"}),
        ({"op": "remove", "path": "members"}, set()),
        ({"op": "add", "path": "members", "value": ["eve"]}, {"eve"}),
        ({"op": "remove", "path": 'members[value eq "{otto}"]'}, {"eve"}),
    ],
)
def test_members_come_and_go_as_entra_and_okta_say(entra, nurses, cast, operation, expected):
    ids = {name: str(cast.people[name].employee_id) for name in ("eve", "otto")}
    sent = {**operation, "path": operation["path"].format(**ids)}
    if "value" in sent:
        sent["value"] = [{"value": ids[name], "display": name} for name in sent["value"]]
    answer = entra.patch(f"Groups/{nurses['id']}", sent)
    assert answer.status_code == 200, answer.text
    assert members(entra.get(f"Groups/{nurses['id']}")) == {ids[name] for name in expected}


def test_okta_renames_with_the_id_in_the_value(entra, nurses):
    answer = entra.patch(
        f"Groups/{nurses['id']}", {"op": "replace", "value": {"id": nurses["id"], "displayName": "Care"}}
    )
    assert answer.get_json(force=True)["displayName"] == "Care"


@pytest.mark.parametrize("value", ["not-an-id", "0f3c1e5a-7b1d-4c7e-9a55-2d9d7a1b0c11", "", None])
def test_a_stranger_cannot_join(entra, nurses, cast, value):
    """T100."""
    answer = entra.patch(
        f"Groups/{nurses['id']}", {"op": "add", "path": "members", "value": [{"value": value}]}
    )
    assert answer.status_code == 400
    assert members(entra.get(f"Groups/{nurses['id']}")) == {str(cast.eve.employee_id)}


def test_groups_are_found_by_name_id_and_member(entra, nurses, cast):
    entra.create("Groups", displayName="Cooks")
    for asked in (
        'displayName eq "nurses"',
        'externalId eq "g1"',
        f'members eq "{cast.eve.employee_id}"',
        f'id eq "{nurses["id"]}" and members eq "{cast.eve.employee_id}"',
    ):
        found = entra.get("Groups", query_string={"filter": asked})
        assert [one["displayName"] for one in found["Resources"]] == ["Nurses"], asked
    page = entra.get("Groups", query_string={"excludedAttributes": "members", "count": 1})
    assert page["totalResults"] == 2
    assert "members" not in page["Resources"][0]


def test_a_name_belongs_to_one_group(entra, nurses):
    answer = entra.ask("POST", "Groups", {"schemas": [GROUP], "displayName": " Nurses "})
    assert (answer.status_code, answer.get_json(force=True)["scimType"]) == (409, "uniqueness")
    for name in ("", "   ", None, "x" * 300, "a\0b"):
        assert entra.ask("POST", "Groups", {"schemas": [GROUP], "displayName": name}).status_code == 400


def test_a_mapped_group_gives_and_takes_its_role(entra, as_, nurses, cast, held):
    map_to(as_, cast.ana, nurses, "planner")
    assert held(cast.eve) == {"employee", "planner"}
    entra.patch(f"Groups/{nurses['id']}", {"op": "add", "path": "members", "value": [ref(cast.otto)]})
    assert held(cast.otto) == {"employee", "planner"}
    entra.patch(f"Groups/{nurses['id']}", {"op": "replace", "path": "members", "value": [ref(cast.otto)]})
    assert held(cast.eve) == {"employee"}
    map_to(as_, cast.ana, nurses, None)
    assert held(cast.otto) == {"employee"}


def test_another_role_replaces_the_first_and_a_removed_group_takes_it(entra, as_, nurses, cast, held):
    map_to(as_, cast.ana, nurses, "planner")
    map_to(as_, cast.ana, nurses, "manager")
    assert held(cast.eve) == {"employee", "manager"}
    assert entra.ask("DELETE", f"Groups/{nurses['id']}").status_code == 204
    assert held(cast.eve) == {"employee"}
    assert entra.ask("GET", f"Groups/{nurses['id']}").status_code == 404


def test_two_groups_with_the_same_role_take_it_only_together(entra, as_, nurses, cast, held):
    other = entra.create("Groups", displayName="Seniors", members=[ref(cast.eve)])
    for group in (nurses, other):
        map_to(as_, cast.ana, group, "planner")
    entra.ask("DELETE", f"Groups/{other['id']}")
    assert held(cast.eve) == {"employee", "planner"}
    entra.ask("DELETE", f"Groups/{nurses['id']}")
    assert held(cast.eve) == {"employee"}


def test_a_role_given_by_hand_is_not_taken_with_the_group(entra, as_, cast, held):
    group = entra.create("Groups", displayName="Planners", members=[ref(cast.pia)])
    map_to(as_, cast.ana, group, "planner")
    entra.ask("DELETE", f"Groups/{group['id']}")
    assert held(cast.pia) == {"employee", "planner"}


def test_a_deleted_role_leaves_its_groups_without_one(entra, as_, nurses, cast, held):
    """Whoever moved on to another role keeps it when the group goes: it was not the group that gave it."""
    with as_(cast.ana) as uow:
        desk = role_changes.create(uow, "Night desk", {Permission.DIRECTORY_VIEW: Reach.COMPANY})
        provisioned_roles.map_group(uow, group_id(nurses), desk)
    assert len(held(cast.eve)) == 2
    with as_(cast.ana) as uow:
        role_changes.delete(uow, desk, version=1, move_to=role_named(uow, "planner").id)
    assert held(cast.eve) == {"employee", "planner"}
    with as_(cast.ana) as uow:
        assert provisioned_roles.overview(uow)[0][0].role_id is None
    assert entra.ask("DELETE", f"Groups/{nurses['id']}").status_code == 204
    assert held(cast.eve) == {"employee", "planner"}


def test_the_emergency_admin_is_not_taken_with_a_group(entra, as_, cast, held):
    group = entra.create("Groups", displayName="Admins", members=[ref(cast.otto)])
    map_as_before_the_rule(as_, cast.ana, group, cast.otto, "admin")
    with as_(cast.ana) as uow:
        sign_in_policy.write(
            uow, sign_in_policy.Policy(sso_required=True, break_glass_id=cast.otto.employee_id)
        )
    assert entra.ask("DELETE", f"Groups/{group['id']}").status_code == 409
    assert "admin" in held(cast.otto)


def test_nobody_maps_a_role_above_their_own(client, as_, nurses, cast, held):
    """T90: an admin alone is not HR, and cannot make the directory's group HR."""
    with as_(cast.ana) as uow:
        roles.grant(uow, cast.otto.employee_id, role_named(uow, "admin").id)
        hr, employee = role_named(uow, "hr").id, role_named(uow, "employee").id
    client.sign_in(cast.otto)
    path = f"settings/provisioning/groups/{nurses['id']}/role"
    for role_id in (hr, employee):
        assert client.send(path, {"role": str(role_id)}).status_code == 403
    assert client.send(path, {"role": str(uuid4())}).status_code == 404
    assert client.send(path, {"role": "hr"}).status_code == 404
    assert held(cast.eve) == {"employee"}


def test_no_group_leads_to_a_role_that_hands_out_rights(client, entra, as_, nurses, cast, held):
    """T90: whoever writes the directory would make themselves anything; Ana may grant these roles by hand."""
    client.sign_in(cast.ana)
    with as_(cast.ana) as uow:
        able = role_changes.create(
            uow, "Deputy", {Permission.ROLE_GRANT: Reach.COMPANY, Permission.DIRECTORY_VIEW: Reach.COMPANY}
        )
        capped = [role_named(uow, "admin").id, role_named(uow, "hr").id, able]
    path = f"settings/provisioning/groups/{nurses['id']}/role"
    page = client.page("settings/provisioning")
    for role_id in capped:
        assert str(role_id) not in page, "not offered"
        answer = client.send(path, {"role": str(role_id)})
        assert answer.status_code == 422 and "hands out rights itself" in answer.text
    assert held(cast.eve) == {"employee"}
    map_as_before_the_rule(as_, cast.ana, nurses, cast.eve, "hr")
    entra.patch(f"Groups/{nurses['id']}", {"op": "add", "path": "members", "value": [ref(cast.otto)]})
    assert held(cast.otto) == {"employee"}, "an older choice gives nothing any more"
    assert held(cast.eve) == {"employee", "hr"}
    assert "This role hands out rights itself" in client.page("settings/provisioning")


def test_a_mapping_stops_giving_when_its_admin_may_no_longer(entra, as_, nurses, cast, held, client):
    """What members hold they keep; nobody new gets it, and the page says so."""
    with as_(cast.ana) as uow:
        for key in ("admin", "hr"):
            roles.grant(uow, cast.mats.employee_id, role_named(uow, key).id)
    with as_(cast.ana) as uow:
        uow.actor = replace(uow.actor, employee_id=cast.mats.employee_id)
        provisioned_roles.map_group(uow, group_id(nurses), role_named(uow, "planner").id)
    with as_(cast.ana) as uow:
        for key in ("admin", "hr"):
            roles.revoke(uow, cast.mats.employee_id, role_named(uow, key).id)
    entra.patch(f"Groups/{nurses['id']}", {"op": "add", "path": "members", "value": [ref(cast.otto)]})
    assert held(cast.eve) == {"employee", "planner"}
    assert held(cast.otto) == {"employee"}
    client.sign_in(cast.ana)
    assert "Paused" in client.page("settings/provisioning")


def test_the_last_admin_is_not_taken_with_a_group(entra, as_, cast, held):
    """Ana's own admin role was given by hand; the group's mark alone would not protect a company."""
    group = entra.create("Groups", displayName="Admins", members=[ref(cast.otto)])
    map_as_before_the_rule(as_, cast.ana, group, cast.otto, "admin")
    with as_(cast.otto) as uow:
        uow.session.execute(
            text("DELETE FROM role_grant WHERE employee_id = :ana AND role_id = :admin"),
            {"ana": cast.ana.employee_id, "admin": role_named(uow, "admin").id},
        )
    assert entra.ask("DELETE", f"Groups/{group['id']}").status_code == 409
    assert "admin" in held(cast.otto)


def test_a_leaver_gains_nothing(entra, as_, nurses, cast, held):
    entra.patch(f"Users/{cast.otto.employee_id}", {"op": "replace", "path": "active", "value": False})
    entra.patch(f"Groups/{nurses['id']}", {"op": "add", "path": "members", "value": [ref(cast.otto)]})
    map_to(as_, cast.ana, nurses, "planner")
    assert held(cast.otto) == {"employee"}
    entra.patch(f"Users/{cast.otto.employee_id}", {"op": "replace", "path": "active", "value": True})
    assert held(cast.otto) == {"employee", "planner"}


def test_a_patch_that_says_nothing_is_refused(entra, nurses):
    for body in (
        {"schemas": [PATCH]},
        {"schemas": [PATCH], "Operations": []},
        {"schemas": [PATCH], "Operations": [5]},
    ):
        assert entra.ask("PATCH", f"Groups/{nurses['id']}", body).status_code == 400
