"""Whom a company asks for a second factor: everybody, holders of certain roles, or nobody."""

from __future__ import annotations

import json
import re

import pytest
from sqlalchemy import select, text

from portal.domain.second_factors import Policy
from portal.models import Role
from portal.services import companies
from tests.factories.people import PASSWORD

PAGE = "settings/second-factor"


@pytest.fixture
def ana(client, cast):
    return client.sign_in(cast.ana)


@pytest.fixture
def roles(as_, cast):
    with as_(cast.ana) as uow:
        return {row.key: str(row.id) for row in uow.session.scalars(select(Role))}


def policy(app, cast) -> Policy:
    with app.app_context():
        return companies.company_facts(cast.acme.id).second_factor_policy


def forget_factors(as_, cast) -> None:
    """As if everybody had signed in with their password alone."""
    with as_(cast.ana) as uow:
        uow.session.execute(text("UPDATE sign_in_session SET second_factor_at = NULL"))


def test_the_page_says_what_codes_by_sms_do_not_protect_from(ana):
    """ASVS 6.6.1."""
    page = ana.page(PAGE)
    assert "SIM swap" in page
    assert "authenticator app" in page


def test_asking_everybody_bites_at_the_next_click(client, cast, app, as_):
    """T58."""
    client.sign_in(cast.eve)
    other = app.test_client()
    other.staffroom = client.staffroom
    other.sign_in(cast.ana)
    forget_factors(as_, cast)
    assert client.get("/c/acme/").status_code == 200
    assert other.send(PAGE, {"policy": "everyone"}).headers["Location"] == "/c/acme/settings"
    assert policy(app, cast) is Policy.EVERYONE
    assert client.get("/c/acme/").headers["Location"] == "/c/acme/sign-in/set-up"
    assert other.get("/c/acme/settings").headers["Location"] == "/c/acme/sign-in/set-up", "the admin too"


def test_asking_certain_roles_asks_their_holders_alone(client, cast, app, as_, roles):
    """T58: and a role that is given or taken counts at the next click."""
    other = app.test_client()
    other.staffroom = client.staffroom
    other.sign_in(cast.ana)
    assert other.send(PAGE, {"policy": "named-roles", "roles": [roles["manager"]]}).status_code == 303
    client.sign_in(cast.mats)
    forget_factors(as_, cast)
    assert client.get("/c/acme/").headers["Location"] == "/c/acme/sign-in/set-up"
    client.sign_in(cast.eve)
    forget_factors(as_, cast)
    assert client.get("/c/acme/").status_code == 200
    other.sign_in(cast.ana)
    other.send(f"people/{cast.eve.employee_id}/roles/{roles['hr']}/grant")
    assert client.get("/c/acme/").status_code == 200
    other.send(f"people/{cast.eve.employee_id}/roles/{roles['manager']}/grant")
    assert client.get("/c/acme/").headers["Location"] == "/c/acme/sign-in/set-up"
    other.send(f"people/{cast.eve.employee_id}/roles/{roles['manager']}/revocation")
    assert client.get("/c/acme/").status_code == 200


def test_at_the_sign_in_too(client, ana, cast, roles):
    ana.send(PAGE, {"policy": "named-roles", "roles": [roles["manager"]]})
    client.sign_out()
    answer = client.send("/c/acme/sign-in", {"email": cast.mats.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/c/acme/sign-in/set-up"
    client.sign_out()
    answer = client.send("/c/acme/sign-in", {"email": cast.eve.email, "password": PASSWORD})
    assert answer.headers["Location"] == "/c/acme/"


def test_roles_that_are_named_count_only_under_that_policy(client, ana, cast, as_, roles):
    ana.send(PAGE, {"policy": "off", "roles": [roles["manager"]]})
    client.sign_in(cast.mats)
    forget_factors(as_, cast)
    assert client.get("/c/acme/").status_code == 200


def test_what_was_chosen_is_shown_and_audited(ana, cast, as_, roles):
    ana.send(PAGE, {"policy": "named-roles", "roles": [roles["hr"], roles["manager"]]})
    page = ana.page(PAGE)
    assert len(re.findall(r'<input checked[^>]*name="(?:policy|roles)"', page)) == 3
    assert "Holders of certain roles" in ana.page("settings")
    with as_(cast.ana) as uow:
        row = uow.session.execute(
            text("SELECT action, payload FROM audit.event ORDER BY seq DESC LIMIT 1")
        ).one()
    assert row.action == "second-factor-policy.changed"
    payload = json.loads(row.payload)
    assert payload["facts"] == {"roles": ["hr", "manager"]}
    assert payload["changes"]["second_factor_policy"] == ["off", "named-roles"]


@pytest.mark.parametrize(
    "fields",
    [{}, {"policy": "sometimes"}, {"policy": "named-roles"}, {"policy": "named-roles", "roles": ["x"]}],
)
def test_what_cannot_be_is_422_and_changes_nothing(ana, cast, app, fields):
    assert ana.send(PAGE, fields).status_code == 422
    assert policy(app, cast) is Policy.OFF


def test_the_role_of_everybody_and_roles_of_others_cannot_be_named(ana, cast, app, as_, roles):
    """T99."""
    with as_(cast.zoe) as uow:
        foreign = str(uow.session.scalars(select(Role.id).where(Role.key == "manager")).one())
    for one in (roles["employee"], foreign):
        assert ana.send(PAGE, {"policy": "named-roles", "roles": [one]}).status_code == 422
    assert policy(app, cast) is Policy.OFF


@pytest.mark.parametrize("who", ["eve", "mats", "pia"])
def test_only_admins_see_and_change_it(client, cast, app, who):
    client.sign_in(cast.people[who])
    assert client.get(f"/c/acme/{PAGE}").status_code == 403
    assert client.send(PAGE, {"policy": "everyone"}).status_code == 403
    assert policy(app, cast) is Policy.OFF


def test_passwords_are_long_where_they_may_stand_alone(ana, cast, roles):
    """NIST SP 800-63B-4 3.1.1: asking some of the people is not enough for short ones."""
    ana.send(PAGE, {"policy": "named-roles", "roles": [roles["manager"]]})
    assert "At least 15 characters" in ana.page("password")
    ana.send(PAGE, {"policy": "everyone"})
    assert "At least 8 characters" in ana.page("password")
