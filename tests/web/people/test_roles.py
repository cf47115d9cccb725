"""Giving and taking roles: never above one's own, never the last admin, from the next click on."""

from __future__ import annotations

import pytest
from sqlalchemy import delete, select

from portal.models import Role, RoleGrant


@pytest.fixture
def role_id(as_, cast):
    def find(key: str, member=None):
        with as_(member or cast.ana) as uow:
            return uow.session.scalars(select(Role.id).where(Role.key == key)).one()

    return find


def grants_of(as_, cast, member) -> set[str]:
    with as_(cast.ana) as uow:
        query = select(Role.key).join(RoleGrant, RoleGrant.role_id == Role.id)
        return set(uow.session.scalars(query.where(RoleGrant.employee_id == member.employee_id)))


def take_from(as_, cast, member, key: str) -> None:
    """Outside the portal's own ways, for the set-up of a test."""
    with as_(cast.ana) as uow:
        role = uow.session.scalars(select(Role.id).where(Role.key == key)).one()
        uow.session.execute(
            delete(RoleGrant).where(RoleGrant.employee_id == member.employee_id, RoleGrant.role_id == role)
        )


def test_a_role_counts_from_the_next_click_and_so_does_its_loss(client, app, cast, as_, role_id):
    """T97: permissions are read with each request; a form that is open meanwhile is refused."""
    eve = app.test_client()
    eve.staffroom = client.staffroom
    eve.sign_in(cast.eve)
    client.sign_in(cast.ana)
    roles = f"people/{cast.eve.employee_id}/roles/{role_id('hr')}"
    assert client.send(f"{roles}/grant").status_code == 303
    eve.page("people/new")
    assert client.send(f"{roles}/revocation").status_code == 303
    answer = eve.send("people", {"first_name": "X"})
    assert answer.status_code == 403


def test_hr_without_admin_rights_makes_no_admin_and_unmakes_none(client, cast, as_, role_id):
    """T90: neither for others nor for oneself, neither given nor taken."""
    client.sign_in(cast.ana).send(f"people/{cast.eve.employee_id}/roles/{role_id('hr')}/grant")
    client.sign_in(cast.eve)
    for person in (cast.eve, cast.otto):
        assert client.send(f"people/{person.employee_id}/roles/{role_id('admin')}/grant").status_code == 403
        assert "admin" not in grants_of(as_, cast, person)
    assert (
        client.send(f"people/{cast.ana.employee_id}/roles/{role_id('admin')}/revocation").status_code == 403
    )
    assert "admin" in grants_of(as_, cast, cast.ana)
    page = client.page(f"people/{cast.otto.employee_id}")
    assert f"{role_id('planner')}/grant" in page and f"{role_id('admin')}/grant" not in page


@pytest.mark.parametrize("key", ["admin", "hr"])
def test_the_last_admin_and_the_last_of_hr_stay(client, cast, as_, role_id, key):
    """T91: by revocation 409; once there is a second one it works."""
    client.sign_in(cast.ana)
    revocation = f"people/{cast.ana.employee_id}/roles/{role_id(key)}/revocation"
    assert client.send(revocation).status_code == 409
    assert key in grants_of(as_, cast, cast.ana)
    client.send(f"people/{cast.mats.employee_id}/roles/{role_id(key)}/grant")
    assert client.send(revocation).status_code == 303


def test_the_last_admin_cannot_be_let_go_either(client, cast, as_, role_id):
    """T91: by deactivation, also when others of HR try."""
    client.sign_in(cast.ana).send(f"people/{cast.eve.employee_id}/roles/{role_id('hr')}/grant")
    client.sign_in(cast.eve)
    assert client.send(f"people/{cast.ana.employee_id}/deactivation").status_code == 409


def test_the_role_of_everybody_is_not_taken_and_foreign_ids_are_unknown(client, cast, as_, role_id):
    """T99: Beta's role, Beta's person: 404."""
    client.sign_in(cast.ana)
    base = f"people/{cast.eve.employee_id}/roles"
    assert client.send(f"{base}/{role_id('employee')}/revocation").status_code == 403
    assert client.send(f"{base}/{role_id('manager', cast.zoe)}/grant").status_code == 404
    assert client.send(f"people/{cast.zoe.employee_id}/roles/{role_id('manager')}/grant").status_code == 404


def test_managers_and_planners_give_no_roles(client, cast, role_id):
    client.sign_in(cast.mats)
    assert client.send(f"people/{cast.eve.employee_id}/roles/{role_id('manager')}/grant").status_code == 403
