"""The name by which the portal is called comes from its settings, never from a request."""

from __future__ import annotations

import gc

import pytest

from portal.app import create_app
from portal.config import Mode
from portal.db import db
from tests.fixtures.letters import latest, run_reset_jobs
from tests.fixtures.portal import make_settings

EVIL = "evil.example"
FOREIGN = [
    EVIL,
    f"staff.example.com.{EVIL}",
    f"staff.example.com@{EVIL}",
    f"{EVIL}:443",
    "localhost",
    "127.0.0.1",
]
PAGES = ["/", "/c/acme/sign-in", "/c/acme/", "/c/acme/forgotten-password", "/static/portal.css"]


@pytest.fixture
def production(app, cast, database):
    """The portal as production runs it, at https://staff.example.com, without or behind a proxy."""
    thresholds, made = gc.get_threshold(), []
    instance = app.extensions["staffroom"].settings.instance  # with its keys: production itself invents none

    def client(hops: int):
        settings = make_settings(
            database,
            instance,
            mode=Mode.PRODUCTION,
            url="https://staff.example.com",
            outbox=False,
            smtp_url="smtp://mail.example.com",
            proxy_hops=hops,
        )
        made.append(create_app(settings))
        return made[-1].test_client()

    yield client
    for one in made:
        with one.app_context():
            db.engine.dispose()
    gc.unfreeze()
    gc.set_threshold(*thresholds)


def test_a_foreign_host_header_is_refused(production):
    """T42 without SAML: 400 before anything is looked up, and the name is not repeated."""
    client = production(0)
    for page in PAGES:
        assert client.get(page, headers={"Host": "staff.example.com"}).status_code in {200, 303}, page
        for host in FOREIGN:
            answer = client.get(page, headers={"Host": host})
            assert answer.status_code == 400, f"{host}: {page}"
            assert EVIL not in answer.text


def test_forwarded_names_count_for_nothing_without_a_proxy(production):
    """T42, P9: whoever sends them is a visitor."""
    headers = {"Host": "staff.example.com", "X-Forwarded-Host": EVIL, "Forwarded": f"host={EVIL}"}
    client = production(0)
    for page in PAGES:
        answer = client.get(page, headers=headers)
        assert answer.status_code in {200, 303}, page
        assert EVIL not in answer.text + str(answer.headers)


def test_a_proxy_that_passes_a_foreign_name_on_is_refused(production):
    """T42: with one proxy before us, its X-Forwarded-Host is checked like a Host, and only the last of several."""
    client = production(1)
    good = {"Host": "10.0.0.5", "X-Forwarded-Host": f"{EVIL}, staff.example.com"}
    assert client.get("/", headers=good).status_code == 200
    bad = {"Host": "staff.example.com", "X-Forwarded-Host": f"staff.example.com, {EVIL}"}
    assert client.get("/", headers=bad).status_code == 400


def test_links_in_letters_are_not_made_from_the_request(client, cast, as_):
    """T42: the link for a new password leads to the portal, whatever the request was called."""
    token = client.form_token()
    data = {"email": cast.eve.email, "csrf_token": token}
    client.post(
        "/c/acme/forgotten-password", data=data, headers={"X-Forwarded-Host": EVIL, "Host": "localhost"}
    )
    with as_(cast.ana) as uow:
        assert run_reset_jobs(uow) == 1
    with as_(cast.ana) as uow:
        letter = latest(uow, cast.eve.email)
    assert "http://localhost/c/acme/password-resets/" in letter.text
    assert EVIL not in letter.text
