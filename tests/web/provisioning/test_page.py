"""The admins' page of provisioning."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from portal.models import ScimToken
from tests.factories.provisioning import Directory, directory, somebody
from tests.fixtures.letters import subjects


@pytest.fixture
def ana(client, cast):
    return client.sign_in(cast.ana)


def make(client, **values):
    return client.send("settings/provisioning/tokens", {"name": "Entra", "invites": "y", **values})


def token_on(page):
    return re.search(r'id="scim-token">([^<]+)<', page).group(1)


def test_an_empty_page_says_what_to_do(ana):
    page = ana.page("settings/provisioning")
    assert "http://localhost/c/acme/scim/v2" in page
    assert "No token works" in page
    assert "sent no groups" in page
    assert "written nobody yet" in page


def test_a_token_is_shown_once_and_works(ana, app, cast, as_):
    answer = make(ana)
    assert answer.status_code == 200
    token = token_on(answer.text)
    assert Directory(app, "acme", token).ask("GET", "Users").status_code == 200
    page = ana.page("settings/provisioning")
    assert token not in page
    assert "Entra" in page
    assert "127.0.0.1" in page
    assert token not in str(ana.get_cookie("__Host-form", domain="localhost"))
    with as_(cast.ana) as uow:
        assert subjects(uow, cast.ana.email)[-1].startswith("A new provisioning token for")
        actions = uow.session.scalars(text("SELECT action FROM audit.event ORDER BY seq")).all()
    assert "provisioning.token-issued" in actions


@pytest.mark.parametrize("name", ["", "   ", "x" * 61])
def test_a_token_needs_a_name(ana, as_, cast, name):
    assert make(ana, name=name).status_code == 422
    with as_(cast.ana) as uow:
        assert uow.session.scalars(select(ScimToken)).all() == []


def test_two_tokens_work_so_that_one_can_be_exchanged(ana, app, clock):
    first = token_on(make(ana).text)
    clock.advance(timedelta(minutes=1))  # the older one stands first
    second = token_on(make(ana, name="Entra 2").text)
    refused = make(ana, name="Entra 3")
    assert refused.status_code == 422
    assert "At most 2 tokens" in refused.text
    page = ana.page("settings/provisioning")
    assert "Two tokens work" in page
    path = re.search(r'action="(/c/acme/settings/provisioning/tokens/[^"]+/revocation)"', page).group(1)
    assert ana.send(path).status_code == 303
    assert ana.send(path).status_code == 303
    assert Directory(app, "acme", first).ask("GET", "Users").status_code == 401
    assert Directory(app, "acme", second).ask("GET", "Users").status_code == 200
    assert make(ana, name="Entra 3").status_code == 200


def test_groups_and_people_are_listed_and_a_role_is_chosen(ana, app, as_, cast):
    entra = directory(app, as_, cast.ana)
    entra.create("Users", **somebody())
    group = entra.create("Groups", displayName="<b>Nurses", members=[{"value": str(cast.eve.employee_id)}])
    page = ana.page("settings/provisioning")
    assert "&lt;b&gt;Nurses" in page
    assert "Nina Nová" in page
    planner = re.search(r'<option value="([^"]+)">Planner', page).group(1)
    ana.send(f"settings/provisioning/groups/{group['id']}/role", {"role": planner})
    page = ana.page("settings/provisioning")
    assert f'<option value="{planner}" selected>Planner' in page
    assert "Chosen by Ana" in page


@pytest.mark.parametrize("who", ["eve", "mats", "pia"])
def test_only_who_manages_provisioning_sees_it(client, cast, who):
    client.sign_in(getattr(cast, who))
    assert client.get("/c/acme/settings/provisioning").status_code == 403
    assert make(client).status_code == 403


def test_another_companys_admin_finds_no_token_of_acme(client, app, as_, cast):
    """T99."""
    directory(app, as_, cast.ana)
    with as_(cast.ana) as uow:
        token_id = uow.session.scalars(select(ScimToken.id)).one()
    client.sign_in(cast.zoe)
    assert client.send(f"settings/provisioning/tokens/{token_id}/revocation").status_code == 404
    assert "No token works" in client.page("settings/provisioning")


def test_few_statements(ana, app, as_, cast, statements):
    entra = directory(app, as_, cast.ana)
    for number in range(4):
        entra.create("Groups", displayName=f"Group {number}", members=[{"value": str(cast.eve.employee_id)}])
    ana.page("settings/provisioning")
    statements.clear()
    ana.page("settings/provisioning")
    assert len(statements) <= 8
