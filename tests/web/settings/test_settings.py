"""The settings of the company."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from portal.services import companies

GOOD = {
    "name": "Acme Works",
    "language": "de",
    "time_zone": "Europe/Berlin",
    "country": "DE",
    "subdivision": "BY",
}


def current(cast):
    return companies.company_facts(cast.acme.id)


@pytest.fixture
def ana(client, cast):
    return client.sign_in(cast.ana)


def test_settings_are_saved_and_audited_from_and_to(ana, cast, as_, app):
    assert ana.send("settings", GOOD).status_code == 303
    with app.app_context():
        assert (current(cast).name, current(cast).subdivision) == ("Acme Works", "BY")
    with as_(cast.ana) as uow:
        payload = uow.session.scalar(text("SELECT payload FROM audit.event ORDER BY seq DESC LIMIT 1"))
    assert json.loads(payload)["changes"]["country"] == ["CZ", "DE"]
    assert "Acme Works" in ana.page("settings")


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 121},
        {"language": "xx"},
        {"time_zone": "Mars/Olympus"},
        {"time_zone": "../../etc/passwd"},
        {"country": "XX"},
        {"country": "CZ", "subdivision": "BY"},
    ],
)
def test_what_cannot_be_is_422_and_changes_nothing(ana, cast, app, wrong):
    assert ana.send("settings", {**GOOD, **wrong}).status_code == 422
    with app.app_context():
        assert current(cast).name == cast.acme.name


def test_fields_that_are_not_asked_for_are_ignored(ana, cast, app):
    """T89."""
    ana.send("settings", {**GOOD, "slug": "beta", "id": str(cast.beta.id), "company_id": str(cast.beta.id)})
    with app.app_context():
        assert current(cast).slug == "acme"


@pytest.mark.parametrize("who", ["eve", "mats", "pia", "otto"])
def test_only_admins_see_and_change_them(client, cast, app, who):
    client.sign_in(getattr(cast, who))
    assert client.get("/c/acme/settings").status_code == 403
    assert client.send("settings", GOOD).status_code == 403
    with app.app_context():
        assert current(cast).name == cast.acme.name


def test_an_admin_of_another_company_finds_nothing(client, cast, app):
    """T99."""
    client.sign_in(cast.zoe)
    assert client.get("/c/acme/settings").headers["Location"].startswith("/c/acme/sign-in")
    assert client.send("/c/acme/settings", GOOD).status_code == 303
    with app.app_context():
        assert current(cast).name == cast.acme.name


def test_few_statements(ana, statements):
    ana.get("/c/acme/settings")
    statements.clear()
    ana.page("settings")
    assert len(statements) <= 3
