"""The list of roles, a role opened, and who may do one thing."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from portal.domain.permissions import Permission
from portal.models import Role, RoleGrant
from tests.factories.people import make_employee


@pytest.fixture
def role_id(as_, cast):
    def find(key: str, member=None):
        with as_(member or cast.ana) as uow:
            return uow.session.scalars(select(Role.id).where(Role.key == key)).one()

    return find


def test_the_list_names_every_role_and_counts_who_holds_it(client, cast):
    page = client.sign_in(cast.ana).page("roles")
    for name in ("Employee", "Manager", "Planner", "HR", "Admin"):
        assert f">{name}</a>" in page
    assert page.count("Built-in") == 5
    assert "no role of its own yet" in page


def test_a_built_in_role_says_what_it_allows_how_far_and_why_it_stays(client, cast, role_id):
    page = client.sign_in(cast.ana).page(f"roles/{role_id('manager')}")
    assert "Decide on requests for time off" in page and "Their teams" in page
    assert "Built-in roles stay as they are" in page
    assert f"roles/new?source={role_id('manager')}" in page
    assert cast.mats.name in page
    assert "/edit" not in page


def test_hr_reads_the_roles_it_gives_and_changes_none(client, cast, as_, role_id):
    """Success and refusal in one set-up: Eve with HR but without admin."""
    client.sign_in(cast.ana).send(f"people/{cast.eve.employee_id}/roles/{role_id('hr')}/grant")
    client.sign_in(cast.eve)
    page = client.page("roles") + client.page(f"roles/{role_id('manager')}")
    assert "New role" not in page and "See as this role" not in page
    for path in ("roles/new", f"roles/{role_id('manager')}/viewing"):
        assert client.get(client.url(path)).status_code == 403
    for path in ("roles", f"roles/{role_id('manager')}/viewing"):
        assert client.send(path, {"name": "X", "directory_view": "company"}).status_code == 403


@pytest.mark.parametrize("who", ["mats", "eve", "pia"])
def test_others_see_no_roles(client, cast, role_id, who):
    client.sign_in(cast.people[who])
    assert "Roles</span>" not in client.page("")
    for path in ("roles", "roles/rights", f"roles/{role_id('hr')}", f"people/{cast.eve.employee_id}/rights"):
        assert client.get(client.url(path)).status_code == 403


def test_roles_of_another_company_are_unknown(client, cast, role_id):
    """T99."""
    client.sign_in(cast.ana)
    strange = role_id("manager", cast.zoe)
    for path in (strange, f"{strange}/edit", f"{strange}/viewing", f"new?source={strange}"):
        assert client.get(client.url(f"roles/{path}")).status_code == 404


def test_who_may_do_one_thing_comes_with_reach_and_role(client, cast):
    page = client.sign_in(cast.ana).page(f"roles/rights?permission={Permission.ABSENCE_APPROVE}")
    assert cast.mats.name in page and "Their teams" in page
    assert cast.ana.name in page and "Whole company" in page
    assert cast.otto.name not in page
    assert "Choose one thing" in client.page("roles/rights?permission=nonsense")


def test_many_holders_are_paged_in_as_few_statements(client, cast, as_, role_id, statements):
    """A hundred people more: the same number of statements, two pages more."""

    def cost(path: str) -> int:
        client.page(path)
        statements.clear()
        client.page(path)
        return len(statements)

    client.sign_in(cast.ana)
    paths = [f"roles/{role_id('employee')}", "roles", f"roles/rights?permission={Permission.ROSTER_VIEW}"]
    before = [cost(path) for path in paths]
    with as_(cast.ana) as uow:
        for number in range(100):
            make_employee(uow, f"p{number}@acme.example", "Pat", f"Number {number:03}")
    assert [cost(path) for path in paths] == before
    assert max(before) <= 8
    assert "Page 1 of 3" in client.page(paths[0])
    assert "Page 3 of 3" in client.page(f"{paths[0]}?page=3")
    assert "Page 2 of 3" in client.page(f"{paths[2]}&page=2")
    assert "Page 1 of 3" in client.page(f"{paths[0]}?page=99")


def test_who_left_holds_nothing_any_more(client, cast, as_, role_id):
    client.sign_in(cast.ana).send(f"people/{cast.mats.employee_id}/deactivation")
    assert cast.mats.name not in client.page(f"roles/{role_id('manager')}")
    with as_(cast.ana) as uow:
        assert uow.session.scalars(
            select(RoleGrant.id).where(RoleGrant.employee_id == cast.mats.employee_id)
        ).first()
